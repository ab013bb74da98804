package ops

import (
	"errors"
	"fmt"

	"homecase"
	"homecase/fault"
	"homecase/internal/press/plaintext"
	"homecase/packet"
	"homecase/pitch"
	"homecase/readiness"
)

// Review is what a person sees of a case before a packet is made of it.
type Review struct {
	Verdict readiness.Verdict
	// NotReady says why no packet is made for this ask; empty where one may be.
	NotReady fault.List
	// Missing is what the case still lacks; without it nothing can be made.
	Missing fault.List
	// Sourceless are the numbers without a source.
	Sourceless fault.List
	// Refused is another reason for which nothing is made, such as a law without a letter.
	Refused fault.List
	// Page is the first page as the boss will read it; nil while it cannot be composed.
	Page *packet.Document
}

// Closed tells whether a build would be refused.
func (r *Review) Closed() bool {
	return len(r.NotReady)+len(r.Missing)+len(r.Sourceless)+len(r.Refused) > 0
}

// Remark is something in the words that may be better.
type Remark struct {
	Path       string // the field it is about
	Words      string // what was found
	Why        string
	Suggestion string
	Serious    bool // known to be false, deceiving or unlawful
}

// Review looks a case over as BuildPacket would, without making a file.
func (w *Workspace) Review(o *Open) (*Review, error) {
	return know(w, o, askReview{}, func() (*Review, error) { return w.review(o) })
}

func (w *Workspace) review(o *Open) (*Review, error) {
	c := o.Case
	c.Date = dayOf(w.Desk)
	r := new(Review)
	var err error
	if r.Missing, err = c.Problems(); err != nil {
		return nil, err
	}
	r.Missing = append(r.Missing, c.CheckAt()...)
	if r.Verdict, err = c.Assess(); err != nil && len(r.Missing) == 0 {
		return nil, err
	}
	if len(r.Missing) == 0 {
		if r.NotReady, err = listed(ready("", &c)); err != nil {
			return nil, err
		}
	}
	return r, w.firstPage(o, r)
}

// listed takes the faults out of an error; what is no fault of the case stays an error.
func listed(err error) (fault.List, error) {
	var list fault.List
	var one *fault.Error
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &list):
		return list, nil
	case errors.As(err, &one) && one.Kind != fault.Internal:
		return fault.List{one}, nil
	}
	return nil, err
}

// firstPage composes the case, or says what keeps it from being composed.
func (w *Workspace) firstPage(o *Open, r *Review) error {
	edition, err := w.edition(o)
	if err == nil {
		r.Page = &edition.OnePage
		return nil
	}
	list, err := listed(err)
	for _, f := range list {
		switch {
		case f.Code == "HC-FACT-01":
			r.Sourceless = append(r.Sourceless, f)
		case len(r.Missing) == 0:
			r.Refused = append(r.Refused, f)
		}
	}
	return err
}

// Remarks reads the person's own words as CheckWords does, and asks the nouns
// what is odd or false. Remarks stop nothing.
func (w *Workspace) Remarks(o *Open) ([]Remark, error) {
	return know(w, o, askRemarks{}, func() ([]Remark, error) {
		c := o.Case
		c.Date = dayOf(w.Desk)
		return remarks(&c)
	})
}

func remarks(c *homecase.Case) ([]Remark, error) {
	findings, err := c.Findings()
	if err != nil {
		return nil, err
	}
	var out []Remark
	for _, f := range findings {
		out = append(out, Remark{Path: f.Place.Path, Why: f.Say, Suggestion: f.Next, Serious: true})
	}
	unbacked, err := c.Plan.Unbacked()
	if err != nil {
		return nil, err
	}
	for _, u := range unbacked {
		out = append(out, Remark{Path: fmt.Sprintf("plan.promises[%d].text", u.Promise), Words: c.Plan.Promises[u.Promise].Text, Why: u.Say})
	}
	outdated, decide := c.OutdatedPromises()
	for _, i := range outdated {
		out = append(out, Remark{Path: fmt.Sprintf("plan.promises[%d].text", i), Words: c.Plan.Promises[i].Text, Why: "The plan has another day for the decision: " + decide + "."})
	}
	passages, err := c.Shared().Passages()
	if err != nil {
		return nil, err
	}
	var texts []pitch.File
	field := map[string]homecase.Passage{}
	for _, p := range passages {
		texts = append(texts, pitch.File{Name: p.Path, Data: []byte(p.Text)})
		field[p.Path] = p
	}
	found, err := pitch.Check(texts, pitch.Options{Facts: c.PitchFacts(), Fragment: true})
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		p := field[f.File]
		settled := f.Category == pitch.Unsupported && p.Sourced || f.Category == pitch.Comparison && p.Others
		if f.Severity != pitch.Good && !settled {
			out = append(out, Remark{Path: f.File, Words: f.Text, Why: f.Why, Suggestion: f.Suggestion, Serious: f.Severity == pitch.Error})
		}
	}
	for _, f := range c.CheckThis() {
		out = append(out, Remark{Path: f.Place.Path, Why: f.Say, Suggestion: f.Next})
	}
	return out, nil
}

// Words are the words of the letter, the e-mail and the talk.
type Words struct {
	Letter               packet.Document
	LetterText, MailText string // to copy: a paragraph is one line
	Slides               packet.Document
}

// Words composes the words of a case as a packet of today, without making a
// file.
func (w *Workspace) Words(o *Open) (*Words, error) {
	return know(w, o, askWords{}, func() (*Words, error) {
		c := o.Case
		c.Date = dayOf(w.Desk)
		if err := ready("", &c); err != nil {
			return nil, err
		}
		edition, err := w.edition(o)
		if err != nil {
			return nil, err
		}
		return &Words{Letter: edition.Letter, LetterText: plaintext.Flow(edition.Letter), MailText: plaintext.Flow(edition.Message), Slides: edition.Slides}, nil
	})
}

// composing are the options of a composition for a page: the money that was
// estimated already, and no photos, of which no page here shows any.
func (w *Workspace) composing(c *homecase.Case) homecase.Options {
	options := homecase.Options{Version: w.Version, Holidays: w.holidays(c), Odds: w.oddsOf}
	if len(c.Money.Lines) > 0 {
		if report, err := w.estimate(c); err == nil {
			options.Money = &report
		}
	}
	return options
}
