package trial

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"homecase/day"
)

// One memory follows several trials from day to day, with values that change
// afterwards, and every analysis and every plan's odds are byte for byte what
// they are without it.
func TestMemoryChangesNothing(t *testing.T) {
	plans := map[string]Plan{
		"four weeks, all schedules listed": mustPlan(t, planText(4, 2, counted+"margin: {absolute: 2}\n")),
		"26 weeks, drawn, with looks":      mustPlan(t, planText(26, 2, counted+"margin: {relative: 0.1}\nlooks: [8, 16]\nextension_weeks: 4\nusual: {mean: 22, sd: 3}\n")),
	}
	var m Memory
	r := rand.New(rand.NewPCG(1, 2))
	for name, p := range plans {
		draw, err := DrawDays(p, []byte("a nonce of thirty-two bytes, all"), "acorn")
		if err != nil {
			t.Fatal(err)
		}
		var days Days
		for i, h := range draw.Days {
			place := InOffice
			if h.Home {
				place = AtHome
			}
			row := Row{Line: i + 2, Date: h.Date, Assigned: place, Place: place}
			if v := 20 + 6*r.Float64(); r.IntN(9) > 0 {
				row.Value = &v
			}
			days.Rows = append(days.Rows, row)
		}
		last := p.Weeks[len(p.Weeks)-1].Start
		for step := range 12 {
			n := 8 + r.IntN(len(days.Rows)-8)
			v := float64(r.IntN(40))
			days.Rows[r.IntN(n)].Value = &v // somebody corrects a line
			in := Input{Plan: p, Days: Days{Rows: days.Rows[:n]}, Draws: 2_000}
			if through := in.Days.Rows[n-1].Date; through.Before(last.Add(4)) {
				in.Through = through
			}
			same(t, name, step, in, &m)
		}
		odds, err := PlanOdds(p)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			kept, err := m.PlanOdds(p)
			if err != nil || text(t, kept) != text(t, odds) {
				t.Errorf("%s: the odds are not those without a memory: %v", name, err)
			}
		}
	}
	broken := mustPlan(t, planText(4, 2, counted+"margin: {absolute: 2}\n"))
	broken.Weeks[1].Start = day.Date{}
	for range 2 {
		if _, err := m.PlanOdds(broken); err == nil {
			t.Error("the odds of a plan without a date were remembered")
		}
	}
}

func same(t *testing.T, name string, step int, in Input, m *Memory) {
	t.Helper()
	want, err1 := Analyse(in)
	in.Memory = m
	got, err2 := Analyse(in)
	if (err1 == nil) != (err2 == nil) || err1 != nil && err1.Error() != err2.Error() {
		t.Fatalf("%s, step %d: %v with a memory, %v without", name, step, err2, err1)
	}
	if err1 == nil && text(t, got) != text(t, want) {
		t.Errorf("%s, step %d: with a memory\n%s\nwithout\n%s", name, step, text(t, got), text(t, want))
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
