package plan

import (
	"testing"

	"homecase/day"
)

// The whole cycle of a "not now", day by day.
func TestStages(t *testing.T) {
	on := day.Must
	said := &NotNow{Said: on("2026-12-01")} // to ask again on 1 March 2027
	for _, c := range []struct {
		name  string
		p     Plan
		today string
		want  Stage
	}{
		{"nothing yet", Plan{}, "2026-11-24", TalkOpen},
		{"a place and no day", Plan{Talk: &Talk{Place: "Room 4"}}, "2026-11-24", TalkOpen},
		{"a day ahead", Plan{Talk: &Talk{Date: on("2026-12-01")}}, "2026-11-30", TalkSet},
		{"the day itself", Plan{Talk: &Talk{Date: on("2026-12-01")}}, "2026-12-01", TalkSet},
		{"the day after", Plan{Talk: &Talk{Date: on("2026-12-01")}}, "2026-12-02", TalkOver},
		{"a yes", Plan{Outcome: &Outcome{How: Agreed}}, "2026-12-02", TalkAgreed},
		{"a yes with changes", Plan{Outcome: &Outcome{How: AgreedWithChanges}}, "2026-12-02", TalkAgreed},
		{"thinking", Plan{Outcome: &Outcome{How: Thinking}}, "2026-12-02", TalkThinking},
		{"not now, the day before", Plan{NotNow: said, Outcome: &Outcome{How: SaidNotNow}}, "2027-02-28", TalkNotNow},
		{"not now, the day", Plan{NotNow: said, Outcome: &Outcome{How: SaidNotNow}}, "2027-03-01", TalkAgain},
		{"not now without the answer noted", Plan{NotNow: said, Talk: &Talk{Date: on("2026-12-01")}}, "2026-12-20", TalkNotNow},
		{"the old talk does not count", Plan{NotNow: said, Talk: &Talk{Date: on("2026-12-01")}}, "2027-03-05", TalkAgain},
		{"a new talk does", Plan{NotNow: said, Talk: &Talk{Date: on("2027-03-09")}}, "2027-03-05", TalkSet},
		{"asking again", Plan{NotNow: said}, "2027-03-05", TalkOpen},
	} {
		if got := c.p.Stage(on(c.today)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAnswerStartsAndEndsTheWait(t *testing.T) {
	on := day.Must
	var p Plan
	p.Answer(Outcome{How: SaidNotNow, On: on("2026-12-01")})
	if may, from := p.MayAsk(on("2026-12-02")); may || from != on("2027-03-01") {
		t.Errorf("%v from %s", may, from)
	}
	p.NotNow.Worry = "cover"
	p.Answer(Outcome{How: SaidNotNow, On: on("2026-12-02")}) // the day is corrected
	if p.NotNow.Worry != "cover" || p.NotNow.Said != on("2026-12-02") {
		t.Errorf("%+v", p.NotNow)
	}
	p.AskAgain()
	p.Answer(Outcome{How: SaidNotNow, On: on("2027-03-09")}) // the next round
	if p.NotNow.Worry != "" || p.NotNow.RetryOn() != on("2027-06-09") {
		t.Errorf("%+v", p.NotNow)
	}
	p.Answer(Outcome{How: Agreed, On: on("2027-04-01")}) // the boss came back to it
	if p.NotNow != nil || p.Stage(on("2027-04-01")) != TalkAgreed {
		t.Errorf("%+v", p.NotNow)
	}
	p.Answer(Outcome{How: Thinking, On: on("2027-04-01"), FollowUp: on("2027-04-15")})
	if may, from := p.MayAsk(on("2027-04-14")); may || from != on("2027-04-15") {
		t.Errorf("thinking: %v from %s", may, from)
	}
	if may, _ := p.MayAsk(on("2027-04-15")); !may {
		t.Error("the day that was agreed has come")
	}
}

// By the calendar of 2026: 1 December is a Tuesday, 25 a Friday, 31 a Thursday.
func TestCalmDay(t *testing.T) {
	on := day.Must
	for _, c := range []struct{ name, from, want string }{
		{"a working day as it is", "2026-12-01", "2026-12-01"},
		{"a Saturday", "2026-12-05", "2026-12-07"},
		{"the person's busy day, then a weekend", "2026-12-10", "2026-12-14"},
		{"holidays and the month's last three working days", "2026-12-25", "2027-01-04"},
	} {
		p := Plan{BusyDays: []DayRule{{Date: on("2026-12-10")}, {Date: on("2026-12-11")}}}
		holidays := []day.Date{on("2026-12-25"), on("2026-12-28"), on("2027-01-01")}
		if got := p.CalmDay(on(c.from), holidays); got != on(c.want) {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	wait := Plan{NotNow: &NotNow{Said: on("2026-12-01")}}
	if got := wait.CalmDay(on("2026-12-08"), nil); got != on("2027-03-01") {
		t.Errorf("before the day to ask again: %s", got)
	}
	late := Plan{Start: on("2026-12-07")}
	if got := late.CalmDay(on("2026-12-05"), nil); !got.IsZero() {
		t.Errorf("after the trial has begun: %s", got)
	}
}
