package web_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/internal/web"
	"homecase/ops"
	"homecase/trial"
)

// The workspace keeps the open case in memory with what was worked out of it,
// and all pages read the same. These suites hold it to that: no page changes
// what it reads, and no page shows what is no longer so.

// afresh is a desk over the same store with nothing in memory.
func (d *desk) afresh(t testing.TB) *desk {
	t.Helper()
	work := &ops.Workspace{Desk: d.Desk, Store: d.Store, Folder: d.Folder, Restore: d.Restore}
	s, err := web.New(web.Options{Workspace: work, Key: key, Hosts: []string{strings.TrimPrefix(d.base, "http://")}})
	if err != nil {
		t.Fatal(err)
	}
	return &desk{now: d.now, Workspace: work, base: d.base, server: s}
}

// page asks for a page without a network between; a redirect is its address.
func (d *desk) page(path string) string {
	r := httptest.NewRequest(http.MethodGet, d.base+path, nil)
	r.AddCookie(&http.Cookie{Name: "homecase", Value: key})
	w := httptest.NewRecorder()
	d.server.ServeHTTP(w, r)
	return w.Result().Status + " " + w.Header().Get("Location") + w.Body.String()
}

// workedOut is all that a workspace keeps of a case.
func workedOut(t testing.TB, d *desk) map[string]any {
	t.Helper()
	o := d.opened(t)
	all := map[string]any{"case": o.Case, "course": o.Course, "text": string(o.Text())}
	add := func(name string, v any, err error) { all[name], all[name+" fails"] = v, err }
	today, err := d.AsToday(o)
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]*ops.Open{"as it stands": o, "as of today": today} {
		problems, err := d.Problems(o)
		add("problems "+name, problems, err)
		preview, err := d.Preview(o)
		add("preview "+name, preview, err)
		money, err := d.Money(o)
		add("money "+name, money, err)
		private, err := d.AllMoney(o)
		add("private money "+name, private, err)
		review, err := d.Review(o)
		add("review "+name, review, err)
		remarks, err := d.Remarks(o)
		add("remarks "+name, remarks, err)
		words, err := d.Words(o)
		add("words "+name, words, err)
		odds, err := d.PlanOdds(o)
		add("odds "+name, odds, err)
		all["case "+name] = o.Case
	}
	return all
}

// Every page of every world is read by four readers at once. Afterwards the kept
// case, and all that was worked out of it, is what a workspace without a memory
// makes of the store. Under the race detector no page may write what another reads.
func TestNoPageChangesWhatItReads(t *testing.T) {
	for _, s := range stands(t) {
		before, err := s.Current(context.Background())
		if err != nil {
			continue // no case lies open
		}
		workedOut(t, s.desk)
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for _, a := range s.addresses(t) {
					if recorded[a.route] == "" {
						s.page(a.path)
						s.page(a.path + "?from=check&all=yes&weeks=4&stops=a&checkins=monthly:b")
					}
				}
			})
		}
		readers.Wait()
		if after := s.opened(t); after != before {
			t.Errorf("%s: the case was read from the store again, though nothing was written", s.name)
		}
		want := workedOut(t, s.afresh(t))
		for name, got := range workedOut(t, s.desk) {
			if !reflect.DeepEqual(got, want[name]) {
				t.Errorf("%s: reading every page changed the %s:\n%+v\nis in the store:\n%+v", s.name, name, got, want[name])
			}
		}
	}
}

// telling are pages that together show all that is kept.
var telling = []string{
	"/", "/case", "/start", "/start/you", "/start/trial", "/case/request", "/case/money", "/case/ready/office", "/case/facts/results", "/case/facts/import", "/case/promises", "/case/concerns",
	"/packet/check", "/packet", "/packet/made", "/packet/letter", "/trial", "/trial/draw", "/trial/stop", "/trial/end", "/trial/log/2027-01-11", "/trial/notes/2027-01-11", "/ladder", "/settings", "/photos/door",
}

// Whatever is done, the very next page shows it: a desk that has shown all of
// its pages shows the same as one that has just been opened.
func TestEveryChangeIsSeenAtOnce(t *testing.T) {
	d := serve(t).take(t, example)
	ctx := context.Background()
	first := d.opened(t).ID
	backup := []byte(nil)
	change := func(f func(*homecase.Case, *homecase.Course)) func() error {
		return func() error { alter(t, d, f); return nil }
	}
	opened := func(f func(*ops.Open) error) func() error { return func() error { return f(d.opened(t)) } }
	reopened := func(f func(*ops.Open) (*ops.Open, error)) func() error {
		return func() error { _, err := f(d.opened(t)); return err }
	}
	send := func(path string, form url.Values) func() error {
		return func() error { d.send(t, path, form); return nil }
	}
	eleven := 11.0
	steps := []struct {
		did string
		do  func() error
		not bool // pages that look the same are no fault
	}{
		{did: "nothing", do: func() error { return nil }, not: true},
		{did: "Change: the boss", do: change(func(c *homecase.Case, _ *homecase.Course) { c.Boss.Name = "Robin Field" })},
		{did: "Change: the money", do: change(func(c *homecase.Case, _ *homecase.Course) { c.Money.Lines = c.Money.Lines[:1] })},
		{did: "Undo: the money", do: reopened(func(o *ops.Open) (*ops.Open, error) { return d.Undo(ctx, o.ID, o.Revision-1) })},
		{did: "Change: the course alone", do: change(func(_ *homecase.Case, k *homecase.Course) { k.Visit(homecase.TaskCheck, homecase.Answered) })},
		{did: "a form", do: send("/start/you", url.Values{"name": {"Ines Duarte"}, "job": {"Head of accounts"}, "boss": {"Dana Whitfield"}, "country": {"GB"}})},
		{did: "MakePacket", do: opened(func(o *ops.Open) error {
			_, err := d.MakePacket(ctx, o.ID, ops.BuildOptions{Only: []string{"one-page.pdf"}})
			return err
		})},
		{did: "SetPhoto", do: opened(func(o *ops.Open) error {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30)), nil); err != nil {
				return err
			}
			return d.SetPhoto(ctx, o.ID, "door", "door.jpg", &b)
		})},
		{did: "SetPhoto: another", do: opened(func(o *ops.Open) error {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 30, 40)), nil); err != nil {
				return err
			}
			return d.SetPhoto(ctx, o.ID, "door", "door.jpg", &b)
		})},
		{did: "SetPhoto: none", do: opened(func(o *ops.Open) error { return d.SetPhoto(ctx, o.ID, "door", "", nil) })},
		{did: "Backup", do: func() (err error) { backup, err = d.Backup(ctx); return err }, not: true},
		{did: "an export is counted and kept", do: func() error { counted(t, d); return nil }},
		{did: "Undo", do: reopened(func(o *ops.Open) (*ops.Open, error) { return d.Undo(ctx, o.ID, o.Revision-1) })},
		{did: "GoBack", do: reopened(func(o *ops.Open) (*ops.Open, error) { return d.GoBack(ctx, o.ID, 2, "Went back") })},
		{did: "Seal", do: func() error { sealed(t, d); return nil }},
		{did: "Unseal", do: reopened(func(o *ops.Open) (*ops.Open, error) { return d.Unseal(ctx, o) })},
		{did: "Seal again", do: func() error { sealed(t, d); return nil }},
		{did: "DrawRound", do: reopened(func(o *ops.Open) (*ops.Open, error) { return d.DrawRound(ctx, o, "acorn") })},
		{did: "midnight", do: func() error { d.now = d.now.AddDate(0, 0, 1); return nil }},
		{did: "the first day has come", do: func() error { d.on(day.Must("2027-01-12")); return nil }},
		{did: "LogDay", do: opened(func(o *ops.Open) error {
			return d.LogDay(ctx, o, trial.Entry{Date: d.round(t).First(), Place: d.round(t).Days[0].Planned, Value: &eleven})
		})},
		{did: "a backup with the log", do: func() (err error) { backup, err = d.Backup(ctx); return err }, not: true},
		{did: "LogDay: another value", do: opened(func(o *ops.Open) error {
			seven := 7.0
			return d.LogDay(ctx, o, trial.Entry{Date: d.round(t).First(), Place: d.round(t).Days[0].Planned, Value: &seven})
		})},
		{did: "PutBack: the log of before", do: func() error { _, err := d.PutBack(ctx, bytes.NewReader(backup)); return err }},
		{did: "KeepNote", do: reopened(func(o *ops.Open) (*ops.Open, error) {
			return d.KeepNote(ctx, o, day.Must("2027-01-11"), "All went well.")
		})},
		{did: "FireRules", do: opened(func(o *ops.Open) error {
			on := make([]day.Date, len(o.Case.Plan.StopRules))
			on[0] = day.Must("2027-01-12")
			return d.FireRules(ctx, o, on)
		})},
		{did: "Begin", do: func() error { _, err := d.Begin(ctx, "Somebody Else"); return err }},
		{did: "Switch", do: func() error { _, err := d.Switch(ctx, first); return err }},
		{did: "Take", do: func() error { d.take(t, exampleFolder+"engineer-two-days.yaml"); return nil }},
		{did: "Erase", do: opened(func(o *ops.Open) error { return d.Erase(ctx, o.ID) })},
		{did: "PutBack", do: func() error { _, err := d.PutBack(ctx, bytes.NewReader(backup)); return err }},
	}
	before := d.telling()
	for _, s := range steps {
		if err := s.do(); err != nil {
			t.Fatalf("%s: %v", s.did, err)
		}
		now, want := d.telling(), d.afresh(t).telling()
		for _, p := range telling {
			if now[p] != want[p] {
				t.Errorf("%s: %s shows what is no longer so:\n%s\nwant:\n%s", s.did, p, firstWords(now[p]), firstWords(want[p]))
			}
		}
		if !s.not && reflect.DeepEqual(now, before) {
			t.Errorf("%s changed no page, so nothing is shown by this step", s.did)
		}
		before = now
	}
}

func (d *desk) telling() map[string]string {
	out := map[string]string{}
	for _, p := range telling {
		out[p] = d.page(p)
	}
	return out
}

// Of every example, and after changes made at random, what is kept from before a
// change is what a workspace works out that knows nothing.
func TestWhatIsKeptIsWhatIsTrue(t *testing.T) {
	files, err := filepath.Glob(exampleFolder + "*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d examples: %v", len(files), err)
	}
	r := rand.New(rand.NewPCG(20261124, 1))
	changes := map[string]func(*homecase.Case){
		"words":    func(c *homecase.Case) { c.Person.Job = fmt.Sprint("Clerk ", r.IntN(100)) },
		"the seed": func(c *homecase.Case) { c.Seed = r.Uint64N(1 << 40) },
		"weeks":    func(c *homecase.Case) { c.Plan.Weeks, c.Plan.Until = 4+r.IntN(9), day.Date{} },
		"days":     func(c *homecase.Case) { c.Plan.Days = float64(1 + r.IntN(3)) },
		"start":    func(c *homecase.Case) { c.Plan.Start = day.Must("2027-01-04").Add(7 * r.IntN(20)) },
		"money":    func(c *homecase.Case) { c.Money.Lines = c.Money.Lines[:r.IntN(len(c.Money.Lines)+1)] },
		"usual": func(c *homecase.Case) {
			v := float64(5 + r.IntN(20))
			c.Facts.Measure.Usual = &v
		},
	}
	names := slices.Sorted(maps.Keys(changes))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d := serve(t)
		if _, err := d.Take(t.Context(), file, text); err != nil {
			continue // a plan, or the days of a trial
		}
		did := []string{"nothing"}
		for range 5 {
			got, want := workedOut(t, d), workedOut(t, d.afresh(t))
			for name := range want {
				if !reflect.DeepEqual(got[name], want[name]) {
					t.Fatalf("%s after %v: the %s is kept from before:\n%+v\nwant\n%+v", file, did, name, got[name], want[name])
				}
			}
			name := names[r.IntN(len(names))]
			did = append(did, name)
			alter(t, d, func(c *homecase.Case, _ *homecase.Course) { changes[name](c) })
		}
	}
}

// However a trial is logged, and whenever it is looked at, its pages show what a
// workspace shows that has just been opened.
func TestATrialsPagesFollowItsLog(t *testing.T) {
	d := serve(t).take(t, example)
	seventhWeek(t, d)
	r := rand.New(rand.NewPCG(20261124, 2))
	for step := range 10 {
		round := d.round(t)
		on := round.Days[r.IntN(len(round.Days))]
		if on.Date.After(round.Today) {
			d.on(on.Date.Add(r.IntN(3)))
		}
		e := trial.Entry{Date: on.Date, Planned: on.Planned, Place: on.Planned, Remark: "Written down late."}
		if v := float64(r.IntN(20)); r.IntN(4) > 0 {
			e.Value = &v
		} else {
			e.Place, e.Why = "", "sick"
		}
		if err := d.LogDay(t.Context(), d.opened(t), e); err != nil {
			t.Fatalf("step %d: %v", step, err)
		}
		fresh := d.afresh(t)
		for _, path := range []string{"/trial", "/trial/end", "/trial?week=3"} {
			if got, want := d.page(path), fresh.page(path); got != want {
				t.Fatalf("step %d: %s shows\n%s\nwant\n%s", step, path, firstWords(got), firstWords(want))
			}
		}
	}
}
