package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/trial"
)

// memory is the simplest store there is: what the interface says, in maps.
type memory struct {
	cases      map[string]*memoryCase
	departures []homecase.Departure
	current    string
}

type memoryCase struct {
	revisions []homecase.Kept // the newest first
	log       map[day.Date]trial.Entry
	pictures  map[string]string
}

// all is what the model tells, as readAll reads it from a store.
func (m *memory) all() everything {
	all := everything{Revisions: map[string][]homecase.Kept{}, Log: map[string][]trial.Entry{}, Departures: m.departures, Current: m.current}
	for id, c := range m.cases {
		newest, first := c.revisions[0], c.revisions[len(c.revisions)-1]
		all.Cases = append(all.Cases, homecase.CaseInfo{ID: id, Title: newest.Title, Revision: newest.Revision, Made: first.At, Changed: newest.At})
		all.Revisions[id] = c.revisions
		var entries []trial.Entry
		for _, e := range c.log {
			entries = append(entries, e)
		}
		slices.SortFunc(entries, func(a, b trial.Entry) int { return a.Date.Sub(b.Date) })
		all.Log[id] = entries
	}
	slices.SortFunc(all.Cases, func(a, b homecase.CaseInfo) int {
		return cmp.Or(b.Changed.Compare(a.Changed), cmp.Compare(a.ID, b.ID))
	})
	slices.SortFunc(all.Departures, func(a, b homecase.Departure) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
	})
	return all
}

// model does the same random things to a store and to the model. After each it
// compares the list of cases, now and then and at the end all that both tell.
func model(t *testing.T, open Opener) {
	rapid.Check(t, func(r *rapid.T) {
		p := pair{T: t, r: r, s: open(t), m: &memory{cases: map[string]*memoryCase{}}}
		r.Repeat(map[string]func(*rapid.T){
			"":        p.glance,
			"look":    p.look,
			"add":     p.add,
			"save":    p.save,
			"log":     p.log,
			"picture": p.picture,
			"depart":  p.depart,
			"open":    p.open,
			"erase":   p.erase,
		})
		p.look(r)
		if err := p.s.Close(); err != nil {
			r.Fatal(err)
		}
	})
}

// pair is a store and its model.
type pair struct {
	*testing.T
	r *rapid.T
	s homecase.Store
	m *memory
}

// Few ids and few times, so that the same ones meet.
var (
	ids     = rapid.SampledFrom([]string{"a", "b", "c"})
	moments = rapid.Custom(func(r *rapid.T) time.Time {
		return start.Add(time.Duration(rapid.IntRange(-2, 2).Draw(r, "hours")) * time.Hour)
	})
	days  = rapid.Custom(func(r *rapid.T) day.Date { return day.On(2026, 11, rapid.IntRange(23, 27).Draw(r, "day")) })
	words = rapid.OneOf(rapid.SampledFrom(hostile), rapid.StringOfN(rapid.Rune().Filter(func(c rune) bool { return c != 0 }), 0, 20, -1))
)

// glance checks the list of cases.
func (p *pair) glance(*rapid.T) {
	cases, err := p.s.Cases(p.Context())
	must(p.T, err)
	same(p.T, "the cases and their model", cases, p.m.all().Cases)
	if p.Failed() {
		p.r.FailNow()
	}
}

// look checks all that the store tells.
func (p *pair) look(*rapid.T) {
	same(p.T, "the store and its model", readAll(p.T, p.s), p.m.all())
	for id, c := range p.m.cases {
		for _, item := range []string{"desk", "chair"} {
			got, err := p.s.Picture(p.Context(), id, item)
			if want, there := c.pictures[item]; there != (err == nil) || string(got) != want {
				p.Errorf("%s of %s is %q, %v; the model has %q", item, id, got, err, want)
			}
		}
	}
	if p.Failed() {
		p.r.FailNow()
	}
}

// agree checks that the store did what the model expects.
func (p *pair) agree(what string, err error, ok bool, kind fault.Kind) bool {
	switch {
	case ok && err != nil:
		p.r.Fatalf("%s: %v", what, err)
	case !ok && (err == nil || fault.KindOf(err) != kind):
		p.r.Fatalf("%s: %v, want a fault of kind %d", what, err, kind)
	}
	return ok
}

func (p *pair) draw(r *rapid.T) homecase.Kept {
	k := kept(ids.Draw(r, "id"))
	k.Title, k.Text, k.Did, k.At = words.Draw(r, "title"), []byte(words.Draw(r, "text")), words.Draw(r, "did"), moments.Draw(r, "at")
	k.Course.Trial.Notes = []homecase.WeekNote{{Text: words.Draw(r, "note")}}
	return k
}

func (p *pair) add(r *rapid.T) {
	k := p.draw(r)
	_, there := p.m.cases[k.ID]
	if p.agree("add", p.s.Add(p.Context(), k), !there, fault.Conflict) {
		p.m.cases[k.ID] = &memoryCase{revisions: []homecase.Kept{k}, log: map[day.Date]trial.Entry{}, pictures: map[string]string{}}
	}
}

func (p *pair) save(r *rapid.T) {
	k := p.draw(r)
	k.Revision = rapid.Int64Range(0, 4).Draw(r, "revision")
	c := p.m.cases[k.ID]
	n, err := p.s.Save(p.Context(), k)
	if c == nil {
		p.agree("save", err, false, fault.Missing)
	} else if p.agree("save", err, k.Revision == c.revisions[0].Revision, fault.Conflict) {
		k.Revision++
		if n != k.Revision {
			r.Fatalf("it was kept as revision %d, want %d", n, k.Revision)
		}
		c.revisions = append([]homecase.Kept{k}, c.revisions...)
	}
}

func (p *pair) log(r *rapid.T) {
	id, e := ids.Draw(r, "id"), entry("2026-11-24", rapid.Float64().Draw(r, "value"))
	e.Date, e.Note = days.Draw(r, "day"), words.Draw(r, "note")
	c := p.m.cases[id]
	if p.agree("log", p.s.LogDay(p.Context(), id, e), c != nil, fault.Missing) {
		c.log[e.Date] = e
	}
}

func (p *pair) picture(r *rapid.T) {
	id, item, jpeg := ids.Draw(r, "id"), rapid.SampledFrom([]string{"desk", "chair"}).Draw(r, "item"), rapid.SliceOfN(rapid.Byte(), 0, 9).Draw(r, "jpeg")
	c := p.m.cases[id]
	if p.agree("picture", p.s.SetPicture(p.Context(), id, item, jpeg), c != nil, fault.Missing) {
		c.pictures[item] = string(jpeg)
		if len(jpeg) == 0 {
			delete(c.pictures, item)
		}
	}
}

func (p *pair) depart(r *rapid.T) {
	d := departure(fmt.Sprint(rapid.IntRange(0, 9).Draw(r, "departure")), rapid.OneOf(ids, rapid.Just("")).Draw(r, "id"), 0)
	d.At, d.What = moments.Draw(r, "at"), words.Draw(r, "what")
	taken := slices.ContainsFunc(p.m.departures, func(o homecase.Departure) bool { return o.ID == d.ID })
	err := p.s.Depart(p.Context(), d)
	if d.Case != "" && p.m.cases[d.Case] == nil {
		p.agree("depart", err, false, fault.Missing)
	} else if p.agree("depart", err, !taken, fault.Conflict) {
		p.m.departures = append(p.m.departures, d)
	}
}

func (p *pair) open(r *rapid.T) {
	id := rapid.OneOf(ids, rapid.Just("")).Draw(r, "id")
	if p.agree("open", p.s.SetCurrent(p.Context(), id), id == "" || p.m.cases[id] != nil, fault.Missing) {
		p.m.current = id
	}
}

func (p *pair) erase(r *rapid.T) {
	id := ids.Draw(r, "id")
	if !p.agree("erase", p.s.Erase(p.Context(), id), p.m.cases[id] != nil, fault.Missing) {
		return
	}
	delete(p.m.cases, id)
	if p.m.current == id {
		p.m.current = ""
	}
	for i, d := range p.m.departures {
		if d.Case == id {
			p.m.departures[i].What, p.m.departures[i].To = "", ""
		}
	}
}
