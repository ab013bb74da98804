package homecase

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"homecase/cite"
	"homecase/concern"
	"homecase/policy"
	"homecase/savings"
)

// Questions are the questions of this case in the order in which a person goes
// through them: the eighteen, then those that the case raises or that the
// person answered or put first, then the person's own. The money is that of
// RaisedConcerns.
func (c *Case) Questions(money *savings.Report) ([]concern.View, error) {
	raised, err := c.RaisedConcerns(money)
	if err != nil {
		return nil, err
	}
	views, err := c.Concerns.Views(raised...)
	if err != nil {
		return nil, err
	}
	group := func(v concern.View) int {
		switch {
		case v.ID.Core():
			return 0
		case strings.HasPrefix(string(v.ID), "own-"):
			return 2
		}
		return 1
	}
	slices.SortStableFunc(views, func(a, b concern.View) int {
		return cmp.Or(cmp.Compare(group(a), group(b)), cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
	})
	return views, nil
}

// Answer sets what is known about a question; the zero Reply makes it open.
func (c *Case) Answer(id concern.ID, r concern.Reply) {
	c.Concerns.Answers, c.Concerns.Own = slices.Clone(c.Concerns.Answers), slices.Clone(c.Concerns.Own)
	at := slices.IndexFunc(c.Concerns.Answers, func(a concern.Answer) bool { return a.Concern == id })
	own := -1
	for i, o := range c.Concerns.Own {
		if o.ID == id || o.ID == "" && id == concern.ID("own-"+strconv.Itoa(i+1)) {
			own = i
		}
	}
	switch {
	case own >= 0 && at < 0:
		c.Concerns.Own[own].Reply = r
	case at >= 0 && r == (concern.Reply{}):
		c.Concerns.Answers = slices.Delete(c.Concerns.Answers, at, at+1)
	case at >= 0:
		c.Concerns.Answers[at].Reply = r
	case r != (concern.Reply{}):
		c.Concerns.Answers = append(c.Concerns.Answers, concern.Answer{Concern: id, Reply: r})
		slices.SortStableFunc(c.Concerns.Answers, func(a, b concern.Answer) int { return cmp.Compare(a.Concern, b.Concern) })
	}
}

// Draft is a ready answer to an open question.
type Draft struct {
	ID    concern.ID
	Title string
	Text  string         // with what the case knows put in
	Open  []concern.Slot // what only the person can say; the draft is no answer while there is one
}

// Drafts lists the ready answers of the open questions among the eighteen.
func (c *Case) Drafts() ([]Draft, error) {
	all, err := concern.Catalogue()
	if err != nil {
		return nil, err
	}
	known := c.DraftWords()
	standing := map[concern.ID]concern.State{}
	for _, a := range c.Concerns.Answers {
		standing[a.Concern] = a.Standing()
	}
	var out []Draft
	for _, q := range all {
		if s := standing[q.ID]; !q.Core || s != "" && s != concern.Open {
			continue
		}
		d := Draft{ID: q.ID, Title: q.Question}
		d.Text, d.Open = q.Propose(nil, known)
		out = append(out, d)
	}
	return out, nil
}

// TakeDrafts makes every ready answer without an open slot the person's own
// proposal, and returns how many.
func (c *Case) TakeDrafts() (int, error) {
	drafts, err := c.Drafts()
	n := 0
	for _, d := range drafts {
		if len(d.Open) == 0 {
			c.Answer(d.ID, concern.Reply{State: concern.Proposal, Text: d.Text})
			n++
		}
	}
	return n, err
}

// FromDraft finds in an answer the draft it was made of and what was put into
// its slots.
func FromDraft(q concern.Concern, text string) (given map[string]string, ok bool) {
	var expr strings.Builder
	var names []string
	rest := q.Draft
	for rest != "" {
		before, after, found := strings.Cut(rest, "{")
		expr.WriteString(regexp.QuoteMeta(before))
		if !found {
			break
		}
		name, tail, _ := strings.Cut(after, "}")
		names, rest = append(names, name), tail
		expr.WriteString("(.+?)")
	}
	re, err := regexp.Compile("^(?s)" + expr.String() + "$")
	if err != nil || q.Draft == "" {
		return nil, false
	}
	found := re.FindStringSubmatch(strings.TrimSpace(text))
	if found == nil {
		return nil, false
	}
	given = map[string]string{}
	for i, name := range names {
		given[name] = found[i+1]
	}
	return given, true
}

// ReplyFrom is an answer in the person's own words. With a name and a source it
// is the company's answer, and else the person's proposal.
func ReplyFrom(text, by string, o cite.Origin) concern.Reply {
	r := concern.Reply{State: concern.Answered, Text: text, By: by, Origin: o}
	if r.Standing() == concern.Proposal {
		r.State = concern.Proposal
	}
	return r
}

// LawNotes are what the law of the case's place adds to a question.
func (c *Case) LawNotes(q concern.Concern) ([]concern.Note, error) {
	if c.Place.Country == "" || c.Date.IsZero() {
		return nil, nil
	}
	routes, err := policy.For(c.Place, c.Date)
	if err != nil {
		return nil, err
	}
	at := []string{c.Place.Country, c.Place.Country + "-" + c.Place.Part}
	for _, r := range routes.Regimes {
		at = append(at, r.ID)
	}
	return q.For(at...), nil
}
