package policy

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"homecase/day"
	"homecase/fault"
)

func d(s string) day.Date {
	if s == "" {
		return day.Date{}
	}
	return day.Must(s)
}

func dates(list ...string) []day.Date {
	var out []day.Date
	for _, s := range list {
		out = append(out, day.Must(s))
	}
	return out
}

// find returns the date of a deadline, or nothing.
func dateOf(list []Deadline, id string) string {
	for _, x := range list {
		if x.ID == id {
			return x.Date.String()
		}
	}
	return ""
}

// Every expected date was counted by hand; the counting stands beside it.
func TestDeadlines(t *testing.T) {
	for _, c := range []struct {
		id    string
		dates Dates
		want  map[string]string
	}{
		// GB-FW: two months beginning with the day. 6 Apr → corresponding 6 Jun → day before.
		{"GB-FW", Dates{Made: d("2026-04-06")}, map[string]string{
			"decide": "2026-06-05",
			// three months beginning with 6 Jun: corresponding 6 Sep → 5 Sep
			"extend_by":    "2026-09-05",
			"next_request": "2027-04-06",
		}},
		// 31 Dec: February 2026 has no 31st → its last day. Then from 1 Mar: corresponding 1 Jun → 31 May.
		{"GB-FW", Dates{Made: d("2025-12-31")}, map[string]string{"decide": "2026-02-28", "extend_by": "2026-05-31"}},
		// 31 Dec before a leap year's February: 29 Feb 2028.
		{"GB-FW", Dates{Made: d("2027-12-31")}, map[string]string{"decide": "2028-02-29"}},
		// 30 Dec 2027: no 30 Feb → 29 Feb. 29 Dec 2027: corresponding 29 Feb exists → 28 Feb.
		{"GB-FW", Dates{Made: d("2027-12-30")}, map[string]string{"decide": "2028-02-29"}},
		{"GB-FW", Dates{Made: d("2027-12-29")}, map[string]string{"decide": "2028-02-28"}},
		{"GB-FW", Dates{Made: d("2025-12-28")}, map[string]string{"decide": "2026-02-27"}},
		// 1 Jan: corresponding 1 Mar → 28 Feb; in a leap year 29 Feb.
		{"GB-FW", Dates{Made: d("2026-01-01")}, map[string]string{"decide": "2026-02-28"}},
		{"GB-FW", Dates{Made: d("2028-01-01")}, map[string]string{"decide": "2028-02-29"}},
		// over the year's end: 24 Nov → corresponding 24 Jan → 23 Jan.
		{"GB-FW", Dates{Made: d("2026-11-24")}, map[string]string{"decide": "2027-01-23"}},
		// sent on the 6th, received on the 8th: it is made on the 8th → 7 Jun.
		{"GB-FW", Dates{Made: d("2026-04-06"), Received: d("2026-04-08")}, map[string]string{"decide": "2026-06-07"}},
		// a request of 29 Feb 2028: twelve months end on 28 Feb 2029 (no 29th), so the next is possible on 1 Mar.
		{"GB-FW", Dates{Made: d("2028-02-29")}, map[string]string{"next_request": "2029-03-01"}},
		// two already used since 10 Jan 2026: a third only when the period of 10 Jan is over.
		{"GB-FW", Dates{Made: d("2026-11-24"), Previous: dates("2026-01-10", "2026-06-01")}, map[string]string{"next_request": "2027-01-10"}},
		// one used: this is the second, so the next waits for the first's period to end.
		{"GB-FW", Dates{Made: d("2026-11-24"), Previous: dates("2026-06-01")}, map[string]string{"next_request": "2027-06-01"}},
		// an earlier one exactly twelve months before is outside: its period ended on 23 Nov 2026.
		{"GB-FW", Dates{Made: d("2026-11-24"), Previous: dates("2025-11-24")}, map[string]string{"next_request": "2027-11-24"}},
		// a claim: three months beginning with 1 Jun → corresponding 1 Sep → 31 Aug.
		{"GB-FW", Dates{Made: d("2026-04-06"), Decided: d("2026-06-01")}, map[string]string{"claim_by": "2026-08-31"}},

		// IE: 4 weeks after 5 Jan, that day not counted: 5 + 28 = 2 Feb. 12 weeks: 84 days = 26 + 28 + 30 → 30 Mar.
		{"IE-RW", Dates{Received: d("2026-01-05")}, map[string]string{"decide": "2026-02-02", "decide_extended": "2026-03-30",
			// 56 days: 26 to 31 Jan, 28 to 28 Feb, 2 more → 2 Mar
			"earliest_start": "2026-03-02"}},
		// 56 days before 1 Mar 2027: 28 back is 1 Feb, 28 more is 4 Jan.
		{"IE-RW", Dates{Start: d("2027-03-01")}, map[string]string{"ask_by": "2027-01-04"}},
		// leap year: 1 Mar 2028 − 29 = 1 Feb, − 27 = 5 Jan.
		{"IE-RW", Dates{Start: d("2028-03-01")}, map[string]string{"ask_by": "2028-01-05"}},
		// six months' employment from 31 Aug 2026: February 2027 has no 31st, so it is complete on the 28th.
		{"IE-RW", Dates{Received: d("2026-12-01"), Employed: d("2026-08-31")}, map[string]string{"service_start": "2027-03-01"}},
		{"IE-RW", Dates{Received: d("2026-12-01"), Employed: d("2026-06-15")}, map[string]string{"service_start": "2026-12-15"}},
		{"IE-FW", Dates{Received: d("2026-01-05"), Start: d("2026-03-02")}, map[string]string{"decide": "2026-02-02", "ask_by": "2026-01-05"}},

		// AU: 21 days after 15 Dec: 16 to 31 Dec and 5 more.
		{"AU-65", Dates{Received: d("2026-12-15")}, map[string]string{"decide": "2027-01-05"}},
		{"AU-FWA65", Dates{Made: d("2028-02-10")}, map[string]string{"decide": "2028-03-02"}}, // 19 to 29 Feb, 2 more
		// 12 months from 29 Feb 2024: end on 28 Feb 2025, so from 1 Mar.
		{"AU-65", Dates{Made: d("2026-02-10"), Employed: d("2024-02-29")}, map[string]string{"service_ask": "2025-03-01"}},
		{"AU-VIC", Dates{Received: d("2026-12-15")}, map[string]string{"decide": "2027-01-05"}},

		// NZ: one month after receiving: the corresponding date; 31 Jan has none in February.
		{"NZ-6AA", Dates{Received: d("2026-01-31")}, map[string]string{"decide": "2026-02-28"}},
		{"NZ-6AA", Dates{Received: d("2028-01-31")}, map[string]string{"decide": "2028-02-29"}},
		{"NZ-6AA", Dates{Received: d("2026-12-10")}, map[string]string{"decide": "2027-01-10"}},
		{"NZ-6AA", Dates{Received: d("2026-02-28")}, map[string]string{"decide": "2026-03-28"}},

		// NL: back from the start, clamped: 30 Apr − 2 months has no 30 Feb.
		{"NL-WFW", Dates{Start: d("2027-04-30")}, map[string]string{"ask_by": "2027-02-28", "decide": "2027-03-30"}},
		{"NL-WFW", Dates{Start: d("2027-03-31")}, map[string]string{"ask_by": "2027-01-31", "decide": "2027-02-28"}},
		{"NL-WFW", Dates{Start: d("2027-03-01")}, map[string]string{"ask_by": "2027-01-01", "decide": "2027-02-01"}},
		{"NL-WFW", Dates{Start: d("2028-03-31")}, map[string]string{"decide": "2028-02-29"}},
		// asked on 31 Dec: 28 Feb − 2 months is 28 Dec, too late; 1 Mar − 2 months is 1 Jan, in time.
		{"NL-WFW", Dates{Start: d("2027-03-01"), Made: d("2026-12-31")}, map[string]string{"earliest_start": "2027-03-01"}},
		// 26 weeks = 182 days from 4 Jan 2027: 27 Jan, 28, 31, 30, 31, 30 = 177 to 30 Jun, 5 more → 5 Jul.
		{"NL-WFW", Dates{Start: d("2027-08-02"), Employed: d("2027-01-04")}, map[string]string{"service_start": "2027-07-05"}},
		{"NL-WFW", Dates{Start: d("2027-03-01"), Made: d("2026-11-24"), Decided: d("2026-12-10")}, map[string]string{"next_request": "2027-12-10"}},

		// ES: 15 days after 20 Dec: 11 to 31 Dec, 4 more.
		{"ES-34.8", Dates{Made: d("2026-12-20")}, map[string]string{"decide": "2027-01-04"}},
		// 20 working days after Fri 8 Jan 2027: 11–15 (5), 18–22 (10), 25–29 (15), 1–5 Feb (20).
		{"ES-34.8", Dates{Made: d("2026-12-28"), Decided: d("2027-01-08")}, map[string]string{"claim_by": "2027-02-05"}},
		// the same with two holidays inside, a Monday and a Wednesday, and one on a Sunday that changes nothing: 9 Feb.
		{"ES-34.8", Dates{Made: d("2026-12-28"), Decided: d("2027-01-08"), Holidays: dates("2027-01-11", "2027-01-20", "2027-01-31")}, map[string]string{"claim_by": "2027-02-09"}},
		// ES-10-2021: ten days after the agreement of 25 Feb 2027: 3 to 28 Feb, 7 more.
		{"ES-10-2021", Dates{Decided: d("2027-02-25")}, map[string]string{"copy_by": "2027-03-07"}},

		// CA: 30 days after 15 Feb: 13 to 28 Feb, 17 more; in a leap year 14 to 29 Feb, 16 more.
		{"CA-177.1", Dates{Received: d("2026-02-15")}, map[string]string{"decide": "2026-03-17"}},
		{"CA-177.1", Dates{Received: d("2028-02-15")}, map[string]string{"decide": "2028-03-16"}},
		{"CA-177.1", Dates{Received: d("2026-12-01"), Employed: d("2026-05-31")}, map[string]string{"decide": "2026-12-31", "service_ask": "2026-12-01"}},

		{"US-VT", Dates{Made: d("2026-11-24")}, map[string]string{"year_ends": "2026-12-31"}},
		// SF: 21 days after 2 Nov is 23 Nov, 42 is 14 Dec; met on 10 Nov: 20 to 30 Nov, 1 more → 1 Dec.
		{"US-SF", Dates{Received: d("2026-11-02")}, map[string]string{"warning": "2026-11-23", "decide_outer": "2026-12-14", "decide_after_meeting": ""}},
		{"US-SF", Dates{Received: d("2026-11-02"), Met: d("2026-11-10")}, map[string]string{"decide_after_meeting": "2026-12-01", "decide_outer": "2026-12-14"}},
		{"US-SF", Dates{Made: d("2026-11-02"), Previous: dates("2026-03-15")}, map[string]string{"next_request": "2027-03-15"}},
		// SG: two months after; 31 Dec has no corresponding date.
		{"SG", Dates{Received: d("2026-12-31")}, map[string]string{"decide": "2027-02-28"}},
		{"SG", Dates{Made: d("2026-04-06")}, map[string]string{"decide": "2026-06-06"}},
		// MY: 60 days after 1 Jan: 30 to 31 Jan, 28 to 28 Feb, 2 more.
		{"MY", Dates{Received: d("2027-01-01")}, map[string]string{"decide": "2027-03-02"}},
		{"BE-CAO162", Dates{Made: d("2027-01-31"), Start: d("2027-04-30")}, map[string]string{"decide": "2027-02-28", "ask_by": "2027-02-28"}},
		{"GB-FW-2027", Dates{Made: d("2027-04-06")}, map[string]string{"meet_by": "2027-05-18", "decide": "2027-06-05"}}, // 42 days: 24 to 30 Apr, 18 more
	} {
		got, err := Deadlines(c.id, c.dates)
		if err != nil {
			t.Errorf("%s %+v: %v", c.id, c.dates, err)
			continue
		}
		for id, want := range c.want {
			if g := dateOf(got, id); g != want {
				t.Errorf("%s %s: got %q, want %s (%+v)", c.id, id, g, want, c.dates)
			}
		}
		for _, x := range got {
			if x.Counted == "" || x.What == "" || x.Who == "" || x.Source == "" && !x.Unverified {
				t.Errorf("%s %s: incomplete %+v", c.id, x.ID, x)
			}
		}
	}
}

func TestRegimesWithoutAPeriod(t *testing.T) {
	for _, id := range []string{"PT", "DE-NONE", "US-FED-NONE", "US-ADA", "US-TEA-2010", "US-NH", "EU-2019-1158-9", "GB-NI"} {
		p, err := Plan(id, Dates{Made: d("2026-11-24")})
		if err != nil || len(p.Deadlines) != 0 {
			t.Errorf("%s: %v %v", id, p.Deadlines, err)
			continue
		}
		if !strings.Contains(strings.Join(p.Notes, " "), "No deadline is counted") {
			t.Errorf("%s does not say why: %v", id, p.Notes)
		}
	}
}

func TestMissingDatesNameTheFlag(t *testing.T) {
	for _, c := range []struct {
		id, flag string
		dates    Dates
	}{
		{"GB-FW", "--made", Dates{}},
		{"GB-FW", "--made", Dates{Start: d("2027-01-11")}},
		{"IE-RW", "--received", Dates{Made: d("2026-11-24")}},
		{"IE-RW", "--start", Dates{}},
		{"NZ-6AA", "--received", Dates{Made: d("2026-11-24")}},
		{"CA-177.1", "--received", Dates{Start: d("2027-01-11")}},
		{"MY", "--received", Dates{Made: d("2026-11-24")}},
		{"NL-WFW", "--start", Dates{Made: d("2026-11-24")}},
		{"AU-65", "--made", Dates{}},
		{"US-SF", "--made", Dates{}},
		{"SG", "--made", Dates{Start: d("2027-01-11")}},
	} {
		_, err := Deadlines(c.id, c.dates)
		if fault.CodeOf(err) != "HC-POLICY-05" || fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.flag) {
			t.Errorf("%s %+v: %v", c.id, c.dates, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		id    string
		dates Dates
		code  fault.Code
	}{
		{"FR-1", Dates{Made: d("2026-11-24")}, "HC-POLICY-01"},
		{"", Dates{}, "HC-POLICY-01"},
		{"../index", Dates{}, "HC-POLICY-01"},
		{"GB-FW", Dates{Made: d("2024-04-05")}, "HC-POLICY-04"}, // the day before the law changed
		{"SG", Dates{Received: d("2024-11-30")}, "HC-POLICY-04"},
		{"GB-FW", Dates{Made: day.On(2026, 2, 30)}, "HC-POLICY-06"},
		{"GB-FW", Dates{Made: d("2026-04-06"), Previous: []day.Date{day.On(2025, 13, 1)}}, "HC-POLICY-06"},
		{"GB-FW", Dates{Made: d("2026-04-06"), Received: d("2026-04-01")}, "HC-POLICY-07"},
		{"US-SF", Dates{Received: d("2026-04-06"), Met: d("2026-04-01"), Made: d("2026-04-03")}, "HC-POLICY-07"},
		{"NL-WFW", Dates{Made: d("2026-04-06"), Start: d("2026-04-01")}, "HC-POLICY-07"},
	} {
		_, err := Deadlines(c.id, c.dates)
		if !errors.Is(err, fault.New(0, c.code, "")) {
			t.Errorf("%s %+v: got %v, want %s", c.id, c.dates, err, c.code)
		}
	}
	if got, err := Deadlines("GB-FW", Dates{Made: d("2024-04-06")}); err != nil || dateOf(got, "decide") != "2024-06-05" {
		t.Errorf("the first day of the law: %v %v", got, err)
	}
}

// Farrell v Salesforce (WRC 2025): the answer came 4 weeks and 2 days after the request.
func TestLateAnswerIsSaid(t *testing.T) {
	p, err := Plan("IE-RW", Dates{Received: d("2024-03-11"), Decided: d("2024-04-10")}) // 11 Mar + 28 = 8 Apr
	if err != nil || len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0], "2 days later than 8 April 2024") {
		t.Errorf("%v %v", p.Warnings, err)
	}
	p, err = Plan("NL-WFW", Dates{Made: d("2027-01-02"), Start: d("2027-03-01")})
	if err != nil || len(p.Warnings) != 2 { // asked a day late, and so started a day early
		t.Errorf("%v %v", p.Warnings, err)
	}
	p, err = Plan("NL-WFW", Dates{Made: d("2027-01-01"), Start: d("2027-03-01")})
	if err != nil || len(p.Warnings) != 0 {
		t.Errorf("%v %v", p.Warnings, err)
	}
}

func TestUnverifiedAndProposedPrint(t *testing.T) {
	p, err := Plan("BE", Dates{Made: d("2026-11-24")})
	if err != nil || !p.Deadlines[0].Unverified || !strings.Contains(DescribeTimetable(p), "[unverified]") {
		t.Errorf("%+v %v", p, err)
	}
	p, err = Plan("AU-VIC", Dates{Made: d("2026-11-24")})
	if err != nil || !p.Deadlines[0].Proposed || !strings.Contains(DescribeTimetable(p), "not law") {
		t.Errorf("%+v %v", p, err)
	}
}

// A version with a date takes over on that date and not before.
func TestVersionByDate(t *testing.T) {
	heads := []Head{
		{ID: "X", Status: InForce, InForceFrom: d("2024-04-06")},
		{ID: "X-2027", VersionOf: "X", Status: InForce, InForceFrom: d("2027-10-01")},
		{ID: "X-2030", VersionOf: "X", Status: Announced},
	}
	for on, want := range map[string]string{"2024-04-06": "X", "2027-09-30": "X", "2027-10-01": "X-2027", "2031-01-01": "X-2027"} {
		if got, err := choose(heads, heads[0], d(on)); err != nil || got.ID != want {
			t.Errorf("on %s: %s %v, want %s", on, got.ID, err, want)
		}
	}
	if _, err := choose(heads, heads[0], d("2024-04-05")); fault.CodeOf(err) != "HC-POLICY-04" {
		t.Error(err)
	}
	if _, err := At("AU-VIC", d("2026-11-24")); fault.CodeOf(err) != "HC-POLICY-04" || !strings.Contains(err.Error(), "a bill") {
		t.Error(err)
	}
}

func anyDay(t *rapid.T, name string) day.Date {
	return day.Must("2000-01-01").Add(rapid.IntRange(0, 366*60).Draw(t, name))
}

// Periods counted from one day follow each other without a gap or an overlap,
// and a later first day never ends sooner.
func TestCorrespondingDateNeverSkipsOrOverlaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, n := anyDay(t, "from"), rapid.IntRange(1, 30).Draw(t, "n")
		end := lastDay(from, n)
		if next := lastDay(from, n+1); !next.After(end) || next.Sub(end) < 28 || next.Sub(end) > 32 {
			t.Fatalf("%s: %d months end %s, %d months end %s", from, n, end, n+1, next)
		}
		if tomorrow := lastDay(from.Add(1), n); tomorrow.Before(end) {
			t.Fatalf("%s ends %s but a day later ends %s", from, end, tomorrow)
		}
		if from.Day <= 28 && (lastDay(end.Add(1), 1) != lastDay(from, n+1)) {
			t.Fatalf("%s: months do not tile after %s", from, end)
		}
		// independent reading: no day of the period has passed the corresponding date
		for x := end.Add(1); ; x = x.Add(1) {
			if x.Day == from.Day && x.Month == from.AddMonths(n).Month || x.Day == 1 && from.AddMonths(n).Day != from.Day {
				if x != end.Add(1) {
					t.Fatalf("%s + %d: period ends %s but the corresponding date is %s", from, n, end, x)
				}
				return
			}
			if x.Sub(end) > 40 {
				t.Fatalf("%s + %d: no corresponding date near %s", from, n, end)
			}
		}
	})
}

// Notice forward and back agree: the earliest start allows the request, and no
// earlier start does.
func TestNoticeForwardAndBackAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asked := anyDay(t, "asked")
		c := Count{N: rapid.IntRange(1, 24).Draw(t, "n"), Unit: rapid.SampledFrom([]string{"days", "weeks", "months"}).Draw(t, "unit"), How: "leaving"}
		start := c.leaving(asked)
		if c.back(start).Before(asked) {
			t.Fatalf("start %s would need a request by %s, before %s", start, c.back(start), asked)
		}
		if !c.back(start.Add(-1)).Before(asked) {
			t.Fatalf("start %s is not the earliest for %s", start, asked)
		}
	})
}

// Whatever the earlier requests, no more than the limit fall in any window.
func TestWindowHoldsTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := Window{Requests: rapid.IntRange(1, 3).Draw(t, "limit"), Months: 12}
		at := anyDay(t, "first")
		var made []day.Date
		for range 8 {
			at = at.Add(rapid.IntRange(1, 200).Draw(t, "gap"))
			next, _, say := w.next(at, made)
			if strings.Contains(say, "one too many") {
				at = next
				if _, _, say := w.next(at, made); strings.Contains(say, "one too many") {
					t.Fatalf("%s was offered and is still too early: %s", at, say)
				}
			}
			made = append(made, at)
		}
		for i := range made {
			n := 0
			for _, m := range made[i:] {
				if !m.After(lastDay(made[i], 12)) {
					n++
				}
			}
			if n > w.Requests {
				t.Fatalf("%d requests in the 12 months from %s: %v", n, made[i], made)
			}
		}
	})
}
