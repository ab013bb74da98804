package ops

import (
	"context"
	"testing"
	"time"

	"homecase/share"
)

// marking is a store that has a mark and one link, and counts what it is asked.
type marking struct {
	share.Store
	mark, head    string
	asked, looked int
}

func (m *marking) Mark(context.Context) string { m.asked++; return m.mark }

func (m *marking) HeadByToken(context.Context, string, string, time.Time) (string, error) {
	m.looked++
	return m.head, nil
}

// A link is looked at once after each change, and not again while the store has the
// same mark; the store is not asked for a mark that is known to be another one.
func TestALinkIsLookedAtOnceAfterEachChange(t *testing.T) {
	store := &marking{mark: "1", head: "a"}
	o := &Office{Desk: &Desk{Now: time.Now}, Store: store}
	pages := make([]Stand, 2)
	visit := func(i int, what, head string, asked, looked int) {
		t.Helper()
		store.asked, store.looked = 0, 0
		if !o.Still(t.Context(), pages[i]) {
			now, err := o.StandOf(t.Context(), "token")
			if err != nil {
				t.Fatal(err)
			}
			pages[i] = now
		}
		if pages[i].Head != head || store.asked != asked || store.looked != looked {
			t.Errorf("%s: page %d at %s, %d marks, %d looks; want %s, %d, %d", what, i, pages[i].Head, store.asked, store.looked, head, asked, looked)
		}
	}
	visit(0, "at first", "a", 1, 1)
	visit(1, "at first", "a", 0, 1)
	visit(0, "unchanged", "a", 1, 0)
	visit(1, "unchanged", "a", 1, 0)
	store.mark, store.head = "2", "b"
	visit(0, "after a change", "b", 1, 1)
	visit(1, "after a change that is known", "b", 0, 1)
	visit(1, "unchanged since", "b", 1, 0)
	store.mark = ""
	visit(0, "without a mark", "b", 1, 1)
	store.head = "c"
	visit(0, "without a mark, changed", "c", 1, 1)
	store.mark = "2 of another session"
	visit(0, "in another session", "c", 1, 1)
	visit(0, "unchanged there", "c", 1, 0)
	store.mark, o = "", &Office{Desk: o.Desk, Store: store}
	pages[0] = Stand{}
	visit(0, "of a store that has none", "c", 1, 1)
	visit(0, "of a store that has none, again", "c", 1, 1)
}
