package webtest

import (
	"compress/gzip"
	"fmt"
	"html"
	"image"
	"image/color"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const frame = `<!doctype html><html lang="en-GB"><head><title>%s</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head><body><header><a href="/">Start</a></header><main><h1>%[1]s</h1>%s</main></body></html>`

// walk is a server of three pages: a start, a form with every kind of field
// and a page that says what came in.
func walk(t *testing.T) string {
	t.Helper()
	page := func(w http.ResponseWriter, title, body string) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, frame, title, body)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		page(w, "Start", `<p><a href="/form">Answer the questions</a></p><details><summary>Why</summary><p>Because it helps.</p></details>`)
	})
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		w.Header().Set("Cache-Control", "max-age=60")
		fmt.Fprint(w, `.sr { position: absolute; width: 1px; height: 1px; opacity: 0 } .lid { position: fixed; inset: 0 }`)
	})
	mux.HandleFunc("GET /more.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `document.getElementById('more').addEventListener('click', async () => { document.getElementById('out').innerHTML = await (await fetch('/more')).text() })`)
	})
	mux.HandleFunc("GET /more", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<p>One more line.</p>") })
	mux.HandleFunc("GET /form", func(w http.ResponseWriter, _ *http.Request) {
		page(w, "Questions", `<script src="/more.js" defer></script><form method="post" action="/form" enctype="multipart/form-data">
<p><label for="n">Your name</label><input id="n" name="name" value="old text"></p>
<p><label for="d">First day</label><input id="d" name="day" type="date"></p>
<p><label for="w">Words</label><textarea id="w" name="words"></textarea></p>
<fieldset><legend>At home</legend><p><input type="radio" name="home" id="hy" value="yes" class="sr"><label for="hy">Yes</label> <input type="radio" name="home" id="hn" value="no" class="sr"><label for="hn">No</label></p></fieldset>
<fieldset><legend>In the office</legend><p><label><input type="radio" name="office" value="yes" checked> Yes</label> <label><input type="radio" name="office" value="no"> No</label></p></fieldset>
<p><label for="c">Currency</label><select id="c" name="currency"><option>Euro</option><option>Pound</option><option>Dollar</option></select></p>
<p><label><input type="checkbox" name="desk" value="yes"> I have a desk</label> <label><input type="checkbox" name="lift" value="yes" checked> I have a lift</label></p>
<p><label for="f">Calendar</label><input id="f" type="file" name="file"></p>
<p><button>Save and go on</button></p></form><p><button id="more" type="button">Show more</button></p><div id="out"></div>`)
	})
	mux.HandleFunc("POST /form", func(w http.ResponseWriter, r *http.Request) {
		_, file, err := r.FormFile("file")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, fmt.Sprintf("/thanks?said=%s|%s|%s|%s|%s|%s|%s|%s|%s", r.FormValue("name"), r.FormValue("day"), r.FormValue("words"), r.FormValue("home"), r.FormValue("office"), r.FormValue("currency"), r.FormValue("desk"), r.FormValue("lift"), file.Filename), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /thanks", func(w http.ResponseWriter, r *http.Request) {
		page(w, "Thank you", "<p>"+html.EscapeString(r.FormValue("said"))+"</p>")
	})
	mux.HandleFunc("GET /lid", func(w http.ResponseWriter, _ *http.Request) {
		page(w, "Lid", `<button>Below</button><div class="lid">On top</div>`)
	})
	mux.HandleFunc("GET /heavy", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", "gzip")
		zip := gzip.NewWriter(w)
		fmt.Fprintf(zip, frame, "Heavy", strings.Repeat("<p>the same again</p>", 5000))
		_ = zip.Close()
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func TestAPersonWalksThroughAForm(t *testing.T) {
	base := walk(t)
	file := filepath.Join(t.TempDir(), "week.ics")
	if err := os.WriteFile(file, []byte("BEGIN:VCALENDAR"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		view View
		keys bool
	}{{"mouse", View{}, false}, {"keys", View{}, true}, {"mouse, no script, phone", View{NoScript: true, Width: 320}, false}, {"keys, no script", View{NoScript: true}, true}} {
		t.Run(c.name, func(t *testing.T) {
			p := Open(t, base, c.view)
			me := p.Person()
			if c.keys {
				me = p.KeyboardPerson()
			}
			me.Go("/")
			me.Press("Why")
			if !me.Has("Because it helps.") {
				t.Errorf("the fold did not open: %q", me.Text())
			}
			me.Follow("Answer the questions")
			if me.Heading() != "Questions" || me.Path() != "/form" {
				t.Fatalf("at %s, %q", me.Path(), me.Heading())
			}
			me.Fill("Your name", "Ines Duarte é")
			me.Fill("First day", "2026-01-12")
			me.Fill("Words", "three more words")
			me.In("At home").Choose("No")
			me.In("In the office").Choose("No")
			me.In("Currency").Choose("Dollar")
			me.Tick("I have a desk")
			me.Untick("I have a lift")
			me.Attach("Calendar", file)
			if !c.view.NoScript {
				me.Press("Show more")
				if !me.Has("One more line.") {
					t.Errorf("the script's line is not there: %q", me.Text())
				}
			}
			me.Press("Save and go on")
			// By hand, from what was filled in above, in the order of the handler.
			if want := "Ines Duarte é|2026-01-12|three more words|no|no|Dollar|yes||week.ics"; !me.Has(want) {
				t.Errorf("the server was told %q, want %q", me.Text(), want)
			}
			// Three words of the name, one date, three words; start, form and thanks.
			if me.Words() != 7 || me.Screens() != 3 {
				t.Errorf("%d words and %d screens, want 7 and 3", me.Words(), me.Screens())
			}
		})
	}
}

// refused is a test that notes why it fails.
type refused struct {
	testing.TB
	why string
}

func (r *refused) Errorf(format string, args ...any) { r.why += fmt.Sprintf(format, args...) }
func (r *refused) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func TestAPersonSaysWhatStandsInTheWay(t *testing.T) {
	tab := Open(t, walk(t), View{})
	for _, c := range []struct {
		path string
		do   func(*Person)
		says string
	}{
		{"/form", func(w *Person) { w.Fill("Your age", "7") }, `/form has no field named "Your age"; it has "Your name", `},
		{"/form", func(w *Person) { w.Choose("Yes") }, `2 of choice named "Yes"; In names the part`},
		{"/form", func(w *Person) { w.In("At home").Press("Save") }, `/form in At home has no button named "Save"`},
		{"/form", func(w *Person) { w.Fill("First day", "soon") }, `after "soon" was typed`},
		{"/lid", func(w *Person) { w.Press("Below") }, `"Below" is covered by <div> On top`},
		{"/heavy", func(w *Person) { w.AtMost(500) }, "at most 500 are agreed"},
		{"/lid", func(w *Person) { w.Screenshot("not-drawn") }, "not-drawn.png"},
		{"/lid", func(w *Person) { w.Check(Check{"landmarks", Landmarks}) }, "/lid at 1280 px: landmarks: there are 0 of footer"},
	} {
		r := &refused{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			tab.t = r
			me := tab.Person()
			me.Go(c.path)
			c.do(me)
		}()
		<-done
		if !strings.Contains(r.why, c.says) {
			t.Errorf("%s says %q, want %q in it", c.path, r.why, c.says)
		}
	}
}

func TestWeightIsWhatGoesOverTheWire(t *testing.T) {
	base := walk(t)
	p := Open(t, base, View{})
	p.Go("/heavy")
	first := p.Weight()
	// 5,000 equal paragraphs are 105 kB of text and some hundred bytes zipped.
	if first < 300 || first > 3000 {
		t.Errorf("the first visit weighs %d bytes", first)
	}
	p.Go("/heavy")
	if again := p.Weight(); again >= first || again == 0 {
		t.Errorf("the second visit weighs %d bytes, the first %d: the style sheet comes from the cache", again, first)
	}
	p.AtMost(first)
}

func TestScreenshotIsSmall(t *testing.T) {
	p := Open(t, serve(t), View{Width: 390})
	p.Go("/clean")
	file := filepath.Join(t.TempDir(), "shot.png")
	p.shoot(file)
	raw, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	m, _, err := image.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	info, err := raw.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds().Dx() != 390 || info.Size() > 60<<10 {
		t.Errorf("%v, %d bytes", m.Bounds(), info.Size())
	}
}

func TestReduceKeepsTheColoursThatMatter(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 256, 4))
	for x := range 256 {
		for y := range 3 {
			m.Set(x, y, color.RGBA{250, 251, 252, 255})
		}
		m.Set(x, 3, color.RGBA{uint8(x), uint8(x / 2), 0, 255})
	}
	out := reduce(m, 16)
	if len(out.Palette) != 16 {
		t.Errorf("%d colours, want 16", len(out.Palette))
	}
	if got := out.At(9, 1); got != (color.RGBA{250, 251, 252, 255}) {
		t.Errorf("the ground became %v", got)
	}
	for x := range 256 {
		r, _, _, _ := out.At(x, 3).RGBA()
		if d := int(r>>8) - x; d > 32 || d < -32 {
			t.Errorf("the colour at %d is %d off", x, d)
		}
	}
	if few := reduce(m.SubImage(image.Rect(0, 0, 4, 2)), 16); len(few.Palette) != 1 {
		t.Errorf("%d colours of one", len(few.Palette))
	}
}
