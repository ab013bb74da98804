package ops_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"homecase"
	"homecase/day"
	"homecase/internal/press/page"
	"homecase/internal/press/pdf"
	"homecase/ops"
	"homecase/trial"
)

func deskOn(today string) *ops.Desk {
	return &ops.Desk{Now: func() time.Time { return day.Must(today).Time() }, Getenv: func(string) string { return "" }, Random: bytes.NewReader(make([]byte, 64)), Version: "test"}
}

func exampleReport(t testing.TB, days string) map[string][]byte {
	t.Helper()
	files, _, err := deskOn("2027-03-08").ReportTrial(context.Background(), filepath.Join(exampleDir, "plan.yaml"), days, ops.AnalyseOptions{Nonce: exampleNonce})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range files {
		out[f.Name] = f.Data
	}
	return out
}

func verifyBytes(t *testing.T, name string, data []byte) (*ops.Verification, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return deskOn("2030-01-01").Verify(file)
}

// The same plan and days make the same report, and its numbers are recomputed
// from it alone, on another day and without the nonce file.
func TestReportVerifies(t *testing.T) {
	for _, days := range []string{"days-good.csv", "days-worse.csv"} {
		one, two := exampleReport(t, filepath.Join(exampleDir, days)), exampleReport(t, filepath.Join(exampleDir, days))
		for name := range one {
			if !bytes.Equal(one[name], two[name]) {
				t.Errorf("%s of %s differs from run to run", name, days)
			}
		}
		for _, name := range []string{"report.html", "report.pdf"} {
			v, err := verifyBytes(t, name, one[name])
			if err != nil || !v.OK || v.Numbers < 100 {
				t.Errorf("%s of %s: %+v, %v", name, days, v, err)
			}
		}
	}
}

// A report in which anything was changed does not verify: a printed number, a
// day's value, the place drawn, the plan, or the nonce.
func TestReportChangedIsFound(t *testing.T) {
	whole := exampleReport(t, filepath.Join(exampleDir, "days-good.csv"))["report.html"]
	for what, change := range map[string][2]string{
		"a printed number": {">mean 10.8<", ">mean 9.8<"},
		"a sentence":       {"fewer than 5 of 100", "fewer than 1 of 100"},
		"a number added":   {"Nonce: ", "Nonce 9: "},
		"a day's value":    {`"value": 15`, `"value": 5`},
		"the place drawn":  {`"assigned": "home"`, `"assigned": "office"`},
		"the plan":         {`"relative": 0.1`, `"relative": 0.2`},
		"the nonce":        {`"nonce": "6f6e65`, `"nonce": "6f6e66`},
		"the word":         {`"word": "acorn"`, `"word": "beech"`},
	} {
		changed := strings.Replace(string(whole), change[0], change[1], 1)
		if changed == string(whole) {
			changed = strings.Replace(string(whole), escaped(change[0]), escaped(change[1]), 1)
		}
		if changed == string(whole) {
			t.Errorf("%s: %q is not in the report", what, change[0])
			continue
		}
		if v, err := verifyBytes(t, "report.html", []byte(changed)); err == nil && v.OK {
			t.Errorf("%s was changed and the report still verifies", what)
		}
	}
}

func escaped(s string) string {
	return strings.NewReplacer(`"`, "&#34;").Replace(s)
}

// Why a day is missing, and whatever else stands in the log, stays behind.
func TestReportKeepsReasonsPrivate(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(exampleDir, "days-good.csv"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "days.csv")
	secret := strings.NewReplacer(",leave,", ",migraine clinic,", ",sick,", ",custody hearing,").Replace(string(text))
	if err := os.WriteFile(file, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	files := exampleReport(t, file)
	read := map[string]string{"html": string(files["report.html"])}
	if got, err := pdf.Read(files["report.pdf"]); err != nil {
		t.Fatal(err)
	} else {
		read["pdf"] = string(got.Working)
	}
	if got, err := page.Read(files["report.html"]); err != nil {
		t.Fatal(err)
	} else {
		read["working"] = string(got.Working)
	}
	for name, s := range read {
		for _, word := range []string{"migraine", "custody"} {
			if strings.Contains(s, word) {
				t.Errorf("%s: the reason of a missing day is in the report", name)
			}
		}
	}
	if !strings.Contains(read["pdf"], `"date"`) {
		t.Error("the working holds no days")
	}
}

// Blinded: whoever has the report and the nonce repeats the draw, the odds, and
// the analysis, by the packages alone.
func TestReportBlindedCheck(t *testing.T) {
	files := exampleReport(t, filepath.Join(exampleDir, "days-good.csv"))
	got, err := pdf.Read(files["report.pdf"])
	if err != nil {
		t.Fatal(err)
	}
	w, err := homecase.ReadReport("report.pdf", got.Working)
	if err != nil {
		t.Fatal(err)
	}
	nonce, err := hex.DecodeString(exampleNonce)
	if err != nil {
		t.Fatal(err)
	}
	draw, err := trial.Replay(w.Trial.Plan, *w.Trial.Plan.Drawn, nonce)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range w.Trial.Days {
		if draw.Days[i].Date != d.Date || draw.Days[i].Home != (d.Assigned == trial.AtHome) {
			t.Errorf("%s is not as drawn", d.Date)
		}
	}
	in, err := w.Trial.Input()
	if err != nil {
		t.Fatal(err)
	}
	again, err := trial.Analyse(in)
	if err != nil {
		t.Fatal(err)
	}
	var said, fresh map[string]any
	text, err := again.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if json.Unmarshal(files["analysis.json"], &said) != nil || json.Unmarshal(text, &fresh) != nil {
		t.Fatal("the analyses are no JSON")
	}
	delete(said, "days") // the file of the person who logged holds the reasons
	delete(fresh, "days")
	a, _ := json.Marshal(said)
	b, _ := json.Marshal(fresh)
	if !bytes.Equal(a, b) {
		t.Errorf("the analysis differs:\n%s\n%s", a, b)
	}
}

// The case itself goes the whole way: odds, draw, eight weeks, analysis.
func TestCaseGoesTheWholeWay(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "case.yaml")
	text, err := os.ReadFile("../examples/accounts-one-day.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	d := deskOn("2027-03-08")
	odds, err := d.PlanTrial(file)
	if err != nil || odds.TooFew() {
		t.Fatal(odds, err)
	}
	ask := func(c trial.Commitment) (string, error) { return "walnut " + c.Nonce[:4], nil }
	if _, err := d.DrawTrial(file, ops.DrawOptions{Ask: ask}); err != nil {
		t.Fatal(err)
	}
	secret, err := os.ReadFile(filepath.Join(dir, "case.trial.nonce"))
	if err != nil {
		t.Fatal(err)
	}
	draw, err := d.ReplayTrial(file, string(secret), "")
	if err != nil || !draw.Checked {
		t.Fatal(draw, err)
	}
	made := makeDays(exampleGood, draw.Days[:40])
	made.Columns = nil
	var csv bytes.Buffer
	if err := trial.WriteDays(&csv, made); err != nil {
		t.Fatal(err)
	}
	days := filepath.Join(dir, "days.csv")
	if err := os.WriteFile(days, csv.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	files, r, err := d.ReportTrial(context.Background(), file, days, ops.AnalyseOptions{Nonce: strings.TrimSpace(string(secret))})
	if err != nil || r.Verdict == nil || len(files) != 4 {
		t.Fatal(r, err)
	}
	if v, err := verifyBytes(t, "report.pdf", files[1].Data); err != nil || !v.OK {
		t.Fatal(v, err)
	}
	if n := len(strings.Fields(string(files[2].Data))); n >= trial.MaxNoteWords {
		t.Errorf("the Friday note has %d words", n)
	}
}

// A hostile working is refused or found out, and never breaks the reader.
func FuzzReadReport(f *testing.F) {
	w := exampleReport(f, filepath.Join(exampleDir, "days-good.csv"))
	got, err := page.Read(w["report.html"])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(got.Working)
	f.Add([]byte(`{"document":"report","trial":{"country":"GB","plan":{"groups":{"days":6,"home":3}},"days":[]}}`))
	f.Add([]byte(`{"document":"report","trial":{"draws":100000,"days":null}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<15 {
			return
		}
		w, err := homecase.ReadReport("report", text)
		if err != nil || w.Trial.Draws > 1000 {
			return
		}
		_, _ = homecase.RecomputeReport(w) // it may refuse; it may not panic
	})
}

// Reading, analysing and composing one person's report, without the printing.
func BenchmarkReport(b *testing.B) {
	text, err := os.ReadFile(filepath.Join(exampleDir, "plan.yaml"))
	if err != nil {
		b.Fatal(err)
	}
	p, err := trial.ReadPlan("plan.yaml", text)
	if err != nil {
		b.Fatal(err)
	}
	p.Drawn, p.Baseline, p.ExtensionWeeks, p.Measures = nil, "", 0, nil
	p.Weeks = trial.WeeksFrom(day.Must("2027-01-11"), 12, nil, 2)
	draw, err := trial.DrawDays(p, make([]byte, 16), "bench")
	if err != nil {
		b.Fatal(err)
	}
	made := makeDays(exampleGood, draw.Days)
	made.Columns = nil
	in := trial.Input{Plan: p, Days: made, Draws: trial.DefaultDraws}
	b.ReportMetric(float64(len(made.Rows)), "days")
	for b.Loop() {
		if _, err := homecase.ComposeReport(homecase.NewTrialRecord(in), "bench"); err != nil {
			b.Fatal(err)
		}
	}
}
