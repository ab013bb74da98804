package sqlstore

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Each statement of this database takes a second. asked holds how many questions
// each had and when it began; the answer to a question is its negative.
type slowAnswers struct {
	mu      sync.Mutex
	start   time.Time
	asked   [][2]int
	running int
	most    int
}

func (s *slowAnswers) answer(all []int) ([]int, error) {
	s.mu.Lock()
	s.asked = append(s.asked, [2]int{len(all), int(time.Since(s.start).Milliseconds())})
	s.running++
	s.most = max(s.most, s.running)
	s.mu.Unlock()
	time.Sleep(time.Second)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	out := make([]int, len(all))
	for i, q := range all {
		out[i] = -q
	}
	return out, nil
}

// Who asks, and when: at each moment, in milliseconds, so many.
type asking struct{ at, many int }

func TestGather(t *testing.T) {
	for _, c := range []struct {
		name string
		asks []asking
		want [][2]int // questions of each statement, and when it began
	}{
		{"one", []asking{{0, 1}}, [][2]int{{1, 0}}},
		{"a neighbour does not wait", []asking{{0, 1}, {300, 1}}, [][2]int{{1, 0}, {1, 300}}},
		{"a third waits for whoever is first", []asking{{0, 1}, {300, 1}, {400, 1}}, [][2]int{{1, 0}, {1, 300}, {1, 1000}}},
		{"those who wait are asked for together", []asking{{0, 1}, {300, 1}, {400, 3}}, [][2]int{{1, 0}, {1, 300}, {3, 1000}}},
		{"many leave the database to one statement", []asking{{0, 10}, {300, 10}}, [][2]int{{10, 0}, {10, 1000}}},
		{"a good many get a second", []asking{{0, 10}, {300, goodMany}}, [][2]int{{10, 0}, {goodMany, 300}}},
		{"no statement has more than it may", []asking{{0, 10}, {300, mostAtOnce + 5}}, [][2]int{{10, 0}, {mostAtOnce, 300}, {5, 1000}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var g gather[int, int]
				s := &slowAnswers{start: time.Now()}
				var all sync.WaitGroup
				var others []*question[int, int]
				q := 0
				for _, a := range c.asks {
					time.Sleep(time.Duration(a.at)*time.Millisecond - time.Since(s.start))
					g.mu.Lock()
					for range a.many - 1 { // all but one of a moment wait already when the last one comes
						q++
						others = append(others, &question[int, int]{ask: q, done: make(chan struct{})})
						g.waiting = append(g.waiting, others[len(others)-1])
					}
					g.mu.Unlock()
					q++
					last := q
					all.Go(func() {
						if got, err := g.ask(t.Context(), last, s.answer); err != nil || got != -last {
							t.Errorf("the answer to %d is %d, %v", last, got, err)
						}
					})
					synctest.Wait()
				}
				all.Wait()
				for _, o := range others {
					if <-o.done; o.err != nil || o.answer != -o.ask {
						t.Errorf("the answer to %d is %d, %v", o.ask, o.answer, o.err)
					}
				}
				if !slices.Equal(s.asked, c.want) {
					t.Errorf("asked %v, want %v", s.asked, c.want)
				}
				if s.most > sideBySide {
					t.Errorf("%d statements at once", s.most)
				}
			})
		})
	}
}
