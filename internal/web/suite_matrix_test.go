package web_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"homecase/internal/web/webtest"
)

// everyView is the full cross of widths, schemes and scripts.
func everyView() []webtest.View {
	var out []webtest.View
	for _, width := range webtest.Widths() {
		for _, dark := range []bool{false, true} {
			for _, noScript := range []bool{false, true} {
				out = append(out, webtest.View{Width: width, Dark: dark, NoScript: noScript})
			}
		}
	}
	return out
}

// pairs are the views in which every two of width, scheme and script meet:
// six of the twelve.
func pairs() []webtest.View {
	return []webtest.View{
		{Width: 320}, {Width: 390, Dark: true}, {Width: 1280, Dark: true},
		{Width: 320, Dark: true, NoScript: true}, {Width: 390, NoScript: true}, {Width: 1280, NoScript: true},
	}
}

// quick are the checks whose answer changes with the width or the scheme. The
// others, and the walk with the Tab key, which takes as long as all else
// together, are made in the narrowest and the widest view.
func quick() []webtest.Check {
	var out []webtest.Check
	for _, c := range webtest.Checks() {
		if !slices.Contains([]string{"tab stops", "landmarks", "skip link", "labels", "names"}, c.Name) {
			out = append(out, c)
		}
	}
	return out
}

// lanes are how many tabs work at once.
const lanes = 3

// Every page holds every check in every view. The common run takes the six views
// in which every two of width, scheme and script meet, and walks with Tab in the
// narrowest and the widest; the long run takes all twelve with all checks.
func TestEveryPageInEveryView(t *testing.T) {
	pages := everyRoute(t)
	views := pairs()
	if long() {
		views = everyView()
	}
	// Scripts hold from the next page on, so the views without come last.
	inLanes(t, pages, func(p *webtest.Page, s shown) {
		for _, noScript := range []bool{false, true} {
			read := false
			for i, v := range views {
				if v.NoScript != noScript {
					continue
				}
				p.Look(v)
				if !read {
					p.Go(s.path)
					read = true
				}
				if long() || i == 0 || i == 2 {
					p.Check()
				} else {
					p.Check(quick()...)
				}
			}
		}
	})
}

// everyRoute is each page once, in the first world that shows it.
func everyRoute(t *testing.T) []shown {
	t.Helper()
	var pages []shown
	got := map[string]bool{}
	for _, w := range stands(t) {
		for _, s := range w.look(t) {
			if !got[s.route] {
				got[s.route] = true
				pages = append(pages, s)
			}
		}
	}
	return pages
}

// Every world shows its own parts of the pages. What has the same skeleton as a
// page that was seen before, the common run does not look at again.
func TestEveryWorldsPages(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range everyRoute(t) { // TestEveryPageInEveryView has these
		seen[skeleton(t, s.body)] = true
	}
	var pages []shown
	for _, w := range stands(t) {
		for _, s := range w.look(t) {
			bones := skeleton(t, s.body)
			if !long() && seen[bones] {
				continue
			}
			seen[bones] = true
			pages = append(pages, s)
		}
	}
	t.Logf("%d pages have a skeleton of their own", len(pages))
	views := []webtest.View{{Width: 320}, {Width: 1280, Dark: true}}
	few := []webtest.Check{{Name: "sideways", Find: webtest.Sideways}, {Name: "names", Find: webtest.Names}, {Name: "axe", Find: webtest.Axe}, {Name: "console", Find: webtest.Console}, {Name: "policy", Find: webtest.Policy}, {Name: "outside", Find: webtest.Outside}}
	inLanes(t, pages, func(p *webtest.Page, s shown) {
		if long() {
			for _, v := range views {
				p.Look(v)
				p.Go(s.path)
				p.Check(quick()...)
			}
			return
		}
		p.Look(views[len(s.path)%2])
		p.Go(s.path)
		p.Check(few...)
	})
}

// inLanes gives each page to a tab in the world it belongs to. A lane takes the
// pages of one world after the other, each in a subtest of its own.
func inLanes(t *testing.T, pages []shown, look func(*webtest.Page, shown)) {
	t.Helper()
	t.Run("lanes", func(t *testing.T) {
		for lane := range lanes {
			t.Run(string(rune('a'+lane)), func(t *testing.T) {
				t.Parallel()
				var p *webtest.Page
				var in *desk
				for i, s := range pages {
					if i%lanes != lane {
						continue
					}
					if in != s.world {
						in, p = s.world, s.world.browse(t, webtest.View{})
					}
					t.Run(s.name+s.path, func(t *testing.T) { look(p.For(t), s) })
				}
			})
		}
	})
}

// skeleton is what a page is built of: every element with its classes and what
// it stands in, each told once. Words, numbers and how many rows there are do
// not count.
func skeleton(t testing.TB, body string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	bones := map[string]bool{}
	var walk func(n *html.Node, path string)
	walk = func(n *html.Node, path string) {
		if n.Type == html.ElementNode {
			path += ">" + n.Data
			for _, a := range n.Attr {
				switch a.Key {
				case "class", "type", "role":
					path += "." + a.Val
				}
			}
			bones[path] = true
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, path)
		}
	}
	walk(root, "")
	return strings.Join(slices.Sorted(maps.Keys(bones)), "\n")
}
