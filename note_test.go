package homecase_test

import (
	"errors"
	"strings"
	"testing"

	"homecase"
	"homecase/concern"
	"homecase/day"
	"homecase/evidence"
	"homecase/fault"
	"homecase/internal/press/plaintext"
	"homecase/packet"
	"homecase/plan"
	"homecase/policy"
	"homecase/readiness"
	"homecase/trial"
)

func note(t *testing.T, c *homecase.Case, kind homecase.NoteKind, o homecase.NoteOptions) (n *homecase.Note, text string) {
	t.Helper()
	n, err := c.Note(kind, o)
	if err != nil {
		t.Fatal(err)
	}
	return n, strings.Join(strings.Fields(plaintext.Write(n.Message)), " ")
}

func good(v trial.Verdict) *trial.Report {
	return &trial.Report{Verdict: &v, Grade: trial.GradeA, DaysUsed: trial.Used{Home: 7, Office: 31}}
}

// Each letter that lacks something is refused and names every missing slot.
func TestNotesNameMissingSlots(t *testing.T) {
	for kind, want := range map[homecase.NoteKind][]string{
		homecase.ProjectDay: {"project.name", "project.date"}, homecase.Thanks: {"plan.talk.date"}, homecase.NotNow: {"plan.not_now.said", "plan.not_now.worry"},
		homecase.Reference: {"facts.people"}, homecase.NextRung: {"plan.at", "trial.days"},
	} {
		c := load(t, accounts)
		c.Plan.Talk, c.Facts.People = nil, nil
		_, err := c.Note(kind, homecase.NoteOptions{})
		if fault.KindOf(err) != fault.Missing {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		for _, slot := range want {
			if !strings.Contains(err.Error(), slot) {
				t.Errorf("%s: the refusal does not name %s: %v", kind, slot, err)
			}
		}
	}
	c := load(t, accounts)
	if _, err := c.Note("love", homecase.NoteOptions{}); fault.CodeOf(err) != "HC-NOTE-01" {
		t.Errorf("an unknown letter: %v", err)
	}
	if _, err := c.Note(homecase.ProjectDay, homecase.NoteOptions{Project: "the supplier file"}); err == nil || strings.Contains(err.Error(), "project.name") || !strings.Contains(err.Error(), "project.date") {
		t.Errorf("one slot of two: %v", err)
	}
}

// A project day falls on a day that the person can mean.
func TestProjectDay(t *testing.T) {
	c := load(t, accounts)
	o := homecase.NoteOptions{Project: "the supplier file", ProjectDate: day.Must("2026-12-11")}
	n, text := note(t, c, homecase.ProjectDay, o)
	if n.Subject != "One day at home for the supplier file" || n.To != "Dana Whitfield" || n.Email != "dana.whitfield@fernhill.example" {
		t.Errorf("%+v", n)
	}
	for _, want := range []string{"Hello Dana,", "May I do it at home on Friday 11 December?", "from 09:00 to 17:00", "You see the result on Monday 14 December.", "Ines Duarte"} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter lacks %q: %s", want, text)
		}
	}
	for _, bad := range []string{"2026-12-12", "2026-11-24", "2026-11-01", "2026-12-31"} { // Saturday, the same day, past, month-end
		o.ProjectDate = day.Must(bad)
		if _, err := c.Note(homecase.ProjectDay, o); fault.CodeOf(err) != "HC-NOTE-04" {
			t.Errorf("%s: %v", bad, err)
		}
	}
	us := load(t, "examples/engineer-two-days.yaml")
	o.ProjectDate = day.Must("2026-12-08")
	if _, text := note(t, us, homecase.ProjectDay, o); !strings.Contains(text, "Tuesday, December 8") {
		t.Error(text)
	}
}

// Thanks repeat what was agreed when it was a yes, and never press.
func TestThanks(t *testing.T) {
	c := load(t, accounts)
	o := homecase.NoteOptions{On: day.Must("2026-12-01")}
	for how, want := range map[plan.How][]string{
		"":                     {"Thank you for your time on Tuesday 1 December. I noted what you said."},
		plan.Agreed:            {"we agreed on this: - One day a week at home, eight weeks long, from 11 January to 5 March 2027. - The home day is drawn by lot from Monday to Thursday. - We decide together on Thursday 11 March what follows.", "Tell me if I have any of it wrong."},
		plan.AgreedWithChanges: {"with your changes:"},
		plan.Thinking:          {"There is no hurry."},
		plan.SaidNotNow:        {"everything stays as it is"},
	} {
		c.Plan.Outcome = nil
		if how != "" {
			c.Plan.Outcome = &plan.Outcome{How: how, Note: "zqx-private"}
		}
		_, text := note(t, c, homecase.Thanks, o)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%q: the letter lacks %q: %s", how, w, text)
			}
		}
		if strings.Contains(text, "zqx") {
			t.Error("a private note stands in the letter")
		}
	}
	if _, err := c.Note(homecase.Thanks, homecase.NoteOptions{}); fault.CodeOf(err) != "HC-NOTE-05" {
		t.Errorf("a talk that was not held is thanked for: %v", err)
	}
	sooner := day.Must("2026-11-24") // before the day that was arranged
	c.Plan.Outcome = &plan.Outcome{How: plan.Agreed, On: sooner}
	if _, text := note(t, c, homecase.Thanks, homecase.NoteOptions{On: sooner}); !strings.Contains(text, "24 November") {
		t.Errorf("a talk that came sooner is not thanked for: %s", text)
	}
}

// One, none and many tasks read right, and a task that is done is not promised again.
func TestNotNowTasks(t *testing.T) {
	c := load(t, accounts)
	task := func(s string) plan.Task { return plan.Task{Text: s} }
	done := plan.Task{Text: "Old", DoneOn: day.Must("2026-12-02")}
	for _, x := range []struct {
		tasks []plan.Task
		want  string
	}{
		{nil, "I shall work on that."}, {[]plan.Task{done}, "I shall work on that."},
		{[]plan.Task{task("Show the calendar"), done}, "Until then I do one thing about it: - Show the calendar. May I come back"},
		{[]plan.Task{task("Show the calendar"), task("Ask Priya.")}, "Until then I do two things about it: - Show the calendar. - Ask Priya. May I come back"},
	} {
		c.Plan.NotNow = &plan.NotNow{Said: day.Must("2026-12-01"), Worry: "month-end may slip", Tasks: x.tasks}
		_, text := note(t, c, homecase.NotNow, homecase.NoteOptions{On: day.Must("2026-12-01")})
		for _, want := range []string{x.want, "like this: month-end may slip.", "May I come back to it on 1 March 2027? I will not ask before then."} {
			if !strings.Contains(text, want) {
				t.Errorf("the letter lacks %q: %s", want, text)
			}
		}
	}
}

// Before the agreed day no letter asks for anything.
func TestNotesDoNotAskTooEarly(t *testing.T) {
	c := load(t, accounts)
	c.Plan.At = "one-day"
	c.Plan.NotNow = &plan.NotNow{Said: day.Must("2026-11-20"), Worry: "x"}
	o := homecase.NoteOptions{Project: "x", ProjectDate: day.Must("2026-12-08"), Trial: good(trial.Clearly)}
	for _, kind := range []homecase.NoteKind{homecase.ProjectDay, homecase.NextRung} {
		if _, err := c.Note(kind, o); fault.CodeOf(err) != "HC-NOTE-03" || fault.KindOf(err) != fault.Finding {
			t.Errorf("%s: %v", kind, err)
		}
	}
	o.On, o.ProjectDate = day.Must("2027-02-20"), day.Must("2027-02-23") // three months after 20 November
	if _, err := c.Note(homecase.ProjectDay, o); err != nil {
		t.Error(err)
	}
}

// The letter to Human Resources counts its questions and asks only what is open.
func TestHRQuestions(t *testing.T) {
	c := load(t, accounts)
	c.Concerns.Answers = []concern.Answer{{Concern: "C02", Reply: concern.Reply{State: concern.WithOwner, Owner: concern.HR, Since: day.Must("2026-11-17")}}}
	// Every other question that begins with Human Resources is answered.
	views, err := c.Concerns.Views()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		if v.State == concern.Open && len(v.Owners) > 0 && v.Owners[0] == concern.HR {
			c.Concerns.Answers = append(c.Concerns.Answers, concern.Answer{Concern: v.ID, Reply: concern.Reply{State: concern.NotApplicable, Text: "No."}})
		}
	}
	n, text := note(t, c, homecase.HRQuestion, homecase.NoteOptions{})
	if n.Subject != "One question about working from home" || !strings.Contains(text, "and have one question. 1. Does the employment contract change when somebody works at home on trial? You have had this from me since 17 November.") || strings.Contains(text, "2. ") {
		t.Errorf("%s: %s", n.Subject, text)
	}
	c.Facts.Programme.Status = evidence.Unknown
	c.Readiness.EmployerRule.Exists = readiness.Unknown
	n, text = note(t, c, homecase.HRQuestion, homecase.NoteOptions{})
	if n.Subject != "Three questions about working from home" || !strings.Contains(text, "working from home at Fernhill Supplies, written or not?") || !strings.Contains(text, "I have been in mine since 6 March 2023.") {
		t.Errorf("%s: %s", n.Subject, text)
	}
	c.Facts.Programme.Status, c.Readiness.EmployerRule.Exists = evidence.Informal, readiness.Yes
	c.Concerns.Answers[0] = concern.Answer{Concern: "C02", Reply: concern.Reply{State: concern.NotApplicable, Text: "No."}}
	if _, err := c.Note(homecase.HRQuestion, homecase.NoteOptions{}); fault.CodeOf(err) != "HC-NOTE-06" {
		t.Errorf("nothing is open: %v", err)
	}
}

// A boss's question is turned into one that Human Resources can answer, and
// the one about a disability stands in no letter.
func TestHRQuestionsAreTheirs(t *testing.T) {
	c := load(t, "examples/nurse.yaml")
	for _, id := range []concern.ID{"C18", "C36", "C24", "C43"} {
		c.Concerns.Answers = append(c.Concerns.Answers, concern.Answer{Concern: id, Reply: concern.Reply{State: concern.WithOwner, Owner: concern.HR}})
	}
	_, text := note(t, c, homecase.HRQuestion, homecase.NoteOptions{})
	for _, want := range []string{"How does one report sick on a home day", "One point is with you: being overlooked.", "When the office is closed, does one work on a home day?"} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter lacks %q: %s", want, text)
		}
	}
	for _, wrong := range []string{"tempted", "long enough", "medical", "disability", "Will you"} {
		if strings.Contains(text, wrong) {
			t.Errorf("the letter says %q: %s", wrong, text)
		}
	}
}

// A colleague is asked by name; who did not agree to be named is asked first.
func TestReference(t *testing.T) {
	c := load(t, accounts)
	n, text := note(t, c, homecase.Reference, homecase.NoteOptions{})
	if n.To != "Colin Bright" || !strings.Contains(text, "Would you answer four questions") || strings.Contains(text, "may I name you as an example") {
		t.Errorf("%s: %s", n.To, text)
	}
	c.Facts.People = append(c.Facts.People, evidence.Person{Name: "Ada Lo", Works: "two days a week since 2024", How: "zqx-private"})
	if _, err := c.Note(homecase.Reference, homecase.NoteOptions{}); fault.CodeOf(err) != "HC-NOTE-07" || !strings.Contains(err.Error(), "Colin Bright and Ada Lo") {
		t.Errorf("two colleagues: %v", err)
	}
	if _, err := c.Note(homecase.Reference, homecase.NoteOptions{To: "Nobody"}); fault.CodeOf(err) != "HC-NOTE-08" {
		t.Errorf("a stranger: %v", err)
	}
	_, text = note(t, c, homecase.Reference, homecase.NoteOptions{To: "ada lo"})
	for _, want := range []string{"Hello Ada,", "(two days a week since 2024)", "five questions", "I write only this: Ada Lo already works from home (two days a week since 2024).", "A no is perfectly fine"} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter lacks %q: %s", want, text)
		}
	}
	if strings.Contains(text, "zqx") {
		t.Error("a private word stands in the letter")
	}
}

// Only a verdict that opens the next rung asks for it; every other one says
// what follows instead.
func TestNextRungLetter(t *testing.T) {
	c := load(t, accounts)
	c.Plan.At = "one-day"
	_, text := note(t, c, homecase.NextRung, homecase.NoteOptions{Trial: good(trial.Clearly)})
	for _, want := range []string{"The eight weeks of our trial are over. The verdict is: clearly at least as good.", "7 home days and 31 office days that count", "May we try two?", "we simply keep what we have"} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter lacks %q: %s", want, text)
		}
	}
	open := good(trial.Clearly)
	open.Interim = true
	for name, x := range map[string]struct {
		r    *trial.Report
		says string
	}{
		"probably": {good(trial.Probably), "does not open the next rung"}, "cannot tell": {good(trial.CannotTell), "one extension was agreed"}, "worse": {good(trial.Worse), "went worse"},
		"days to come": {open, "have not passed"}, "no verdict": {&trial.Report{}, "no verdict yet"},
	} {
		if _, err := c.Note(homecase.NextRung, homecase.NoteOptions{Trial: x.r}); fault.KindOf(err) != fault.Finding || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c.Plan.At = "two-days" // the top of this ladder
	if _, err := c.Note(homecase.NextRung, homecase.NoteOptions{Trial: good(trial.Clearly)}); err == nil || !strings.Contains(err.Error(), "highest rung") {
		t.Errorf("at the top: %v", err)
	}
	c.Plan.At, c.Plan.Weeks, c.Plan.Start, c.Trial = "one-day", 0, day.Date{}, nil
	if _, text := note(t, c, homecase.NextRung, homecase.NoteOptions{Trial: good(trial.Clearly)}); !strings.Contains(text, "Our trial is over.") {
		t.Error(text)
	}
}

// Hostile words are printed as words or refused with a sentence, in each letter.
func TestNotesHostileWords(t *testing.T) {
	for _, word := range []string{"<script>alert(1)</script>", "=1+1", "\u202eabc", "👩‍💻", "שלום", strings.Repeat("long ", 200), "over\ntwo lines", "{hours.total}", "[[a|b]]", "9 to 5", ".", "R2D2 C3"} {
		c := load(t, accounts)
		c.Person.Name, c.Boss.Name, c.Company.Name, c.Facts.People[0].Name, c.Facts.People[0].Works = word, word, word, word, word
		c.Plan.At, c.Plan.Recall.Notice, c.Plan.Promises[0].Text = "one-day", word, word
		c.Facts.Programme.Status = evidence.Unknown
		c.Plan.Outcome = &plan.Outcome{How: plan.Agreed}
		on := day.Must("2027-06-01")
		for _, k := range []homecase.NoteKind{homecase.ProjectDay, homecase.Thanks, homecase.NotNow, homecase.HRQuestion, homecase.Reference, homecase.NextRung} {
			c.Plan.NotNow = nil
			if k == homecase.NotNow {
				c.Plan.NotNow = &plan.NotNow{Said: day.Must("2026-12-01"), Worry: word, Tasks: []plan.Task{{Text: word}}}
			}
			n, err := c.Note(k, homecase.NoteOptions{On: on, Project: word, ProjectDate: day.Must("2027-06-02"), Trial: good(trial.Clearly)})
			if err != nil {
				if fault.KindOf(err) == fault.Internal {
					t.Errorf("%s of %q: %v", k, word, err)
				}
				continue
			}
			for _, d := range []packet.Document{n.Message, n.Letter} {
				if err := d.Validate(); err != nil {
					t.Errorf("%s of %q: %v", k, word, err)
				}
			}
		}
	}
}

// Every letter that is listed can be written, and the other way round.
func TestNoteKindsAreListed(t *testing.T) {
	all, err := homecase.NoteKinds()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 7 {
		t.Errorf("%d letters", len(all))
	}
	for _, n := range all {
		if n.To == "" || n.When == "" || len(n.Avoid) == 0 {
			t.Errorf("%s is not described", n.ID)
		}
		c := load(t, accounts)
		c.Place = policy.Place{Country: "GB", Part: "england"}
		if _, err := c.Note(n.ID, homecase.NoteOptions{}); errors.Is(err, fault.New(0, "HC-NOTE-01", "")) {
			t.Errorf("%s cannot be written", n.ID)
		}
	}
}
