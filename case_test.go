package homecase_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"homecase"
	"homecase/fault"
	"homecase/packet"
)

const accounts = "examples/accounts-one-day.yaml"

func load(t *testing.T, path string) *homecase.Case {
	t.Helper()
	c, err := homecase.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func compose(t *testing.T, c *homecase.Case) *homecase.Edition {
	t.Helper()
	e, err := homecase.Compose(c.Shared(), homecase.Options{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A case written and read again is the same case, and the same bytes.
func TestCaseRoundTrip(t *testing.T) {
	files, _ := filepath.Glob("examples/*.yaml")
	for _, f := range files {
		c := load(t, f)
		text, err := c.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := homecase.Decode(f, text)
		if err != nil {
			t.Fatalf("%s: %v\n%s", f, err, text)
		}
		if diff := cmp.Diff(c, again, cmpopts.EquateEmpty(), cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
			t.Errorf("%s: %s", f, diff)
		}
		second, _ := again.Encode()
		if !bytes.Equal(text, second) {
			t.Errorf("%s: written twice, two texts", f)
		}
	}
}

// Each case shows a file's head and what the person reads.
func TestVersions(t *testing.T) {
	old, err := os.ReadFile("testdata/upgrade/v0.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := homecase.Decode("v0.yaml", old)
	if err != nil {
		t.Fatal(err)
	}
	if c.Version != homecase.Version || len(c.Readiness.Duties) != 2 || c.Person.Job != "Clerk" || c.Boss.Job != "Head of records" {
		t.Errorf("a field was lost in the upgrade: %+v", c)
	}
	for _, v := range []struct {
		text string
		code fault.Code
	}{
		{"version: 2\ncolour: red\n", "HC-CASE-09"}, {"version: -1\n", "HC-CASE-10"}, {"person: {name: A}\n", "HC-CASE-08"}, {"version: one\n", "HC-CASE-08"},
		{"version: 0\nreadiness: {tasks: [], duties: []}\n", "HC-FILE-14"},
	} {
		if _, err := homecase.Decode("c.yaml", []byte(v.text)); fault.CodeOf(err) != v.code {
			t.Errorf("%q: %v, want %s", v.text, err, v.code)
		}
	}
}

// No private word of a case reaches any document, the working or the record.
func TestPrivateStaysPrivate(t *testing.T) {
	c := load(t, accounts)
	const mark = "zqx-private"
	c.Boss.Goals = []string{mark + "-goal"}
	c.Reasons.Personal = []homecase.Personal{{Text: mark + "-reason"}}
	c.Plan.Lowest, c.Plan.Notes = "one-project", mark+"-notes"
	c.Plan.Talk.Note = mark + "-talk"
	for i := range c.Facts.People {
		c.Facts.People[i].How = mark + "-how"
	}
	c.Facts.People = append(c.Facts.People, c.Facts.People[0])
	c.Facts.People[1].Name, c.Facts.People[1].Consent = mark+"-colleague", "no"
	e := compose(t, c)
	for _, d := range []packet.Document{e.OnePage, e.Full, e.Page, e.Letter, e.Message} {
		all, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{mark, "leaves_me_to_it", "promotion_soon", "alone_all_day", `"lowest"`} {
			if bytes.Contains(all, []byte(secret)) || bytes.Contains(d.Working, []byte(secret)) {
				t.Errorf("the %s holds %q", d.Kind, secret)
			}
		}
	}
	record, err := json.Marshal(e.Record)
	if err != nil || bytes.Contains(record, []byte(mark)) {
		t.Errorf("the record holds a private word, %v", err)
	}
	c.Reasons.Personal = []homecase.Personal{{Text: "I would sleep longer.", Share: true}}
	if s := c.Shared(); len(s.Reasons.Personal) != 1 {
		t.Error("a reason that was released is gone")
	}
}

// While a number has no source the packet does not build, and every such number is listed.
func TestRefusedWithoutSource(t *testing.T) {
	c := load(t, accounts)
	c.Readiness.DutiesOrigin.Kind = ""
	c.Facts.Results[0].Kind = ""
	c.Facts.Measure.Origin.Source = ""
	_, err := homecase.Compose(c.Shared(), homecase.Options{})
	if fault.KindOf(err) != fault.Finding {
		t.Fatalf("it was built: %v", err)
	}
	for _, want := range []string{"Hours a week by task", "month-end on time", "exceptions closed"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the list lacks %q:\n%v", want, err)
		}
	}
}

// The same case gives the same documents, whatever order the maps are walked in.
func TestComposeIsDeterministic(t *testing.T) {
	first := compose(t, load(t, accounts))
	for range 5 {
		e := compose(t, load(t, accounts))
		if !bytes.Equal(first.Full.Working, e.Full.Working) {
			t.Fatal("the working differs from one composition to the next")
		}
		if diff := cmp.Diff(first.Full.Marks(packet.Shows{}), e.Full.Marks(packet.Shows{})); diff != "" {
			t.Fatal(diff)
		}
	}
}

// The first page has at most 280 words; the message about 90.
func TestFirstPageIsShort(t *testing.T) {
	e := compose(t, load(t, accounts))
	if n := words(e.OnePage); n > 280 {
		t.Errorf("the first page has %d words", n)
	}
	if n := words(e.Message); n > 100 {
		t.Errorf("the message has %d words", n)
	}
}

func words(d packet.Document) int {
	n := 0
	count := func(t packet.Text) { n += len(strings.Fields(t.String())) }
	visit := func(blocks []packet.Block) {
		for _, b := range blocks {
			switch b := b.(type) {
			case packet.Para:
				count(b.Text)
			case packet.Choice:
				count(b.Note)
			case packet.Heading:
				count(b.Text)
			case packet.List:
				for _, i := range b.Items {
					count(i)
				}
			}
		}
	}
	visit(d.Head)
	for _, s := range d.Sections {
		visit(s.Blocks)
	}
	return n
}

// Hostile words in every field of a case are printed as words or refused with
// a sentence; composing never panics.
func TestHostileWords(t *testing.T) {
	for _, word := range []string{"<script>alert(1)</script>", "=1+1", "\u202eabc", "👩‍💻", "שלום", strings.Repeat("long ", 200), "over\ntwo lines", "{hours.total}", "[[a|b]]", "9 to 5 for 100%"} {
		c := load(t, accounts)
		c.Person.Name, c.Company.Name, c.Reasons.Business[0].Head, c.Reasons.Business[0].Text = word, word, word, word
		c.Readiness.Duties[0].Name, c.Plan.Promises[0].Text, c.Facts.Results[0].Text, c.Concerns.Answers[0].Text = word, word, word, word
		e, err := homecase.Compose(c.Shared(), homecase.Options{})
		if err != nil {
			if fault.KindOf(err) == fault.Internal {
				t.Errorf("%q: %v", word, err)
			}
			continue
		}
		if !strings.Contains(e.OnePage.Sections[0].Blocks[3].(packet.Heading).Text.String(), strings.TrimSpace(strings.ReplaceAll(word, "\n", " "))) {
			t.Errorf("%q is not printed as written", word)
		}
	}
}

func FuzzCase(f *testing.F) {
	for _, name := range []string{accounts, "testdata/upgrade/v0.yaml"} {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := homecase.Decode("case.yaml", text)
		if err != nil {
			if fault.KindOf(err) == fault.Internal {
				t.Error(err)
			}
			return
		}
		if _, err := c.Assess(); err != nil && fault.KindOf(err) == fault.Internal {
			t.Error(err)
		}
		if _, err := homecase.Compose(c.Shared(), homecase.Options{}); err != nil && fault.KindOf(err) == fault.Internal {
			t.Error(err)
		}
	})
}
