package plan

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"homecase/cite"
	"homecase/content"
)

//go:embed data/*.yaml
var files embed.FS

func load[T any](name string) (T, error) {
	var v T
	b, err := files.ReadFile("data/" + name)
	if err != nil {
		return v, fmt.Errorf("read %s: %w", name, err)
	}
	if err := content.Decode("plan/data/"+name, b, &v); err != nil {
		return v, err
	}
	return v, nil
}

// sources resolves the source keys of one file.
type sources map[string]cite.Reading

func (s sources) find(file, id, key string, into *cite.Reading) error {
	r, ok := s[key]
	if !ok {
		return fmt.Errorf("%s: %s names the source %q, which is not there", file, id, key)
	}
	*into = r
	return nil
}

// Template is a sentence with named slots in braces, like {trial.weeks}.
type Template string

// Slots returns the names of the slots in order, each once.
func (t Template) Slots() []string {
	var out []string
	_ = t.each(nil, func(name string) (string, bool) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
		return "", true
	})
	return out
}

// Fill puts values into the slots. It returns the names of slots without a
// value instead of a text with holes.
func (t Template) Fill(values map[string]string) (text string, missing []string) {
	var b strings.Builder
	err := t.each(&b, func(name string) (string, bool) {
		v := values[name]
		if v == "" && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
		return v, true
	})
	if err != nil || len(missing) > 0 {
		return "", missing
	}
	return b.String(), nil
}

// each walks the text and asks for the value of every slot. A brace that is
// never closed is an error; a value is never searched for slots itself.
func (t Template) each(b *strings.Builder, value func(string) (string, bool)) error {
	write := func(s string) {
		if b != nil {
			b.WriteString(s)
		}
	}
	rest := string(t)
	for {
		before, after, open := strings.Cut(rest, "{")
		write(before)
		if !open {
			return nil
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed {
			return fmt.Errorf("a slot is never closed: {%s", clip(after, 40))
		}
		v, _ := value(name)
		write(v)
		rest = tail
	}
}

// RungEntry is a rung that ships, with advice for the person alone.
type RungEntry struct {
	Rung   Rung         `json:"rung"`
	Note   string       `json:"note"` // only for the person
	Source cite.Reading `json:"source,omitzero"`
}

// rungRow is a rung as the data file has it.
type rungRow struct {
	ID   RungID  `json:"id"`
	Days float64 `json:"days"`
	From string  `json:"source"`
	Name string  `json:"name"`
	Ask  string  `json:"ask"`
	Note string  `json:"note"`
}

// OpeningRule says in words why a rung is open or closed.
type OpeningRule struct {
	ID     string       `json:"id"`
	Say    string       `json:"say"`
	From   string       `json:"source"`
	Source cite.Reading `json:"reading,omitzero"`
}

type rungFile struct {
	Sources  sources       `json:"sources"`
	Rows     []rungRow     `json:"rungs"`
	Openings []OpeningRule `json:"openings"`
	entries  []RungEntry
}

var rungFileOnce = sync.OnceValues(func() (rungFile, error) {
	f, err := load[rungFile]("rungs.yaml")
	if err != nil {
		return f, err
	}
	for _, r := range f.Rows {
		e := RungEntry{Rung: Rung{ID: r.ID, Name: r.Name, Days: r.Days, Ask: r.Ask}, Note: r.Note}
		if err := f.Sources.find("rungs.yaml", string(r.ID), r.From, &e.Source); err != nil {
			return f, err
		}
		f.entries = append(f.entries, e)
	}
	for i := range f.Openings {
		if err := f.Sources.find("rungs.yaml", f.Openings[i].ID, f.Openings[i].From, &f.Openings[i].Source); err != nil {
			return f, err
		}
	}
	return f, nil
})

// Rungs returns the rungs that ship, the smallest first.
func Rungs() ([]RungEntry, error) {
	f, err := rungFileOnce()
	return slices.Clone(f.entries), err
}

// RungByID returns one rung that ships.
func RungByID(id RungID) (Rung, error) {
	f, err := rungFileOnce()
	if err != nil {
		return Rung{}, err
	}
	var ids []string
	for _, r := range f.entries {
		if r.Rung.ID == id {
			return r.Rung, nil
		}
		ids = append(ids, string(r.Rung.ID))
	}
	return Rung{}, fmt.Errorf("there is no rung %q; those that ship are %s", clip(string(id), 40), strings.Join(ids, ", "))
}

// OpeningRules returns the sentences behind Opening.Why.
func OpeningRules() ([]OpeningRule, error) {
	f, err := rungFileOnce()
	return slices.Clone(f.Openings), err
}

// Card is one rehearsal card: what the boss may say and how to meet it.
type Card struct {
	ID      string       `json:"id"`
	Concern string       `json:"concern"` // where the full answer stands
	Says    string       `json:"says"`    // what the boss may say
	Listen  string       `json:"listen"`  // what may be behind it
	Ask     string       `json:"ask"`     // what to ask back
	Answer  Template     `json:"answer"`  // the answer in one sentence
	From    string       `json:"source"`
	Source  cite.Reading `json:"reading,omitzero"`
}

// OpeningQuestion is one question to begin the talk with.
type OpeningQuestion struct {
	ID     string       `json:"id"`
	Ask    string       `json:"ask"`
	From   string       `json:"source"`
	Source cite.Reading `json:"reading,omitzero"`
}

type cardFile struct {
	Sources  sources           `json:"sources"`
	Cards    []Card            `json:"cards"`
	Openings []OpeningQuestion `json:"openings"`
}

var cardFileOnce = sync.OnceValues(func() (cardFile, error) {
	f, err := load[cardFile]("cards.yaml")
	if err != nil {
		return f, err
	}
	for i := range f.Cards {
		if err := f.Sources.find("cards.yaml", f.Cards[i].ID, f.Cards[i].From, &f.Cards[i].Source); err != nil {
			return f, err
		}
	}
	for i := range f.Openings {
		if err := f.Sources.find("cards.yaml", f.Openings[i].ID, f.Openings[i].From, &f.Openings[i].Source); err != nil {
			return f, err
		}
	}
	return f, nil
})

// Cards returns the ten rehearsal cards.
func Cards() ([]Card, error) {
	f, err := cardFileOnce()
	return slices.Clone(f.Cards), err
}

// OpeningQuestions returns questions to begin the talk with.
func OpeningQuestions() ([]OpeningQuestion, error) {
	f, err := cardFileOnce()
	return slices.Clone(f.Openings), err
}

// Note is one short note with slots.
type Note struct {
	ID      string       `json:"id"`
	When    string       `json:"when"`
	Subject Template     `json:"subject"`
	Body    Template     `json:"body"`
	Avoid   []string     `json:"avoid"` // what does not belong in it
	From    string       `json:"source"`
	Source  cite.Reading `json:"reading,omitzero"`
}

type noteFile struct {
	Sources sources `json:"sources"`
	Notes   []Note  `json:"notes"`
}

var noteFileOnce = sync.OnceValues(func() (noteFile, error) {
	f, err := load[noteFile]("notes.yaml")
	if err != nil {
		return f, err
	}
	for i := range f.Notes {
		if err := f.Sources.find("notes.yaml", f.Notes[i].ID, f.Notes[i].From, &f.Notes[i].Source); err != nil {
			return f, err
		}
	}
	return f, nil
})

// Notes returns the short notes: invitation, thanks, agreed, not-now,
// project-day and hr-rule.
func Notes() ([]Note, error) {
	f, err := noteFileOnce()
	return slices.Clone(f.Notes), err
}

// KeepingItem is one thing that keeps what was won.
type KeepingItem struct {
	ID     string       `json:"id"`
	Do     string       `json:"do"`
	Why    string       `json:"why"`
	From   string       `json:"source"`
	Source cite.Reading `json:"reading,omitzero"`
}

// MovingOn is one question of the private page for a no that stays.
type MovingOn struct {
	ID      string       `json:"id"`
	Private bool         `json:"private"`
	Ask     string       `json:"ask"`
	Do      string       `json:"do"`
	From    string       `json:"source"`
	Source  cite.Reading `json:"reading,omitzero"`
}

type keepingFile struct {
	Sources  sources       `json:"sources"`
	Keeping  []KeepingItem `json:"keeping"`
	MovingOn []MovingOn    `json:"moving_on"`
}

var keepingFileOnce = sync.OnceValues(func() (keepingFile, error) {
	f, err := load[keepingFile]("keeping.yaml")
	if err != nil {
		return f, err
	}
	for i := range f.Keeping {
		if err := f.Sources.find("keeping.yaml", f.Keeping[i].ID, f.Keeping[i].From, &f.Keeping[i].Source); err != nil {
			return f, err
		}
	}
	for i := range f.MovingOn {
		if err := f.Sources.find("keeping.yaml", f.MovingOn[i].ID, f.MovingOn[i].From, &f.MovingOn[i].Source); err != nil {
			return f, err
		}
	}
	return f, nil
})

// KeepingItems returns what keeps a home day.
func KeepingItems() ([]KeepingItem, error) {
	f, err := keepingFileOnce()
	return slices.Clone(f.Keeping), err
}

// MovingOnQuestions returns the private page for a no that stays: stay, wait
// or move on.
func MovingOnQuestions() ([]MovingOn, error) {
	f, err := keepingFileOnce()
	return slices.Clone(f.MovingOn), err
}

// Values returns the slots that the plan itself can fill, for cards and notes.
// Dates are written YYYY-MM-DD; a door may put its own writing over them.
func (p Plan) Values() map[string]string {
	v := map[string]string{
		"ask.days":       daysText(p.AskedDays()),
		"trial.start":    p.Start.String(),
		"trial.end":      p.EndDate().String(),
		"trial.decide":   p.DecideOn.String(),
		"recall.notice":  p.Recall.Notice,
		"outage.backup":  p.Outage.Backup,
		"hours.from":     string(p.Hours.From),
		"hours.to":       string(p.Hours.To),
		"talk.minutes":   "30",
		"outage.minutes": "",
	}
	if n := p.WeekCount(); n > 0 {
		v["trial.weeks"] = fmt.Sprint(n)
	}
	if p.Outage.AfterMinutes > 0 {
		v["outage.minutes"] = fmt.Sprint(p.Outage.AfterMinutes)
	}
	if len(p.CheckIns) > 0 {
		v["check_in.every"], v["check_in.what"] = everyText(p.CheckIns[0].Every), p.CheckIns[0].What
	}
	if len(p.StopRules) > 0 {
		v["stop.rule"] = p.StopRules[0].Text
	}
	if t := p.Talk; t != nil {
		v["talk.date"], v["talk.time"] = t.Date.String(), string(t.Time)
		if t.Minutes > 0 {
			v["talk.minutes"] = fmt.Sprint(t.Minutes)
		}
	}
	if n := p.NotNow; n != nil {
		v["retry.date"], v["not_now.worry"] = n.RetryOn().String(), n.Worry
	}
	return v
}

func daysText(d float64) string {
	switch d {
	case 0.5:
		return "half a day"
	case 1:
		return "one day"
	}
	return fmt.Sprintf("%g days", d)
}

func everyText(e Every) string {
	if w, ok := e.Weekday(); ok {
		return "Every " + w.Name()
	}
	return "Every " + string(e)
}
