package storetest

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/share"
	"homecase/trial"
)

func logDays(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("one")))
	must(t, s.Add(t.Context(), kept("other")))
	want := map[string]trial.Entry{}
	for i, on := range []string{"2026-11-25", "2026-11-24", "2026-12-01", "2027-01-04", "2026-11-24", "2026-11-25", "2026-11-24"} {
		e := entry(on, float64(i))
		e.Remark = fmt.Sprint("entry ", i) // the last one of a day wins
		must(t, s.LogDay(t.Context(), "one", e))
		want[on] = e
	}
	must(t, s.LogDay(t.Context(), "other", entry("2026-11-24", 99)))

	for _, c := range []struct {
		from, until string
		days        []string
	}{
		{"", "", []string{"2026-11-24", "2026-11-25", "2026-12-01", "2027-01-04"}},
		{"2026-11-25", "2026-12-01", []string{"2026-11-25", "2026-12-01"}}, // both included
		{"2026-11-26", "2026-11-30", nil},
		{"2026-12-01", "", []string{"2026-12-01", "2027-01-04"}},
		{"", "2026-11-24", []string{"2026-11-24"}},
		{"2027-01-01", "2026-01-01", nil},
	} {
		var from, until day.Date
		must(t, from.UnmarshalText([]byte(c.from)))
		must(t, until.UnmarshalText([]byte(c.until)))
		var entries []trial.Entry
		for _, on := range c.days {
			entries = append(entries, want[on])
		}
		got, err := s.Log(t.Context(), "one", from, until)
		must(t, err)
		same(t, fmt.Sprintf("the log from %q until %q", c.from, c.until), got, entries)
	}
}

func entryWhole(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("one")))
	value, small := 0.1+0.2, math.SmallestNonzeroFloat64
	whole := trial.Entry{
		Date: day.On(2026, 11, 24), Planned: trial.InOffice, Place: trial.AtHome, Value: &value,
		More: map[string]*float64{"calls": &small, hostile[0]: nil}, Why: hostile[1], Note: hostile[10], Remark: hostile[13], Logged: day.On(2026, 11, 25),
	}
	bare := trial.Entry{Date: day.On(1, 1, 1), Planned: trial.AtHome}
	must(t, s.LogDay(t.Context(), "one", whole))
	must(t, s.LogDay(t.Context(), "one", bare))
	got, err := s.Log(t.Context(), "one", day.Date{}, day.Date{})
	must(t, err)
	same(t, "the entries", got, []trial.Entry{bare, whole})

	unchanged(t, s, func() {
		for name, e := range map[string]trial.Entry{
			"no date":                {},
			"a day that is not":      {Date: day.On(2026, 2, 30)},
			"a year of five digits":  {Date: day.On(10000, 1, 1)},
			"a day before the years": {Date: day.On(-1, 1, 1)},
			"a late line on no day":  {Date: day.On(2026, 11, 24), Logged: day.On(2026, 13, 1)},
			"no planned place":       {Date: day.On(2026, 11, 24)},
			"another place":          {Date: day.On(2026, 11, 24), Planned: trial.AtHome, Place: "train"},
			"no number":              entry("2026-11-24", math.NaN()),
			"no end":                 entry("2026-11-24", math.Inf(1)),
		} {
			fails(t, name, s.LogDay(t.Context(), "one", e), fault.Invalid)
		}
	})
}

func pictures(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("one")))
	must(t, s.Add(t.Context(), kept("other")))
	every := make([]byte, 1<<20) // every byte, zero among them
	for i := range every {
		every[i] = byte(i)
	}
	show := func(id, item string, want []byte) {
		t.Helper()
		got, err := s.Picture(t.Context(), id, item)
		must(t, err)
		if string(got) != string(want) {
			t.Errorf("%s of %s came back with %d bytes, want %d", item, id, len(got), len(want))
		}
	}
	must(t, s.SetPicture(t.Context(), "one", "desk", []byte("old")))
	must(t, s.SetPicture(t.Context(), "one", "desk", every))
	must(t, s.SetPicture(t.Context(), "one", hostile[0], []byte("odd")))
	must(t, s.SetPicture(t.Context(), "other", "desk", []byte("theirs")))
	show("one", "desk", every)
	show("one", hostile[0], []byte("odd"))

	must(t, s.SetPicture(t.Context(), "one", "desk", nil))
	must(t, s.SetPicture(t.Context(), "one", "desk", []byte{})) // what is out stays out
	show("one", hostile[0], []byte("odd"))
	show("other", "desk", []byte("theirs"))
	for _, item := range []string{"desk", "Desk", "chair", "", "a\x00b"} {
		_, err := s.Picture(t.Context(), "one", item)
		fails(t, fmt.Sprintf("a picture of %q", item), err, fault.Missing)
	}
}

// departure is something that left.
func departure(id, of string, hours int) homecase.Departure {
	return homecase.Departure{ID: id, Case: of, At: start.Add(time.Duration(hours) * time.Hour), What: "packet.pdf", To: "Priya", Bytes: 1 << 40, SHA256: "ab12"}
}

func departures(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("one")))
	must(t, s.Add(t.Context(), kept("other")))
	first, second, third, fourth := departure("d1", "one", 0), departure("d2", "other", 2), departure("d3", "one", 1), departure("d4", "", 1)
	second.What, second.To = hostile[0], hostile[13]
	for _, d := range []homecase.Departure{first, second, third, fourth} {
		must(t, s.Depart(t.Context(), d))
	}
	for id, want := range map[string][]homecase.Departure{
		"":      {second, fourth, third, first}, // equal times: the greater id first
		"one":   {third, first},
		"other": {second},
		"none":  nil, hostile[0]: nil, "a\x00b": nil,
	} {
		got, err := s.Departures(t.Context(), id)
		must(t, err)
		same(t, fmt.Sprintf("what left of %q", id), got, want)
	}
	unchanged(t, s, func() {
		fails(t, "the same departure again", s.Depart(t.Context(), departure("d1", "other", 9)), fault.Conflict)
	})
}

func current(t *testing.T, s homecase.Store) {
	for _, id := range []string{"one", hostile[0]} {
		must(t, s.Add(t.Context(), kept(id)))
		must(t, s.SetCurrent(t.Context(), id))
		got, err := s.Current(t.Context())
		must(t, err)
		same(t, "the open case", got, id)
	}
	unchanged(t, s, func() { fails(t, "opening what is not there", s.SetCurrent(t.Context(), "none"), fault.Missing) })
	must(t, s.Erase(t.Context(), "one"))
	got, err := s.Current(t.Context())
	must(t, err)
	same(t, "the open case after another was erased", got, hostile[0])
	for range 2 {
		must(t, s.SetCurrent(t.Context(), ""))
		got, err := s.Current(t.Context())
		must(t, err)
		same(t, "the open case once closed", got, "")
	}
}

func erasing(t *testing.T, s homecase.Store) {
	for _, id := range []string{"other", "one"} {
		must(t, s.Add(t.Context(), kept(id)))
		_, err := s.Save(t.Context(), kept(id))
		must(t, err)
		must(t, s.LogDay(t.Context(), id, entry("2026-11-24", 1)))
		must(t, s.LogDay(t.Context(), id, entry("2026-11-24", 2)))
		must(t, s.SetPicture(t.Context(), id, "desk", []byte(id)))
		must(t, s.Depart(t.Context(), departure("of "+id, id, 1)))
		must(t, s.SetCurrent(t.Context(), id))
		must(t, s.SetSharing(t.Context(), id, homecase.Sharing{Address: "https://office.example", Org: id, Fetched: start}))
		must(t, s.KeepLines(t.Context(), id, lines(2), nil))
		must(t, s.PutOut(t.Context(), id, outgoing(id), []share.Blob{blob(id)}))
	}
	want := readAll(t, s)
	must(t, s.Erase(t.Context(), "one"))

	want.Cases = slices.DeleteFunc(want.Cases, func(c homecase.CaseInfo) bool { return c.ID == "one" })
	delete(want.Revisions, "one")
	delete(want.Log, "one")
	delete(want.Sharings, "one")
	delete(want.Lines, "one")
	delete(want.Outbox, "one")
	for i, d := range want.Departures {
		if d.Case == "one" {
			want.Departures[i].What, want.Departures[i].To = "", "" // its words; the hash stays
		}
	}
	want.Current = ""
	same(t, "what is left", readAll(t, s), want)
	for name, call := range calls(s) {
		fails(t, name+" of an erased case", call(t.Context(), "one"), fault.Missing)
	}
	if got, err := s.Picture(t.Context(), "other", "desk"); err != nil || string(got) != "other" {
		t.Errorf("the picture of the other case: %q, %v", got, err)
	}

	// A case of the same id is a new one.
	must(t, s.Add(t.Context(), kept("one")))
	got := readAll(t, s)
	same(t, "the new case", got.Revisions["one"], []homecase.Kept{kept("one")})
	same(t, "its log", got.Log["one"], []trial.Entry(nil))
	same(t, "its record", got.Lines["one"], []share.Entry(nil))
	same(t, "its outbox", got.Outbox["one"], []homecase.Outgoing(nil))
	_, err := s.Picture(t.Context(), "one", "desk")
	fails(t, "its picture", err, fault.Missing)
}
