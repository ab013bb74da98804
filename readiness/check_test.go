package readiness

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
)

func TestBadInputIsRefusedWithItsPlace(t *testing.T) {
	duty := func(rest string) string { return "duties:\n  - {name: Post, " + rest + "}\n" }
	ok := duty("hours: 4, where: home")
	for _, c := range []struct{ name, text, want string }{
		{"negative hours", duty("hours: -1, where: home"), "f.yaml:2:25: Hours for Post cannot be negative."},
		{"no hours", duty("where: home"), "f.yaml:2:5: Say how many hours a week Post takes, like 4 or 2.5."},
		{"200-hour week", "duties:\n  - {name: A, hours: 100, where: home}\n  - {name: B, hours: 100, where: home}\n", "f.yaml:2:3: The duties add up to 200 hours; a week has 168. Check the hours of each duty."},
		{"200-hour duty", duty("hours: 200, where: home"), "f.yaml:2:25: Post takes 200 hours; a week has 168."},
		{"hours as words", duty("hours: four, where: home"), `f.yaml:2:25: duties[0].hours must be a number, like 4 or 2.5, not "four".`},
		{"no where", duty("hours: 4"), "f.yaml:2:5: Say where Post can be done: home, home_with_change, office or not_sure."},
		{"unknown place", duty("hours: 4, where: beach"), `f.yaml:2:35: duties[0].where: "beach" is not a place of work: write home, home_with_change, office or not_sure.`},
		{"office without binding", duty("hours: 4, where: office"), "f.yaml:2:35: Say how Post ties you to the office: binds: daily, weekly, any or not_sure."},
		{"change missing", duty("hours: 4, where: home_with_change"), "f.yaml:2:35: Say what would have to change for Post, or write change: [not_sure]."},
		{"change without need", duty("hours: 4, where: home, change: [access]"), "f.yaml:2:49: A change belongs to where: home_with_change only."},
		{"unknown condition", duty("hours: 4, where: office, binds: any, conditions: [magic]"), `"magic" is not one of the fifteen conditions: write physical, handling,`},
		{"duplicate condition", duty("hours: 4, where: office, binds: any, conditions: [burns, burns]"), "burns is listed twice."},
		{"duplicate duty", "duties:\n  - {name: Post, hours: 1, where: home}\n  - {name: ' post', hours: 1, where: home}\n", `f.yaml:3:12: " post" is already duty 1.`},
		{"no duties", "working_days: 5\n", "f.yaml:1:1: List at least one duty with its hours."},
		{"nine days a week", ok + "working_days: 9\n", "working_days must be between 1 and 7, not 9."},
		{"no name", "duties:\n  - {hours: 4, where: home}\n", "f.yaml:2:5: Give this duty a name."},
		{"long text", ok + "unsupervised: [{text: " + strings.Repeat("x", 412) + "}]\n", "This text has 412 characters; the limit is 400."},
		{"four examples", ok + "unsupervised: [{text: a}, {text: b}, {text: c}, {text: d}]\n", "There are 4 examples of unsupervised work; give at most 3."},
		{"a month that does not exist", ok + "unsupervised: [{text: a, date: 2026-13}]\n", "2026-13 is not in the calendar."},
		{"a date that does not exist", ok + "tenure: {since: 2026-02-30}\n", "2026-02-30 is not a day of the calendar."},
		{"months over 11", ok + "tenure: {months: 14}\n", "Months must be 0 to 11; write 14 months as 1 years and 2 months."},
		{"negative tenure", ok + "tenure: {years: -1}\n", "Time in the job cannot be negative."},
		{"tenure twice", ok + "tenure: {since: 2026-01-01, years: 1}\n", "Give the first day, or years and months, not both."},
		{"rule with a no", ok + "employer_rule: {exists: no, months: 3}\n", "The rule has months, but exists says no."},
		{"cost out of order", ok + "home_office: {door: {state: can_get, cost: {low: 9, likely: 5, high: 10}}}\n", "Lowest must not be above likely."},
		{"cost as words", ok + "home_office: {door: {state: can_get, cost: {low: lots, likely: 5, high: 10}}}\n", `"lots" is not an amount: write it like 45 or 45.50.`},
		{"unknown state", ok + "home_office: {door: open}\n", `"open" is not a state: write have, can_get, no or not_sure.`},
		{"a photo that is no photo by name", ok + "home_office: {door: {state: have, photo: door.exe}}\n", "A photo must be a .jpg or .png file, not .exe."},
		{"unknown safety item", ok + "safety: {open: [dragons]}\n", `There is no safety item "dragons".`},
		{"unknown key", ok + "dutys: []\n", `There is no key "dutys" here. Did you mean duties?`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var a Answers
			err := content.Decode("f.yaml", []byte(c.text), &a)
			if err == nil {
				t.Fatal("accepted")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %s\nwant %s", err, c.want)
			}
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("kind %v", fault.KindOf(err))
			}
		})
	}
}

func TestOddInputIsAskedAbout(t *testing.T) {
	for _, c := range []struct {
		text string
		want []fault.Code
	}{
		{"duties: [{name: A, hours: 80, where: home}]", nil},
		{"duties: [{name: A, hours: 80.5, where: home}]", []fault.Code{"HC-DUTY-21"}},
		{"duties: [{name: A, hours: 10, where: home}]", nil},
		{"duties: [{name: A, hours: 9, where: home}]", []fault.Code{"HC-DUTY-21"}},
		{"duties: [{name: A, hours: 40, where: home, tests: {thing: yes}}]", []fault.Code{"HC-DUTY-22"}},
		{"duties: [{name: A, hours: 40, where: home, binds: any}]", []fault.Code{"HC-DUTY-23"}},
		{"duties: [{name: A, hours: 40, where: home}]\ntenure: {since: 2027-01-01}", []fault.Code{"HC-READY-21"}},
		{"duties: [{name: A, hours: 40, where: home}]\nemployer_rule: {exists: yes, months: 3}", []fault.Code{"HC-READY-23"}},
		{"duties: [{name: A, hours: 40, where: home}]\nunsupervised: [{text: a, date: 2027}]", []fault.Code{"HC-READY-22"}},
	} {
		var got []fault.Code
		for _, f := range read(t, c.text).CheckThis(day.Must("2026-11-24")) {
			got = append(got, f.Code)
			if f.Kind != fault.Finding {
				t.Errorf("%s stops the file", f.Code)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestAnswersSurviveWritingAndReading(t *testing.T) {
	a := read(t, accounts)
	b, err := content.Encode(a)
	if err != nil {
		t.Fatal(err)
	}
	again := read(t, string(b))
	if diff := cmp.Diff(a, again, cmp.Comparer(func(x, y Amount) bool { return x.Cmp(y.Decimal) == 0 })); diff != "" {
		t.Errorf("changed by writing:\n%s\n%s", diff, b)
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add(accounts)
	f.Add("duties: [{name: A, hours: 1e300, where: office, binds: daily}]")
	f.Add("duties: [{name: A, hours: .1, where: office, binds: any}]\nworking_days: 7\ntenure: {since: 0001-01-01}")
	f.Fuzz(func(t *testing.T, text string) {
		var a Answers
		if content.Decode("f.yaml", []byte(text), &a) != nil {
			return
		}
		a.CheckThis(on)
		v, err := Assess(a, Input{Date: on, Asked: 1})
		if err != nil {
			t.Fatal(err)
		}
		if v.DaysSupported < 0 || v.DaysSupported > 5 || v.DaysNow > v.DaysSupported {
			t.Fatalf("%v days, %v now", v.DaysSupported, v.DaysNow)
		}
	})
}
