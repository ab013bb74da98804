package ops_test

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"homecase/content"
	"homecase/day"
	"homecase/trial"
)

var update = flag.Bool("update", false, "write the example files anew")

const exampleDir = "../examples/trial"

// The nonce and the word of the example: anything will do, and both are public
// because the example is over.
const (
	exampleNonce = "6f6e6520686f6d6520646179206120776565"
	exampleWord  = "acorn"
)

// exampleSeed starts the draws of the made-up values. It is the date of the
// example's first day and was not chosen by what it gives.
const exampleSeed = 20270111

// truth is what the made-up values come from, in items closed a day: an
// ordinary day of mean 11.5, a weekday pattern, noise of SD 1.8 in which a day
// resembles the one before it (correlation .3), and an effect of home.
type truth struct {
	name  string
	home  float64 // effect of a home day on items closed
	reply float64 // effect on reply time, minutes
}

var (
	exampleGood  = truth{"days-good.csv", .6, -.8} // home is truly slightly better
	exampleWorse = truth{"days-worse.csv", -4, 2}  // home is truly worse: far beyond the margin of 1.15
)

var exampleWeekday = map[day.Weekday]float64{day.Mon: -.3, day.Tue: .2, day.Wed: .4, day.Thu: .1, day.Fri: -.4}

// makeDays logs the days of a drawn schedule. Three things go as they do in
// life: a Friday of leave, a drawn home day sick, and another that had to be
// worked in the office.
func makeDays(tr truth, homes []trial.Home) trial.Days {
	rng := rand.New(rand.NewPCG(exampleSeed, 1))
	d := trial.Days{File: tr.name, Columns: []string{"errors", "reply minutes"}}
	noise, homeDay := 0.0, 0
	for i, h := range homes {
		noise = .3*noise + math.Sqrt(1-.09)*rng.NormFloat64()
		if i == 0 {
			noise = rng.NormFloat64()
		}
		errors, reply := rng.Float64(), rng.NormFloat64()
		row := trial.Row{Date: h.Date, Assigned: trial.InOffice, Place: trial.InOffice}
		if h.Home {
			homeDay++
			row.Assigned, row.Place = trial.AtHome, trial.AtHome
			if homeDay == 6 {
				row.Place = trial.InOffice
			}
		}
		at := 0.0
		if row.Place == trial.AtHome {
			at = 1
		}
		found := 0.0
		if errors > .75 {
			found = 1
		}
		row.More = map[string]*float64{}
		switch {
		case i == 14:
			row.Place, row.Why = "", "leave"
		case h.Home && homeDay == 3:
			row.Place, row.Why = "", "sick"
		default:
			row.Value = ptr(math.Max(0, math.Round(11.5+exampleWeekday[h.Date.Weekday()]+1.8*noise+tr.home*at)))
			row.More["errors"] = &found
			row.More["reply minutes"] = ptr(math.Max(1, math.Round(8+2*reply+tr.reply*at)))
		}
		d.Rows = append(d.Rows, row)
	}
	return d
}

// makeBaseline logs six office weeks in October and November.
func makeBaseline() string {
	rng := rand.New(rand.NewPCG(exampleSeed, 2))
	var b strings.Builder
	b.WriteString("date,value\n")
	noise := rng.NormFloat64()
	for i := range 42 {
		on := day.On(2026, 10, 5).Add(i)
		if w := on.Weekday(); w == day.Sat || w == day.Sun {
			continue
		}
		noise = .3*noise + math.Sqrt(1-.09)*rng.NormFloat64()
		fmt.Fprintf(&b, "%s,%g\n", on, math.Max(0, math.Round(11.5+exampleWeekday[on.Weekday()]+1.8*noise)))
	}
	return b.String()
}

func ptr[T any](v T) *T { return &v }

func readExamplePlan(t *testing.T) trial.Plan {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(exampleDir, "plan.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := trial.ReadPlan("plan.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The files of examples/trial are what this test makes: run it with -update
// after a change.
func TestExampleDaysAreMadeHere(t *testing.T) {
	nonce, err := hex.DecodeString(exampleNonce)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		freezeExample(t, nonce)
	}
	p := readExamplePlan(t)
	if p.Drawn == nil {
		t.Fatal("the example plan is not drawn")
	}
	draw, err := trial.Replay(p, *p.Drawn, nonce)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"baseline.csv": makeBaseline(), "nonce.txt": exampleNonce + "\n"}
	for _, tr := range []truth{exampleGood, exampleWorse} {
		var b bytes.Buffer
		if err := trial.WriteDays(&b, makeDays(tr, draw.Days[:40])); err != nil {
			t.Fatal(err)
		}
		files[tr.name] = b.String()
	}
	for name, want := range files {
		file := filepath.Join(exampleDir, name)
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%s is not what the test makes: run go test ./ops -run ExampleDays -update", name)
		}
	}
}

// freezeExample draws the example's plan again and records it.
func freezeExample(t *testing.T, nonce []byte) {
	t.Helper()
	p := readExamplePlan(t)
	p.Drawn = nil
	draw, err := trial.DrawDays(p, nonce, exampleWord)
	if err != nil {
		t.Fatal(err)
	}
	draw.On = day.Must("2026-12-01")
	file := filepath.Join(exampleDir, "plan.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, _, _ := strings.Cut(string(text), "\ndraw:\n")
	record, err := content.Encode(struct {
		Draw trial.Commitment `json:"draw"`
	}{draw.Commitment})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.TrimRight(before, "\n")+"\n\n"+string(record)), 0o644); err != nil {
		t.Fatal(err)
	}
}
