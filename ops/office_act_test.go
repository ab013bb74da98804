package ops_test

import (
	"fmt"
	"testing"

	"homecase/ops"
	"homecase/share"
)

// Where a case moved on since its head was read, an act is tried at the new one,
// however many lines the record has. 500 are read at once.
func TestAnActFollowsAHeadThatMoved(t *testing.T) {
	b := newBureau(t)
	_, open := b.published(t, "case-1", nil)
	ask := func(n int, head *share.Head) error {
		raw, err := share.Encode(share.Question{Key: share.Key{ID: fmt.Sprint("q-", n)}, Link: open.Link, Edition: 1, Text: "?"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.Act(t.Context(), b.org.ID, "case-1", ops.Acting{Actor: share.Reader, Act: share.Asked, Raw: raw, Head: head})
		return err
	}
	head := open.Head
	for n := 0; head.N < 500; n++ {
		if err := ask(n, nil); err != nil {
			t.Fatal(err)
		}
		now, err := b.Store.Head(t.Context(), b.org.ID, "case-1")
		if err != nil {
			t.Fatal(err)
		}
		head = *now
	}
	for n := range 2 { // both know the same head
		if err := ask(1000+n, &head); err != nil {
			t.Errorf("act %d after line %d: %v", n+1, head.N, err)
		}
	}
}
