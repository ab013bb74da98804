package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
)

var on = day.Must("2026-11-24")

const accounts = `
days: 1
choice: lottery
allowed: [mon, tue, wed, thu]
wish: [tue]
start: 2027-01-11
weeks: 8
decide_on: 2027-03-11
stop: on_any_day
promises:
  - {text: I move the home day when you need me in., limit: up to twice a month}
  - {text: You get the three numbers every Friday.}
hours: {from: "09:00", to: 17:00}
recall: {notice: by 15:00 the day before, most_per_month: 2}
outage: {backup: my phone's hotspot, offline: reports, after_minutes: 30, then: I call you and you decide}
check_ins: [{every: fri, what: a note with three numbers}]
stop_rules: [{text: two Fridays without a note}]
extension_agreed: true
ladder: [one-project, one-day-trial, one-day, {id: two, name: Two days, days: 2}]
at: one-project
lowest: one-project
office_days: [2027-01-29, "month-end:2"]
busy_days: [month-end]
talk: {date: 2026-12-02, time: 10:30, place: Room 4, note: smile}
outcome: {how: thinking, on: 2026-12-02, note: she smiled}
not_now: {said: 2026-08-24, worry: cover on Thursdays, concern: C21, tasks: [{text: ask Amir}]}
opportunity_days: [{date: 2026-02-03, why: snow, agreed_by: Dana, result: month end closed}]
keeping: {reviews: [2027-06-01], thanks: [{who: Amir, for: covering the phone}]}
notes: bring tea
`

func read(t testing.TB, text string) Plan {
	t.Helper()
	var p Plan
	if err := content.Decode("case.yaml", []byte(text), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPlanReadsAndWrites(t *testing.T) {
	p := read(t, accounts)
	if p.Ladder[0].Name != "One project at home" || p.Ladder[3].Name != "Two days" || p.CheckIns[0].Every != "friday" || p.Hours.To != "17:00" {
		t.Errorf("read %+v", p)
	}
	b, err := content.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(b), "- one-project\n") {
		t.Errorf("a rung that ships is not written by its id:\n%s", b)
	}
	if diff := cmp.Diff(p, read(t, string(b))); diff != "" {
		t.Errorf("changed by writing:\n%s\n%s", diff, b)
	}
	if l := append(p.CheckAt(Context{Date: on}), p.CheckThis(Context{Date: on})...); len(l) > 0 {
		t.Errorf("complaints about a good plan: %v", l)
	}
}

func TestSharedKeepsNothingPrivate(t *testing.T) {
	p := read(t, accounts)
	b, err := content.Encode(p.Shared())
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"lowest", "smile", "cover on Thursdays", "busy_days", "Amir", "bring tea", "outcome"} {
		if strings.Contains(string(b), secret) {
			t.Errorf("%q is shared:\n%s", secret, b)
		}
	}
	for _, open := range []string{"Room 4", "by 15:00", "reviews"} {
		if !strings.Contains(string(b), open) {
			t.Errorf("%q is lost", open)
		}
	}
	if p.Lowest == "" || p.Talk.Note == "" {
		t.Error("Shared changed the original")
	}
}

func TestBadPlansAreRefused(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"days: 6", "f.yaml:1:7: The ask is at most 5 days a week, not 6."},
		{"days: -1", "Days at home cannot be negative."},
		{"days: 1.25", "Write days in halves, like 1 or 1.5, not 1.25."},
		{"days: 3\nallowed: [mon, tue]", "f.yaml:2:10: You ask for 3 days a week, but only 2 weekdays are allowed."},
		{"allowed: [mon]\nwish: [fri]", "f.yaml:2:8: You wish for Friday, but it is not among the allowed days."},
		{"allowed: [mon, mon]", "Monday is listed twice."},
		{"allowed: [sun]", "Sunday is not scheduled: a trial runs Monday to Friday."},
		{"allowed: [moon]", `"moon" is not a weekday`},
		{"choice: dice", `"dice" is not a way to choose days: write lottery, fixed or boss.`},
		{"days: 2\nchoice: fixed\nwish: [tue]", "Fixed days need 2 under wish; there are 1."},
		{"start: 2027-02-30", "2027-02-30 is not a day of the calendar."},
		{"weeks: 500", "A trial of 500 weeks cannot be right; the longest is 104."},
		{"weeks: -8", "Weeks cannot be negative."},
		{"weeks: 8\nuntil: 2027-03-05", "Give weeks or until, not both."},
		{"start: 2027-01-11\nuntil: 2027-01-04", "The last day, 2027-01-04, lies before the start, 2027-01-11."},
		{"start: 2027-01-11\nweeks: 8\ndecide_on: 2027-03-04", "f.yaml:3:12: The decision on 2027-03-04 comes before the last day of the trial, 2027-03-05."},
		{"stop: by_notice", "Say what notice ends the trial: stop_notice: two weeks."},
		{"promises: [{text: a}, {text: A}]", "f.yaml:1:30: This promise is there already."},
		{"promises: [{text: a}, {text: b}, {text: c}, {text: d}, {text: e}, {text: f}, {text: g}, {text: h}, {text: i}]", "There are 9 entries here; the limit is 8."},
		{"promises: [{text: ''}]", "Write the promise."},
		{"promises: [{text: " + strings.Repeat("x", 201) + "}]", "This text has 201 characters; the limit is 200."},
		{"hours: {from: \"17:00\", to: \"09:00\"}", "the hours: 17:00 is not before 09:00."},
		{"hours: {from: \"17:00\"}", "Give both times of the hours, or neither."},
		{"hours: {from: \"25:00\", to: \"26:00\"}", `"25:00" is not a time of day written like "09:00".`},
		{"check_ins: [{every: sat, what: x}]", `"sat" is not a time for a check-in`},
		{"check_ins: [{what: x}]", "Say when: a weekday such as friday"},
		{"office_days: [2027-13-01]", "2027-13-01 is not a day of the calendar"},
		{"office_days: [someday]", `"someday" is not a day: write a date like 2026-11-24, or month-end,`},
		{"office_days: [month-end:40]", "counts working days from 1 to 15"},
		{"ladder: [one-day, one-day]", "The rung one-day is there twice."},
		{"ladder: [two-days, one-day]", "A ladder goes up: One day a week has fewer days than the rung before it."},
		{"ladder: [the-moon]", `there is no rung "the-moon"`},
		{"ladder: [one-day]\nlowest: half-day", `There is no rung "half-day" on the ladder.`},
		{"ladder: [{id: a, name: b, days: 9}]", "A rung has 0 to 5 days in halves, not 9."},
		{"not_now: {worry: x}", "Write the day on which your boss said not now."},
		{"not_now: {said: 2026-11-24, ask_again: 2026-11-24}", "The day to ask again must come after 2026-11-24."},
		{"opportunity_days: [{date: 2026-11-24, why: snow}]", "Write who agreed to it beforehand."},
		{"outcome: {note: x}", "Select how it went"},
	} {
		var p Plan
		err := content.Decode("f.yaml", []byte(c.text), &p)
		if err == nil {
			t.Errorf("%s: accepted", c.text)
			continue
		}
		if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\ngot  %s\nwant %s", c.text, err, c.want)
		}
	}
}

func TestChecksThatNeedTheDay(t *testing.T) {
	for _, c := range []struct {
		text      string
		statutory bool
		want      []fault.Code
	}{
		{"start: 2026-11-24", false, []fault.Code{"HC-PLAN-41", "HC-PLAN-50"}}, // today, a Tuesday
		{"start: 2026-11-30", false, nil},
		{"stop: on_any_day", false, nil},
		{"stop: on_any_day", true, []fault.Code{"HC-PLAN-40"}},
		{"previous_requests: [2026-12-01]", true, []fault.Code{"HC-PLAN-42"}},
		{"not_now: {said: 2026-11-25}", false, []fault.Code{"HC-PLAN-43"}},
		{"not_now: {said: 2026-08-25}", false, []fault.Code{"HC-PLAN-44"}}, // 25 Nov is tomorrow
		{"not_now: {said: 2026-08-24}", false, nil},                        // three months are today
		{"not_now: {said: 2026-10-20, ask_again: 2026-11-16}", false, []fault.Code{"HC-PLAN-55"}},
		{"not_now: {said: 2026-10-20, ask_again: 2026-11-17}", false, nil}, // 28 days
		{"weeks: 30", false, []fault.Code{"HC-PLAN-51"}},
		{"start: 2027-01-11\nweeks: 2\ndecide_on: 2027-06-01", false, []fault.Code{"HC-PLAN-52"}},
		{"hours: {from: \"06:00\", to: \"20:00\"}", false, []fault.Code{"HC-PLAN-53"}},
		{"choice: lottery\nallowed: [mon]", false, []fault.Code{"HC-PLAN-54"}},
		{"talk: {date: 2026-11-29}", false, []fault.Code{"HC-PLAN-56"}},
		{"talk: {date: 2026-11-30}\nbusy_days: [month-end]", false, []fault.Code{"HC-PLAN-57"}},
		{"talk: {date: 2026-11-27}\nbusy_days: [month-end]", false, nil},
	} {
		p := read(t, c.text)
		ctx := Context{Date: on, Statutory: c.statutory}
		var got []fault.Code
		for _, f := range append(p.CheckAt(ctx), p.CheckThis(ctx)...) {
			got = append(got, f.Code)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestNotNow(t *testing.T) {
	for _, c := range []struct{ said, again, want string }{
		{"2026-11-24", "", "2027-02-24"},
		{"2026-11-30", "", "2027-02-28"}, // a shorter month: its last day
		{"2026-11-24", "2027-06-01", "2027-06-01"},
	} {
		n := NotNow{Said: day.Must(c.said)}
		if c.again != "" {
			n.AskAgain = day.Must(c.again)
		}
		if got := n.RetryOn().String(); got != c.want {
			t.Errorf("said %s: ask again on %s, want %s", c.said, got, c.want)
		}
		p := Plan{NotNow: &n}
		if may, _ := p.MayAsk(n.RetryOn().Add(-1)); may {
			t.Error("may ask the day before")
		}
		if may, _ := p.MayAsk(n.RetryOn()); !may {
			t.Error("may not ask on the day")
		}
	}
	if may, _ := (Plan{}).MayAsk(on); !may {
		t.Error("may not ask the first time")
	}
}

func TestAskedDaysDefaultsToOne(t *testing.T) {
	if d := (Plan{}).AskedDays(); d != 1 {
		t.Errorf("got %v", d)
	}
	if n := (Plan{Days: 1.5}).HomeDaysAWeek(); n != 2 {
		t.Errorf("got %d", n)
	}
}

func FuzzPlan(f *testing.F) {
	f.Add(accounts)
	f.Add("start: 0001-01-01\nuntil: 9999-12-31\noffice_days: [year-end:15]")
	f.Add("start: 2027-01-11\nweeks: 104\nallowed: [fri]\nladder: [{id: a, name: a, days: .5}]")
	f.Fuzz(func(t *testing.T, text string) {
		var p Plan
		if content.Decode("f.yaml", []byte(text), &p) != nil {
			return
		}
		p.CheckAt(Context{Date: on})
		p.CheckThis(Context{Date: on})
		p.Values()
		c, err := p.Calendar([]day.Date{day.Must("2027-01-13")})
		if err != nil {
			return
		}
		for _, w := range c.Weeks {
			if w.Home > len(w.Eligible) || len(w.Eligible) > len(w.Scheduled) || len(w.Scheduled) > 5 {
				t.Fatalf("week %+v", w)
			}
		}
	})
}
