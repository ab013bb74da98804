package ops

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"homecase"
	"homecase/cite"
	"homecase/content"
	"homecase/day"
	"homecase/evidence"
	"homecase/fault"
	"homecase/internal/holiday"
	"homecase/internal/intake"
	"homecase/internal/intake/history"
	"homecase/trial"
)

// DefaultWeeks is how far back the usual amount looks: half a year is long
// enough for quiet and busy months, and short enough to be the work of now.
const DefaultWeeks = 26

// codeNoBaseline is the code of package intake for too few days.
const codeNoBaseline fault.Code = "HC-INTAKE-60"

// BaselineOptions say which weeks count and what to do with the answer.
type BaselineOptions struct {
	Weeks int      // up to the last counted day; 0 takes DefaultWeeks
	After day.Date // compare the weeks after this day with those before
	Write bool     // put the suggested measure into the case
}

// MeasureBaseline is the usual amount of one measure in one source, and what a
// trial of it needs.
type MeasureBaseline struct {
	Source string      `json:"source"`
	Kind   intake.Kind `json:"kind"`
	Name   string      `json:"name"`
	intake.Baseline
	// DaysNeeded is how many workdays the case's own trial would need for an 80 in
	// 100 chance of "clearly" if home days are equal; null where no trial can show it.
	DaysNeeded *int `json:"days_needed"`
	// ClearlyIfEqual is the chance of "clearly" with the weeks of the plan.
	ClearlyIfEqual *float64 `json:"clearly_if_equal"`
}

// Suggested is the measure to put into the case.
type Suggested struct {
	Measure evidence.Measure `json:"facts_measure"`
	Usual   trial.Usual      `json:"trial_usual"`
	// Paste holds both as they stand in a file.
	Paste string `json:"paste"`
	// Written tells that they are in the case.
	Written bool `json:"written"`
}

// EvidenceBaseline is what imported counts say before a trial.
type EvidenceBaseline struct {
	From     day.Date          `json:"from"`
	Until    day.Date          `json:"until"`
	Best     string            `json:"best"` // the measure to choose, empty for none
	Source   string            `json:"source"`
	Why      string            `json:"why"`
	Measures []MeasureBaseline `json:"measures"`
	Refused  []string          `json:"refused"`
	Suggest  *Suggested        `json:"suggest"`
	// Facts, Changes and NotShown come from the whole record.
	Facts    []history.Fact   `json:"facts"`
	Changes  []history.Change `json:"changes"`
	NotShown []string         `json:"not_shown"`
	Notes    []string         `json:"notes"`
}

// BaselineOfEvidence says what a day usually holds, which measure needs the
// fewest days in the trial of this case, and what the record shows already.
func (d *Desk) BaselineOfEvidence(path string, o BaselineOptions) (*EvidenceBaseline, error) {
	f, err := openCase(path)
	if err != nil {
		return nil, err
	}
	kase, err := d.Load(path)
	if err != nil { // the case is not finished: the counts are good all the same
		kase = nil
	}
	out, err := d.baseline(f.facts, kase, o)
	if err != nil {
		return out, placed(path, err)
	}
	if o.Write {
		return out, f.writeMeasure(out)
	}
	return out, nil
}

// Baseline is BaselineOfEvidence for the case that lies open.
func (w *Workspace) Baseline(o *Open) (*EvidenceBaseline, error) {
	c := &o.Case
	if problems, err := c.Problems(); err != nil || len(problems) > 0 || len(c.CheckAt()) > 0 {
		c = nil
	}
	return w.baseline(o.Case.Facts, c, BaselineOptions{})
}

// baseline reads the counts; kase is nil while the case is not finished. Beside a
// Finding it may return what the record says without a baseline.
func (d *Desk) baseline(facts evidence.Ledger, kase *homecase.Case, o BaselineOptions) (*EvidenceBaseline, error) {
	all := facts.Counts()
	if len(all) == 0 {
		return nil, fault.New(fault.Finding, codeNoBaseline, "Nothing is imported in this case yet.").Then("homecase evidence sources lists what can be imported.")
	}
	out := &EvidenceBaseline{Measures: []MeasureBaseline{}, Refused: []string{}, NotShown: []string{}, Notes: []string{}}
	if kase == nil {
		out.Notes = append(out.Notes, "The case is not finished, so public holidays and the days a trial needs are not known. homecase check says what is missing.")
	}
	if kase != nil && !kase.Plan.Start.IsZero() {
		all = slices.DeleteFunc(all, func(c evidence.Counted) bool { return !c.Date.Before(kase.Plan.Start) }) // the trial's own days are no baseline
	}
	if len(all) == 0 {
		return nil, fault.New(fault.Finding, codeNoBaseline, "Every imported day lies in the trial, so there is no baseline.").Then("Import records of the time before.")
	}
	free := freeDays(kase, all)
	window := o.Weeks
	if window <= 0 {
		window = DefaultWeeks
	}
	out.Until = all[len(all)-1].Date
	since := out.Until.Add(1 - 7*window)
	recent := slices.DeleteFunc(slices.Clone(all), func(c evidence.Counted) bool { return c.Date.Before(since) })
	out.From = recent[0].Date
	var err error
	if out.Measures, out.Refused, err = perSource(recent, free); err != nil {
		return nil, err
	}
	if len(out.Measures) == 0 {
		return out.tooFew(all, free, o)
	}
	if err := d.needs(kase, out); err != nil {
		return nil, err
	}
	if err := out.choose(facts); err != nil {
		return nil, err
	}
	return out, out.look(all, free, o)
}

// tooFew refuses a baseline. What the record says all the same, such as how many
// meetings a week holds, comes with the fault.
func (b *EvidenceBaseline) tooFew(all []evidence.Counted, free map[day.Date]bool, o BaselineOptions) (*EvidenceBaseline, error) {
	if err := b.look(all, free, o); err != nil {
		return nil, err
	}
	return b, fault.New(fault.Finding, codeNoBaseline, "There are too few days for a baseline: at least %d workdays of one measure are needed.", intake.MinBaseline).Then("Import a longer stretch of your records.")
}

// freeDays are the public holidays of the record's days, as far as known.
func freeDays(c *homecase.Case, all []evidence.Counted) map[day.Date]bool {
	free := map[day.Date]bool{}
	if c == nil {
		return free
	}
	list, err := holiday.Between(c.Place.Country, c.Place.Part, all[0].Date, all[len(all)-1].Date)
	if err != nil {
		return free // not known here: a holiday then counts as a day without work
	}
	for _, d := range list {
		free[d] = true
	}
	return free
}

// perSource makes a baseline of each measure in each source: two lists of work
// that began in different years must not be added. Other sources only tell on
// which days the person worked.
func perSource(all []evidence.Counted, free map[day.Date]bool) ([]MeasureBaseline, []string, error) {
	meanings, err := intake.Measures()
	if err != nil {
		return nil, nil, err
	}
	about := map[intake.Measure]intake.Meaning{}
	for _, m := range meanings {
		about[m.Measure] = m
	}
	out, refused := []MeasureBaseline{}, []string{}
	for _, source := range sourcesOf(all) {
		own := map[string]bool{}
		for _, c := range all {
			own[c.Measure] = own[c.Measure] || c.Source == source
		}
		mine := slices.DeleteFunc(slices.Clone(all), func(c evidence.Counted) bool { return c.Source != source && own[c.Measure] })
		made, err := intake.MakeBaselines(keptOf(mine), free)
		if err != nil && fault.CodeOf(err) != codeNoBaseline {
			return nil, nil, err
		}
		for _, b := range made.All {
			if own[string(b.Measure)] {
				m := about[b.Measure]
				out = append(out, MeasureBaseline{Source: source, Kind: m.Kind, Name: m.Name, Baseline: b})
			}
		}
		for _, r := range made.Refused {
			if measure, _, _ := strings.Cut(r, " "); own[measure] {
				refused = append(refused, source+": "+r)
			}
		}
	}
	return out, refused, nil
}

func sourcesOf(all []evidence.Counted) []string {
	var out []string
	for _, c := range all {
		if !slices.Contains(out, c.Source) {
			out = append(out, c.Source)
		}
	}
	slices.Sort(out)
	return out
}

// needs asks the planner what the case's trial would need of each measure.
func (d *Desk) needs(c *homecase.Case, out *EvidenceBaseline) error {
	if c == nil {
		return nil
	}
	p, ok, err := c.TrialPlan(d.holidays(c))
	if err != nil || !ok {
		out.Notes = append(out.Notes, "The case has no trial with weeks yet, so measures are ordered by how much their days differ. Give plan.start and plan.weeks for the days a trial needs.")
		return nil
	}
	for i := range out.Measures {
		m := &out.Measures[i]
		p.Measure = trial.Measure{Name: m.Name, Unit: m.Unit, Kind: kindOf(m.Kind), Better: trial.Higher}
		p.Usual = &trial.Usual{Mean: m.Mean, SD: m.ResidualSD}
		if p.Margin.Relative <= 0 { // a margin in units of another measure says nothing here
			p.Margin = trial.Margin{Relative: .1}
		}
		odds, err := trial.PlanOdds(p)
		if err != nil {
			var one *fault.Error
			if errors.As(err, &one) {
				out.Notes = append(out.Notes, "The trial of this case cannot be planned yet: "+one.Say)
				return nil
			}
			return err
		}
		m.DaysNeeded = odds.DaysNeeded
		if odds.Odds != nil {
			m.ClearlyIfEqual = &odds.Odds.Equal.Clearly
		}
	}
	out.Notes = append(out.Notes, fmt.Sprintf("Days needed are those of the trial of this case, with a margin of %g%%: the fewest workdays that give an 80 in 100 chance of \"clearly\" if home days are equal.", 100*p.Margin.Relative))
	return nil
}

func kindOf(k intake.Kind) trial.MeasureKind {
	if k == intake.Finished {
		return trial.Count
	}
	return trial.Duration
}

// choose orders the measures and suggests the first: finished work before
// hours, then the fewest days needed, then the days that differ least.
func (b *EvidenceBaseline) choose(facts evidence.Ledger) error {
	last := func(n *int) int {
		if n == nil {
			return math.MaxInt
		}
		return *n
	}
	finished := func(m MeasureBaseline) int {
		if m.Kind == intake.Finished {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(b.Measures, func(x, y MeasureBaseline) int {
		return cmp.Or(cmp.Compare(finished(x), finished(y)), cmp.Compare(last(x.DaysNeeded), last(y.DaysNeeded)), cmp.Compare(x.CV, y.CV))
	})
	best := b.Measures[0]
	b.Best, b.Source = string(best.Measure), best.Source
	switch {
	case best.Kind != intake.Finished:
		b.Why = "Nothing imported counts finished work, so hours are all there is. Hours show presence, not work: choose something that is finished, if you can."
	case best.DaysNeeded != nil:
		b.Why = fmt.Sprintf("Of finished work it needs the fewest days in your trial: %d workdays.", *best.DaysNeeded)
	case best.ClearlyIfEqual != nil:
		b.Why = "No trial of a length one person can keep shows any of these measures. This one's days differ least; count something steadier, if you can."
	default:
		b.Why = fmt.Sprintf("Its days differ least: by %.0f%% of the mean once the weekday is allowed for.", 100*best.CV)
	}
	m, err := suggested(best, facts)
	if err != nil {
		return err
	}
	b.Suggest = &Suggested{Measure: m, Usual: trial.Usual{Mean: *m.Usual, SD: *m.Spread}}
	paste := struct {
		Facts struct {
			Measure evidence.Measure `json:"measure"`
		} `json:"facts"`
		Trial struct {
			Usual trial.Usual `json:"usual"`
		} `json:"trial"`
	}{}
	paste.Facts.Measure, paste.Trial.Usual = m, b.Suggest.Usual
	text, err := content.Encode(paste)
	b.Suggest.Paste = string(text)
	return err
}

// suggested is the measure as the facts of a case write it. The spread is that
// of days once their weekday is allowed for, which is what the trial compares.
func suggested(b MeasureBaseline, facts evidence.Ledger) (evidence.Measure, error) {
	source, err := sourceOf(b.Source)
	if err != nil {
		return evidence.Measure{}, err
	}
	var ids []string
	var on day.Date
	for _, m := range facts.Imports {
		if m.Source == b.Source {
			ids = append(ids, "import "+m.ID)
			if m.ImportedOn.After(on) {
				on = m.ImportedOn
			}
		}
	}
	name := source.Name
	if rest, ok := strings.CutPrefix(name, "A "); ok {
		name = "a " + rest
	}
	usual, spread := rounded(b.Mean), rounded(b.ResidualSD)
	return evidence.Measure{
		Name: b.Name, Unit: b.Unit, Kind: evidence.Kind(kindOf(b.Kind)), Better: evidence.Higher, Usual: &usual, Spread: &spread, Recorded: name,
		Origin: cite.Origin{Kind: cite.Measured, Source: fmt.Sprintf("%s, %s: %d workdays from %s to %s", name, strings.Join(ids, " and "), b.Days, b.First, b.Last), Date: on},
	}, nil
}

// rounded keeps three significant figures: more would be noise.
func rounded(v float64) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, 2-math.Floor(math.Log10(math.Abs(v))))
	if scale <= 1 {
		return math.Round(v)
	}
	return math.Round(v*scale) / scale
}

// look adds the facts and changes of the whole record.
func (b *EvidenceBaseline) look(all []evidence.Counted, free map[day.Date]bool, o BaselineOptions) error {
	whole, _, err := perSource(all, free)
	if err != nil {
		return err
	}
	var work []intake.Baseline
	var names []string
	for _, m := range whole {
		if m.Kind == intake.Finished {
			work, names = append(work, m.Baseline), append(names, fmt.Sprintf("%s (%s)", m.Name, m.Source))
		}
	}
	meetings, others := evidence.MainSource(all, "meeting_hours")
	kept := slices.DeleteFunc(slices.Clone(all), func(c evidence.Counted) bool { return slices.Contains(others, c.Source) && c.Source != meetings })
	found, err := history.Look(keptOf(kept), work, names, history.Options{After: o.After})
	b.Facts, b.Changes, b.NotShown = found.Facts, found.Changes, found.Refused
	return err
}

// writeMeasure puts the suggestion into the case. A measure the person typed is
// theirs: it is completed where it has no number yet, and else left alone.
func (f *caseText) writeMeasure(b *EvidenceBaseline) error {
	was, m := f.facts.Measure, b.Suggest.Measure
	switch {
	case was.Name == "" || strings.Contains(was.Origin.Source, "import "):
		if err := f.set("facts.measure", m); err != nil {
			return err
		}
	case was.Usual == nil && was.Spread == nil:
		for _, e := range []struct {
			key string
			v   any
		}{{"usual", *m.Usual}, {"spread", *m.Spread}, {"origin", m.Origin}} {
			if err := f.set("facts.measure."+e.key, e.v); err != nil {
				return err
			}
		}
	default:
		return fault.New(fault.Finding, codeMeasure, "The case has a measure of its own already: %s.", was.Name).At(f.tree.At("facts.measure")).
			Then("Nothing was written. Take usual and spread out to have them filled in, or paste what homecase evidence baseline prints.")
	}
	if f.tree.Len("trial.usual") > 0 {
		if err := f.set("trial.usual", b.Suggest.Usual); err != nil {
			return err
		}
	}
	b.Suggest.Written = true
	return f.save()
}
