package webtest

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
)

// Check looks at a page and says in words what is wrong with it.
type Check struct {
	Name string
	Find func(*Page) []string
}

// Checks are all checks. Those that change what is seen put it back.
func Checks() []Check {
	return []Check{
		{"sideways", Sideways},
		{"spaced text", Spaced},
		{"landmarks", Landmarks},
		{"skip link", SkipLink},
		{"tab stops", TabStops},
		{"targets", Targets},
		{"labels", Labels},
		{"names", Names},
		{"reading order", ReadingOrder},
		{"axe", Axe},
		{"console", Console},
		{"policy", Policy},
		{"outside", Outside},
	}
}

// Check fails the test with everything the checks find on the page as it is
// seen now. Without a check it makes all of them.
func (p *Page) Check(checks ...Check) {
	p.t.Helper()
	if len(checks) == 0 {
		checks = Checks()
	}
	for _, c := range checks {
		for _, found := range c.Find(p) {
			p.t.Errorf("%s at %s: %s: %s", p.Path(), p.view, c.Name, found)
		}
	}
}

// Sideways finds a page that scrolls sideways, and what makes it do so.
func Sideways(p *Page) []string {
	p.t.Helper()
	return script[[]string](p, "sideways")
}

// Spaced finds a page that scrolls sideways or cuts text off when the reader
// spaces the text as WCAG 2.2, 1.4.12 allows.
func Spaced(p *Page) []string {
	p.t.Helper()
	p.space(true)
	found := append(script[[]string](p, "sideways"), script[[]string](p, "cut")...)
	p.space(p.view.Spaced)
	return found
}

// Targets finds controls that are smaller than 24 px either way.
func Targets(p *Page) []string {
	p.t.Helper()
	return script[[]string](p, "targets")
}

// Labels finds controls whose question cannot be seen.
func Labels(p *Page) []string {
	p.t.Helper()
	return script[[]string](p, "labels")
}

// ReadingOrder finds text whose order without CSS is not the order seen, and
// words that only the CSS knows.
func ReadingOrder(p *Page) []string {
	p.t.Helper()
	return script[[]string](p, "order")
}

// Axe finds what axe-core finds by the rules of WCAG 2.0 to 2.2, A and AA, and
// by best practice, with every fold open.
func Axe(p *Page) []string {
	p.t.Helper()
	var result struct {
		Violations []struct {
			ID, Help, Impact string
			Nodes            []struct {
				HTML, FailureSummary string
				Target               []any
			}
		}
	}
	p.awake(func() {
		script[chromedp.Void](p, "open", true)
		eval[chromedp.Void](p, "document.getAnimations().forEach((a) => a.finish())") // colours on their way to another scheme
		if !eval[bool](p, "typeof axe === 'object'") {
			eval[chromedp.Void](p, chromium.axe)
		}
		result = eval[struct {
			Violations []struct {
				ID, Help, Impact string
				Nodes            []struct {
					HTML, FailureSummary string
					Target               []any
				}
			}
		}](p, `axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']}).then((r) => JSON.parse(JSON.stringify({violations: r.violations})))`, chromedp.EvalAwaitPromise)
		script[chromedp.Void](p, "open", false)
	})
	var found []string
	for _, v := range result.Violations {
		for _, n := range v.Nodes {
			why := strings.Join(strings.Fields(n.FailureSummary), " ")
			found = append(found, fmt.Sprintf("%s (%s): %s: at %v: %s", v.ID, v.Impact, v.Help, n.Target, why))
		}
	}
	return found
}

//go:embed js
var scripts embed.FS

// script runs a function of the folder js, with what they share.
func script[T any](p *Page, name string, args ...any) T {
	p.t.Helper()
	common, err := scripts.ReadFile("js/common.js")
	if err != nil {
		p.t.Fatal(err)
	}
	body, err := scripts.ReadFile("js/" + name + ".js")
	if err != nil {
		p.t.Fatal(err)
	}
	given, err := json.Marshal(args)
	if err != nil {
		p.t.Fatal(err)
	}
	if args == nil {
		given = []byte("[]")
	}
	return eval[T](p, fmt.Sprintf("(() => {\n%s\nreturn (\n%s\n)(...%s);\n})()", common, body, given))
}
