package evidence

import (
	"slices"
	"sync"
)

// Shown is a contrary study that must stand beside the chosen ones.
type Shown struct {
	Study Study `json:"study"`
	Tags  []Tag `json:"tags"` // the points it speaks against
}

// Selection is what a packet shows when studies were chosen.
type Selection struct {
	Chosen   []Study `json:"chosen"`
	Contrary []Shown `json:"contrary,omitempty"`
	// Unopposed lists points for which the library holds no contrary study: a
	// packet says so instead of implying agreement.
	Unopposed []Tag `json:"unopposed,omitempty"`
}

// Select returns the chosen studies, and for each point on which one of them
// speaks for working from home the strongest study that speaks against it, or
// for and against where none does. The order is that of the ids given, then of
// the topics; the same choice always gives the same answer.
func Select(ids []ID) (Selection, error) {
	topics, err := Topics()
	if err != nil {
		return Selection{}, err
	}
	var out Selection
	for _, id := range ids {
		s, err := Find(id)
		if err != nil {
			return Selection{}, err
		}
		if !slices.ContainsFunc(out.Chosen, func(c Study) bool { return c.ID == id }) {
			out.Chosen = append(out.Chosen, s)
		}
	}
	for _, t := range topics {
		if !slices.ContainsFunc(out.Chosen, func(s Study) bool { b, _ := s.On(t.Tag); return b.Direction == For }) {
			continue
		}
		c, ok, err := contrary(t.Tag)
		if err != nil {
			return Selection{}, err
		}
		if !ok {
			out.Unopposed = append(out.Unopposed, t.Tag)
			continue
		}
		if slices.ContainsFunc(out.Chosen, func(s Study) bool { return s.ID == c.ID }) {
			continue
		}
		if i := slices.IndexFunc(out.Contrary, func(s Shown) bool { return s.Study.ID == c.ID }); i >= 0 {
			out.Contrary[i].Tags = append(out.Contrary[i].Tags, t.Tag)
			continue
		}
		out.Contrary = append(out.Contrary, Shown{c, []Tag{t.Tag}})
	}
	return out, nil
}

// contrary returns the strongest study against a point, or for and against it.
func contrary(tag Tag) (Study, bool, error) {
	all, err := ByTag(tag)
	if err != nil {
		return Study{}, false, err
	}
	for _, d := range []Direction{Against, Mixed} {
		for _, s := range all {
			if b, _ := s.On(tag); b.Direction == d {
				return s, true, nil
			}
		}
	}
	return Study{}, false, nil
}

// Argument is a point people make, with the studies on both sides of it.
type Argument struct {
	ID      string `json:"id"`
	Claim   string `json:"claim"` // as people say it
	Tag     Tag    `json:"tag"`
	First   string `json:"first"` // what to show before any study
	For     []ID   `json:"for,omitempty"`
	Against []ID   `json:"against,omitempty"`
	Verdict string `json:"verdict"` // what both sides together allow to be said
	Answer  string `json:"answer"`  // what the plan does about it
}

// Arguments returns the map from arguments to studies.
var Arguments = sync.OnceValues(func() ([]Argument, error) {
	var file struct {
		Arguments []Argument `json:"arguments"`
	}
	err := read("arguments.yaml", &file)
	return file.Arguments, err
})

// Row is a study as a list prints it.
type Row struct {
	Study
	Grade     string    `json:"grade"`
	Direction Direction `json:"direction,omitempty"` // on the tag that was asked for
	Doubtful  bool      `json:"has_unverified"`      // something in it was not read in the original
}

// List returns the library as rows, or the studies on one tag, the strongest first.
func List(tag Tag) ([]Row, error) {
	all, err := Studies()
	if tag != "" {
		all, err = ByTag(tag)
	}
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(all))
	for i, s := range all {
		b, _ := s.On(tag)
		rows[i] = Row{Study: s, Grade: s.Grade(), Direction: b.Direction, Doubtful: s.Doubtful()}
	}
	return rows, nil
}
