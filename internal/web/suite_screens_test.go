package web_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"homecase/internal/press/presstest"
	"homecase/internal/web/webtest"
)

// onPhones are the pages of docs/screens that are also seen on a phone: the
// ones that are open there most often. Every page is seen on a desk.
var onPhones = []string{"/start", "/case", "/case/ready/tasks/{n}", "/case/money", "/packet", "/talk", "/trial", "/trial/log/{date}", "/ladder", "/settings"}

const screensFolder = "../../docs/screens"

// file is a file's name for a page: its address in words.
func (s shown) file() string {
	return strings.Trim(strings.NewReplacer("{", "", "}", "", "/", "-", ".", "-").Replace(s.route), "-")
}

// pictured are the pages that docs/screens shows: each route once, in the world
// where it has most to show.
func pictured(t *testing.T) []shown {
	t.Helper()
	best := map[string]shown{}
	var routes []string
	for _, d := range stands(t) {
		for _, s := range d.look(t) {
			was, there := best[s.route]
			if !there {
				routes = append(routes, s.route)
			}
			if !there || (strings.HasPrefix(s.route, "/trial") || strings.HasPrefix(s.route, "/share")) && len(s.body) > len(was.body) {
				best[s.route] = s
			}
		}
	}
	slices.Sort(routes)
	var out []shown
	for _, r := range routes {
		out = append(out, best[r])
	}
	return out
}

// A picture of every page is in docs/screens, with a list of them. They are drawn
// with -update; without it the test asks that each is there and opens, and that
// none is left of a page that is gone.
func TestScreens(t *testing.T) {
	pages := pictured(t)
	names := map[string]bool{"README.md": true}
	var list strings.Builder
	list.WriteString("# The pages of the workspace\n\nDrawn by `go test ./internal/web -run TestScreens -update` from the examples, in Chromium. Everybody and every figure in them is made up.\n\n| page | address | on a phone |\n|---|---|---|\n")
	inLanes(t, pages, func(p *webtest.Page, s shown) {
		p.Look(webtest.View{Width: 1280})
		p.Go(s.path)
		p.Screenshot(s.file())
		if slices.Contains(onPhones, s.route) {
			p.Look(webtest.View{Width: 390, Height: 844})
			p.Go(s.path)
			p.Screenshot(s.file() + "-phone")
		}
	})
	for _, s := range pages {
		names[s.file()+".png"] = true
		phone := ""
		if slices.Contains(onPhones, s.route) {
			names[s.file()+"-phone.png"] = true
			phone = fmt.Sprintf("[%s-phone.png](%s-phone.png)", s.file(), s.file())
		}
		fmt.Fprintf(&list, "| [%s](%s.png) | `%s` | %s |\n", headingOf(s.body), s.file(), s.route, phone)
	}
	readme := filepath.Join(screensFolder, "README.md")
	if presstest.Updating() {
		if err := os.WriteFile(readme, []byte(list.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(readme); err != nil || string(got) != list.String() {
		t.Errorf("docs/screens/README.md is not the list of the pages (%v); the test flag -update writes it", err)
	}
	entries, err := os.ReadDir(screensFolder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if names[e.Name()] || e.IsDir() { // a folder is another program's pages
			continue
		}
		if !presstest.Updating() {
			t.Errorf("docs/screens/%s shows a page that is gone", e.Name())
		} else if err := os.Remove(filepath.Join(screensFolder, e.Name())); err != nil {
			t.Error(err)
		}
	}
}

// headingOf is the first heading of a page, as one line of a table.
func headingOf(body string) string {
	_, body, _ = strings.Cut(body, "<h1")
	body, _, _ = strings.Cut(body, "</h1>")
	return strings.ReplaceAll(strings.Join(htmlTexts("<h1"+body), " "), "|", "/")
}
