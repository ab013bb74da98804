package web_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"homecase"
	"homecase/cite"
	"homecase/day"
	"homecase/evidence"
	"homecase/internal/web/webtest"
	"homecase/ops"
	"homecase/readiness"
)

// finished is a plain table of n weeks from Monday 6 July 2026: 10, 11, 12, 13
// and 14 items on the days of the week, with a column that must not be kept.
func finished(weeks int) []byte {
	var b bytes.Buffer
	b.WriteString("Date,Items,Customer\n")
	for w := range weeks {
		for i := range 5 {
			on := day.Must("2026-07-06").Add(7*w + i)
			fmt.Fprintf(&b, "%s,%d,SECRET Ltd\n", on, 10+i+w%2)
		}
	}
	return b.Bytes()
}

// counted is a world with records of its own and further ones that wait.
func counted(t testing.TB, d *desk) {
	t.Helper()
	for i, data := range [][]byte{finished(10), finished(12)} {
		o, err := d.Current(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		w, err := d.CountExport(context.Background(), o, "auto", ops.Upload{Name: "work.csv", At: bytes.NewReader(data), Size: int64(len(data))}, ops.ImportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			if _, err := d.KeepExport(context.Background(), o, w.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A person who knows nothing yet gets a question for HR, lists a result without
// its source, says it, counts a good day and ticks two studies.
func TestFactsAsAPerson(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) { c.Facts, c.Reasons = evidence.Ledger{}, homecase.Reasons{} })
	p := d.browse(t, webtest.View{Width: 390})
	me := p.Person()
	me.Go("/case/facts/programme")
	me.Press("Continue")
	if !me.Has("Select one") {
		t.Error("an answer was not asked for")
	}
	me.Choose("I do not know")
	me.Press("Continue")
	p.Check()
	if p.Heading() != "A question to HR, ready to send" || !me.Has("Ines Duarte") {
		t.Errorf("%q: %s", p.Heading(), p.Text())
	}
	me.Go("/case/facts/results")
	me.Fill("What you achieved", "I made 14% fewer errors.")
	me.Fill("The number (optional)", "14")
	me.Fill("What it counts (optional)", "%")
	me.Press("Save this result")
	if !me.Has("Say where 14 % comes from, or take the number out") {
		t.Error("a number without a source was taken: " + p.Text())
	}
	me.Fill("Where the number comes from", "Error report")
	me.Press("Save this result")
	p.Check()
	me.Press("Continue")
	me.Go("/case/facts/measure")
	me.Fill("What is counted", "items closed")
	me.Fill("What one is called", "items")
	me.Press("Continue")
	if !me.Has("Enter the usual amount on an office day, or list some days") {
		t.Error("no amount was asked for")
	}
	me.Fill("Amounts of your last days (optional)", "11 9 12 13 10")
	me.Fill("Where it is written down", "Closed-item report")
	me.Press("Continue")
	// Other days change what was worked out from the first ones.
	me.Go("/case/facts/measure")
	me.Fill("Amounts of your last days (optional)", "8 10 12")
	me.Press("Continue")
	// By hand: the mean is 10, √((4+0+4)/2) = 2.
	if m := d.kase(t).Facts.Measure; *m.Usual != 10 || *m.Spread != 2 {
		t.Errorf("the measure is %v, %v", *m.Usual, *m.Spread)
	}
	me.Go("/case/facts/measure")
	me.Fill("Amounts of your last days (optional)", "11 9 12 13 10")
	me.Press("Continue")
	me.Go("/case/facts/studies")
	me.Tick("Bloom, Han and Liang 2024")
	me.Press("Continue")
	me.Go("/case/facts/people")
	me.In("Colleague 1").Fill("Name", "Colin Bright")
	me.In("Colleague 1").Tick("This colleague agreed to be named")
	me.Press("Continue")

	f := d.kase(t).Facts
	// By hand: the mean of 11, 9, 12, 13, 10 is 11, the squares add up to 10, √(10/4) = 1.58.
	if f.Measure.Usual == nil || *f.Measure.Usual != 11 || *f.Measure.Spread != 1.58 || f.Measure.Origin.Kind != cite.Measured {
		t.Errorf("the measure is %+v", f.Measure)
	}
	if f.Programme.Status != evidence.Unknown || len(f.Results) != 1 || f.Results[0].Source != "Error report" || !f.Results[0].Business || len(f.Studies) != 1 || f.People[0].Consent != evidence.Yes {
		t.Errorf("kept %+v", f)
	}
	if list := f.Unsourced(); len(list) > 0 {
		t.Error(list)
	}
}

// A result that goes takes its place out of the reasons, and can be brought back.
func TestTakingAResultOut(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) {
		c.Reasons.Business = []homecase.Reason{{Head: "a", Text: "b", Facts: []string{"result.1", "result.2", "E06"}}}
	})
	first := d.kase(t).Facts.Results[0].Text
	status, _ := d.post(t, "/case/facts/results", url.Values{"do": {"remove"}, "result": {"1"}, "text": {"another one"}})
	if status != http.StatusNotFound || len(d.kase(t).Facts.Results) != 2 {
		t.Errorf("a result that moved was taken out: %d", status)
	}
	d.post(t, "/case/facts/results", url.Values{"do": {"remove"}, "result": {"1"}, "text": {first}})
	c := d.kase(t)
	if len(c.Facts.Results) != 1 || strings.Join(c.Reasons.Business[0].Facts, " ") != "result.1 E06" {
		t.Errorf("left %d results and %v", len(c.Facts.Results), c.Reasons.Business[0].Facts)
	}
	// One that becomes private is no reason any more.
	r := c.Facts.Results[0]
	d.post(t, "/case/facts/results/1", url.Values{"text": {r.Text}, "number": {"42"}, "unit": {r.Unit}, "source": {r.Source}, "kind": {"measured"}, "private": {"yes"}})
	if c = d.kase(t); c.Facts.Results[0].Business || strings.Join(c.Reasons.Business[0].Facts, " ") != "E06" {
		t.Errorf("%+v rests on %v", c.Facts.Results[0], c.Reasons.Business[0].Facts)
	}
}

// What is sent is what is kept, and what is kept is what is shown.
func TestFactsRoundTrip(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	for _, c := range []struct {
		path  string
		send  url.Values
		again func(*homecase.Case) string
		want  string
	}{
		{"/case/facts/programme", url.Values{"status": {"informal"}, "note": {"<script>alert(1)</script>"}, "source": {"מרים, HR 🙂"}}, func(c *homecase.Case) string { return c.Facts.Programme.Note + c.Facts.Programme.Source }, "<script>alert(1)</script>מרים, HR 🙂"},
		{"/case/facts/measure", url.Values{"name": {"a\x00b"}, "unit": {"items"}, "kind": {"count"}, "better": {"higher"}, "usual": {"1.234,5"}, "recorded": {"list"}}, func(c *homecase.Case) string { return fmt.Sprint(c.Facts.Measure.Name, *c.Facts.Measure.Usual) }, "ab1234.5"},
		{"/case/facts/results/3", url.Values{"text": {"I did it."}, "number": {"−2,5"}, "unit": {"%"}, "source": {"list"}, "kind": {"measured"}, "money": {"£1,200.50"}}, func(c *homecase.Case) string {
			return fmt.Sprint(*c.Facts.Results[2].Number, c.Facts.Results[2].Money)
		}, "-2.5 1200.5"},
	} {
		status, body := d.post(t, c.path, c.send)
		if status != http.StatusSeeOther {
			t.Errorf("%s: status %d: %s", c.path, status, firstWords(body))
			continue
		}
		if got := c.again(d.kase(t)); got != c.want {
			t.Errorf("%s: kept %q, want %q", c.path, got, c.want)
		}
		if _, body := d.get(t, c.path); strings.Contains(body, "<script>alert") {
			t.Errorf("%s runs what was typed", c.path)
		}
	}
	for path, send := range map[string]url.Values{
		"/case/facts/results/1": {"text": {strings.Repeat("a", 401)}, "kind": {"measured"}},
		"/case/facts/measure":   {"name": {"a"}, "unit": {"b"}, "usual": {"eleven"}},
		"/case/facts/people":    {"works-1": {"two days"}},
		"/case/facts/studies":   {"study": {"E01", "E02", "E03", "E04"}},
		"/case/facts/programme": {"status": {"informal"}, "note": {"12 people do."}},
	} {
		before := d.kase(t).Facts
		if status, body := d.post(t, path, send); status != http.StatusUnprocessableEntity || !strings.Contains(body, "There is a problem") {
			t.Errorf("%s: status %d", path, status)
		}
		if after := d.kase(t).Facts; len(after.Results) != len(before.Results) || after.Measure.Name != before.Measure.Name {
			t.Errorf("%s changed the case", path)
		}
	}
}

// A file is counted, shown and kept; the names in it are nowhere. Then the
// measure is taken from it, and the import is undone.
func TestRecordsAsAPerson(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	file := filepath.Join(t.TempDir(), "work.csv")
	if err := os.WriteFile(file, finished(12), 0o600); err != nil {
		t.Fatal(err)
	}
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	me := p.Person()
	me.Go("/case/facts/import")
	me.Press("Count it")
	if !me.Has("Select a file") {
		t.Error("no file was asked for")
	}
	me.Attach("File", file)
	me.Press("Say which column is which")
	if !me.Has("Which column is which?") || me.Has("SECRET") {
		t.Error(p.Text())
	}
	p.Check()
	me.Attach("File", file)
	me.Press("Count it")
	if p.Heading() == "" || !me.Has("This is all that would be kept") || !me.Has("Customer") || me.Has("SECRET") {
		t.Error(p.Text())
	}
	p.Check()
	if n := len(d.kase(t).Facts.Imports); n != 0 {
		t.Errorf("%d imports are kept before anybody said so", n)
	}
	me.Press("Keep these counts")
	p.Check()
	// By hand: 60 workdays of 10 to 14, and one more in every other week: the mean is 12.5.
	if got := d.kase(t).Facts.Imports; len(got) != 1 || len(got[0].Days) != 60 || !me.Has("Usually 12.5 items a day") {
		t.Errorf("%d imports: %s", len(got), p.Text())
	}
	me.Press("Use this as my measure")
	if m := d.kase(t).Facts.Measure; *m.Usual != 12.5 || !strings.Contains(m.Origin.Source, "import table-1") {
		t.Errorf("the measure is %+v", m)
	}
	me.Go("/case/facts/import")
	me.Press("Take out table-1")
	if n := len(d.kase(t).Facts.Imports); n != 0 {
		t.Errorf("%d imports are left", n)
	}
	text, err := d.Current(context.Background())
	if err != nil || strings.Contains(string(text.Text()), "SECRET") {
		t.Error("the case holds a name from the file")
	}
}

// A tally of interruptions makes no baseline, and says something all the same.
func TestATallyAsAPerson(t *testing.T) {
	var b strings.Builder
	b.WriteString("Date,Interruptions\n")
	for i := range 10 {
		fmt.Fprintf(&b, "%s,%d\n", day.Must("2026-10-05").Add(i/5*7+i%5), 4+i%2)
	}
	file := filepath.Join(t.TempDir(), "tally.csv")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	p := d.browse(t, webtest.View{Width: 320, NoScript: true})
	me := p.Person()
	me.Go("/case/facts/import")
	me.Attach("File", file)
	me.Press("Count it")
	me.Press("Keep these counts")
	p.Check()
	const fact = "4.5 interruptions a day on average, by my own tally (10 days); on eight days of ten it was 4 to 5."
	if !me.Has("What they show") || !me.Has(fact) || me.Has("What a day usually holds") {
		t.Error(p.Text())
	}
	me.Go("/case/facts/results")
	if !me.Has(fact) {
		t.Error(p.Text())
	}
}

// What a file lacks is asked on the page.
func TestExportsThatAsk(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	for _, c := range []struct {
		name, file string
		fields     []string
		want       string
	}{
		{"no file", "", nil, "Select a file"},
		{"not a record", "hello", nil, "What this is was not recognised"},
		{"dates that can be read two ways", "Date,Items\n03/04/2026,3\n04/05/2026,4\n", nil, "Say below which comes first"},
		{"no heading that is known", "Wann,Wie viel\n2026-03-04,3\n2026-03-05,4\n", nil, "Which column is which?"},
		{"the person wants to say it", string(finished(1)), []string{"do", "columns"}, "Which column is which?"},
		{"a zone that is none", string(finished(1)), []string{"zone", "Mars/Base"}, "is not a time zone known here"},
		{"a folder", "x", []string{"source", "git"}, "A repository is a folder"},
		{"an archive in an archive", "PK\x03\x04", nil, "There is a problem"},
	} {
		name := "work.csv"
		if c.file == "" {
			name = ""
		}
		status, body := d.attach(t, "/case/facts/import", name, []byte(c.file), append(c.fields, "source", "auto")...)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, c.want) {
			t.Errorf("%s: status %d, without %q: %s", c.name, status, c.want, firstWords(body))
		}
	}
	status, _ := d.attach(t, "/case/facts/import", "w.csv", []byte("Wann,Wie viel\n2026-03-04,3\n2026-03-05,4\n"), "source", "table", "date", "Wann", "value", "Wie viel", "measure", "items")
	if _, body := d.get(t, "/case/facts/import/check"); status != http.StatusSeeOther || !strings.Contains(body, "7 in all") {
		t.Errorf("columns that were matched are not counted: %d", status)
	}
	// After half an hour nothing of it is left.
	d.now = d.now.Add(31 * time.Minute)
	if status, _ := d.get(t, "/case/facts/import/check"); status != http.StatusSeeOther {
		t.Errorf("the counts are still there: status %d", status)
	}
	if status, _ := d.post(t, "/case/facts/import/check", url.Values{"do": {"keep"}, "id": {"0102030405060708090a0b0c0d0e0f10"}}); status != http.StatusSeeOther || len(d.kase(t).Facts.Imports) != 0 {
		t.Error("counts were kept after they were gone")
	}
}

// Every job that has duties to start from has a measure to start from.
func TestEveryJobHasAMeasure(t *testing.T) {
	jobs, err := readiness.Jobs()
	if err != nil || len(jobs) == 0 {
		t.Fatal(len(jobs), err)
	}
	for _, j := range jobs {
		if m, ok := evidence.MeasureFor(j.Job); !ok || m.Name == "" || m.Unit == "" || m.Usual != nil {
			t.Errorf("%s: %+v", j.Job, m)
		}
	}
}

// What was taken from an import goes with it, the page says so, and it can be
// undone.
func TestAnImportGoesWithItsMeasure(t *testing.T) {
	d := serve(t).take(t, accounts)
	counted(t, d)
	before := d.opened(t).Case.Facts.Measure
	b, err := d.Baseline(d.opened(t))
	if err != nil || b.Suggest == nil {
		t.Fatalf("no measure is suggested: %v", err)
	}
	d.send(t, "/case/facts/import", url.Values{"do": {"measure"}, "best": {string(b.Best)}})
	taken := d.opened(t)
	if taken.Case.Facts.Measure.Name == before.Name {
		t.Fatal("the measure was not taken")
	}
	status, to := d.follow(t, "/case/facts/import", url.Values{"do": {"undo"}, "import": {taken.Case.Facts.Imports[0].ID}})
	if left := d.opened(t).Case.Facts; status != http.StatusSeeOther || left.Measure.Name != "" || len(left.Imports) != 0 {
		t.Errorf("status %d, the measure %q is left of %d imports", status, left.Measure.Name, len(left.Imports))
	}
	if _, body := d.get(t, to); !strings.Contains(body, "and the measure taken from it") || !strings.Contains(body, `action="/undo"`) {
		t.Errorf("the page does not say what went: %s", firstWords(body))
	}
	d.send(t, "/undo", url.Values{"revision": {fmt.Sprint(taken.Revision)}, "to": {"/case/facts/import"}})
	if back := d.opened(t).Case.Facts; back.Measure.Name != taken.Case.Facts.Measure.Name || len(back.Imports) != 1 {
		t.Error("it was not undone")
	}
}

// follow sends a form and returns the status and where it leads.
func (d *desk) follow(t testing.TB, path string, form url.Values) (int, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, d.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(&http.Cookie{Name: "homecase", Value: key})
	res, _ := exchange(t, r)
	return res.StatusCode, res.Header.Get("Location")
}

// The list of tasks asks to look again at what has become old.
func TestHomeAsksToLookAgain(t *testing.T) {
	d := serve(t).take(t, accounts)
	withPhoto(t, d)
	if _, body := d.get(t, "/case"); strings.Contains(body, "Worth another look") {
		t.Error("it asks on the day it was written")
	}
	d.on(day.Must("2027-12-01"))
	_, body := d.get(t, "/case")
	for _, want := range []string{"The trial was to begin on 11 January 2027", "/start/trial", "A photo of your home office is from 24 November 2026: A door that shuts", `href="/case/ready/office/door/photo"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not have %q", want)
		}
	}
}
