package homecase_test

import (
	"strings"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/internal/press/plaintext"
	"homecase/packet"
	"homecase/plan"
)

// What a reader must not meet: a cost told as a saving, a clear verdict where
// nothing was drawn, an appeal where the law has none, and a sentence twice.
func TestWordingFollowsTheCase(t *testing.T) {
	const campus, starter = "examples/campus-manager.yaml", "examples/new-starter.yaml"
	flat := func(d packet.Document) string { return strings.Join(strings.Fields(plaintext.Write(d)), " ") }
	half := func(c *homecase.Case) { c.Plan.Days = .5 }
	statutory := func(country string) func(*homecase.Case) {
		return func(c *homecase.Case) {
			c.Request, c.Place.Country, c.Place.Part, c.Plan.Stop = homecase.Statutory, country, "", plan.ByLaw
		}
	}
	for _, x := range []struct {
		name, file string
		change     func(*homecase.Case)
		has, hasNo string
	}{
		{"only costs", campus, half, "A cost of €5 to €16 a year", "−€16 to −€5 a year"},
		{"the boss picks", campus, half, "Whatever you choose by can then look like an effect of home", "Clearly at least as good"},
		{"daily work", campus, half, "I am asking for half a day", "the office work waits for an office day"},
		{"a range across nothing", accounts, nil, "What the company would save; minus is a cost", "A cost of"},
		{"the manager reads it", accounts, nil, "The manager's time", "Your manager"},
		{"a quarter of an hour", accounts, nil, "0.25 hours a week", "0.2 hours a week"},
		{"a study that raised output", accounts, nil, "Points both ways. Volunteers at home did", "Speaks against. Volunteers"},
		{"an appeal in Great Britain", accounts, func(c *homecase.Case) { statutory("GB")(c); c.Place.Part = "england" }, "Your decision, any appeal included, is due", "Either of us can end it"},
		{"none in New Zealand", accounts, statutory("NZ"), "Your decision is due", "any appeal included"},
		{"by notice", accounts, func(c *homecase.Case) { c.Plan.Stop, c.Plan.StopNotice = plan.ByNotice, "two weeks" }, "end it with two weeks of notice", "stop it on any day"},
		{"nothing answered", starter, func(c *homecase.Case) { c.Date = day.Date{Year: 2027, Month: 3, Day: 15} }, "questions are still open", "questions: "},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := load(t, x.file)
			if x.change != nil {
				x.change(c)
			}
			e := compose(t, c)
			text := flat(e.Full)
			if !strings.Contains(text, x.has) {
				t.Errorf("the packet lacks %q:\n%s", x.has, text)
			}
			if strings.Contains(text, x.hasNo) {
				t.Errorf("the packet says %q", x.hasNo)
			}
			if n := strings.Count(flat(e.Letter), "When I am ill I report sick"); n > 1 {
				t.Errorf("the letter says %d times what happens on a sick day", n)
			}
		})
	}
}

// A trial of some weeks without a first day yet is asked for as such, in every
// document.
func TestUndatedTrial(t *testing.T) {
	for _, file := range []string{accounts, "examples/engineer-two-days.yaml", "examples/campus-manager.yaml"} {
		c := load(t, file)
		c.Plan.Start, c.Plan.DecideOn, c.Trial = day.Date{}, day.Date{}, nil
		if c.Plan.Weeks == 0 {
			t.Fatalf("%s: no weeks", file)
		}
		e := compose(t, c)
		if text := e.OnePage.Title + " " + plaintext.Write(e.Letter); !strings.Contains(strings.Join(strings.Fields(text), " "), "weeks, from a day that suits you.") {
			t.Errorf("%s: %s", file, text)
		}
		if _, err := homecase.ComposeAgreement(c.Shared(), homecase.Options{}); err != nil {
			t.Errorf("%s: the agreement: %v", file, err)
		}
	}
}
