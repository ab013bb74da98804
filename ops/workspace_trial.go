package ops

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"sync"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/locale"
	"homecase/plan"
	"homecase/trial"
)

// Codes of the verbs about the trial of the workspace.
const (
	codeRound fault.Code = "HC-WORK-10" // there is no such trial, or it is at another stage
	codeDay   fault.Code = "HC-WORK-11" // a day that is not in the trial
	codeEnd   fault.Code = "HC-WORK-12" // an end that was not agreed
	codeRung  fault.Code = "HC-WORK-13" // a rung that is not open
)

// Round is one trial of the open case: what was agreed, its days, and what was
// logged on them.
type Round struct {
	homecase.RunningTrial
	// Past is set once it was decided.
	Past *homecase.PastTrial
	// Agreement is the frozen plan.
	Agreement trial.Plan
	// Days are the scheduled days, with those of the extension once it runs.
	Days []RoundDay
	// Before are logged office days before the first day, where days are fixed.
	Before []trial.Entry
	// Today is the day by the desk's clock.
	Today day.Date

	days [sha256.Size]byte // of the plan and its draw
	log  uint64            // which reading of the log
	l    locale.Locale     // of the case
}

// RoundDay is one scheduled day.
type RoundDay struct {
	Date      day.Date
	Week      int // counted from 1
	Extension bool
	Planned   trial.Place // empty until the boss has given the word
	Entry     *trial.Entry
}

// trialCache keeps what is costly to work out, for the trial shown last.
type trialCache struct {
	mu       sync.Mutex
	key      [sha256.Size]byte
	days     []RoundDay
	plan     trial.Plan
	log      keptLog
	reads    uint64 // how often a log was read from the store
	readings []*keptReading
}

// keptReading is what the days of a round say, with what it rests on and what the
// next one of the same plan need not work out again.
type keptReading struct {
	key     readingKey
	rests   [sha256.Size]byte
	edition *homecase.ReportEdition
	err     error
	memory  trial.Memory
}

// mostReadings is how many are kept: the trial that runs, and the one before.
const mostReadings = 2

// keptLog is the log of a trial as it was read last. This workspace is the only
// one that writes it: LogDay lets go of it.
type keptLog struct {
	id          string
	from, until day.Date
	entries     []trial.Entry
	nth         uint64
}

// readingKey tells at once that nothing can have changed. What a reading rests
// on is less: the days as they are settled, and not the day on which one looks.
type readingKey struct {
	log                             uint64
	days                            [sha256.Size]byte
	today                           day.Date
	extended                        bool
	person, boss, country, currency string
}

// Fixed tells whether the days of the trial were named and not drawn.
func (r *Round) Fixed() bool { return r.Agreement.Design == trial.Fixed }

// Sealed tells whether the boss's word is still awaited.
func (r *Round) Sealed() bool { return r.RunningTrial.Sealed(r.Agreement) }

// First is the first day of the trial.
func (r *Round) First() day.Date { return r.Days[0].Date }

// Last is the last day so far planned.
func (r *Round) Last() day.Date { return r.Days[len(r.Days)-1].Date }

// Weeks is how many weeks are planned so far.
func (r *Round) Weeks() int { return r.Days[len(r.Days)-1].Week }

// DecideOn is the day on which both decide; an extension moves it by its weeks.
func (r *Round) DecideOn() day.Date {
	d := r.Agreement.DecideOn
	if r.Extended && !d.IsZero() {
		d = d.Add(7 * r.Agreement.ExtensionWeeks)
	}
	return d
}

// Shown is the last day whose place is shown: the end of next week, so that
// work cannot be saved up for home days.
func (r *Round) Shown() day.Date { return r.Today.Monday().Add(13) }

// Day returns a scheduled day.
func (r *Round) Day(on day.Date) (RoundDay, bool) {
	for _, d := range r.Days {
		if d.Date == on {
			return d, true
		}
	}
	return RoundDay{}, false
}

// Round returns the trial that runs, or that waits for its draw; Missing where
// there is none.
func (w *Workspace) Round(ctx context.Context, o *Open) (*Round, error) {
	if o.Course.Trial == nil {
		return nil, fault.New(fault.Missing, codeRound, "No trial is running.").Then("Agree one first.")
	}
	return w.round(ctx, o, *o.Course.Trial)
}

// LastRound returns the trial that was decided last; Missing where there is none.
func (w *Workspace) LastRound(ctx context.Context, o *Open) (*Round, error) {
	n := len(o.Course.Past)
	if n == 0 {
		return nil, fault.New(fault.Missing, codeRound, "No trial has been decided yet.")
	}
	past := o.Course.Past[n-1]
	r, err := w.round(ctx, o, past.RunningTrial)
	if err != nil {
		return nil, err
	}
	r.Past = &past
	return r, nil
}

func (w *Workspace) round(ctx context.Context, o *Open, t homecase.RunningTrial) (*Round, error) {
	key, p, days, err := w.drawn(t)
	if err != nil {
		return nil, err
	}
	r := &Round{RunningTrial: t, Agreement: p, Today: dayOf(w.Desk), days: key, l: o.Case.Locale()}
	for _, d := range days {
		if !d.Extension || t.Extended {
			r.Days = append(r.Days, d)
		}
	}
	from := r.First()
	if r.Fixed() {
		from = r.firstBefore()
	}
	entries, nth, err := w.logged(ctx, o.ID, from, r.Last())
	if err != nil {
		return nil, err
	}
	r.log = nth
	at := 0
	for i, e := range entries {
		if e.Date.Before(r.First()) {
			r.Before = append(r.Before, e)
			continue
		}
		for at < len(r.Days) && r.Days[at].Date.Before(e.Date) {
			at++
		}
		if at < len(r.Days) && r.Days[at].Date == e.Date {
			r.Days[at].Entry = &entries[i]
		}
	}
	return r, nil
}

// logged reads the log between two days, once until a line is added.
func (w *Workspace) logged(ctx context.Context, id string, from, until day.Date) ([]trial.Entry, uint64, error) {
	c := &w.trials
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.log; k.nth > 0 && k.id == id && k.from == from && k.until == until {
		return k.entries, k.nth, nil
	}
	entries, err := w.Store.Log(ctx, id, from, until)
	if err != nil {
		return nil, 0, err
	}
	c.reads++
	c.log = keptLog{id, from, until, entries, c.reads}
	return entries, c.reads, nil
}

// beforeWeeks is how many weeks before a trial with fixed days may be logged.
const beforeWeeks = 12

func (r *Round) firstBefore() day.Date { return r.First().Monday().Add(-7 * beforeWeeks) }

// drawn reads a frozen plan and repeats its draw. The result is kept, because
// every page of the trial needs it.
func (w *Workspace) drawn(t homecase.RunningTrial) ([sha256.Size]byte, trial.Plan, []RoundDay, error) {
	key := sha256.Sum256(append([]byte(t.Nonce+"\n"), t.Plan...))
	c := &w.trials
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.key == key {
		return key, c.plan, c.days, nil
	}
	p, err := trial.ReadPlan("the agreed plan", t.Plan)
	if err != nil {
		return key, p, nil, err
	}
	days, err := scheduled(p, t)
	if err != nil {
		return key, p, nil, err
	}
	c.key, c.plan, c.days = key, p, days
	return key, p, days, nil
}

// scheduled lists the days of a plan with their places.
func scheduled(p trial.Plan, t homecase.RunningTrial) ([]RoundDay, error) {
	s, err := p.Setting()
	if err != nil {
		return nil, err
	}
	all := append(append([]trial.Scheduled(nil), s.Days...), s.More...)
	out := make([]RoundDay, len(all))
	for i, d := range all {
		out[i] = RoundDay{Date: d.Date, Week: d.Week, Extension: d.Extension}
	}
	switch {
	case p.Design == trial.Fixed:
		for i, d := range all {
			out[i].Planned = placeOf(d.Chance == 1)
		}
	case p.Drawn != nil:
		nonce, err := ReadNonce(t.Nonce)
		if err != nil {
			return nil, err
		}
		draw, err := trial.Replay(p, *p.Drawn, nonce)
		if err != nil {
			return nil, err
		}
		for i, h := range draw.Days {
			out[i].Planned = placeOf(h.Home)
		}
	}
	return out, nil
}

func placeOf(home bool) trial.Place {
	if home {
		return trial.AtHome
	}
	return trial.InOffice
}

// Wanted returns the day of a round that a line of the log is for: its planned
// place, and the line so far. Office days before a trial with fixed days may be
// logged too.
func (r *Round) Wanted(on day.Date) (RoundDay, error) {
	if d, ok := r.Day(on); ok {
		return d, nil
	}
	if w := on.Weekday(); r.Fixed() && on.Before(r.First()) && !on.Before(r.firstBefore()) && w != day.Sat && w != day.Sun {
		d := RoundDay{Date: on, Planned: trial.InOffice}
		for i, e := range r.Before {
			if e.Date == on {
				d.Entry = &r.Before[i]
			}
		}
		return d, nil
	}
	return RoundDay{}, fault.New(fault.Missing, codeDay, "%s is not a workday of this trial.", r.l.Date(on))
}

// LogDay keeps a line of the log. The place comes from the draw, the day of
// writing from the clock. A line that says what is there already is not kept
// twice.
func (w *Workspace) LogDay(ctx context.Context, o *Open, e trial.Entry) error {
	r, err := w.Round(ctx, o)
	if err != nil {
		return err
	}
	d, err := r.Wanted(e.Date)
	if err != nil {
		return err
	}
	if r.Sealed() {
		return fault.New(fault.Invalid, codeRound, "The home days are not drawn yet.").Then("Draw them first.")
	}
	e.Planned, e.Logged = d.Planned, r.Today
	if err := e.Check(r.Today); err != nil {
		return err
	}
	if d.Entry != nil && sameLine(*d.Entry, e) {
		return nil
	}
	defer w.trials.forgetLog()
	return w.Store.LogDay(ctx, o.ID, e)
}

func (c *trialCache) forgetLog() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.log = keptLog{}
}

// sameLine tells whether two lines say the same, whenever they were written.
func sameLine(a, b trial.Entry) bool {
	a.Logged, b.Logged = day.Date{}, day.Date{}
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && string(x) == string(y)
}

// Rows are the days of the round as an analysis reads them. A day that was not
// logged while it could be is a day without a value; the reasons of missing
// days stay with the person.
func (r *Round) Rows() trial.Days { return r.rows(r.through()) }

func (r *Round) rows(through day.Date) trial.Days {
	var lines []trial.Entry
	for _, d := range r.Days {
		if d.Date.After(through) {
			break
		}
		e := trial.Entry{Date: d.Date, Planned: d.Planned}
		if d.Entry != nil {
			e.Place, e.Value, e.More = d.Entry.Place, d.Entry.Value, d.Entry.More
		}
		lines = append(lines, e)
	}
	return trial.FromLog(lines)
}

// through is the last day that is settled: logged, or no longer to be logged.
func (r *Round) through() day.Date {
	var last day.Date
	for _, d := range r.Days {
		if d.Entry != nil || r.settled(d.Date) {
			last = d.Date
		}
	}
	return last
}

// settled tells whether a day without a line stays without a value: it can only
// be logged with a remark, or the day of the decision has come.
func (r *Round) settled(on day.Date) bool {
	if !on.Before(r.Today) {
		return false
	}
	if decide := r.DecideOn(); !decide.IsZero() && !r.Today.Before(decide) {
		return true
	}
	zero := 0.0
	return trial.Entry{Date: on, Planned: trial.InOffice, Place: trial.InOffice, Value: &zero}.Check(r.Today) != nil
}

// input is what an analysis of the round reads; ok is false before the first line.
func (r *Round) input() (in trial.Input, ok bool, err error) {
	in = trial.Input{Plan: r.Agreement, Days: r.Rows()}
	n := len(in.Days.Rows)
	if n == 0 {
		return in, false, nil
	}
	if last := in.Days.Rows[n-1].Date; last.Before(r.end()) {
		in.Through = last
	}
	if len(r.Before) > 0 {
		before := trial.FromLog(r.Before)
		for i := range before.Rows {
			before.Rows[i].Why = ""
		}
		in.Baseline = &before
	}
	if r.Agreement.Drawn != nil {
		in.Nonce, err = ReadNonce(r.Nonce)
	}
	return in, true, err
}

// end is the last day of the part of the trial that the analysis reads: of the
// planned weeks, and of the extension once one of its days has a line.
func (r *Round) end() day.Date {
	end := r.Last()
	through := r.through()
	for i, d := range r.Days {
		if d.Extension && i > 0 && !r.Days[i-1].Extension && !through.After(r.Days[i-1].Date) {
			return r.Days[i-1].Date
		}
	}
	return end
}

// Over tells whether no day of the round is still to come.
func (r *Round) Over() bool { return !r.Sealed() && !r.through().Before(r.Last()) }

// Reading is what the days of a round say, as the report says it; nil before
// the first line. It is worked out once for each state of the days.
func (w *Workspace) Reading(o *Open, r *Round) (*homecase.ReportEdition, error) {
	if r.Sealed() {
		return nil, nil
	}
	key := readingKey{r.log, r.days, r.Today, r.Extended, o.Case.Person.Name, o.Case.Boss.Name, o.Case.Place.Country, o.Case.Currency}
	c := &w.trials
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.readings, func(k *keptReading) bool { return k.key.days == r.days })
	if i < 0 {
		c.readings = append([]*keptReading{{}}, c.readings[:min(len(c.readings), mostReadings-1)]...)
		i = 0
	}
	k := c.readings[i]
	if k.key != key {
		k.read(w, &o.Case, r)
		k.key = key
	}
	return k.edition, k.err
}

// read analyses the days of a round, unless they say what they said before.
func (k *keptReading) read(w *Workspace, c *homecase.Case, r *Round) {
	in, ok, err := r.input()
	if err != nil || !ok {
		k.rests, k.edition, k.err = [sha256.Size]byte{}, nil, err
		return
	}
	if in.Through.IsZero() {
		in.Draws = trial.ReportDraws // the numbers of the report, to the last digit
	}
	record := trialRecord(c, in)
	text, err := json.Marshal(record)
	rests := sha256.Sum256(text)
	if err == nil && k.rests == rests {
		return
	}
	record.Memory = &k.memory
	k.edition, k.err = homecase.ComposeReport(record, w.Version)
	if k.rests = rests; err != nil {
		k.rests = [sha256.Size]byte{}
	}
}

// passed is the round as the ladder asks for it.
func (w *Workspace) passed(o *Open, r *Round) (plan.Passed, error) {
	p := o.Case.Plan
	if r.Past != nil {
		p.StopRules = nil // those of the case belong to the next round
	}
	p.At = r.Rung
	reading, err := w.Reading(o, r)
	if err != nil {
		return plan.Passed{}, err
	}
	weeks, extension := len(r.Agreement.Weeks), r.Agreement.ExtensionWeeks > 0
	if reading == nil {
		waiting := plan.Passed{At: p.At, WeeksAgreed: max(weeks, 1), ExtensionAgreed: extension}
		return waiting, nil
	}
	out := homecase.Passed(p, weeks, extension, reading.Analysis)
	if r.Extended && !reading.Analysis.Extended { // it runs, and none of its days has come
		out.ExtensionUsed, out.WeeksPassed = true, out.WeeksAgreed-1
	}
	return out, nil
}

// ReportFiles makes the report of a round with the plan and the days it rests
// on, so that anyone can repeat it: homecase trial analyse plan.yaml days.csv.
func (w *Workspace) ReportFiles(ctx context.Context, o *Open, r *Round) ([]File, error) {
	in, ok, err := r.input()
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.New(fault.Missing, codeRound, "No day of this trial has been logged, so there is nothing to report.")
	}
	files, _, err := w.report(ctx, &o.Case, in, "")
	if err != nil {
		return nil, err
	}
	days, err := written(in.Days)
	if err != nil {
		return nil, err
	}
	files = append(files, File{"plan.yaml", r.Plan}, File{"days.csv", days})
	if in.Baseline != nil {
		before, err := written(*in.Baseline)
		if err != nil {
			return nil, err
		}
		files = append(files, File{baselineFile, before})
	}
	if r.Over() && r.Nonce != "" {
		files = append(files, File{"plan.nonce", []byte(r.Nonce + "\n")})
	}
	return files, nil
}
