package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"homecase/fault"
	"homecase/share"
)

// linked is a case of n lines, the last of which names a file and begins a link.
func linked(t *testing.T, s share.Store, caseID string, n int) (page share.Page) {
	t.Helper()
	write(t, s, "acme", caseID, n-1)
	a := next(t, s, "acme", caseID)
	a.Blobs = []string{put(t, s, "acme", caseID, "a document", start)}
	a.Link = &share.Link{Linking: share.Linking{Link: "dana", Token: hash(caseID)}}
	must(t, s.Append(t.Context(), "acme", a))
	return share.Page{Token: hash(caseID), Case: caseID, Document: a.Blobs[0], Form: "one", Head: a.Hash, Content: []byte("the page of " + caseID)}
}

func pages(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	shows := func(what, caseID, head string, page []byte) {
		t.Helper()
		got, err := s.HeadByToken(ctx, "acme", hash(caseID), start)
		must(t, err)
		same(t, "the head "+what, got, head)
		want, err := s.LinkByToken(ctx, "acme", hash(caseID), start)
		must(t, err)
		link, kept, err := s.PageByToken(ctx, "acme", hash(caseID), start)
		must(t, err)
		same(t, "the link "+what, link, want)
		same(t, "the head of the link "+what, link.Hash, head)
		same(t, "the page "+what, kept, page)
	}
	lacking := func(form, after string, limit int, want ...string) {
		t.Helper()
		got, err := s.Unwritten(ctx, "acme", form, after, limit)
		must(t, err)
		same(t, fmt.Sprintf("cases behind %q without a page %q", after, form), append([]string{}, got...), append([]string{}, want...))
	}
	a, b, c := linked(t, s, "a", 3), linked(t, s, "b", 2), linked(t, s, "c", 2)
	shows("before there is a page", "a", a.Head, nil)
	lacking("one", "", 10, "a", "b", "c")
	lacking("one", "a", 1, "b")
	for _, p := range []share.Page{a, b, c, c} {
		must(t, s.KeepPage(ctx, "acme", p))
	}
	shows("with its page", "a", a.Head, a.Content)
	lacking("one", "", 10)
	lacking("two", "", 10, "a", "b", "c")

	b.Form, b.Content = "two", allBytes()
	must(t, s.KeepPage(ctx, "acme", b))
	shows("with another page", "b", b.Head, b.Content)
	lacking("one", "", 10, "b")
	further := next(t, s, "acme", "a")
	must(t, s.Append(ctx, "acme", further))
	shows("behind a line the page knows nothing of", "a", further.Hash, a.Content)
	lacking("one", "", 10, "a", "b")

	none := a
	none.Document = hash("no file")
	fails(t, "a page of what is not there", s.KeepPage(ctx, "acme", none), fault.Missing)
	none = a
	none.Case = "c"
	fails(t, "a page of another case", s.KeepPage(ctx, "acme", none), fault.Missing)
	a.Document, a.Content, a.Head = "", nil, further.Hash
	must(t, s.KeepPage(ctx, "acme", a))
	shows("with a page that shows nothing", "a", further.Hash, []byte{})
	lacking("one", "", 10, "b")

	end := next(t, s, "acme", "c")
	end.Ends = []string{"dana"}
	must(t, s.Append(ctx, "acme", end))
	must(t, s.EraseCase(ctx, "acme", "b"))
	for _, p := range []share.Page{b, c} {
		_, err := s.HeadByToken(ctx, "acme", p.Token, start)
		fails(t, "the head of a link that ended", err, fault.Missing)
		_, _, err = s.PageByToken(ctx, "acme", p.Token, start)
		fails(t, "the page of a link that ended", err, fault.Missing)
		fails(t, "a page of a link that ended", s.KeepPage(ctx, "acme", p), fault.Missing)
	}
	lacking("two", "", 10, "a")
}

// A link whose time is over is not found from that moment on, whatever is asked of
// it. One whose row does not tell is told so with its page, once.
func linksThatExpire(t *testing.T, s share.Store) {
	with(t, s)
	ctx, over := t.Context(), start.Add(time.Hour)
	begins := func(caseID string, expires time.Time) share.Page {
		t.Helper()
		write(t, s, "acme", caseID, 1)
		a := next(t, s, "acme", caseID)
		a.Link = &share.Link{Linking: share.Linking{Link: "dana", Token: hash(caseID), Expires: expires}}
		must(t, s.Append(ctx, "acme", a))
		return share.Page{Token: hash(caseID), Case: caseID, Form: "one", Head: a.Hash, Content: []byte("a page"), Expires: over}
	}
	opens := func(what, caseID string, at time.Time, want bool) {
		t.Helper()
		_, err := s.HeadByToken(ctx, "acme", hash(caseID), at)
		_, errLink := s.LinkByToken(ctx, "acme", hash(caseID), at)
		_, _, errPage := s.PageByToken(ctx, "acme", hash(caseID), at)
		for asked, err := range map[string]error{"head": err, "link": errLink, "page": errPage} {
			if want {
				must(t, err)
			} else {
				fails(t, "the "+asked+" of "+what, err, fault.Missing)
			}
		}
	}
	row, later := begins("row", over), begins("later", time.Time{})
	opens("a link that is over later", "row", over.Add(-time.Microsecond), true)
	must(t, s.KeepPage(ctx, "acme", row))
	opens("a link that is over later", "row", over.Add(-time.Microsecond), true)
	opens("a link that is over", "row", over, false)
	opens("a link that is over for long", "row", over.Add(1000*time.Hour), false)

	opens("a link whose row does not tell", "later", over, true)
	later.Expires = time.Time{}
	must(t, s.KeepPage(ctx, "acme", later))
	opens("a link for ever", "later", over, true)
	later.Expires = over
	must(t, s.KeepPage(ctx, "acme", later))
	opens("a link whose row was told", "later", over.Add(-time.Microsecond), true)
	opens("a link whose row was told", "later", over, false)
	later.Expires = over.Add(time.Hour)
	must(t, s.KeepPage(ctx, "acme", later))
	opens("a link whose row was told first", "later", over, false)
}

// However many look at once, each sees its own case as it stood or later, with its
// own page.
func manyPages(t *testing.T, s share.Store) {
	with(t, s)
	ctx := t.Context()
	const cases, readers = 7, 150
	var all []share.Page
	for c := range cases {
		all = append(all, linked(t, s, fmt.Sprint("case-", c), 2))
		must(t, s.KeepPage(ctx, "acme", all[c]))
	}
	var wg sync.WaitGroup
	for r := range readers {
		wg.Go(func() {
			for range 10 {
				if r%(cases+1) == cases {
					if got, err := s.HeadByToken(ctx, "acme", hash("no link"), start); fault.KindOf(err) != fault.Missing {
						t.Errorf("a link that is not there: %q, %v", got, err)
					}
					continue
				}
				want := all[r%(cases+1)]
				head, err := s.HeadByToken(ctx, "acme", want.Token, start)
				if err != nil || want.Case != "case-0" && head != want.Head {
					t.Errorf("%s stands at %s, %v", want.Case, head, err)
				}
				link, page, err := s.PageByToken(ctx, "acme", want.Token, start)
				if err != nil || link.Case != want.Case || string(page) != string(want.Content) {
					t.Errorf("%s leads to %+v with the page %q, %v", want.Case, link, page, err)
				}
			}
		})
	}
	for range 10 {
		a := next(t, s, "acme", "case-0")
		must(t, s.Append(ctx, "acme", a))
		got, err := s.HeadByToken(ctx, "acme", hash("case-0"), start)
		must(t, err)
		same(t, "the head behind a line", got, a.Hash)
	}
	wg.Wait()
}
