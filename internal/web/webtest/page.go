package webtest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long one step in the browser may take before the test gives up.
const patience = 20 * time.Second

// View is how a person looks at a page. The zero View is a light screen,
// 1,280 px wide, with JavaScript.
type View struct {
	Width, Height int
	NoScript      bool // JavaScript is off
	Dark          bool // prefers-color-scheme: dark
	Forced        bool // forced-colors: active
	Still         bool // prefers-reduced-motion: reduce
	Print         bool // the print style sheet
	Spaced        bool // the text spacing of WCAG 1.4.12
}

// String names the view in a failure: "390 px, dark, no script".
func (v View) String() string {
	words := []string{fmt.Sprintf("%d px", v.sized().Width)}
	for _, w := range []struct {
		on   bool
		word string
	}{{v.Dark, "dark"}, {v.Forced, "forced colours"}, {v.Still, "reduced motion"}, {v.Print, "print"}, {v.Spaced, "spaced text"}, {v.NoScript, "no script"}} {
		if w.on {
			words = append(words, w.word)
		}
	}
	return strings.Join(words, ", ")
}

func (v View) sized() View {
	if v.Width == 0 {
		v.Width = 1280
	}
	if v.Height == 0 {
		v.Height = 900
	}
	return v
}

// Widths are the three widths every page is tried at.
func Widths() []int { return []int{320, 390, 1280} }

// Page is a tab with cookies and a cache of its own.
type Page struct {
	t    testing.TB
	base string
	ctx  context.Context
	log  *record
	view View
}

// Open opens an empty tab on the server at base. It closes with the test.
func Open(t testing.TB, base string, view View) *Page {
	t.Helper()
	chromium.need(t)
	log := newRecord()
	ctx, cancel := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(log.hear))
	t.Cleanup(cancel)
	p := &Page{t: t, base: strings.TrimSuffix(base, "/"), ctx: ctx, log: log}
	log.dialog = func() { go p.acceptDialog() }
	// The tab lives as long as the context it is opened with, so this step has no limit.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	call(p, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	p.Look(view)
	return p
}

// For lends the page to a subtest, which then reports what is found. A tab that
// is used again opens pages in half the time.
func (p *Page) For(t testing.TB) *Page {
	owner := p.t
	p.t = t
	t.Cleanup(func() { p.t = owner })
	return p
}

// acceptDialog keeps an alert from holding up the page; the log has it as an error.
func (p *Page) acceptDialog() {
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	_, _ = chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
}

// Look changes how the page is seen, without loading it again. Whether
// JavaScript runs holds from the next page on.
func (p *Page) Look(view View) {
	p.t.Helper()
	view = view.sized()
	p.view = view
	p.do(chromedp.EmulateViewport(int64(view.Width), int64(view.Height)))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: either(view.Dark, "dark", "light")},
		{Name: "forced-colors", Value: either(view.Forced, "active", "none")},
		{Name: "prefers-reduced-motion", Value: either(view.Still, "reduce", "no-preference")},
	}}
	if view.Print {
		media.Media = "print"
	}
	call(p, emulation.SetEmulatedMedia, media)
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: view.NoScript})
	p.space(view.Spaced)
}

// View is how the page is seen now.
func (p *Page) View() View { return p.view }

// Go opens a path of the server, for example "/money?year=2".
func (p *Page) Go(path string) {
	p.t.Helper()
	p.log.begin()
	p.do(chromedp.Navigate(p.base + path))
	p.settle()
}

// Path is where the page is, as the server sees it.
func (p *Page) Path() string {
	p.t.Helper()
	return eval[string](p, "location.pathname + location.search")
}

// Text is what the page shows, as a person would copy it.
func (p *Page) Text() string {
	p.t.Helper()
	return eval[string](p, "document.body.innerText")
}

// Heading is the text of the first h1, empty without one.
func (p *Page) Heading() string {
	p.t.Helper()
	return eval[string](p, `(document.querySelector('h1')?.innerText ?? '').replace(/\s+/g, ' ').trim()`)
}

// spacing is what a reader may set by WCAG 2.2, 1.4.12, without losing anything.
const spacing = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-bottom: 2em !important }`

// space sets or clears the text spacing in a style sheet of the inspector, to
// which the Content-Security-Policy of the page does not apply.
func (p *Page) space(on bool) {
	p.t.Helper()
	frame := call(p, page.GetFrameTree, cdp.Empty{}).FrameTree.Frame.ID
	sheet := call(p, css.CreateStyleSheet, css.CreateStyleSheetParams{FrameID: frame})
	call(p, css.SetStyleSheetText, css.SetStyleSheetTextParams{StyleSheetID: sheet.StyleSheetID, Text: either(on, spacing, "")})
}

// awake runs f with JavaScript on. Scripts of the page that did not run when it
// was read do not run now.
func (p *Page) awake(f func()) {
	p.t.Helper()
	if !p.view.NoScript {
		f()
		return
	}
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{})
	f()
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

func (p *Page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%s: the browser: %v", p.view, err)
	}
}

// eval runs a script that only looks, whatever the page's Content-Security-Policy
// says. Where the page gives way to another meanwhile, it looks at that one.
func eval[T any](p *Page, script string, options ...chromedp.EvaluateOption) T {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	for try := 1; ; try++ {
		v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, options...))
		if err == nil {
			return v
		}
		if try == lookTries || !strings.Contains(err.Error(), "navigated or closed") {
			p.t.Fatalf("%s: a script in the page: %v", p.view, err)
		}
		time.Sleep(quiet)
	}
}

// lookTries is how many pages may give way to one another while one is looked at.
const lookTries = 5

// on calls a function with an element of the page as its this.
func on[T any](p *Page, element runtime.RemoteObjectID, function string, args ...any) T {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	v, err := chromedp.Run(ctx, chromedp.CallFunctionOn[T](function, func(c *runtime.CallFunctionOnParams) { c.ObjectID = element }, args...))
	if err != nil {
		p.t.Fatalf("%s: a script in the page: %v", p.view, err)
	}
	return v
}

// call sends a command of the debugger protocol.
func call[P, R any](p *Page, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	r, err := chromedp.Call(ctx, command, params)
	if err != nil {
		p.t.Fatalf("%s: the browser: %v", p.view, err)
	}
	return r
}

func either(on bool, yes, no string) string {
	if on {
		return yes
	}
	return no
}
