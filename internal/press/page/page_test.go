package page_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"homecase/internal/press/page"
	"homecase/internal/press/presstest"
	"homecase/internal/press/text"
	"homecase/packet"
)

func options() page.Options {
	mailto := func(subject string) string { return "mailto:ines@fernhill.example?subject=" + subject }
	return page.Options{
		Decision: &page.Decision{Lead: "Your answer on the trial. You can change it later.", Answers: []page.Answer{
			{Label: "Agree", Href: mailto("Agreed")}, {Label: "Change it", Href: mailto("Change%20it")}, {Label: "Not now", Href: mailto("Not%20now")}}},
		Ask: mailto,
	}
}

func write(t testing.TB, doc packet.Document, opt page.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := page.Write(&b, doc, opt); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t testing.TB, data []byte) packet.Reading {
	t.Helper()
	r, err := page.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func parse(t *testing.T, data []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func TestReadsBackWhatItWrote(t *testing.T) {
	contents := presstest.Packet()
	contents.Contents = true
	contents.Sections[0].Level = 3
	for name, doc := range map[string]packet.Document{"packet": presstest.Packet(), "letter": presstest.Letter(), "contents": contents} {
		for kind, opt := range map[string]page.Options{"plain": {}, "with answers": options()} {
			t.Run(name+" "+kind, func(t *testing.T) {
				got := read(t, write(t, doc, opt))
				want := packet.Reading{Format: "html", Marks: doc.Marks(page.Shows()), Working: doc.Working}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
				if d := packet.Compare(got, doc.Marks(page.Shows())); d != nil {
					t.Error(d)
				}
			})
		}
	}
}

// The golden leaves out style and photos, which other tests look at.
func TestGolden(t *testing.T) {
	out := write(t, presstest.Packet(), options())
	out = regexp.MustCompile(`(?s)<style>.*</style>`).ReplaceAll(out, []byte(`<style></style>`))
	out = regexp.MustCompile(`sha256-[^']*|base64,[^"]*`).ReplaceAll(out, nil)
	presstest.Golden(t, "packet.html", out)
}

func TestSameBytes(t *testing.T) {
	if a, b := write(t, presstest.Packet(), options()), write(t, presstest.Packet(), options()); !bytes.Equal(a, b) {
		t.Error("two writings of one document differ")
	}
}

// Every edit that a person could make to a page shows.
func TestEdits(t *testing.T) {
	doc := presstest.Packet()
	good := string(write(t, doc, options()))
	want := doc.Marks(page.Shows())
	for _, c := range []struct{ name, old, new string }{
		{"number in a sentence", `<data value="office.mean">11.5</data> items a day`, `<data value="office.mean">11.9</data> items a day`},
		{"number in a heading", `<data value="save.high">£2,300</data>`, `<data value="save.high">£3,200</data>`},
		{"number in a drawing", `data-ref="tick.3" class="d-muted d-s">£1,000`, `data-ref="tick.3" class="d-muted d-s">£9,000`},
		{"number in a table", `<data value="duty.2">15</data>`, `<data value="duty.2">25</data>`},
		{"number in the hidden sentence", `<data value="dots.gain">18</data> save`, `<data value="dots.gain">19</data> save`},
		{"number bound to another fact", `<data value="i.1">1</data>`, `<data value="i.4">1</data>`},
		{"two numbers change places", `<data value="home.1">14</data> and <data value="home.2">13</data> items`, `<data value="home.2">13</data> and <data value="home.1">14</data> items`},
		{"number taken away", `<data value="travel">75</data>`, `some`},
		{"mark taken off", `<data value="travel">75</data>`, `75`},
		{"number added", `I move the day`, `I move the day 3 times`},
		{"number in other digits", `I move the day`, `I move the day ٣ times`},
		{"number written beside a mark", `<data value="travel">75</data>`, `<data value="travel">75</data>0`},
		{"element inside a mark", `<data value="travel">75</data>`, `<data value="travel">7<b class="vh">5</b></data>`},
		{"mark nested in a mark", `<data value="travel">75</data>`, `<data value="travel"><data value="travel">75</data></data>`},
		{"number in a label people hear", `aria-label="Your decision"`, `aria-label="Your 2 decisions"`},
		{"number in the head of a card", `data-l="Where"`, `data-l="Where 4"`},
		{"number as a tip", `<p class="ask">`, `<p class="ask" title="saves 9000">`},
		{"number in the window's title", `<title>An`, `<title>100 % An`},
		{"number in the description", `name="description" content="A`, `name="description" content="9 A`},
		{"number by style", `</style>`, `.ask::after{content:"£9,000"}</style>`},
		{"style of its own", `</head>`, `<style>.ask{display:none}</style></head>`},
		{"style on an element", `<p class="ask">`, `<p class="ask" style="display:none">`},
		{"script", `</body>`, `<script>document.title=1</script></body>`},
		{"handler", `<p class="ask">`, `<p class="ask" onclick="x()">`},
		{"hidden", `<p class="ask">`, `<p class="ask" hidden>`},
		{"picture over the text", `<p class="ask">`, `<img src="data:image/png;base64,AAAA"><p class="ask">`},
		{"picture in place of a photo", `src="data:image/jpeg;base64,`, `src="https://evil.example/x.jpg?`},
		{"frame", `</main>`, `<iframe srcdoc="9"></iframe></main>`},
		{"field", `</main>`, `<input value="9"></main>`},
		{"another style sheet", `</head>`, `<link rel="stylesheet" href="https://evil.example/x.css"></head>`},
		{"another page after a moment", `</head>`, `<meta http-equiv="refresh" content="0;url=https://evil.example"></head>`},
		{"picture in a drawing", `</svg>`, `<image href="https://evil.example"/></svg>`},
		{"second working", `</body>`, `<template id="working">{}</template></body>`},
		{"second text", `</main>`, `</main><main></main>`},
		{"second title", `</head>`, `<title>x</title></head>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			bad := strings.Replace(good, c.old, c.new, 1)
			if bad == good {
				t.Fatalf("%q is not in the page", c.old)
			}
			if d := packet.Compare(read(t, []byte(bad)), want); len(d) == 0 {
				t.Error("nobody would notice")
			}
		})
	}
	t.Run("working", func(t *testing.T) {
		bad := strings.Replace(good, `&#34;version&#34;: 1`, `&#34;version&#34;: 2`, 1)
		if bad == good || bytes.Equal(read(t, []byte(bad)).Working, doc.Working) {
			t.Error("nobody would notice")
		}
	})
}

func TestNotAPacket(t *testing.T) {
	for name, in := range map[string]string{"empty": "", "another page": "<h1>Hello</h1>", "binary": "\x00\xff%PDF", "deep": strings.Repeat("<div>", 100_000)} {
		if _, err := page.Read([]byte(in)); err == nil {
			t.Errorf("%s: it was taken for a packet", name)
		}
	}
}

// Hostile words stay words: no element, attribute or address but ours, and
// every mark reads back.
func TestHostile(t *testing.T) {
	for _, s := range presstest.Hostile() {
		doc := presstest.Spoil(presstest.Packet(), s)
		opt := page.Options{Ask: func(string) string { return s }}
		out := write(t, doc, opt)
		got := read(t, out)
		for _, stray := range got.Stray {
			// Spoil binds only one of three spans, so bare digits are strays; nothing else may be.
			if !packet.HasDigit(stray) || strings.Contains(stray, "homecase does not write") || strings.Contains(stray, "homecase did not write") {
				t.Errorf("%q: %s", s, stray)
			}
		}
		if diff := cmp.Diff(text.Document(doc).Marks(page.Shows()), got.Marks); diff != "" {
			t.Errorf("%q: %s", s, diff)
		}
		for n := range parse(t, out).Descendants() {
			for _, a := range n.Attr {
				if (a.Key == "href" || a.Key == "src") && strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
					t.Errorf("%q became %s=%q", s, a.Key, a.Val)
				}
			}
		}
	}
}

func TestStructure(t *testing.T) {
	out := write(t, presstest.Packet(), options())
	counts, ids, level := map[string]int{}, map[string]bool{}, 0
	for n := range parse(t, out).Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		counts[n.Data]++
		if n.Data == "html" && get(n, "lang") != "en-GB" {
			t.Errorf("language is %q", get(n, "lang"))
		}
		if id := get(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("the id %q stands twice", id)
			}
			ids[id] = true
		}
		if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
			next := int(n.Data[1] - '0')
			if next > level+1 {
				t.Errorf("a heading of level %d follows one of level %d", next, level)
			}
			level = next
		}
		if src := get(n, "src"); src != "" && !strings.HasPrefix(src, "data:") {
			t.Errorf("the page asks for %s", src)
		}
	}
	for n := range parse(t, out).Descendants() {
		if ref := get(n, "aria-labelledby"); ref != "" && !ids[ref] {
			t.Errorf("%s is labelled by %q, which is not there", n.Data, ref)
		}
		if href := get(n, "href"); strings.HasPrefix(href, "#") && !ids[href[1:]] {
			t.Errorf("%s leads nowhere", href)
		}
	}
	for name, want := range map[string]int{"h1": 1, "main": 1, "title": 1, "style": 1, "script": 0, "header": 1, "footer": 1, "nav": 1} {
		if counts[name] != want {
			t.Errorf("%d <%s>, want %d", counts[name], name, want)
		}
	}
}

func get(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// Without style the words must not run together.
func TestWordsApart(t *testing.T) {
	var words strings.Builder
	for n := range parse(t, write(t, presstest.Packet(), page.Options{})).Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" {
			words.WriteString(n.Data)
		}
	}
	all := strings.Join(strings.Fields(words.String()), " ")
	for _, want := range []string{"Mon One of these Tue One of these", "Fri Office", "Clearly no worse Probably no worse (this one holds) Cannot tell yet", "Bank reconciliations Ledger and bank portal", "Agree Change it Not now, ask again on", "in the office. [My task log, four weeks in October]", "change? Not settled"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q does not read like that", want)
		}
	}
}

func TestPolicyFitsTheStyle(t *testing.T) {
	out := string(write(t, presstest.Packet(), page.Options{}))
	_, rest, _ := strings.Cut(out, "<style>")
	css, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(css))
	policy := "default-src &#39;none&#39;; style-src &#39;sha256-" + strings.ReplaceAll(base64.StdEncoding.EncodeToString(sum[:]), "+", "&#43;") + "&#39;; font-src data:; img-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;"
	if !strings.Contains(out, `<meta http-equiv="Content-Security-Policy" content="`+policy+`">`) {
		t.Error("the policy does not let the style apply")
	}
	if strings.Contains(css, "http") || strings.Contains(css, "@import") {
		t.Error("the style asks for something from elsewhere")
	}
}

// The office's wrapper: the same text, everything else under addresses.
func TestOffice(t *testing.T) {
	opt := options()
	opt.Assets, opt.Files = "/assets/1/", "/p/token/"
	opt.Decision.Answers[0].Href = "/p/token/agree"
	out := write(t, presstest.Packet(), opt)
	got := read(t, out)
	if diff := cmp.Diff(packet.Reading{Format: "html", Marks: presstest.Packet().Marks(page.Shows())}, got); diff != "" {
		t.Error(diff)
	}
	for _, want := range []string{`<link rel="stylesheet" href="/assets/1/packet.css">`, `<img src="/p/token/desk.jpg"`, `<link rel="alternate" type="application/json" href="/p/token/working.json">`, `href="/p/token/agree"`} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("%s is missing", want)
		}
	}
	assets := page.Assets()
	for _, m := range regexp.MustCompile(`url\(([^)#]*)\)`).FindAllSubmatch(assets["packet.css"], -1) {
		if assets[string(m[1])] == nil {
			t.Errorf("the style sheet asks for %s, which is not served", m[1])
		}
	}
	if len(assets) != 4 {
		t.Errorf("%d assets, want the style sheet and three fonts", len(assets))
	}
}

func TestRefusals(t *testing.T) {
	for name, d := range map[string]page.Decision{
		"script":  {Answers: []page.Answer{{Label: "Agree", Href: "javascript:alert(1)"}}},
		"nowhere": {Answers: []page.Answer{{Label: "Agree"}}},
		"other":   {Answers: []page.Answer{{Label: "Agree", Href: "//evil.example"}}},
		"number":  {Lead: "You have 3 days left."},
	} {
		if err := page.Write(new(bytes.Buffer), presstest.Packet(), page.Options{Decision: &d}); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

// A number in the title is bound in the heading; the window repeats the heading.
func TestNumberInTitle(t *testing.T) {
	doc := presstest.Packet()
	doc.Title = "A trial of 8 weeks"
	doc.Head[1] = packet.Para{Style: packet.Title, Text: presstest.Text("A trial of {weeks.n|8} weeks")}
	out := write(t, doc, page.Options{})
	if !bytes.Contains(out, []byte("<title>A trial of 8 weeks</title>")) || len(read(t, out).Stray) > 0 {
		t.Error(read(t, out).Stray)
	}
	if got := read(t, bytes.Replace(out, []byte("<title>A trial of 8"), []byte("<title>A trial of 9"), 1)); !slices.Contains(got.Stray, "window title: A trial of 9 weeks") {
		t.Errorf("nobody would notice: %v", got.Stray)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("<main><data value=x>1</data><svg><text data-ref=a>2<tspan data-ref=b>3</tspan></text></svg></main>"))
	f.Add([]byte("<main><template id=working>{}</template><h1>4</h1><title>5</title></main>"))
	f.Add([]byte(`<main><table><td data-l="7"><style>a{content:"8"}</style><math><mi>9`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := page.Read(data)
		if err == nil && r.Format != "html" {
			t.Error("read without a format")
		}
	})
}

// Any words between marks read back as the same marks.
func FuzzWrite(f *testing.F) {
	f.Add("a<b", "1 & 2", "hours.x")
	f.Fuzz(func(t *testing.T, words, number, ref string) {
		doc := packet.Document{Title: words, Working: []byte("{}"), Sections: []packet.Section{{ID: ref, Label: words, Level: 2, Blocks: []packet.Block{
			packet.Para{Text: packet.Text{{Spans: []packet.Span{{Text: words}, {Text: number, Ref: packet.Ref(ref)}, {Text: words, Href: number}}}}}}}}}
		got := read(t, write(t, doc, page.Options{}))
		if diff := cmp.Diff(text.Document(doc).Marks(page.Shows()), got.Marks); diff != "" {
			t.Error(diff)
		}
	})
}

func BenchmarkWrite(b *testing.B) {
	doc, opt := presstest.Packet(), options()
	for b.Loop() {
		if err := page.Write(new(bytes.Buffer), doc, opt); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	data := write(b, presstest.Packet(), options())
	for b.Loop() {
		read(b, data)
	}
}
