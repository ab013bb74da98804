package ops

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/press/mail"
	"homecase/locale"
	"homecase/plan"
	"homecase/trial"
)

// baselineFile is the name of the office days before a trial with fixed days.
const baselineFile = "baseline.csv"

func written(d trial.Days) ([]byte, error) {
	var b bytes.Buffer
	err := trial.WriteDays(&b, d)
	return b.Bytes(), err
}

// Odds are a plan with what its trial can show.
type Odds struct {
	Plan trial.Plan
	*trial.Odds
}

// PlanOdds says what the trial of a case can show before it starts.
func (w *Workspace) PlanOdds(o *Open) (*Odds, error) {
	return know(w, o, askOdds{}, func() (*Odds, error) {
		p, ok, err := o.Case.TrialPlan(w.holidays(&o.Case))
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, fault.New(fault.Missing, codeRound, "The trial has no first day or no weeks yet.")
		}
		odds, err := w.oddsOf(p)
		if err != nil {
			return nil, err
		}
		return &Odds{p, odds}, nil
	})
}

// Seal writes down what both agreed on a day. From here on the plan stands; a
// lottery then waits for the boss's word. purpose says what the numbers are for
// where the case does not say it.
func (w *Workspace) Seal(ctx context.Context, o *Open, on day.Date, purpose string) (*Open, error) {
	nonce := make([]byte, 32)
	if _, err := io.ReadFull(w.Random, nonce); err != nil {
		return nil, fault.New(fault.Internal, codeNonce, "This computer gave no random numbers.").Because(err)
	}
	opening, err := w.Opening(ctx, o)
	if err != nil {
		return nil, err
	}
	return w.Change(ctx, o.ID, "Agreed on the plan of the trial", func(c *homecase.Case, course *homecase.Course) error {
		if course.Trial != nil {
			return fault.New(fault.Conflict, codeRound, "A trial is running already.").Then("Decide on it first.")
		}
		agree(c, on, purpose)
		if len(c.Plan.Ladder) == 0 {
			ladder, err := plan.DefaultLadder(c.Plan.AskedDays())
			if err != nil {
				return err
			}
			c.Plan.Ladder = ladder
		}
		rung, err := mayTry(c.Plan, *course, opening)
		if err != nil {
			return err
		}
		p, ok, err := c.TrialPlan(w.holidays(c))
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.Invalid, codeRound, "The trial has no first day or no weeks yet.")
		}
		if err := w.mayAgree(p, on, c.Locale()); err != nil {
			return err
		}
		t := &homecase.RunningTrial{Rung: rung, Agreed: on}
		if p.Design == trial.Fixed {
			c.Plan.At = rung
		} else {
			t.Nonce = hex.EncodeToString(nonce)
			if _, err := trial.Freeze(p, nonce); err != nil {
				return err
			}
		}
		t.Plan, err = frozenPlan(p)
		course.Trial = t
		return err
	})
}

// mayAgree refuses a plan that is not complete or comes too late.
func (w *Workspace) mayAgree(p trial.Plan, on day.Date, l locale.Locale) error {
	today := dayOf(w.Desk)
	if err := p.Complete(); err != nil {
		return err
	}
	switch {
	case on.After(today):
		return fault.New(fault.Invalid, codeRound, "Both agreed on %s, and that day is still to come.", l.Date(on))
	case !p.Weeks[0].Start.After(today):
		return fault.New(fault.Invalid, codeRound, "The first day, %s, has come already.", l.Date(p.Weeks[0].Start)).Then("Choose a later first day.")
	}
	return nil
}

// agree writes what the plan group has into the trial, so that it is frozen too.
func agree(c *homecase.Case, on day.Date, purpose string) {
	t := trial.Plan{}
	if c.Trial != nil {
		t = *c.Trial
	}
	t.Agreed = &trial.Agreement{By: []string{c.Person.Name, c.Boss.Name}, On: on}
	t.CheckIns, t.Stop, t.Drawn, t.Baseline = nil, nil, nil, ""
	for _, k := range c.Plan.CheckIns {
		t.CheckIns = append(t.CheckIns, capitalised(string(k.Every))+": "+k.What)
	}
	for _, s := range c.Plan.StopRules {
		t.Stop = append(t.Stop, s.Text)
	}
	if t.Purpose == "" {
		t.Purpose = purpose
	}
	if c.Plan.Choice == plan.Fixed {
		t.Baseline = baselineFile
	}
	c.Trial = &t
}

func capitalised(s string) string {
	if s == "" {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// mayTry returns the rung that the case asks for, and refuses one that is not
// open: after a trial, at most one above the rung that was tried, and only
// where the verdict opens it.
func mayTry(p plan.Plan, course homecase.Course, opening *plan.Opening) (plan.RungID, error) {
	rung, ok := p.Ladder.Tries(p.AskedDays(), p.At)
	if !ok {
		return "", nil // an ask that is no rung of the ladder
	}
	n := len(course.Past)
	if n == 0 {
		return rung.ID, nil
	}
	above := p.Ladder.Above(rung.ID, course.Past[n-1].Rung)
	if above > 1 || above == 1 && (opening == nil || opening.Step != plan.Open) {
		return "", fault.New(fault.Finding, codeRung, "%s is not open yet. A trial opens one rung at a time, when it says clearly that home days are at least as good.", rung.Name).
			Then("See the ladder for the reason.")
	}
	return rung.ID, nil
}

// Unseal takes an agreed plan back while no word was given. The next agreement
// has new hashes.
func (w *Workspace) Unseal(ctx context.Context, o *Open) (*Open, error) {
	return w.Change(ctx, o.ID, "Opened the plan of the trial again", func(c *homecase.Case, course *homecase.Course) error {
		if _, err := sealed(course); err != nil {
			return err
		}
		course.Trial = nil
		if c.Trial != nil {
			c.Trial.Agreed = nil
		}
		return nil
	})
}

// sealed returns the plan that waits for its draw.
func sealed(course *homecase.Course) (trial.Plan, error) {
	if course.Trial == nil {
		return trial.Plan{}, fault.New(fault.Missing, codeRound, "No plan has been agreed yet.")
	}
	p, err := trial.ReadPlan("the agreed plan", course.Trial.Plan)
	if err != nil {
		return p, err
	}
	if !course.Trial.Sealed(p) {
		return p, fault.New(fault.Conflict, codeRound, "The days of this trial are set. A draw is done once.")
	}
	return p, nil
}

// Hashes are what is shown before the boss gives a word.
func (w *Workspace) Hashes(r *Round) (trial.Commitment, error) {
	nonce, err := ReadNonce(r.Nonce)
	if err != nil {
		return trial.Commitment{}, err
	}
	return trial.Freeze(r.Agreement, nonce)
}

// DrawRound draws the home days with the boss's word and freezes the plan. It
// is done once.
func (w *Workspace) DrawRound(ctx context.Context, o *Open, word string) (*Open, error) {
	return w.Change(ctx, o.ID, "Drew the home days by lot", func(c *homecase.Case, course *homecase.Course) error {
		p, err := sealed(course)
		if err != nil {
			return err
		}
		if today := dayOf(w.Desk); !p.Weeks[0].Start.After(today) {
			return fault.New(fault.Invalid, codeRound, "The first day, %s, has come already.", c.Locale().Date(p.Weeks[0].Start)).Then("Open the plan again and choose a later first day.")
		}
		nonce, err := ReadNonce(course.Trial.Nonce)
		if err != nil {
			return err
		}
		draw, err := trial.DrawDays(p, nonce, strings.TrimSpace(word))
		if err != nil {
			return err
		}
		draw.On = dayOf(w.Desk)
		p.Drawn = &draw.Commitment
		t := *course.Trial
		if t.Plan, err = frozenPlan(p); err != nil {
			return err
		}
		course.Trial = &t
		if t.Rung != "" {
			c.Plan.At = t.Rung
		}
		return nil
	})
}

// NoteDraft writes the Friday note of the week that begins on a Monday.
func (w *Workspace) NoteDraft(r *Round, monday day.Date) (*trial.Note, error) {
	friday := monday.Add(6)
	if friday.After(r.Today) {
		friday = r.Today
	}
	if r.Sealed() || friday.Before(r.First()) || monday.After(r.Today) || monday != monday.Monday() || monday.After(r.Last()) {
		return nil, fault.New(fault.Missing, codeDay, "There is no Friday note for this week.")
	}
	if last := r.Last(); friday.After(last) {
		friday = last
	}
	return trial.FridayNote(r.Agreement, r.rows(friday), friday)
}

// KeepNote keeps what became of a Friday note: approved in these words, or
// passed over where there are none.
func (w *Workspace) KeepNote(ctx context.Context, o *Open, monday day.Date, text string) (*Open, error) {
	n := homecase.WeekNote{Monday: monday, Text: text, Sent: w.Now().UTC()}
	did := "Approved a Friday note"
	if text == "" {
		n, did = homecase.WeekNote{Monday: monday, Skipped: true}, "Passed over a Friday note"
	}
	return w.Change(ctx, o.ID, did, func(_ *homecase.Case, course *homecase.Course) error {
		if course.Trial == nil {
			return fault.New(fault.Missing, codeRound, "No trial is running.")
		}
		t := *course.Trial
		t.SetNote(n)
		course.Trial = &t
		return nil
	})
}

// NoteMail writes an approved note as a message that a mail program opens.
func (w *Workspace) NoteMail(o *Open, subject, text string) ([]byte, error) {
	m := mail.Message{Subject: subject, Date: w.Now().UTC(), Text: text, Draft: true}
	if e := o.Case.Person.Email; e != "" {
		m.From = mail.Address{Name: o.Case.Person.Name, Email: e}
	}
	if e := o.Case.Boss.Email; e != "" {
		m.To = []mail.Address{{Name: o.Case.Boss.Name, Email: e}}
	}
	return mail.EML(m)
}

// Endings lists the ways to end the round, with the reasons.
func (w *Workspace) Endings(o *Open, r *Round) ([]plan.Ending, error) {
	if r.Rung == "" {
		return nil, fault.New(fault.Finding, codeRung, "The days of this trial are no rung of your ladder, so nothing follows from it by rule.").Then("Add the rung to the ladder.")
	}
	p, err := w.passed(o, r)
	if err != nil {
		return nil, err
	}
	return o.Case.Plan.Ladder.Endings(p)
}

// EndRound does what both decided. Only what the verdict and the agreement
// allow is done.
func (w *Workspace) EndRound(ctx context.Context, o *Open, way plan.Way) (*Open, error) {
	r, err := w.Round(ctx, o)
	if err != nil {
		return nil, err
	}
	ends, err := w.Endings(o, r)
	if err != nil {
		return nil, err
	}
	var end *plan.Ending
	for i := range ends {
		if ends[i].Way == way && ends[i].Allowed {
			end = &ends[i]
		}
	}
	if end == nil {
		return nil, fault.New(fault.Finding, codeEnd, "The trial cannot end like this.").Then("Choose one of the ways that are offered.")
	}
	past := homecase.PastTrial{RunningTrial: r.RunningTrial, Decision: homecase.Decision(way), On: r.Today}
	if reading, err := w.Reading(o, r); err != nil {
		return nil, err
	} else if reading != nil && reading.Analysis.Verdict != nil && (r.Over() || *reading.Analysis.Verdict != trial.CannotTell) {
		past.Verdict = plan.Verdict(*reading.Analysis.Verdict)
	}
	did := map[plan.Way]string{plan.GoOn: "Decided to go on as it is", plan.Lengthen: "Decided on the extension", plan.GiveUp: "Decided to stop the trial", plan.Climb: "Decided to ask for the next rung"}[way]
	return w.Change(ctx, o.ID, did, func(c *homecase.Case, course *homecase.Course) error {
		if course.Trial == nil || course.Trial.Agreed != r.Agreed || course.Trial.Extended != r.Extended {
			return fault.New(fault.Conflict, codeEnd, "This trial was decided already.")
		}
		if way == plan.Lengthen {
			t := *course.Trial
			t.Extended = true
			course.Trial = &t
			return nil
		}
		past.Notes = course.Trial.Notes
		course.Trial = nil
		course.Past = append(course.Past, past)
		c.Plan.At = r.Rung
		if way == plan.GiveUp {
			c.Plan.At = ""
			if end.Rung != nil {
				c.Plan.At = end.Rung.ID
			}
		}
		return nil
	})
}

// Opening says which rung is open and why, from the trial that runs or else the
// one decided last; nil before the first.
func (w *Workspace) Opening(ctx context.Context, o *Open) (*plan.Opening, error) {
	r, err := w.evidence(ctx, o)
	if err != nil || r == nil {
		return nil, err
	}
	p, err := w.passed(o, r)
	if err != nil {
		return nil, err
	}
	if r.Past != nil && r.Past.Decision == homecase.Stop {
		p.At, p.Verdict = o.Case.Plan.At, ""
		if p.At == "" {
			return nil, nil
		}
	}
	next, err := o.Case.Plan.Ladder.Next(p)
	return &next, err
}

// evidence is the trial on which the ladder stands; nil where there is none, or
// where it tried no rung of the ladder.
func (w *Workspace) evidence(ctx context.Context, o *Open) (*Round, error) {
	r, err := w.Round(ctx, o)
	if fault.KindOf(err) == fault.Missing {
		r, err = w.LastRound(ctx, o)
	}
	switch {
	case fault.KindOf(err) == fault.Missing:
		return nil, nil
	case err != nil:
		return nil, err
	case r.Rung == "" || r.Sealed():
		return nil, nil
	}
	return r, nil
}

// NextRung writes the half page that asks for the rung a trial has opened.
func (w *Workspace) NextRung(ctx context.Context, o *Open) (*homecase.Note, error) {
	c, options, err := w.nextRung(ctx, o)
	if err != nil {
		return nil, err
	}
	return c.Note(homecase.NextRung, options)
}

// NextRungFile writes the same as the file whose ending name has.
func (w *Workspace) NextRungFile(ctx context.Context, o *Open, name string) ([]byte, error) {
	c, options, err := w.nextRung(ctx, o)
	if err != nil {
		return nil, err
	}
	return w.LetterOf(c, homecase.NextRung, name, options)
}

// nextRung is the case as the trial on which the ladder stands left it.
func (w *Workspace) nextRung(ctx context.Context, o *Open) (*homecase.Case, homecase.NoteOptions, error) {
	none := homecase.NoteOptions{}
	r, err := w.evidence(ctx, o)
	if err != nil {
		return nil, none, err
	}
	if r == nil {
		return nil, none, fault.New(fault.Missing, codeRound, "No trial stands behind the next step yet.")
	}
	reading, err := w.Reading(o, r)
	if err != nil {
		return nil, none, err
	}
	if reading == nil {
		return nil, none, fault.New(fault.Missing, codeRound, "No day of this trial has been logged.")
	}
	c := o.Case
	c.Plan.At, c.Plan.Weeks, c.Plan.Until = r.Rung, len(r.Agreement.Weeks), day.Date{}
	if r.Past != nil {
		c.Plan.StopRules = nil
	}
	return &c, homecase.NoteOptions{On: dayOf(w.Desk), Trial: reading.Analysis}, nil
}

// Climb makes the case ask for the rung that is open: a trial of so many weeks
// from a new first day. The packet can then be made anew.
func (w *Workspace) Climb(ctx context.Context, o *Open, start day.Date, weeks int) (*Open, error) {
	opening, err := w.Opening(ctx, o)
	if err != nil {
		return nil, err
	}
	if o.Course.Trial != nil || opening == nil || opening.Step != plan.Open || opening.Rung == nil {
		return nil, fault.New(fault.Finding, codeRung, "The next rung is not open.").Then("See the ladder for the reason.")
	}
	if !start.After(dayOf(w.Desk)) {
		return nil, fault.New(fault.Invalid, codeRung, "The first day must come after today.")
	}
	return w.Change(ctx, o.ID, "Began the next round", func(c *homecase.Case, _ *homecase.Course) error {
		c.Plan.NextRound(*opening.Rung, start, weeks)
		if c.Trial != nil {
			t := *c.Trial
			t.Title, t.Weeks, t.Holidays, t.Agreed, t.Drawn, t.DecideOn, t.Design = "", nil, nil, nil, nil, day.Date{}, ""
			c.Trial = &t
		}
		return nil
	})
}

// FireRules notes on which day each stop rule of the plan came true; a zero day
// takes it back.
func (w *Workspace) FireRules(ctx context.Context, o *Open, on []day.Date) error {
	_, err := w.Change(ctx, o.ID, "Noted what happened in the trial", func(c *homecase.Case, _ *homecase.Course) error {
		if len(on) != len(c.Plan.StopRules) {
			return fault.New(fault.Conflict, codeRound, "The stop rules have changed.").Then("Look at them again.")
		}
		for i := range on {
			c.Plan.StopRules[i].FiredOn = on[i]
		}
		return nil
	})
	return err
}

// AddRung puts a rung on top of a ladder.
func (w *Workspace) AddRung(ctx context.Context, o *Open, l plan.Ladder, r plan.Rung) error {
	_, err := w.Change(ctx, o.ID, "Added a rung to the ladder", func(c *homecase.Case, _ *homecase.Course) error {
		c.Plan.Ladder = append(slices.Clone(l), r)
		return nil
	})
	return err
}
