package web

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"unicode"
	"unicode/utf8"

	"homecase"
	"homecase/content"
	"homecase/fault"
)

// question is a page that asks, as data/words has it.
type question struct {
	// ID names the page in the program.
	ID string `json:"id"`
	// Path is its address, as package http writes a pattern.
	Path string `json:"path"`
	// Task is the task of the task list that it belongs to.
	Task homecase.TaskID `json:"task,omitempty"`
	// Tab is the part of the navigation it belongs to; case when left out.
	Tab string `json:"tab,omitempty"`
	// Caption stands above the heading, in small letters.
	Caption string `json:"caption,omitempty"`
	// Heading is the question. With a single field it is that field's label.
	Heading string `json:"heading"`
	// Hint is one short sentence below the heading.
	Hint string `json:"hint,omitempty"`
	// Private marks a page that only the person sees.
	Private bool `json:"private,omitempty"`
	// Help folds open below the fields.
	Help *help `json:"help,omitempty"`
	// Fields are asked in this order.
	Fields []fieldWords `json:"fields,omitempty"`
	// Submit is the button; Continue when left out.
	Submit string `json:"submit,omitempty"`
	// Skip is a second button that passes over the question.
	Skip string `json:"skip,omitempty"`
	// Did says what an answer did, for the history of the case.
	Did string `json:"did"`
	// Say holds further words of the page, by name.
	Say map[string]string `json:"say,omitempty"`
}

type help struct {
	Summary string   `json:"summary"`
	Body    []string `json:"body,omitempty"`
	List    []string `json:"list,omitempty"`
}

// fieldWords are the words of one control.
type fieldWords struct {
	// Name is the control's own.
	Name string `json:"name"`
	// Path is where its answer stands in a case; faults under it are shown at the control.
	Path string `json:"path,omitempty"`
	// Kind is text, area, number, date, clock, select, choice, checks, range, file or days.
	Kind string `json:"kind"`
	// Label stands above it. A choice that is the whole question takes the heading.
	Label string `json:"label,omitempty"`
	Hint  string `json:"hint,omitempty"`
	// Missing is the sentence when nothing was answered; left out, nothing is needed.
	Missing string `json:"missing,omitempty"`
	// Options are what can be chosen. Some questions make theirs from the case.
	Options []optionWords `json:"options,omitempty"`
	// Most is how many characters, or how many choices, an answer may have.
	Most int `json:"most,omitempty"`
	// Suffix stands behind it, such as "hours a week".
	Suffix string `json:"suffix,omitempty"`
	// Width is how many characters wide it is; the whole line when left out.
	Width int `json:"width,omitempty"`
	// Autocomplete is the standard's own word, such as name or email.
	Autocomplete string `json:"autocomplete,omitempty"`
	// Lead makes the label the page's heading.
	Lead bool `json:"lead,omitempty"`
}

type optionWords struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Hint  string `json:"hint,omitempty"`
	// Or stands apart from the others, such as "I do not know".
	Or bool `json:"or,omitempty"`
}

// Check refuses words that could not be shown.
func (q question) Check() fault.List {
	var list fault.List
	bad := func(path, say string, args ...any) {
		list = append(list, fault.New(fault.Internal, "HC-WEB-10", say, args...).At(fault.Place{Path: path}))
	}
	for path, text := range map[string]string{"id": q.ID, "path": q.Path, "heading": q.Heading, "did": q.Did} {
		if text == "" {
			bad(path, "A question needs this.")
		}
	}
	kinds := []string{"text", "area", "number", "date", "clock", "select", "choice", "checks", "range", "file", "days", "home-days"}
	names := map[string]bool{}
	for i, f := range q.Fields {
		at := fmt.Sprintf("fields[%d]", i)
		if !slices.Contains(kinds, f.Kind) {
			bad(at+".kind", "There is no control %q.", f.Kind)
		}
		if f.Name == "" || names[f.Name] {
			bad(at+".name", "A control needs a name of its own.")
		}
		if f.Label == "" && !f.Lead {
			bad(at+".label", "A control needs a label.")
		}
		names[f.Name] = true
	}
	return list
}

// loadWords reads every question. Files are read in the order of their names,
// which is the order in which a person meets them.
func (s *Server) loadWords() error {
	s.words = map[string]*question{}
	names, err := fs.Glob(files, "data/words/*.yaml")
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		var f struct {
			Questions []question `json:"questions"`
		}
		if err := content.Decode(path.Base(name), text, &f); err != nil {
			return err
		}
		for i := range f.Questions {
			q := &f.Questions[i]
			if s.words[q.ID] != nil {
				return fmt.Errorf("%s: the question %s is there twice", name, q.ID)
			}
			s.words[q.ID] = q
			s.order = append(s.order, q)
		}
	}
	return nil
}

// loadLabels reads the words of pages that ask nothing.
func (s *Server) loadLabels() error {
	text, err := files.ReadFile("data/labels.yaml")
	if err != nil {
		return err
	}
	var f struct {
		Labels map[string]string `json:"labels"`
	}
	err = content.Decode("labels.yaml", text, &f)
	s.labels = f.Labels
	return err
}

// label is a word of the pages that are no questions.
func (s *Server) label(id string) string { return s.labels[id] }

func lowerFirst(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[size:]
}
