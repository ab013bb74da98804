package concern

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"homecase/cite"
	"homecase/day"
)

// View is one question as a packet or a list shows it.
type View struct {
	ID       ID          `json:"id"`
	Title    string      `json:"title"`
	Question string      `json:"question"`
	Owners   []Owner     `json:"owners"`
	Core     bool        `json:"core"`
	Top      int         `json:"top,omitempty"` // 1 to 3, 0 for the others
	Section  string      `json:"section,omitempty"`
	State    State       `json:"state"`
	Label    string      `json:"label"` // the state in words
	Text     string      `json:"text,omitempty"`
	By       string      `json:"by,omitempty"`
	Origin   cite.Origin `json:"origin,omitzero"`
	With     Owner       `json:"with,omitempty"` // who has it now
	Since    day.Date    `json:"since,omitzero"`
	Asked    day.Date    `json:"asked,omitzero"`
	Draft    string      `json:"draft,omitempty"` // offered while there is no answer
	// What List says of the words of an answer; a packet prints none of it.
	Score   *int     `json:"score,omitempty"` // 0 to 5, of an answer that is there
	Missing []string `json:"missing,omitempty"`
	Traps   []string `json:"traps,omitempty"` // known false answers found in the text
}

// Meaning is a state in words.
type Meaning struct {
	State State  `json:"state"`
	Label string `json:"label"`
	Means string `json:"means"`
}

// Meanings explains the states.
var Meanings = sync.OnceValues(func() ([]Meaning, error) {
	var file struct {
		States []Meaning `json:"states"`
	}
	err := read("states.yaml", &file)
	return file.States, err
})

// Views returns the eighteen core questions and every other one that the
// person opened, answered or put first, or that the case's facts raise: the top
// three first, then by owner, then by id.
func (r Register) Views(raised ...ID) ([]View, error) {
	all, err := Catalogue()
	if err != nil {
		return nil, err
	}
	var out []View
	for _, c := range all {
		opened := slices.Contains(r.Top, c.ID) || slices.Contains(raised, c.ID)
		reply, answered := r.reply(c.ID)
		if !c.Core && !opened && !answered {
			continue
		}
		v, err := c.view(reply)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	for i, id := range r.ids() {
		reply := r.Own[i].Reply
		if given, ok := r.reply(id); ok {
			reply = given
		}
		owner := reply.Owner
		if owner == "" {
			owner = Manager
		}
		c := Concern{ID: id, Title: r.Own[i].Question, Question: r.Own[i].Question, Owners: []Owner{owner}}
		v, err := c.view(reply)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	for i := range out {
		out[i].Top = 1 + slices.Index(r.Top, out[i].ID)
	}
	slices.SortStableFunc(out, before)
	return out, nil
}

// List is Views for one owner, or for all when owner is empty, with what the
// words of each answer are worth.
func (r Register) List(owner Owner, raised ...ID) ([]View, error) {
	out, err := r.Views(raised...)
	if err != nil {
		return nil, err
	}
	out = owned(out, owner)
	for i := range out {
		if err := out[i].judge(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Rows returns the whole catalogue without a case, as open questions by id.
func Rows(owner Owner) ([]View, error) {
	all, err := Catalogue()
	if err != nil {
		return nil, err
	}
	out := make([]View, len(all))
	for i, c := range all {
		if out[i], err = c.view(Reply{}); err != nil {
			return nil, err
		}
	}
	return owned(out, owner), nil
}

func owned(views []View, owner Owner) []View {
	if owner == "" {
		return views
	}
	return slices.DeleteFunc(views, func(v View) bool { return !slices.Contains(v.Owners, owner) && v.With != owner })
}

func (r Register) reply(id ID) (Reply, bool) {
	i := slices.IndexFunc(r.Answers, func(a Answer) bool { return a.Concern == id })
	if i < 0 {
		return Reply{}, false
	}
	return r.Answers[i].Reply, true
}

func (c Concern) view(r Reply) (View, error) {
	v := View{ID: c.ID, Title: c.Title, Question: c.Question, Owners: c.Owners, Core: c.Core, Section: c.Section,
		State: r.Standing(), Text: strings.TrimSpace(r.Text), By: r.By, Origin: r.Origin, Since: r.Since, Asked: r.Asked}
	meanings, err := Meanings()
	if err != nil {
		return View{}, err
	}
	for _, m := range meanings {
		if m.State == v.State {
			v.Label = m.Label
		}
	}
	switch v.State {
	case WithOwner:
		v.With = r.Owner
		v.Label = strings.ReplaceAll(v.Label, "{owner}", r.Owner.Name())
	case Open:
		v.Draft = c.Draft
	}
	return v, nil
}

// judge scores an answer and looks for known false ones in it.
func (v *View) judge() error {
	if v.Text != "" && (v.State == Answered || v.State == Proposal) {
		score, _, missing := Quality(Reply{Text: v.Text, Origin: v.Origin})
		v.Score, v.Missing = &score, missing
	}
	found, err := TrapsIn(v.Text)
	for _, f := range found {
		v.Traps = append(v.Traps, f.Why)
	}
	return err
}

func before(a, b View) int {
	rank := func(v View) int {
		if v.Top > 0 {
			return v.Top
		}
		return 10 + slices.Index(Owners(), v.Owners[0])
	}
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	if own := strings.HasPrefix(string(a.ID), "own-"); own != strings.HasPrefix(string(b.ID), "own-") {
		if own {
			return 1
		}
		return -1
	}
	if len(a.ID) != len(b.ID) {
		return len(a.ID) - len(b.ID) // own-2 before own-10
	}
	return strings.Compare(string(a.ID), string(b.ID))
}

// Tally counts where questions stand. NotApplicable and Open are counted apart,
// so the parts always add up to Questions.
type Tally struct {
	Questions     int     `json:"questions"`
	Answered      int     `json:"answered"` // by the company or by a proposal
	Proposals     int     `json:"proposals"`
	BossDecides   int     `json:"boss_decides"`
	WithOwner     int     `json:"with_owner"`
	With          []Owner `json:"with,omitempty"` // who has them, in the order of owners
	NotApplicable int     `json:"not_applicable"`
	Open          int     `json:"open"`
}

// Count tallies views.
func Count(views []View) Tally {
	t := Tally{Questions: len(views)}
	for _, v := range views {
		switch v.State {
		case Answered:
			t.Answered++
		case Proposal:
			t.Answered++
			t.Proposals++
		case BossDecides:
			t.BossDecides++
		case WithOwner:
			t.WithOwner++
			if !slices.Contains(t.With, v.With) {
				t.With = append(t.With, v.With)
			}
		case NotApplicable:
			t.NotApplicable++
		default:
			t.Open++
		}
	}
	slices.SortFunc(t.With, func(a, b Owner) int { return slices.Index(Owners(), a) - slices.Index(Owners(), b) })
	return t
}

// Sentence writes the tally to the boss: "18 questions: 13 answered, 3 need
// your view, 2 are with HR and IT." Parts that are zero are left out.
func (t Tally) Sentence() string {
	var parts []string
	add := func(n int, one, many string) {
		if n == 1 {
			parts = append(parts, "1 "+one)
		} else if n > 1 {
			parts = append(parts, fmt.Sprintf("%d %s", n, many))
		}
	}
	names := make([]string, len(t.With))
	for i, o := range t.With {
		names[i] = o.Name()
	}
	add(t.Answered, "answered", "answered")
	add(t.BossDecides, "needs your view", "need your view")
	add(t.WithOwner, "is with "+list(names), "are with "+list(names))
	add(t.NotApplicable, "does not apply", "do not apply")
	add(t.Open, "still open", "still open")
	noun := "questions"
	if t.Questions == 1 {
		noun = "question"
	}
	if len(parts) == 0 {
		return fmt.Sprintf("%d %s.", t.Questions, noun)
	}
	return fmt.Sprintf("%d %s: %s.", t.Questions, noun, strings.Join(parts, ", "))
}

func list(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
