package web

import (
	"fmt"
	"io/fs"
	"path"
	"slices"

	"homecase"
	"homecase/content"
	"homecase/fault"
)

// aboutScreens are help, sources, settings, and what is said about the program.
func aboutScreens() []screen {
	return append([]screen{
		{path: "/help", free: true, get: listHelp},
		{path: "/help/{topic}", free: true, get: showHelp},
		{path: "/sources", free: true, get: listSources},
		{path: "/sources/{n}", free: true, get: showSource},
		{path: "/what-leaves-this-computer", free: true, get: showLeft},
		{path: "/accessibility", free: true, get: func(v *visit) error {
			return v.ok("accessibility", page{Title: "Accessibility", Wide: true}, nil)
		}},
	}, settingsScreens()...)
}

// topic is a page of help, as data/help has it.
type topic struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Lede    string    `json:"lede"` // one sentence, also in the list
	Parts   []helping `json:"parts"`
	Related []string  `json:"related,omitempty"` // ids
}

// helping is one heading of help with what stands below it.
type helping struct {
	Heading string   `json:"heading,omitempty"`
	Body    []string `json:"body,omitempty"`
	List    []string `json:"list,omitempty"`
	// Terms are words with what they mean.
	Terms []term `json:"terms,omitempty"`
	// Command is what to type, where there is something to type.
	Command string `json:"command,omitempty"`
}

type term struct {
	Word  string `json:"word"`
	Means string `json:"means"`
}

// Check refuses help that could not be shown.
func (t topic) Check() fault.List {
	if t.ID == "" || t.Title == "" || t.Lede == "" || len(t.Parts) == 0 {
		return fault.List{fault.New(fault.Internal, "HC-WEB-11", "A page of help needs an id, a title, a lede and parts.")}
	}
	return nil
}

// allHelp is the address of every topic on one page, to search in.
const allHelp = "all"

// loadHelp reads the help in the order of its files.
func (s *Server) loadHelp() error {
	names, err := fs.Glob(files, "data/help/*.yaml")
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		var t topic
		if err := content.Decode(path.Base(name), text, &t); err != nil {
			return err
		}
		if t.ID == allHelp || s.topic(t.ID) != nil {
			return fmt.Errorf("%s: the topic %q is there twice", name, t.ID)
		}
		s.help = append(s.help, t)
	}
	for _, t := range s.help {
		for _, id := range t.Related {
			if s.topic(id) == nil {
				return fmt.Errorf("help %s: there is no topic %q", t.ID, id)
			}
		}
	}
	return nil
}

func (s *Server) topic(id string) *topic {
	for i := range s.help {
		if s.help[i].ID == id {
			return &s.help[i]
		}
	}
	return nil
}

func listHelp(v *visit) error {
	return v.ok("help-list", page{Title: "Help", Wide: true}, v.s.help)
}

func showHelp(v *visit) error {
	id := v.r.PathValue("topic")
	if id == allHelp {
		return v.ok("help-all", page{Title: "All help on one page", Back: "/help", BackTo: "Help", Wide: true}, v.s.help)
	}
	t := v.s.topic(id)
	if t == nil {
		return errNoPage
	}
	view := struct {
		*topic
		See []*topic
	}{topic: t}
	for _, id := range t.Related {
		view.See = append(view.See, v.s.topic(id))
	}
	return v.ok("help-topic", page{Title: t.Title, Back: "/help", BackTo: "Help", Wide: true}, view)
}

type leftView struct {
	Heading string
	Rows    []leftRow
	Folder  string
	Office  *homecase.Pairing // to which things are sent; nil where there is none
}

type leftRow struct{ At, What, To, Size, SHA256 string }

// showLeft lists every departure.
func showLeft(v *visit) error {
	all, err := v.s.work.Store.Departures(v.ctx(), "")
	if err != nil {
		return err
	}
	view := leftView{Heading: v.s.label("left-none"), Folder: v.s.work.Folder}
	if p, err := v.s.work.Store.Pairing(v.ctx()); err == nil && p.Done() {
		view.Office = p
	} else if err != nil && fault.KindOf(err) != fault.Missing {
		return err
	}
	if n := len(all); n > 0 {
		view.Heading = v.say(v.s.label("left-some"), "{n}", itoa(n))
		if n == 1 {
			view.Heading = v.s.label("left-one")
		}
	}
	for _, d := range all {
		view.Rows = append(view.Rows, leftRow{At: when(d.At), What: d.What, To: d.To, Size: fileSize(d.Bytes), SHA256: d.SHA256})
	}
	return v.ok("left", page{Title: view.Heading, Wide: true}, view)
}

// fileSize is how large a file is, in the unit a person would use.
func fileSize(n int64) string {
	switch {
	case n < 1000:
		return itoa(int(n)) + " bytes"
	case n < 1_000_000:
		return formatNumber(float64((n+50)/100)/10) + " KB"
	}
	return formatNumber(float64((n+50_000)/100_000)/10) + " MB"
}
