package storetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"homecase/fault"
	"homecase/share"
)

func recordLines(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	_, err := s.Head(ctx, "acme", "one")
	fails(t, "the head of no case", err, fault.Missing)
	all := write(t, s, "acme", "one", 5)
	got, err := s.Entries(ctx, "acme", "one", 0, 100)
	must(t, err)
	var want []share.Entry
	for _, a := range all {
		want = append(want, a.Entry)
	}
	same(t, "the lines", got, want)
	for i, e := range got {
		if h, err := e.Line.Hash(); err != nil || h != all[i].Hash {
			t.Errorf("line %d has another hash than when it was written: %v", i+1, err)
		}
	}
	for _, c := range []struct {
		after int64
		limit int
		want  []share.Entry
	}{{0, 2, want[:2]}, {2, 2, want[2:4]}, {4, 2, want[4:]}, {5, 2, nil}, {99, 2, nil}, {-1, 1, want[:1]}, {0, 0, nil}} {
		got, err := s.Entries(ctx, "acme", "one", c.after, c.limit)
		must(t, err)
		same(t, "some lines", got, c.want)
	}
	got, err = s.Entries(ctx, "acme", "none", 0, 100)
	must(t, err)
	same(t, "the lines of no case", got, []share.Entry(nil))

	head, err := s.Head(ctx, "acme", "one")
	must(t, err)
	same(t, "the head", *head, headOf("one", all[4]))
	late := write(t, s, "acme", "two", 7)
	other := line("three", 0, "")
	other.Key = "somebody else"
	must(t, s.Append(ctx, "acme", other))
	mine := line("four", 0, "")
	mine.Key = "key of one"
	must(t, s.Append(ctx, "acme", mine))
	cases, err := s.Cases(ctx, "acme", "key of one")
	must(t, err)
	same(t, "the cases of a person, the last changed first", cases, []share.Head{
		headOf("one", all[4]), {Case: "four", Key: "key of one", N: 1, Hash: mine.Hash, At: mine.Entry.Line.Time},
	})
	head, err = s.Head(ctx, "acme", "two")
	must(t, err)
	same(t, "the head of another case", *head, headOf("two", late[6]))
}

func notFollowing(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	all := write(t, s, "acme", "one", 3)
	before, err := s.Entries(ctx, "acme", "one", 0, 100)
	must(t, err)
	for what, a := range map[string]share.Append{
		"the first line again":    line("one", 0, ""),
		"the last line again":     all[2],
		"a line before the last":  line("one", 1, all[0].Hash),
		"a line after a gap":      line("one", 4, all[2].Hash),
		"a line on another chain": line("one", 3, hash("another")),
	} {
		is(t, what, s.Append(ctx, "acme", a), fault.Conflict, headMoved)
	}
	fails(t, "a line of no case", s.Append(ctx, "acme", line("none", 1, hash("x"))), fault.Missing)
	fails(t, "a case of no organisation", s.Append(ctx, "none", line("two", 0, "")), fault.Missing)
	fails(t, "a line of another organisation's case", s.Append(ctx, "other", line("one", 3, all[2].Hash)), fault.Missing)
	wrong := line("one", 3, all[2].Hash)
	wrong.Prev = 2
	fails(t, "a number that does not follow", s.Append(ctx, "acme", wrong), fault.Invalid)
	bare := line("one", 3, all[2].Hash)
	bare.Entry.Raw = nil
	fails(t, "a line without words", s.Append(ctx, "acme", bare), fault.Invalid)
	after, err := s.Entries(ctx, "acme", "one", 0, 100)
	must(t, err)
	same(t, "the lines after all that", after, before)
	must(t, s.Append(ctx, "acme", line("one", 3, all[2].Hash)))
}

// put keeps a file of a case and returns its hash.
func put(t *testing.T, s share.Store, org, caseID, text string, at time.Time) string {
	t.Helper()
	h := share.Hash([]byte(text))
	must(t, s.PutBlob(t.Context(), org, caseID, share.Blob{Hash: h, Media: "text/plain", Bytes: []byte(text), Made: at}, share.Room{}))
	return h
}

func hanging(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	write(t, s, "acme", "one", 1)
	file := put(t, s, "acme", "one", "a file", start)
	mail := share.Message{ID: "m1", Org: "acme", Case: "one", Key: "k1", To: "a@example.org", About: "link", Raw: []byte("words"), Made: start, Next: start}
	whole := func(n string) share.Append {
		a := next(t, s, "acme", "one")
		a.Blobs = []string{file, file}
		a.Link = &share.Link{Linking: share.Linking{Link: "link " + n, Token: hash("token " + n)}}
		a.Mail = []share.Message{mail}
		return a
	}
	missing := whole("missing")
	missing.Blobs = append(missing.Blobs, hash("not put"))
	refused := func(what string, a share.Append, kind fault.Kind) {
		t.Helper()
		before, err := s.Head(ctx, "acme", "one")
		must(t, err)
		err = s.Append(ctx, "acme", a)
		fails(t, what, err, kind)
		if fault.CodeOf(err) == headMoved {
			t.Errorf("%s: it would be tried again for ever", what)
		}
		after, err := s.Head(ctx, "acme", "one")
		must(t, err)
		same(t, "the head after "+what, after, before)
		_, err = s.LinkByToken(ctx, "acme", a.Link.Token, start)
		fails(t, "the link of "+what, err, fault.Missing)
		mails, err := s.Messages(ctx, "acme", "one")
		must(t, err)
		same(t, "the mail of "+what, len(mails), 0)
	}
	refused("a file that is not here", missing, fault.Missing)
	must(t, s.Append(ctx, "acme", whole("first")))
	mails, err := s.Messages(ctx, "acme", "one")
	must(t, err)
	same(t, "the mail", len(mails), 1)

	write(t, s, "acme", "two", 1)
	stolen := next(t, s, "acme", "two")
	stolen.Link = &share.Link{Linking: share.Linking{Link: "mine", Token: hash("token first")}}
	fails(t, "another case's token", s.Append(ctx, "acme", stolen), fault.Conflict)
	must(t, s.Append(ctx, "acme", whole("second"))) // the message of the same key is kept once
	mails, err = s.Messages(ctx, "acme", "one")
	must(t, err)
	same(t, "the mail, once", len(mails), 1)

	foreign := next(t, s, "acme", "two")
	foreign.Blobs = []string{file}
	fails(t, "another case's file", s.Append(ctx, "acme", foreign), fault.Missing)
}

func links(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	write(t, s, "acme", "one", 1)
	link := func(id string) {
		t.Helper()
		a := next(t, s, "acme", "one")
		a.Link = &share.Link{Linking: share.Linking{Link: id, Token: hash(id)}}
		must(t, s.Append(ctx, "acme", a))
	}
	link("a")
	link("b")
	link("c")
	leads := func(id string) {
		t.Helper()
		head, err := s.Head(ctx, "acme", "one")
		must(t, err)
		head.Key = "" // a token does not lead to it
		got, err := s.LinkByToken(ctx, "acme", hash(id), start)
		must(t, err)
		same(t, "where a link leads", *got, share.OpenLink{Head: *head, Link: id})
	}
	leads("a")
	must(t, s.Append(ctx, "acme", next(t, s, "acme", "one")))
	leads("b")
	for _, link := range []string{"a", "c", ""} {
		must(t, s.Watch(ctx, "acme", share.Watch{Case: "one", Link: link, About: "notes", To: "x", Made: start}))
	}
	end := next(t, s, "acme", "one")
	end.Ends = []string{"a", "b", "unknown"}
	must(t, s.Append(ctx, "acme", end))
	for _, id := range []string{"a", "b", "unknown"} {
		_, err := s.LinkByToken(ctx, "acme", hash(id), start)
		fails(t, "a link that ended", err, fault.Missing)
	}
	leads("c")
	watches, err := s.Watches(ctx, "acme", "one", "notes")
	must(t, err)
	if len(watches) != 2 || watches[0].Link != "" || watches[1].Link != "c" {
		t.Errorf("%v are left of the addresses, want those of the open link and of the person", watches)
	}
	_, err = s.LinkByToken(ctx, "other", hash("c"), start)
	fails(t, "another organisation's link", err, fault.Missing)
	again := next(t, s, "acme", "one")
	again.Link = &share.Link{Linking: share.Linking{Link: "d", Token: hash("a")}}
	fails(t, "a token that was used before", s.Append(ctx, "acme", again), fault.Conflict)
}

func files(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	write(t, s, "acme", "one", 1)
	large := bytes.Repeat([]byte{0, 1, 2, 255}, share.MaxBlob/4)
	for what, b := range map[string][]byte{"every byte": allBytes(), "no byte": {}, "the largest": large} {
		blob := share.Blob{Hash: share.Hash(b), Media: "application/pdf", Bytes: b, Made: start.Add(time.Microsecond)}
		must(t, s.PutBlob(ctx, "acme", "one", blob, share.Room{}))
		got, err := s.Blob(ctx, "acme", "one", blob.Hash)
		must(t, err)
		same(t, what, *got, blob)
		again := blob
		again.Media, again.Made = "image/jpeg", start.Add(time.Hour)
		must(t, s.PutBlob(ctx, "acme", "one", again, share.Room{}))
		got, err = s.Blob(ctx, "acme", "one", blob.Hash)
		must(t, err)
		same(t, what+" put again", *got, blob)
	}
	fails(t, "too large a file", s.PutBlob(ctx, "acme", "one", blobOf(append(large, 1)), share.Room{}), fault.Invalid)
	wrong := blobOf([]byte("mine"))
	wrong.Bytes = []byte("yours")
	fails(t, "a file under another's hash", s.PutBlob(ctx, "acme", "one", wrong, share.Room{}), fault.Invalid)
	fails(t, "a file of no case", s.PutBlob(ctx, "acme", "none", blobOf([]byte("x")), share.Room{}), fault.Missing)
	fails(t, "a file of another organisation's case", s.PutBlob(ctx, "other", "one", blobOf([]byte("x")), share.Room{}), fault.Missing)
	for _, of := range [][3]string{{"acme", "one", hash("none")}, {"acme", "two", share.Hash(allBytes())}, {"other", "one", share.Hash(allBytes())}} {
		_, err := s.Blob(ctx, of[0], of[1], of[2])
		fails(t, "a file that is not there", err, fault.Missing)
	}
	here, gone := share.Hash(allBytes()), []string{hash("a"), hash("b")}
	slices.Sort(gone)
	missing, err := s.HasBlobs(ctx, "acme", "one", []string{gone[0], here, gone[1], here, gone[0]})
	must(t, err)
	same(t, "what is missing", missing, gone)
	missing, err = s.HasBlobs(ctx, "other", "one", []string{here})
	must(t, err)
	same(t, "what is missing elsewhere", missing, []string{here})
	missing, err = s.HasBlobs(ctx, "acme", "one", nil)
	must(t, err)
	same(t, "what is missing of nothing", missing, []string(nil))
	var many []string
	for i := range 1000 {
		many = append(many, hash(string(rune('a'+i))))
	}
	missing, err = s.HasBlobs(ctx, "acme", "one", append(many, here))
	must(t, err)
	same(t, "how many of very many are missing", len(missing), 1000)
}

// Files take room of their case, of the person and of the organisation. What is
// over the bound is not kept; what is swept or erased gives its room back.
func room(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	begin := func(org, caseID, key string) {
		first := line(caseID, 0, "")
		first.Key = key
		must(t, s.Append(ctx, org, first))
	}
	begin("acme", "one", "ana")
	begin("acme", "two", "ana")
	begin("acme", "three", "bo")
	begin("other", "one", "ana")
	n := 0
	putIn := func(org, caseID string, size int, r share.Room) (share.Blob, error) {
		n++
		b := share.Blob{Media: "text/plain", Bytes: bytes.Repeat([]byte{byte(n)}, size), Made: start}
		b.Hash = share.Hash(b.Bytes)
		return b, s.PutBlob(ctx, org, caseID, b, r)
	}
	fits := func(what, org, caseID string, size int, r share.Room) share.Blob {
		t.Helper()
		b, err := putIn(org, caseID, size, r)
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		return b
	}
	full := func(what, org, caseID string, size int, r share.Room) {
		t.Helper()
		b, err := putIn(org, caseID, size, r)
		is(t, what, err, fault.Conflict, "HC-STORE-91")
		_, err = s.Blob(ctx, org, caseID, b.Hash)
		fails(t, what+", afterwards", err, fault.Missing)
	}
	first := fits("a case to its bound", "acme", "one", 100, share.Room{Case: 100})
	full("a case over its bound", "acme", "one", 1, share.Room{Case: 100})
	if err := s.PutBlob(ctx, "acme", "one", first, share.Room{Case: 1}); err != nil {
		t.Errorf("a file that is here already: %v", err)
	}
	fits("another case of the person", "acme", "two", 50, share.Room{Case: 100, Person: 150})
	full("a person over their bound", "acme", "two", 1, share.Room{Case: 100, Person: 150})
	fits("another person", "acme", "three", 50, share.Room{Person: 150, Org: 200})
	full("an organisation over its bound", "acme", "three", 1, share.Room{Org: 200})
	fits("another organisation", "other", "one", 200, share.Room{Case: 200, Person: 200, Org: 200})
	// What is named stays when it is swept, and keeps its room.
	named := next(t, s, "acme", "one")
	named.Blobs = []string{first.Hash}
	must(t, s.Append(ctx, "acme", named))
	must(t, s.SweepBlobs(ctx, "acme", start.Add(time.Second)))
	full("after the sweep, a case whose file is named", "acme", "one", 1, share.Room{Case: 100})
	fits("after the sweep, a person", "acme", "two", 50, share.Room{Person: 150})
	must(t, s.EraseCase(ctx, "acme", "one"))
	fits("after one case was erased", "acme", "two", 100, share.Room{Case: 150, Person: 150, Org: 150})
	full("after one case was erased, more", "acme", "two", 1, share.Room{Org: 150})
}

func blobOf(b []byte) share.Blob {
	return share.Blob{Hash: share.Hash(b), Media: "text/plain", Bytes: b, Made: start}
}

func allBytes() []byte {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

func sweeping(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	for _, org := range []string{"acme", "other"} {
		write(t, s, org, "one", 1)
		put(t, s, org, "one", "old", start)
		put(t, s, org, "one", "young", start.Add(time.Hour))
		named := next(t, s, org, "one")
		named.Blobs = []string{put(t, s, org, "one", "named", start)}
		must(t, s.Append(ctx, org, named))
	}
	must(t, s.SweepBlobs(ctx, "acme", start))
	left := func(org string, want ...string) {
		t.Helper()
		var got []string
		for _, text := range []string{"old", "young", "named"} {
			if _, err := s.Blob(ctx, org, "one", share.Hash([]byte(text))); err == nil {
				got = append(got, text)
			}
		}
		same(t, "what is left of "+org, got, want)
	}
	left("acme", "old", "young", "named")
	must(t, s.SweepBlobs(ctx, "acme", start.Add(time.Hour)))
	left("acme", "young", "named")
	left("other", "old", "young", "named")
	put(t, s, "acme", "one", "old", start.Add(2*time.Hour)) // it may come again
	left("acme", "old", "young", "named")
}

func erasingShared(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	must(t, s.SetAccount(ctx, "acme", account("b")))
	fill := func(caseID string) {
		write(t, s, "acme", caseID, 2)
		a := next(t, s, "acme", caseID)
		a.Blobs = []string{put(t, s, "acme", caseID, "a file", start)}
		a.Link = &share.Link{Linking: share.Linking{Link: caseID, Token: hash(caseID)}}
		a.Mail = []share.Message{{ID: caseID, Case: caseID, To: "x@example.org", Raw: []byte("x"), Made: start, Next: start}}
		must(t, s.Append(ctx, "acme", a))
		must(t, s.Share(ctx, "acme", "b", caseID, caseID))
		must(t, s.Watch(ctx, "acme", share.Watch{Case: caseID, About: "notes", To: "x@example.org", Made: start}))
		must(t, s.Saw(ctx, "acme", share.Seen{Case: caseID, Account: "b", Edition: 1, At: start}))
	}
	fill("one")
	fill("two")
	before, err := s.Entries(ctx, "acme", "one", 0, 100)
	must(t, err)
	head, err := s.Head(ctx, "acme", "one")
	must(t, err)
	fails(t, "erasing another organisation's case", s.EraseCase(ctx, "other", "one"), fault.Missing)
	fails(t, "erasing what is not there", s.EraseCase(ctx, "acme", "none"), fault.Missing)
	must(t, s.EraseCase(ctx, "acme", "one"))
	must(t, s.EraseCase(ctx, "acme", "one")) // it is erased

	after, err := s.Entries(ctx, "acme", "one", 0, 100)
	must(t, err)
	for i := range before {
		if after[i].Raw != nil {
			t.Errorf("line %d still says %s", i+1, after[i].Raw)
		}
		before[i].Raw = json.RawMessage(nil)
	}
	same(t, "the chain", after, before)
	got, err := s.Head(ctx, "acme", "one")
	must(t, err)
	if !got.Erased || head.Erased {
		t.Errorf("erased is %v, and was %v before", got.Erased, head.Erased)
	}
	got.Erased = false
	same(t, "the head", got, head)
	_, err = s.LinkByToken(ctx, "acme", hash("one"), start)
	fails(t, "the link", err, fault.Missing)
	_, err = s.Blob(ctx, "acme", "one", share.Hash([]byte("a file")))
	fails(t, "the file", err, fault.Missing)
	mails, err := s.Messages(ctx, "acme", "one")
	must(t, err)
	same(t, "the mail", mails, []share.Message(nil))

	for _, c := range []struct {
		id   string
		want int
	}{{"one", 0}, {"two", 1}} {
		watches, err := s.Watches(ctx, "acme", c.id, "notes")
		must(t, err)
		seen, err := s.WhoSaw(ctx, "acme", c.id)
		must(t, err)
		if len(watches) != c.want || len(seen) != c.want {
			t.Errorf("case %s has %d addresses and was seen by %d, want %d of each", c.id, len(watches), len(seen), c.want)
		}
	}
	if _, err := s.LinkByToken(ctx, "acme", hash("two"), start); err != nil {
		t.Errorf("the link of the other case: %v", err)
	}
	if _, err := s.Blob(ctx, "acme", "two", share.Hash([]byte("a file"))); err != nil {
		t.Errorf("the file of the other case: %v", err)
	}
	list, err := s.SharedWith(ctx, "acme", "b")
	must(t, err)
	if len(list) != 1 || list[0].Case != "two" {
		t.Errorf("the list has %v, want the other case alone", list)
	}
	due, err := s.Due(ctx, start, start.Add(time.Hour), 10)
	must(t, err)
	if len(due) != 1 || due[0].Case != "two" {
		t.Errorf("%d messages are due, want that of the other case alone", len(due))
	}
}

// Whoever asks while others ask gets the own answer, and sees what was written
// before.
func manyLinks(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	const cases, readers = 5, 40
	for c := range cases {
		id := fmt.Sprint("case-", c)
		write(t, s, "acme", id, 1)
		a := next(t, s, "acme", id)
		a.Link = &share.Link{Linking: share.Linking{Link: "dana", Token: hash(id)}}
		must(t, s.Append(ctx, "acme", a))
	}
	var wg sync.WaitGroup
	for r := range readers {
		wg.Go(func() {
			id := fmt.Sprint("case-", r%(cases+2)) // two are not there
			for n := range 20 {
				got, err := s.LinkByToken(ctx, "acme", hash(id), start)
				switch {
				case r%(cases+2) >= cases:
					if fault.KindOf(err) != fault.Missing {
						t.Errorf("a link that is not there: %v, %v", got, err)
					}
				case err != nil || got.Case != id || got.N < int64(2):
					t.Errorf("round %d of %s leads to %+v, %v", n, id, got, err)
				}
			}
		})
	}
	for n := range 10 {
		must(t, s.Append(ctx, "acme", next(t, s, "acme", "case-0")))
		got, err := s.LinkByToken(ctx, "acme", hash("case-0"), start)
		must(t, err)
		if want := int64(n + 3); got.N != want {
			t.Errorf("behind line %d the link leads to line %d", want, got.N)
		}
	}
	wg.Wait()
}
