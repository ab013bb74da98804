package storetest

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"homecase"
	"homecase/fault"
	"homecase/share"
)

// lines are the first lines of a record. A store does not look whether they hold together.
func lines(n int64) []share.Entry {
	var out []share.Entry
	for i := range n {
		out = append(out, share.Entry{
			Line:      share.Line{N: i + 1, Prev: fmt.Sprint(i), Time: start.Add(time.Duration(i) * time.Microsecond), Actor: share.Employee, Act: share.Opened, Body: "00"},
			Raw:       json.RawMessage(`{"id":"<b>&amp;  é","n":` + fmt.Sprint(i) + "}"),
			Signature: "c2ln", Countersignature: "c2Vh",
		})
	}
	return out
}

// outgoing is an act with something in every field.
func outgoing(id string) homecase.Outgoing {
	return homecase.Outgoing{
		ID: id, Act: share.Linked, Body: []byte(`{"id":"` + id + `"}`), Signature: "c2ln", Token: "token of " + id, Email: []byte(`{"to":"dana@example.com"}`), Made: start,
	}
}

func blob(hash string) share.Blob {
	return share.Blob{Hash: hash, Media: "application/pdf", Bytes: []byte{0, 0xff, 1}, Made: start}
}

func pairing(t *testing.T, s homecase.Store) {
	_, err := s.Pairing(t.Context())
	fails(t, "the office of an empty store", err, fault.Missing)
	must(t, s.SetPairing(t.Context(), nil))
	for i, p := range []homecase.Pairing{
		{Address: "https://office.example", Code: "code", Key: []byte{0, 1, 0xff}, Name: hostile[0], Made: start},
		{Address: "https://office.example", Key: []byte{0, 1, 0xff}, Name: "Ines", Org: "abcdefgh", OrgName: hostile[13], OfficeKey: "a2V5", Made: start, Fetch: true},
	} {
		must(t, s.SetPairing(t.Context(), &p))
		got, err := s.Pairing(t.Context())
		must(t, err)
		same(t, fmt.Sprint("the office, as set ", i), got, &p)
	}
	fails(t, "a name that is no text", s.SetPairing(t.Context(), &homecase.Pairing{Name: "a\x00b"}), fault.Invalid)
	must(t, s.SetPairing(t.Context(), nil))
	_, err = s.Pairing(t.Context())
	fails(t, "the office that was left", err, fault.Missing)
}

func sharing(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("one")))
	must(t, s.Add(t.Context(), kept("other")))
	got, err := s.Sharing(t.Context(), "one")
	must(t, err)
	same(t, "what stands here of a case that was never shared", got, homecase.Sharing{})
	want := homecase.Sharing{
		Address: "https://office.example", Org: "abcdefgh", OfficeKey: "a2V5", Fetched: start, Failed: start.Add(time.Hour), Why: hostile[0], Times: 3,
		Halt: "It does not hold together.", Evidence: []byte{0, 0xff},
	}
	for _, v := range []homecase.Sharing{{Why: "first"}, want} {
		must(t, s.SetSharing(t.Context(), "one", v))
		got, err := s.Sharing(t.Context(), "one")
		must(t, err)
		same(t, "what stands here", got, v)
	}
	other, err := s.Sharing(t.Context(), "other")
	must(t, err)
	same(t, "what stands here of the other case", other, homecase.Sharing{})
	unchanged(t, s, func() {
		fails(t, "words that are no text", s.SetSharing(t.Context(), "one", homecase.Sharing{Why: "\xff"}), fault.Invalid)
	})
}

func record(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("one")))
	must(t, s.Add(t.Context(), kept("other")))
	all := lines(5)
	must(t, s.KeepLines(t.Context(), "one", all[:3], nil))
	must(t, s.KeepLines(t.Context(), "one", nil, nil))
	must(t, s.KeepLines(t.Context(), "one", all[3:], nil))
	for after, want := range map[int64][]share.Entry{0: all, 3: all[3:], 4: all[4:], 5: nil, 9: nil} {
		got, err := s.Lines(t.Context(), "one", after)
		must(t, err)
		same(t, fmt.Sprint("the lines behind ", after), got, want)
		for i, e := range got { // the hash of a body is of its bytes
			if string(e.Raw) != string(want[i].Raw) {
				t.Errorf("line %d came back as %q, was %q", e.Line.N, e.Raw, want[i].Raw)
			}
		}
	}
	unchanged(t, s, func() {
		fails(t, "a line that is there", s.KeepLines(t.Context(), "one", all[4:], nil), fault.Conflict)
		fails(t, "a line that leaves one out", s.KeepLines(t.Context(), "other", all[1:], nil), fault.Conflict)
		gap := []share.Entry{{Line: share.Line{N: 6}}, {Line: share.Line{N: 8}}}
		fails(t, "a gap between two", s.KeepLines(t.Context(), "one", gap, nil), fault.Conflict)
	})
}

func outbox(t *testing.T, s homecase.Store) {
	must(t, s.Add(t.Context(), kept("one")))
	must(t, s.Add(t.Context(), kept("other")))
	first, second, third := outgoing("b"), outgoing("a"), outgoing("c") // the order is that of putting
	second.Token, second.Email, second.Made = "", nil, start.Add(-time.Hour)
	document := share.Blob{Hash: "dd", Media: "application/json", Bytes: []byte(`{}`), Made: start}
	must(t, s.PutOut(t.Context(), "one", first, []share.Blob{blob("ff")}))
	must(t, s.PutOut(t.Context(), "one", second, []share.Blob{blob("ee"), document, document}))
	must(t, s.PutOut(t.Context(), "one", third, nil))
	must(t, s.PutOut(t.Context(), "other", first, nil))
	waiting := func(what string, want ...homecase.Outgoing) {
		t.Helper()
		got, err := s.Outbox(t.Context(), "one")
		must(t, err)
		same(t, what, got, want)
	}
	file := func(hash string, there bool) {
		t.Helper()
		b, err := s.SharedFile(t.Context(), "one", hash)
		if there != (err == nil) || !there && fault.KindOf(err) != fault.Missing {
			t.Errorf("the file %s: %v", hash, err)
		}
		if there && hash == "ee" {
			want := blob("ee")
			same(t, "the file", b, &want)
		}
	}
	waiting("what waits", first, second, third)
	file("ee", true)
	unchanged(t, s, func() {
		fails(t, "the same act again", s.PutOut(t.Context(), "one", homecase.Outgoing{ID: "a", Made: start}, nil), fault.Conflict)
		fails(t, "an act without an id", s.PutOut(t.Context(), "one", homecase.Outgoing{Made: start}, nil), fault.Invalid)
		fails(t, "the refusal of no act", s.Refused(t.Context(), "one", "none", "x"), fault.Missing)
	})

	must(t, s.Refused(t.Context(), "one", "c", "The next edition is number 2."))
	third.Refusal = "The next edition is number 2."
	waiting("with a refusal", first, second, third)

	must(t, s.KeepLines(t.Context(), "one", lines(1), []string{"b", "a", "never"}))
	waiting("once two of them stand in the record", third)
	file("ff", false)
	file("ee", false)
	file("dd", true) // documents stay: the next edition is compared with them
	tokens, err := s.Tokens(t.Context(), "one")
	must(t, err)
	same(t, "the tokens", tokens, map[string]string{"b": "token of b", "c": "token of c"})

	for range 2 {
		must(t, s.TakeOut(t.Context(), "one", "c"))
		must(t, s.TakeOut(t.Context(), "one", "b"))
	}
	must(t, s.TakeOut(t.Context(), "one", "a")) // sent: its document stays
	file("dd", true)
	waiting("with nothing left")
	tokens, err = s.Tokens(t.Context(), "one")
	must(t, err)
	same(t, "the tokens that are left", tokens, map[string]string{})
	other, err := s.Outbox(t.Context(), "other")
	must(t, err)
	same(t, "what waits of the other case", other, []homecase.Outgoing{first})
}
