package web_test

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"homecase/internal/web/webtest"
)

// Most bytes on the wire, compressed: a first visit with the style sheet and
// every typeface, and each page after it.
const (
	firstVisit = 60_000
	laterPage  = 15_000
)

var linked = regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"|url\((/assets/[^)]+)\)`)

// Every page stays light: as the first that a browser shows, with all the styles,
// typefaces and scripts it names, and as one that follows, which has the common
// style and the typefaces already; its own style and script count.
func TestWeightOfEveryPage(t *testing.T) {
	heaviest, heavy, most, fullest := 0, "", 0, ""
	for _, w := range stands(t) {
		var common []string
		for _, s := range w.look(t) {
			own := s.world.bytes(t, s.path)
			page, first := own, own
			for _, address := range s.world.needs(t, s.body) {
				n := s.world.bytes(t, address)
				first += n
				if common != nil && !slices.Contains(common, address) && !strings.HasSuffix(address, ".woff2") {
					page += n
				}
			}
			if page > laterPage {
				t.Errorf("%s: %s takes %d bytes after the first visit, more than %d", s.name, s.path, page, laterPage)
			}
			if page > heaviest {
				heaviest, heavy = page, s.path
			}
			if first > firstVisit {
				t.Errorf("%s: %s takes %d bytes on a first visit, more than %d", s.name, s.path, first, firstVisit)
			}
			if first > most {
				most, fullest = first, s.path
			}
			if common == nil { // the first page of every world is one of the first visit
				common = s.world.needs(t, s.body)
			}
		}
	}
	t.Logf("the heaviest page is %s: %d bytes; on a first visit %s: %d", heavy, heaviest, fullest, most)
}

// needs are the files that a page and its style sheets name. The serif counts
// where something stands in it.
func (d *desk) needs(t testing.TB, body string) []string {
	t.Helper()
	var got []string
	for todo := links(body); len(todo) > 0; todo = todo[1:] {
		if slices.Contains(got, todo[0]) || strings.Contains(todo[0], "serif") && !inSerif.MatchString(body) {
			continue
		}
		got = append(got, todo[0])
		kind := ""
		if _, css := d.fetch(t, todo[0], &kind); kind == "text/css; charset=utf-8" {
			todo = append(todo, links(css)...)
		}
	}
	return got
}

// inSerif finds the two classes whose words stand in the serif.
var inSerif = regexp.MustCompile(`class="[^"]*\b(sheet|serif)\b`)

func links(body string) []string {
	var out []string
	for _, m := range linked.FindAllStringSubmatch(body, -1) {
		out = append(out, m[1]+m[2])
	}
	return out
}

// bytes are what an answer takes, packed, with its headers as HTTP/1.1 writes them.
func (d *desk) bytes(t testing.TB, path string) int {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, d.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "homecase", Value: key})
	r.Header.Set("Accept-Encoding", "gzip")
	res, body := exchange(t, r)
	n := len("HTTP/1.1 200 OK\r\n") + len(body)
	for name, values := range res.Header {
		for _, v := range values {
			n += len(name) + len(": \r\n") + len(v)
		}
	}
	return n
}

// The browser weighs the same: a first visit to the page with the most on it.
func TestWeightInTheBrowser(t *testing.T) {
	d := worlds()[0].make(t)
	p := webtest.Open(t, d.base, webtest.View{})
	p.Go("/enter?key=" + key) // leads to the list of tasks
	p.AtMost(firstVisit)
	p.Go("/case")
	p.AtMost(laterPage)
}

// Every class that the style sheets name is on a page: what nobody wears is weight.
func TestEveryClassIsWorn(t *testing.T) {
	worn := ""
	for _, pattern := range []string{"data/html/*.html", "data/js/*.js", "*.go", "../press/draw/*.go"} {
		for _, name := range glob1(t, pattern) {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			worn += string(raw)
		}
	}
	named := 0
	for _, name := range glob1(t, "data/css/*.css") {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range classInRule.FindAllStringSubmatch(cssBody.ReplaceAllString(string(raw), "{}"), -1) {
			named++
			stem, _, _ := strings.Cut(m[1], "-") // mark-have is written as mark-{{.State}}
			if !strings.Contains(worn, m[1]) && !strings.Contains(worn, stem+"-{{") {
				t.Errorf("%s has rules for .%s, and no page has it", name, m[1])
			}
		}
	}
	if named == 0 {
		t.Error("no class was found")
	}
}

var (
	cssBody     = regexp.MustCompile(`(?s)/\*.*?\*/|\{[^{}]*\}`)
	classInRule = regexp.MustCompile(`\.([a-zA-Z][\w-]*)`)
)

// Tightening leaves what is quoted as it is.
func TestStyleIsTightened(t *testing.T) {
	quoted := regexp.MustCompile(`"[^"]*"`)
	beside := regexp.MustCompile(`\s[{};,]|[{};,]\s`)
	for _, name := range append(glob1(t, "data/css/*.css"), "../press/draw/draw.css") {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range quoted.FindAllString(string(raw), -1) {
			if beside.MatchString(q) {
				t.Errorf("%s: %s would be changed", name, q)
			}
		}
	}
	kind := ""
	d := serve(t)
	_, page := d.fetch(t, "/start", &kind)
	for _, address := range links(page) {
		if _, css := d.fetch(t, address, &kind); kind == "text/css; charset=utf-8" && strings.Count(css, "{") != strings.Count(css, "}") {
			t.Errorf("%s has %d braces that open and %d that close", address, strings.Count(css, "{"), strings.Count(css, "}"))
		}
	}
}
