package web_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"homecase"
	"homecase/content"
	"homecase/day"
	"homecase/ops"
	"homecase/plan"
	"homecase/trial"
)

const example = "../../examples/accounts-one-day.yaml"

// send sends a form and wants the page that follows.
func (d *desk) send(t testing.TB, path string, form url.Values) {
	t.Helper()
	if status, body := d.ask(t, http.MethodPost, path, form.Encode()); status != http.StatusSeeOther {
		t.Fatalf("POST %s: status %d\n%s", path, status, body)
	}
}

// agree agrees on the plan as it stands and draws its days.
func (d *desk) agree(t testing.TB) {
	t.Helper()
	d.send(t, "/trial/draw", url.Values{"do": {"agree"}, "on": {d.now.Format(time.DateOnly)}, "both": {"yes"}})
	d.send(t, "/trial/draw", url.Values{"do": {"draw"}, "word": {"acorn"}})
}

// opened is the case as it lies open.
func (d *desk) opened(t testing.TB) *ops.Open {
	t.Helper()
	o, err := d.Current(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (d *desk) round(t testing.TB) *ops.Round {
	t.Helper()
	r, err := d.Round(context.Background(), d.opened(t))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// on moves the clock to the afternoon of a day.
func (d *desk) on(date day.Date) { d.now = date.Time().Add(16 * time.Hour) }

// Worlds of the suites: a trial at three of its stages.

func sealed(t testing.TB, d *desk) {
	d.send(t, "/trial/draw", url.Values{"do": {"agree"}, "on": {d.now.Format(time.DateOnly)}, "both": {"yes"}})
}

func seventhWeek(t testing.TB, d *desk) {
	d.agree(t)
	d.fill(t, values(.6), day.Must("2027-02-25"))
}

func rungOpened(t testing.TB, d *desk) {
	d.agree(t)
	d.fill(t, values(3), day.Must("2027-03-05"))
	d.on(day.Must("2027-03-11"))
	d.send(t, "/trial/end", url.Values{"way": {"next_rung"}})
}

// fill logs the days of the trial up to a day at once, each on its own date.
func (d *desk) fill(t testing.TB, value func(trial.Place) string, until day.Date) {
	t.Helper()
	o := d.opened(t)
	for _, x := range d.round(t).Days {
		if x.Date.After(until) {
			break
		}
		d.on(x.Date)
		v, err := strconv.ParseFloat(value(x.Planned), 64)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.LogDay(context.Background(), o, trial.Entry{Date: x.Date, Place: x.Planned, Value: &v}); err != nil {
			t.Fatal(err)
		}
	}
}

// values makes up what a day holds: mean 11.5, SD 1.8, and an effect of home.
// The seed is the example's first day and was not chosen by what it gives.
func values(effect float64) func(trial.Place) string {
	rng := rand.New(rand.NewPCG(20270111, 1))
	return func(at trial.Place) string {
		v := 11.5 + 1.8*rng.NormFloat64()
		if at == trial.AtHome {
			v += effect
		}
		return fmt.Sprint(math.Max(0, math.Round(v)))
	}
}

// play logs the days of the trial that runs, each on its own day, from one day
// to another, and approves each Friday's note.
func (d *desk) play(t testing.TB, value func(trial.Place) string, from, until int) {
	t.Helper()
	for _, x := range d.round(t).Days {
		if x.Week < from || x.Week > until {
			continue
		}
		d.on(x.Date)
		d.send(t, "/trial/log/"+x.Date.String(), url.Values{"place": {string(x.Planned)}, "value": {value(x.Planned)}})
		if x.Date.Weekday() == day.Fri {
			d.send(t, "/trial/notes/"+x.Date.Monday().String(), url.Values{"do": {"approve"}, "text": {"Three numbers of week " + fmt.Sprint(x.Week)}})
		}
	}
}

// folder writes the plan and the days of a round as the command line reads them.
func folder(t testing.TB, files []ops.File) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A whole trial, day by day over the clock: what the pages say is what the
// command line says of the same days in files, and the ladder opens only when
// it may.
func TestWholeTrial(t *testing.T) {
	for _, c := range []struct {
		name   string
		effect float64
		allow  []plan.Way // what may be chosen at the end
	}{
		{"home is better", 3, []plan.Way{plan.GoOn, plan.GiveUp, plan.Climb}},
		{"home is far worse", -6, []plan.Way{plan.GiveUp}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx := context.Background()
			d := serve(t).take(t, example)
			d.agree(t)
			drawn := d.opened(t)
			if drawn.Case.Plan.At != "one-day" || drawn.Course.Trial.Rung != "one-day" {
				t.Errorf("the rung that is tried is %q", drawn.Course.Trial.Rung)
			}
			d.play(t, values(c.effect), 1, 8)
			d.on(day.Must("2027-03-11"))
			o, r := d.opened(t), d.round(t)
			if len(r.Notes) != 8 {
				t.Errorf("%d Friday notes were approved", len(r.Notes))
			}

			files, err := d.ReportFiles(ctx, o, r)
			if err != nil {
				t.Fatal(err)
			}
			dir := folder(t, files)
			in := func(name string) string { return filepath.Join(dir, name) }
			said, err := d.AnalyseTrial(in("plan.yaml"), in("days.csv"), ops.AnalyseOptions{Nonce: r.Nonce})
			if err != nil {
				t.Fatal(err)
			}
			reading, err := d.Reading(o, r)
			if err != nil {
				t.Fatal(err)
			}
			if *said.Verdict != *reading.Analysis.Verdict || said.Heading != reading.Analysis.Heading || *said.PNonInferiority != *reading.Analysis.PNonInferiority {
				t.Errorf("the page says %s (p %v), the command line %s (p %v)", reading.Analysis.Heading, *reading.Analysis.PNonInferiority, said.Heading, *said.PNonInferiority)
			}
			if _, body := d.get(t, "/trial"); !strings.Contains(body, said.Heading) {
				t.Errorf("the heading is not the verdict %q", said.Heading)
			}
			sameReport(t, d, drawn, dir, files)
			d.decideAsAllowed(t, o, r, c.allow)
		})
	}
}

// sameReport builds the report by the command line's verb from the case as it
// was agreed and the days in a file; its bytes are those of the workspace.
func sameReport(t *testing.T, d *desk, drawn *ops.Open, dir string, files []ops.File) {
	t.Helper()
	c := drawn.Case
	text, err := c.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"case.yaml": text, "case.trial.yaml": drawn.Course.Trial.Plan} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, _, err := d.ReportTrial(context.Background(), filepath.Join(dir, "case.yaml"), filepath.Join(dir, "days.csv"), ops.AnalyseOptions{Nonce: drawn.Course.Trial.Nonce})
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range want {
		if files[i].Name != f.Name || string(files[i].Data) != string(f.Data) {
			t.Errorf("%s is not the file that the command line makes", f.Name)
		}
	}
}

// decideAsAllowed tries every way to end the trial: those that are not allowed
// are refused, and the first of the others that leads on is taken.
func (d *desk) decideAsAllowed(t *testing.T, o *ops.Open, r *ops.Round, allowed []plan.Way) {
	t.Helper()
	may := map[plan.Way]bool{}
	for _, w := range allowed {
		may[w] = true
	}
	for _, w := range []plan.Way{plan.GoOn, plan.Lengthen, plan.Climb} {
		if may[w] {
			continue
		}
		if status, _ := d.ask(t, "POST", "/trial/end", url.Values{"way": {string(w)}}.Encode()); status != 422 {
			t.Errorf("%s: status %d, want a refusal", w, status)
		}
	}
	if !may[plan.Climb] {
		d.send(t, "/trial/end", url.Values{"way": {"stop"}})
		if o := d.opened(t); o.Case.Plan.At != "one-project" || o.Course.Past[0].Decision != homecase.Stop {
			t.Errorf("after a stop one stands on %q, decided %q", o.Case.Plan.At, o.Course.Past[0].Decision)
		}
		if status, _ := d.get(t, "/ladder/ask"); status != 303 {
			t.Error("there is an ask for a rung that is not open")
		}
		return
	}
	d.send(t, "/trial/end", url.Values{"way": {"next_rung"}})
	if _, body := d.get(t, "/ladder"); !strings.Contains(body, "Next: two days a week") {
		t.Error("the next rung is not open on the ladder")
	}
	if _, body := d.get(t, "/ladder/ask"); !strings.Contains(body, "clearly at least as good") {
		t.Error("the ask does not rest on the verdict")
	}
	d.send(t, "/ladder/ask", url.Values{"start": {"2027-04-12"}, "weeks": {"8"}})
	next := d.opened(t).Case
	if next.Plan.AskedDays() != 2 || next.Plan.At != "one-day" || next.Plan.Start != day.Must("2027-04-12") {
		t.Errorf("the next round asks for %g days from %s on rung %s", next.Plan.AskedDays(), next.Plan.Start, next.Plan.At)
	}
	if list := next.CheckAt(); len(list) > 0 {
		t.Errorf("the packet of the next round cannot be made: %v", list)
	}
	if _, err := homecase.Compose(next.Shared(), homecase.Options{Version: "test"}); err != nil {
		t.Errorf("the packet of the next round: %v", err)
	}
}

// fiveYears is a trial of 260 weeks in which every day but today's is logged.
func fiveYears(t testing.TB) *desk {
	t.Helper()
	d := serve(t).take(t, example)
	first := day.Must("2022-01-03")
	p := trial.Plan{
		Title: "Five years", Measure: trial.Measure{Name: "exceptions closed", Unit: "items", Kind: trial.Count, Better: trial.Higher}, Margin: trial.Margin{Relative: .1},
		Weeks: trial.WeeksFrom(first, 260, []day.Weekday{day.Mon, day.Tue, day.Wed, day.Thu}, 1), Design: trial.KOfM, Usual: &trial.Usual{Mean: 11.5, SD: 1.8},
	}
	nonce := []byte("a nonce of thirty-two bytes, all")
	draw, err := trial.DrawDays(p, nonce, "acorn")
	if err != nil {
		t.Fatal(err)
	}
	p.Drawn = &draw.Commitment
	text, err := content.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	alter(t, d, func(c *homecase.Case, course *homecase.Course) {
		course.Trial = &homecase.RunningTrial{Plan: text, Nonce: hex.EncodeToString(nonce), Rung: "one-day", Agreed: day.Must("2021-12-20")}
		c.Plan.At = "one-day"
	})
	o, value := d.opened(t), values(.6)
	for _, h := range draw.Days {
		e := trial.Entry{Date: h.Date, Planned: trial.InOffice, Logged: h.Date}
		if h.Home {
			e.Planned = trial.AtHome
		}
		e.Place = e.Planned
		v, err := strconv.ParseFloat(value(e.Place), 64)
		if err != nil {
			t.Fatal(err)
		}
		e.Value = &v
		if d.on(h.Date); h.Date == draw.Days[len(draw.Days)-1].Date {
			break
		}
		if err := d.Store.LogDay(context.Background(), o.ID, e); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// The page of a trial with five years of days, and that of a day to log: the
// time that 95 of 100 requests stay under is reported beside the mean.
func BenchmarkTrialOfFiveYears(b *testing.B) {
	d := fiveYears(b)
	for _, path := range []string{"/trial/stop", "/trial", "/trial?week=100", "/trial/log/" + d.now.Format(time.DateOnly)} {
		b.Run(path, func(b *testing.B) {
			if status, body := d.get(b, path); status != http.StatusOK {
				b.Fatal(status, body)
			}
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				d.get(b, path)
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}
