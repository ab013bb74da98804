package office

import (
	"strings"
	"testing"

	"homecase/ops"
)

// Two servers over one store, and the pages of a case in the memory of both. One is
// asked to erase it: at the next request about it the other lets go of them too,
// whether a link is opened or the workspace asks.
func TestTheOtherServerForgetsItsPages(t *testing.T) {
	for _, next := range []string{"the link", "the workspace"} {
		t.Run(next, func(t *testing.T) {
			w := newWorld(t)
			first := w.server
			second, err := New(Options{Office: &ops.Office{Desk: w.office.Desk, Store: w.office.Store, Address: w.office.Address}, Limits: first.o.Limits})
			w.must(err)
			p := w.ines
			open := func(s *Server, rest string) int {
				rec := newSeen()
				s.ServeHTTP(rec, newRequest("GET", "/p/"+p.token+rest, ""))
				return rec.Code
			}
			for _, s := range []*Server{first, second} {
				for _, rest := range []string{"", "/full", "/questions"} {
					if code := open(s, rest); code != 200 {
						t.Fatalf("%s: %d", rest, code)
					}
				}
				if len(s.readers.written.held) == 0 {
					t.Fatal("a server keeps no pages, so this test shows nothing")
				}
			}
			w.must(p.office.Erase(t.Context(), p.org, p.caseID))
			if n := len(first.readers.written.held); n != 0 {
				t.Errorf("the server that erased keeps %d pages", n)
			}
			if next == "the link" {
				if code := open(second, ""); code != 404 {
					t.Errorf("the link opens: %d", code)
				}
			} else {
				w.server = second
				if _, err := p.office.Entries(t.Context(), p.org, p.caseID, 0, 0); err != nil {
					t.Error(err)
				}
			}
			for key := range second.readers.written.held {
				if strings.HasPrefix(key, p.token) {
					t.Errorf("the other server keeps %q", key[len(p.token):])
				}
			}
			if n := second.readers.written.bytes; n != 0 {
				t.Errorf("it counts %d bytes of pages it does not have", n)
			}
			if code := open(second, "/full"); code != 404 {
				t.Errorf("the whole packet opens: %d", code)
			}
		})
	}
}
