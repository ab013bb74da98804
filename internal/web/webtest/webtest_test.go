package webtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

// clean is a page without a fault; every faulty page is this one with one change.
const clean = `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Tasks - homecase</title><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/%s.css"><script nonce="n" src="/%[1]s.js" defer></script></head><body>
<a class="skip" href="#main">Skip to the main part</a>
<header><p>homecase, <a href="/clean">all tasks</a> of the week</p></header>
<nav aria-label="Steps"><ul><li><a class="big" href="/clean">Start</a></li><li><a class="big" href="/clean">Money</a></li></ul></nav>
<main id="main"><h1>Tasks</h1>
<p>What the week holds.</p>
<div class="days"><span class="day">Mon</span> <span class="day">Office</span></div>
<form method="post" action="/clean">
<p><label for="name">Name of the task</label> <input id="name" name="name" autocomplete="off"></p>
<p><label for="day">First day</label> <input id="day" name="day" type="date"></p>
<fieldset><legend>Where can it be done?</legend>
<p><input type="radio" name="where" id="home" value="home"> <label for="home">At home</label></p>
<p><input type="radio" name="where" id="office" value="office"> <label for="office">In the office</label></p></fieldset>
<details><summary>Why we ask</summary><p class="inside">A task tied to a place stays there.</p></details>
<p><button>Save</button></p></form>
</main>
<aside aria-label="Help"><h2>Help</h2><p>A few words of help.</p></aside>
<footer><p>Stays on this computer.</p></footer>
</body></html>`

const style = `:root { color-scheme: light dark } body { margin: 1rem; font: 16px/1.5 sans-serif; scroll-padding: 4rem; background: Canvas; color: CanvasText }
.skip { position: absolute; top: -5rem; padding: .5rem; background: Canvas } .skip:focus { top: 0 }
ul { list-style: none; padding: 0; display: flex; gap: 1rem } .big { display: inline-block; padding: .5rem }
input, button { min-height: 2rem; min-width: 2rem } label, summary { display: inline-block; padding: .25rem 0 }
:focus-visible { outline: 3px solid } .day { margin-right: 1rem }`

// fault is a change of the clean page and the one check that must report it.
type fault struct {
	name     string
	old, new string // in the page; an empty old adds to the end of main
	css, js  string
	check    string
	says     string // part of the report
	also     string // a second check that sees the same fault
}

var faults = []fault{
	{name: "wide", new: `<p class="wide">A wide thing</p>`, css: `.wide { width: 1500px }`, check: "sideways", says: `"A wide thing" ends at`, also: "spaced text"},
	{name: "tight", new: `<p class="tight">One line of text in a box that is fixed</p>`, css: `.tight { height: 1.5em; width: 18em; overflow: hidden; white-space: nowrap }`, check: "spaced text", says: "cut off"},
	{name: "two-titles", old: "<h2>Help</h2>", new: "<h1>Help</h1>", check: "landmarks", says: "2 of h1"},
	{name: "no-footer", old: "<footer><p>Stays on this computer.</p></footer>", check: "landmarks", says: "0 of footer"},
	{name: "nameless", old: `<nav aria-label="Steps">`, new: `<nav>`, check: "landmarks", says: "nav without a name"},
	{name: "no-skip", old: `<a class="skip" href="#main">Skip to the main part</a>`, check: "skip link", says: `"all tasks", not a link`},
	{name: "skip-nowhere", old: `href="#main"`, new: `href="#nowhere"`, check: "skip link", says: "not in main", also: "axe"},
	{name: "unseen", new: `<p><a class="unseen" href="/clean">Go on</a></p>`, css: `.unseen { position: absolute; left: -9999px }`, check: "tab stops", says: `"Go on" has the focus and cannot be seen`},
	{name: "covered", css: `footer { position: fixed; left: 0; right: 0; bottom: 0; height: 80vh; background: Canvas }`, check: "tab stops", says: "is covered by <footer>"},
	{name: "order", old: `<button>`, new: `<button tabindex="1">`, check: "tab stops", says: "place of its own", also: "skip link axe"},
	{name: "no-ring", css: `button:focus { outline: none }`, check: "tab stops", says: `"Save" looks the same`},
	{name: "unreachable", old: `<button>`, new: `<button tabindex="-1">`, check: "tab stops", says: `"Save" cannot be reached`},
	{name: "trap", js: `document.getElementById('name').addEventListener('keydown', (e) => { if (e.key === 'Tab') e.preventDefault() })`, check: "tab stops", says: "cannot leave"},
	{name: "small", new: `<p><button class="small">x</button></p>`, css: `.small { min-height: 0; min-width: 0; height: 20px; width: 20px; padding: 0 }`, check: "targets", says: "20 by 20"},
	{name: "thrown", js: `throw new Error('broken')`, check: "console", says: "broken"},
	{name: "logged", js: `console.error('wrong', 7)`, check: "console", says: "wrong 7"},
	{name: "missing", old: `/icon.svg`, new: `/none.css" rel="stylesheet`, check: "console", says: "404"},
	{name: "alert", js: `alert('look')`, check: "console", says: "dialog"},
	{name: "inline", old: `<p>What`, new: `<p style="color: green">What`, check: "policy", says: "Content Security Policy"},
	{name: "abroad", js: `new Image().src = 'https://example.org/count.gif'`, check: "outside", says: "https://example.org/count.gif", also: "console"},
	{name: "no-label", old: `<label for="name">Name of the task</label>`, new: `<span>Name of the task</span>`, check: "labels", says: "no visible label", also: "axe"},
	{name: "hidden-label", old: `<label for="name">`, new: `<label for="name" class="away">`, css: `.away { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }`, check: "labels", says: "no visible label"},
	{name: "no-legend", old: `<legend>Where can it be done?</legend>`, check: "labels", says: "no visible legend"},
	{name: "run-together", new: `<p><a class="big" href="/clean"><span class="day">Mon</span><span>Office</span></a></p>`, check: "names", says: `"MonOffice" is one word in the name of the link`},
	{name: "blocks", new: `<div class="days"><span class="line">Mon</span><span class="line">Office</span></div>`, css: `.line { display: block }`, check: "names", says: `"MonOffice" is one word without CSS`},
	{name: "swapped", new: `<div class="flex"><p>First words</p><p>Second words</p></div>`, css: `.flex { display: flex; flex-direction: row-reverse }`, check: "reading order", says: "stands left of it"},
	{name: "lifted", new: `<div class="flex"><p>First words</p><p class="up">Second words</p></div>`, css: `.flex { display: grid } .up { order: -1 }`, check: "reading order", says: "stands above it"},
	{name: "css-words", new: `<p class="open">Bank</p>`, css: `.open::after { content: " not settled" }`, check: "reading order", says: "not settled"},
	{name: "pale", css: `.inside { color: #bbb; background: #fff }`, check: "axe", says: "color-contrast"},
}

// serve is a server of the clean page and of every faulty one, under a strict policy.
func serve(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/icon.svg", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/svg+xml")
		fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>`)
	})
	for _, f := range append(faults, fault{name: "clean"}) {
		page := fmt.Sprintf(clean, f.name)
		if f.old == "" {
			f.old, f.new = "</main>", f.new+"</main>"
		}
		if !strings.Contains(page, f.old) {
			t.Fatalf("%s changes nothing", f.name)
		}
		page = strings.Replace(page, f.old, f.new, 1)
		mux.HandleFunc("/"+f.name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'nonce-n'; img-src 'self' https:; form-action 'self'; base-uri 'none'")
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, page)
		})
		mux.HandleFunc("/"+f.name+".css", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/css")
			w.Header().Set("Cache-Control", "max-age=60")
			fmt.Fprint(w, style+f.css)
		})
		mux.HandleFunc("/"+f.name+".js", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, f.js)
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestACleanPagePassesEveryCheckInEveryView(t *testing.T) {
	base := serve(t)
	p := Open(t, base, View{})
	views := []View{{Dark: true}, {Forced: true}, {Still: true}, {Spaced: true, Width: 320}, {Print: true}}
	for _, width := range Widths() {
		views = append(views, View{Width: width})
	}
	for _, view := range views {
		p.Look(view)
		p.Go("/clean")
		p.Check()
	}
	p = Open(t, base, View{NoScript: true, Width: 390})
	p.Go("/clean")
	p.Check()
}

func TestEachFaultIsFoundByItsCheckAndNoOther(t *testing.T) {
	base := serve(t)
	tabs := make(chan *Page, 4)
	for range cap(tabs) {
		tabs <- Open(t, base, View{Width: 390})
	}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			tab := <-tabs
			t.Cleanup(func() { tabs <- tab })
			p := tab.For(t)
			p.Go("/" + f.name)
			for _, c := range Checks() {
				found := strings.Join(c.Find(p), "\n")
				switch {
				case c.Name == f.check && !strings.Contains(found, f.says):
					t.Errorf("%s says %q, want %q in it", c.Name, found, f.says)
				case c.Name != f.check && found != "" && !strings.Contains(f.also, c.Name):
					t.Errorf("%s says %q, and this is not its fault", c.Name, found)
				}
			}
		})
	}
}

func (r *refused) Skipf(format string, args ...any) { r.Fatalf("skipped: "+format, args...) }

func TestAMissingBrowserSkipsAndFailsTheFullRun(t *testing.T) {
	for complete, want := range map[string]string{"": "skipped: chromium is not installed", "1": "chromium is not installed; make need"} {
		t.Setenv("HOMECASE_TESTS_COMPLETE", complete)
		b := browser{err: missingError("chromium")}
		b.once.Do(func() {})
		r := &refused{TB: t}
		done := make(chan struct{})
		go func() { defer close(done); b.need(r) }()
		<-done
		if !strings.HasPrefix(r.why, want) {
			t.Errorf("with %q: %q, want %q", complete, r.why, want)
		}
	}
}
