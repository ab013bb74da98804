package sqlite_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/sqlite"
	"homecase/trial"
)

// kills is how many times a writer is killed.
func kills() int {
	if os.Getenv("HOMECASE_TESTS_LONG") != "" {
		return 1000
	}
	return 50
}

// A step of the writer, numbered from 1, leaves a trace by which it is found
// again, whatever came after it.

// body is a text that fills no, one or several pages of the database.
func body(n int) string {
	return fmt.Sprintf("step %d\n%s", n, strings.Repeat("x", n*977%9000))
}

// round is how many kinds of steps there are.
const round = 6

// savesUntil is how many saves there are up to a step: the first of each round.
func savesUntil(n int) int64 { return int64((n + round - 1) / round) }

// step does one step.
func step(ctx context.Context, s homecase.Store, n int) error {
	passing := fmt.Sprint("passing ", n-n%round)
	switch n % round {
	case 1:
		_, err := s.Save(ctx, homecase.Kept{ID: "one", Revision: savesUntil(n), Title: "t", Text: []byte(body(n)), At: at})
		return err
	case 2:
		value := float64(n)
		return s.LogDay(ctx, "one", trial.Entry{Date: stepDay(n), Planned: trial.AtHome, Value: &value})
	case 3:
		return s.SetPicture(ctx, "one", fmt.Sprint(n), []byte(body(n)))
	case 4:
		return s.Add(ctx, homecase.Kept{ID: passing, Text: []byte(body(n)), At: at})
	case 5:
		return s.Depart(ctx, homecase.Departure{ID: passing, Case: passing, At: at, What: body(n)})
	}
	return s.Erase(ctx, fmt.Sprint("passing ", n-round))
}

func stepDay(n int) day.Date { return day.On(2000, 1, 1).Add(n) }

// done tells whether a step left its trace, which later steps do not wipe out.
func done(t *testing.T, s homecase.Store, n int) bool {
	t.Helper()
	passing := fmt.Sprint("passing ", n-n%round)
	switch n % round {
	case 1:
		k, err := s.Revision(t.Context(), "one", savesUntil(n)+1)
		return found(t, err) && string(k.Text) == body(n)
	case 2:
		entries, err := s.Log(t.Context(), "one", stepDay(n), stepDay(n))
		return found(t, err) && len(entries) == 1 && *entries[0].Value == float64(n)
	case 3:
		jpeg, err := s.Picture(t.Context(), "one", fmt.Sprint(n))
		return found(t, err) && string(jpeg) == body(n)
	case 4:
		k, err := s.Case(t.Context(), passing)
		return found(t, err) && string(k.Text) == body(n) || len(left(t, s, passing)) > 0
	case 5:
		return len(left(t, s, passing)) == 1
	}
	l := left(t, s, fmt.Sprint("passing ", n-round))
	return len(l) == 1 && l[0].What == "" // erased, so without its words
}

func left(t *testing.T, s homecase.Store, id string) []homecase.Departure {
	t.Helper()
	all, err := s.Departures(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// found tells a thing that is missing from one that cannot be read.
func found(t *testing.T, err error) bool {
	t.Helper()
	if err != nil && fault.KindOf(err) != fault.Missing {
		t.Fatal(err)
	}
	return err == nil
}

// writeForEver does one step after the other, from the one that is named, and
// writes the number of each that the store says is done.
func writeForEver(dir string, args []string) error {
	ctx := context.Background()
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	s, err := sqlite.Open(ctx, dir, sqlite.Options{})
	if err != nil {
		return err
	}
	if n == 1 {
		if err := s.Add(ctx, homecase.Kept{ID: "one", At: at}); fault.KindOf(err) != fault.Conflict && err != nil {
			return err
		}
	}
	for ; ; n++ {
		if err := step(ctx, s, n); err != nil {
			return fmt.Errorf("step %d: %w", n, err)
		}
		fmt.Println(n)
	}
}

// What a store said is done is there after the process was killed at any
// moment, nothing else is, and the database opens. This shows that a dying
// process loses nothing; that a dying computer does not is left to SQLite's
// synchronous=FULL (TestEveryConnectionIsDurable).
func TestKilledWritersLoseNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	random := rand.New(rand.NewPCG(1, 2))
	last := 0 // the last step that is done
	for kill := range kills() {
		said := killed(t, random, dir, last)
		s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
		if err != nil {
			t.Fatalf("after kill %d: %v", kill+1, err)
		}
		if kill == 0 {
			if err := s.Add(t.Context(), homecase.Kept{ID: "one", At: at}); fault.KindOf(err) != fault.Conflict && err != nil {
				t.Fatal(err) // the first writer may have died before its first step
			}
		}
		for n := last + 1; n <= said; n++ {
			if !done(t, s, n) {
				t.Fatalf("kill %d: steps up to %d were said to be done, and %d is not", kill+1, said, n)
			}
		}
		last = said
		if done(t, s, last+1) {
			last++ // done and not yet said
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	everyStep(t, dir, last)
}

// killed starts a writer, kills it and returns the last step it said is done.
// Every fourth dies soon after its start, the others while they write.
func killed(t *testing.T, random *rand.Rand, dir string, last int) int {
	t.Helper()
	c := child(t, "write", dir, fmt.Sprint(last+1))
	lines := start(t, c)
	said, soon := last, random.IntN(4) == 0
	stop := func() *time.Timer {
		return time.AfterFunc(time.Duration(random.Int64N(int64(60*time.Millisecond))), func() { c.Process.Kill() })
	}
	var timer *time.Timer
	if soon {
		timer = stop()
	}
	for lines.Scan() {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatalf("the writer said %q", lines.Text())
		}
		said = n
		if timer == nil {
			timer = stop()
		}
	}
	c.Wait()
	if timer == nil {
		t.Fatal("the writer ended by itself")
	}
	timer.Stop()
	return said
}

// A process killed while it makes a store leaves one that can be opened.
func TestKilledMakersLeaveAStore(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for kill := range kills() / 5 {
		dir := filepath.Join(t.TempDir(), "store")
		killed(t, random, dir, 0)
		s := open(t, dir)
		if err := s.Add(t.Context(), homecase.Kept{ID: "new", At: at}); err != nil {
			t.Fatalf("after kill %d: %v", kill+1, err)
		}
	}
}

// everyStep checks all traces at once.
func everyStep(t *testing.T, dir string, last int) {
	t.Helper()
	s := open(t, dir)
	for n := 1; n <= last; n++ {
		if !done(t, s, n) {
			t.Fatalf("in the end step %d of %d is not there", n, last)
		}
	}
	history, err := s.History(t.Context(), "one", 0, 0)
	if err != nil || int64(len(history)) != savesUntil(last)+1 {
		t.Fatalf("there are %d revisions after %d steps, want %d: %v", len(history), last, savesUntil(last)+1, err)
	}
	t.Logf("%d steps in %d lives", last, kills())
	if last < kills()/2 { // three in four did at least one
		t.Errorf("%d kills left only %d steps: the writers hardly wrote", kills(), last)
	}
}

// restoreForEver puts one backup in the place of the other.
func restoreForEver(dir string, args []string) error {
	for n := 0; ; n++ {
		if _, err := sqlite.Restore(context.Background(), dir, args[n%2], sqlite.Options{}); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// A restore that is killed leaves the old store or the new one, whole.
func TestKilledRestoresLeaveOneOrTheOther(t *testing.T) {
	var backups []string
	for _, name := range []string{"a", "b"} {
		s := open(t, t.TempDir())
		add(t, s, "one", strings.Repeat(name, 50_000))
		backups = append(backups, filepath.Join(t.TempDir(), name+".homecase"))
		if err := s.Backup(t.Context(), backups[len(backups)-1]); err != nil {
			t.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(3, 4))
	dir := t.TempDir()
	if _, err := sqlite.Restore(t.Context(), dir, backups[0], sqlite.Options{}); err != nil {
		t.Fatal(err)
	}
	for kill := range kills() / 5 {
		c := child(t, "restore", dir, backups...)
		lines := start(t, c)
		timer := time.AfterFunc(time.Duration(random.Int64N(int64(150*time.Millisecond))), func() { c.Process.Kill() })
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "fault") {
				t.Fatal(lines.Text())
			}
		}
		c.Wait()
		timer.Stop()
		s, err := sqlite.Open(t.Context(), dir, sqlite.Options{})
		if err != nil {
			t.Fatalf("after kill %d: %v", kill+1, err)
		}
		if got := text(t, s, "one"); got != strings.Repeat("a", 50_000) && got != strings.Repeat("b", 50_000) {
			t.Fatalf("after kill %d there are %d bytes of neither", kill+1, len(got))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		old, err := filepath.Glob(filepath.Join(dir, "homecase-replaced-*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range old { // there are thousands in the long run
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
}
