package homecase_test

import (
	"os"
	"strings"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/press/mail"
	"homecase/locale"
	"homecase/packet"
	"homecase/trial"
)

func plannedExample(t *testing.T) homecase.PlannedTrial {
	t.Helper()
	text, err := os.ReadFile("examples/trial/plan.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := trial.ReadPlan("plan.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	return homecase.PlannedTrial{Person: "Ines Duarte", Boss: "Dana Whitfield", Locale: locale.For("GB", ""), Plan: p, Made: day.Must("2026-11-24")}
}

// inOneLine are the words of a document without their line ends.
func inOneLine(d packet.Document) string {
	says, _ := mail.Body(d)
	return strings.Join(strings.Fields(says), " ")
}

// Whoever agrees to a plan has read what it says: its days, its number, its end.
// The expected lines are those of examples/trial/plan.yaml.
func TestAPlanIsReadAsADocument(t *testing.T) {
	in := plannedExample(t)
	d, err := homecase.ComposePlanned(in)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := packet.Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := packet.Decode(raw); err != nil || again.Title != d.Title {
		t.Errorf("an office cannot read it: %v", err)
	}
	says := inOneLine(d)
	has := func(lines ...string) {
		t.Helper()
		for _, line := range lines {
			if !strings.Contains(says, line) {
				t.Errorf("the plan does not say %q:\n%s", line, says)
			}
		}
	}
	has("from 11 January 2027 to 5 March 2027, for eight weeks", "The home days are drawn by lot.", "Each week has 1 home day, drawn from Monday to Thursday.",
		"Exceptions closed, from this source: the closed-item report.", "A usual day has 11.5 items.", "A system counts it that Ines Duarte cannot edit.", "10% (about 1.2 items a day)",
		"errors and reply minutes", "The numbers serve this trial only and are not used in appraisal.", "Both decide together on Thursday 11 March.", "it goes on once for four more weeks",
		"Friday: a note with three numbers.", "It stops early if month-end closes late because of a home day.")
	in.Extended = true
	if d, err = homecase.ComposePlanned(in); err != nil {
		t.Fatal(err)
	}
	says = inOneLine(d)
	has("one extension. It runs from 8 March 2027 to 2 April 2027, for four weeks", "They were drawn with the word “acorn”", "Thursday 8 April.")
	in = plannedExample(t) // a week that differs makes a list of weeks
	in.Plan.Weeks[1].Allowed, in.Plan.Holidays, in.Plan.Drawn = []day.Weekday{day.Wed, day.Thu}, []day.Date{day.Must("2027-01-13")}, nil
	if d, err = homecase.ComposePlanned(in); err != nil {
		t.Fatal(err)
	}
	says = inOneLine(d)
	has("18 January 2027 1 Wednesday and Thursday", "Days on which nobody works: Wednesday 13 January.")
}

// The words of a plan are a person's: whatever stands in them is text, bound to
// the plan where it holds digits, and a plan without dates is refused.
func TestAHostilePlanIsText(t *testing.T) {
	for _, bad := range []string{
		`<script>alert("x")</script>`, "1.234,5 of 7\r\nBcc: all@evil.example", "name \u202etxt.exe\u202c end", "nul \x00 bell \x07", "bad utf \xff\xfe end", "שלום 12 👩🏽‍💻", "{{.Working}} {plan.to} %s", strings.Repeat("long ", 2000),
	} {
		in := plannedExample(t)
		in.Person, in.Boss = bad, bad
		in.Plan.Measure.Name, in.Plan.Measure.Unit, in.Plan.Measure.Source, in.Plan.Purpose = bad, bad, bad, bad
		in.Plan.Stop, in.Plan.CheckIns = []string{bad, "3 days are late", ""}, []string{bad}
		d, err := homecase.ComposePlanned(in)
		if err != nil {
			t.Errorf("%q: %v", bad, err)
			continue
		}
		if err := d.Validate(); err != nil {
			t.Errorf("%q: %v", bad, err)
		}
	}
	in := plannedExample(t)
	in.Plan = trial.Plan{Groups: &trial.Groups{Days: 20, Home: 10}}
	if _, err := homecase.ComposePlanned(in); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a plan without days: %v", err)
	}
	in = plannedExample(t)
	in.Plan.ExtensionWeeks, in.Extended = 0, true
	if _, err := homecase.ComposePlanned(in); fault.KindOf(err) != fault.Invalid {
		t.Errorf("an extension that nobody agreed on: %v", err)
	}
}
