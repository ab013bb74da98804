package sqlstore

import (
	"context"
	"fmt"
	"testing"
)

// Whoever comes while the database is asked is told what it says the next time:
// an answer that began before somebody came is never theirs.
func TestAMarkIsAskedForAfterTheCall(t *testing.T) {
	var m marks
	asked, answer := make(chan struct{}), make(chan struct{})
	n := 0
	tell := func() string {
		n++
		said := fmt.Sprint("mark ", n) // as it was when the database was asked
		asked <- struct{}{}
		<-answer
		return said
	}
	got := make(chan string)
	ask := func() { go func() { got <- m.ask(t.Context(), tell) }() }
	ask()
	<-asked
	for round := 2; round < 5; round++ {
		const more = markSiblings + 1 // some, so that the next time begins later
		for range more {
			ask()
		}
		for waiting := 0; waiting < more; { // they came while the database was asked
			m.mu.Lock()
			if m.next != nil {
				waiting = m.next.waiting
			}
			m.mu.Unlock()
		}
		answered := 1
		if round > 2 {
			answered = more
		}
		answer <- struct{}{}
		for range answered {
			if word, want := <-got, fmt.Sprint("mark ", round-1); word != want {
				t.Errorf("who asked before round %d was told %q, want %q", round, word, want)
			}
		}
		select {
		case <-asked:
		case word := <-got:
			t.Fatalf("who came while the database was asked was told %q", word)
		}
	}
	answer <- struct{}{}
	for range markSiblings + 1 {
		if word := <-got; word != "mark 4" {
			t.Errorf("who came last was told %q", word)
		}
	}
}

// Whoever has gone waits for nobody, and no mark is like the word of a database
// that has none.
func TestAMarkIsWaitedForByWhoIsThere(t *testing.T) {
	var m marks
	answer := make(chan struct{})
	defer close(answer)
	gone, leave := context.WithCancel(t.Context())
	asked := make(chan struct{})
	go func() { <-asked; leave() }()
	if word := m.ask(gone, func() string { close(asked); <-answer; return "mark" }); word != "" {
		t.Errorf("who has gone was told %q", word)
	}
	if word := (&Office{handle: newHandle(nil, Dialect{})}).Mark(t.Context()); word != "" {
		t.Errorf("a database without marks says %q", word)
	}
}
