package webtest

import (
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// stop is one stop of the Tab key.
type stop struct {
	Inside bool // between the parts of one field
	Name   string
	Faults []string
	Again  bool // the focus was here before
	Same   bool // and did not move
	Link   string
	Lands  bool // the link leads into main
}

// mostStops is where a walk with Tab gives up: no page should have as many.
const mostStops = 500

// SkipLink finds a page whose first tab stop is not a link to its main part.
func SkipLink(p *Page) []string {
	p.t.Helper()
	script[chromedp.Void](p, "walk")
	p.press(kb.Tab)
	first := script[*stop](p, "stop")
	script[[]string](p, "missed")
	switch {
	case first == nil:
		return []string{"the Tab key reaches nothing"}
	case !strings.HasPrefix(first.Link, "#"):
		return []string{"the first tab stop is " + first.Name + ", not a link to the main part"}
	case !first.Lands:
		return []string{"the first tab stop leads to " + first.Link + ", which is not in main"}
	}
	return nil
}

// TabStops finds stops of the Tab key that cannot be seen, are covered, look
// the same without the focus or come out of order, and controls without a stop.
func TabStops(p *Page) []string {
	p.t.Helper()
	script[chromedp.Void](p, "walk")
	var found []string
	around := false
	for range mostStops {
		p.press(kb.Tab)
		s := script[*stop](p, "stop")
		if s == nil {
			// A stop with a place of its own in the order comes only after the end.
			if around {
				break
			}
			around = true
			continue
		}
		if s.Inside {
			continue
		}
		if s.Again {
			if s.Same {
				found = append(found, "the focus cannot leave "+s.Name+" with Tab")
			}
			break
		}
		found = append(found, s.Faults...)
	}
	return append(found, script[[]string](p, "missed")...)
}

func (p *Page) press(keys string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(keys))
}
