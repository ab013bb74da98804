package storetest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"homecase"
	"homecase/fault"
)

func empty(t *testing.T, s homecase.Store) {
	same(t, "an empty store", readAll(t, s), everything{})
}

func comesBack(t *testing.T, s homecase.Store) {
	k := kept("one")
	k.Revision = 17 // of another place: a new case starts at 1
	must(t, s.Add(t.Context(), k))
	k.Revision = 1

	got, err := s.Case(t.Context(), "one")
	must(t, err)
	same(t, "the case", *got, k)
	got, err = s.Revision(t.Context(), "one", 1)
	must(t, err)
	same(t, "its first revision", *got, k)

	unchanged(t, s, func() {
		other := kept("one")
		other.Text = []byte("another")
		fails(t, "adding it again", s.Add(t.Context(), other), fault.Conflict)
	})
}

// timesOfEveryKind are moments on all sides of what bits hold: the zero time is the
// year 1; the others lie before and after what 32 and 64 bits of seconds and
// nanoseconds hold.
func timesOfEveryKind() []time.Time {
	return []time.Time{
		{}, time.Unix(0, 0), time.Date(1601, 1, 1, 0, 0, 0, 1000, time.UTC), time.Date(2038, 1, 19, 3, 14, 8, 999999999, time.UTC),
		time.Date(2026, 3, 29, 2, 30, 0, 123456789, time.FixedZone("far", 14*3600)), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	}
}

func times(t *testing.T, s homecase.Store) {
	for i, at := range timesOfEveryKind() {
		id := fmt.Sprint(i)
		k := kept(id)
		k.At = at
		must(t, s.Add(t.Context(), k))
		got, err := s.Case(t.Context(), id)
		must(t, err)
		if want := at.UTC().Truncate(time.Microsecond); !got.At.Equal(want) || got.At.Location() != time.UTC {
			t.Errorf("%s came back as %s", at, got.At)
		}
	}
}

func copies(t *testing.T, s homecase.Store) {
	k := kept("one")
	text := bytes.Clone(k.Text)
	must(t, s.Add(t.Context(), k))
	clear(k.Text)
	k.Course.Visited["/later"] = homecase.Answered

	first, err := s.Case(t.Context(), "one")
	must(t, err)
	clear(first.Text)
	clear(first.Course.Visited)
	second, err := s.Case(t.Context(), "one")
	must(t, err)
	if !bytes.Equal(second.Text, text) || len(second.Course.Visited) != 2 {
		t.Errorf("the case changed with a copy of it: %q, %v", second.Text, second.Course.Visited)
	}
}

func revisions(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("other")))
	var all []homecase.Kept // the newest first
	for n := range int64(5) {
		k := kept("one")
		k.Text, k.Did, k.Title = fmt.Appendf(nil, "text %d", n+1), fmt.Sprintf("Step %d", n+1), fmt.Sprintf("Title %d", n+1)
		k.At = start.Add(time.Duration(n) * time.Minute)
		k.Revision = n
		if n == 0 {
			must(t, s.Add(t.Context(), k))
		} else if got, err := s.Save(t.Context(), k); err != nil || got != n+1 {
			t.Fatalf("revision %d was kept as %d: %v", n+1, got, err)
		}
		k.Revision = n + 1
		all = append([]homecase.Kept{k}, all...)
	}
	got := readAll(t, s)
	same(t, "the revisions", got.Revisions["one"], all)
	same(t, "the other case", got.Revisions["other"], []homecase.Kept{kept("other")})
	same(t, "the list", got.Cases[0], homecase.CaseInfo{ID: "one", Title: "Title 5", Revision: 5, Made: start, Changed: start.Add(4 * time.Minute)})

	for _, read := range []int64{4, 6, 0, -1, 1 << 62} {
		unchanged(t, s, func() {
			k := kept("one")
			k.Revision = read
			_, err := s.Save(t.Context(), k)
			fails(t, fmt.Sprintf("a save on top of revision %d", read), err, fault.Conflict)
		})
	}
	for _, n := range []int64{0, 6, -1, 1 << 62} {
		_, err := s.Revision(t.Context(), "one", n)
		fails(t, fmt.Sprintf("revision %d", n), err, fault.Missing)
	}
}

func order(t *testing.T, s homecase.Store) {
	for i, id := range []string{"b", "B", "ä", "a", "-", "z"} {
		k := kept(id)
		k.At = start.Add(time.Duration(i/4) * time.Hour) // z and "-" are the later ones
		must(t, s.Add(t.Context(), k))
	}
	k := kept("a")
	k.At = start.Add(2 * time.Hour)
	_, err := s.Save(t.Context(), k)
	must(t, err)

	cases, err := s.Cases(t.Context())
	must(t, err)
	var ids []string
	for _, c := range cases {
		ids = append(ids, c.ID)
	}
	// Equal times stand in the order of their ids' bytes.
	same(t, "the order", ids, []string{"a", "-", "z", "B", "b", "ä"})
}

// hostile are texts that quoting, matching or folding could harm.
var hostile = []string{
	"'; DROP TABLE cases; --", `"quoted" \back\ 'single' ` + "`tick`", "%_*?[a-z]", "$1 ?1 :a @b", "NULL", "0", "-1", "1e5", "true",
	" leading and trailing ", "\r\n\t\v\x01\x7f", "e\u0301 and é", "\u202eright to left\u202c", "שלום مرحبا नमस्ते 你好 🏡🏠👩‍💻", "ß ſ İ ı ﬁ", "\ufeff", "\u2028\u2029", "\uffff\U0010ffff",
	`{"json": [1, 2]}`, "<script>alert(1)</script>&amp;", "../../etc/passwd", strings.Repeat("x", 200),
}

func texts(t *testing.T, s homecase.Store) {
	big := strings.Repeat("A line of a case, no two alike? äöü 🏡\n", 1<<20/40)
	for i, h := range append(hostile, "", big) {
		id := h
		if id == "" || len(id) > 200 {
			id = fmt.Sprint("text ", i)
		}
		k := kept(id)
		k.Title, k.Did, k.Text = h, h, []byte(h)
		k.Course.Visited = map[homecase.TaskID]homecase.Visit{homecase.TaskID(h): homecase.Answered}
		must(t, s.Add(t.Context(), k))
		k.Did = "again"
		n, err := s.Save(t.Context(), k)
		must(t, err)
		got, err := s.Case(t.Context(), id)
		must(t, err)
		k.Revision = n
		same(t, fmt.Sprintf("text %d", i), *got, k)
	}
	cases, err := s.Cases(t.Context())
	must(t, err)
	if want := len(hostile) + 2; len(cases) != want {
		t.Errorf("%d cases are listed, want %d: ids were taken for each other", len(cases), want)
	}
}

func refused(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("one")))
	broken := []string{"a\x00b", "caf\xe9", "\xed\xa0\x80"} // a zero byte, Latin-1, half a surrogate pair
	unchanged(t, s, func() {
		for _, b := range broken {
			for _, change := range []func(*homecase.Kept){
				func(k *homecase.Kept) { k.Title = b },
				func(k *homecase.Kept) { k.Text = []byte(b) },
				func(k *homecase.Kept) { k.Did = b },
			} {
				k := kept("one")
				change(&k)
				_, err := s.Save(t.Context(), k)
				fails(t, fmt.Sprintf("saving %q", b), err, fault.Invalid)
				k.ID = "two"
				fails(t, fmt.Sprintf("adding %q", b), s.Add(t.Context(), k), fault.Invalid)
			}
			fails(t, "a broken departure", s.Depart(t.Context(), homecase.Departure{ID: "d", At: start, To: b}), fault.Invalid)
			e := entry("2026-11-24", 1)
			e.Note = b
			fails(t, "a broken note", s.LogDay(t.Context(), "one", e), fault.Invalid)
		}
		for _, id := range append(broken, "", strings.Repeat("x", 201)) {
			fails(t, fmt.Sprintf("adding the id %.20q", id), s.Add(t.Context(), kept(id)), fault.Invalid)
			fails(t, fmt.Sprintf("a departure with the id %.20q", id), s.Depart(t.Context(), homecase.Departure{ID: id, At: start}), fault.Invalid)
			fails(t, fmt.Sprintf("a picture of %.20q", id), s.SetPicture(t.Context(), "one", id, []byte("x")), fault.Invalid)
		}
		late := kept("late")
		late.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
		fails(t, "a time outside the calendar", s.Add(t.Context(), late), fault.Invalid)
	})
}

func missing(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("one")))
	unchanged(t, s, func() {
		all := calls(s)
		for _, name := range names(all) {
			for _, id := range append(hostile, "two", "One", "one ", "o%", "on_") {
				fails(t, fmt.Sprintf("%s of %.20q", name, id), all[name](t.Context(), id), fault.Missing)
			}
		}
		for _, name := range []string{"Case", "Revision", "History", "Log", "Picture", "Erase"} {
			for _, id := range []string{"", "a\x00b", "caf\xe9", strings.Repeat("x", 1<<20)} {
				fails(t, fmt.Sprintf("%s of %.20q", name, id), all[name](t.Context(), id), fault.Missing)
			}
		}
	})
}
