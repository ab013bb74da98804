package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"homecase"
	"homecase/fault"
	"homecase/ops"
	"homecase/packet"
)

// letterScreens are the small letters.
func letterScreens() []screen {
	return []screen{
		{path: "/talk/letters", get: showLetters},
		{path: "/talk/letters/{kind}", get: showSmallLetter, post: makeLetter},
	}
}

type letterRow struct {
	ID             string
	Name, To, When string
	Address        string
	Refused        string
}

// showLetters lists the small letters, each with the day on which it is right.
func showLetters(v *visit) error {
	all, err := homecase.NoteKinds()
	if err != nil {
		return err
	}
	var rows []letterRow
	for _, n := range all {
		r := letterRow{ID: string(n.ID), Name: v.s.label("letter-" + string(n.ID)), To: n.To, When: n.When, Address: "/talk/letters/" + string(n.ID)}
		if n.ID == homecase.NextRung {
			r.Address = "/ladder" // it needs the trial's days
		}
		rows = append(rows, r)
	}
	return v.ok("small-letters", page{Title: "Small letters", Tab: "talk", Back: "/talk"}, rows)
}

// letterSheet is a letter as its reader sees it.
type letterSheet struct {
	Kind            homecase.NoteKind
	Subject, Reader string
	Blocks          []letterBlock
	Given           []given // what was typed for it, to make the files from
}

type letterBlock struct {
	Text    string
	Items   []string
	Ordered bool
	Lines   []string // to be filled by hand
}

type given struct{ Name, Value string }

// letterView is the page of one letter.
type letterView struct {
	Kind             homecase.NoteKind
	Name, When, Boss string
	Avoid            []string
	Form             form
	Lacks            []lack
	Refused          string
	Letter           *letterSheet
}

// lack is something a letter cannot do without, and where it is given.
type lack struct{ Text, Address string }

// lackAddress is where the person gives what a letter needs.
var lackAddress = map[string]string{
	"plan.talk.date": "/talk/meeting", "plan.not_now.said": "/talk/not-now/worry", "plan.not_now.worry": "/talk/not-now/worry",
	"plan.start": "/start/trial", "plan.until": "/start/trial", "facts.people": "/case/facts/people",
}

// letterSheet composes a letter that needs nothing but the case. It is nil
// where the case lacks something.
func (v *visit) letterSheet(kind homecase.NoteKind) (*letterSheet, error) {
	n, err := v.kase().Note(kind, homecase.NoteOptions{On: v.today()})
	if fault.KindOf(err) == fault.Missing || fault.KindOf(err) == fault.Finding {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return v.sheetOf(n), nil
}

func (v *visit) sheetOf(n *homecase.Note) *letterSheet {
	s := &letterSheet{Kind: n.Kind, Subject: n.Subject, Reader: n.To}
	if n.To == v.kase().Boss.Name {
		s.Reader = v.boss() // as every other page calls them
	}
	for _, section := range n.Message.Sections {
		for _, b := range section.Blocks {
			switch b := b.(type) {
			case packet.Para:
				s.Blocks = append(s.Blocks, letterBlock{Text: b.Text.String()})
			case packet.List:
				block := letterBlock{Ordered: b.Style == packet.Numbers}
				for _, item := range b.Items {
					block.Items = append(block.Items, item.String())
				}
				s.Blocks = append(s.Blocks, block)
			case packet.Signature:
				s.Blocks = append(s.Blocks, letterBlock{Lines: b.Captions})
			}
		}
	}
	return s
}

// letter finds the letter of the address; the next rung has its page elsewhere.
func (v *visit) letter() (homecase.NoteInfo, error) {
	all, err := homecase.NoteKinds()
	if err != nil {
		return homecase.NoteInfo{}, err
	}
	i := slices.IndexFunc(all, func(n homecase.NoteInfo) bool { return string(n.ID) == v.r.PathValue("kind") })
	if i < 0 || all[i].ID == homecase.NextRung {
		return homecase.NoteInfo{}, errNoPage
	}
	return all[i], nil
}

func showSmallLetter(v *visit) error {
	info, err := v.letter()
	if err != nil {
		return err
	}
	view := v.letterPage(info, newAnswers())
	switch {
	case len(view.Form.Fields) == 0:
		err = v.compose(&view, info, newAnswers())
	case info.Asks(): // say at once when it may not
		err = v.refuseLetter(&view, info, v.mayAsk())
	}
	if err != nil {
		return err
	}
	return v.showLetterPage(http.StatusOK, view)
}

func (v *visit) showLetterPage(status int, view letterView) error {
	return v.show(status, "small-letter", page{Title: view.Name, Tab: "talk", Back: "/talk/letters", Error: len(view.Form.Errors()) > 0}, view)
}

// makeLetter shows the letter with what was typed, or hands it out as a file.
// Nothing that was typed is kept.
func makeLetter(v *visit) error {
	info, err := v.letter()
	if err != nil {
		return err
	}
	a := answers{v.form(), map[string]string{}}
	if ending := v.form().Get("do"); slices.Contains([]string{"txt", "docx", "eml"}, ending) {
		name := string(info.ID) + "." + ending
		file, err := v.s.work.LetterOf(v.kase(), info.ID, name, v.letterOptions(a))
		if err != nil {
			return err
		}
		return v.send(ops.File{Name: name, Data: file}, false)
	}
	view := v.letterPage(info, a)
	if len(view.Form.Errors()) == 0 {
		if err := v.compose(&view, info, a); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if view.Letter == nil {
		status = http.StatusUnprocessableEntity
	}
	return v.showLetterPage(status, view)
}

// letterOptions reads what was typed for a letter.
func (v *visit) letterOptions(a answers) homecase.NoteOptions {
	return homecase.NoteOptions{
		On: v.today(), Project: a.line("project"), ProjectDate: a.date("day", v.s.label("letter-field-day")),
		To: a.line("to"), Law: a.line("law"), Reasons: a.text("reasons"),
	}
}

// letterPage is a letter's page with its form, as it was typed.
func (v *visit) letterPage(info homecase.NoteInfo, a answers) letterView {
	view := letterView{Kind: info.ID, Name: v.s.label("letter-" + string(info.ID)), When: info.When, Avoid: info.Avoid, Boss: v.boss()}
	view.Form = form{Action: v.r.URL.Path, Submit: "Show the letter"}
	sent := v.r.Method == http.MethodPost
	add := func(name, kind string, options ...option) {
		label := "letter-field-" + name
		f := field{ID: "f-" + name, Name: name, Kind: kind, Label: v.s.label(label), Hint: v.s.label(label + "-hint"), Value: a.Get(name), Options: options}
		if missing := v.s.label(label + "-missing"); sent && missing != "" && a.line(name) == "" {
			a.refuse(name, "%s", missing)
		}
		for i := range f.Options {
			f.Options[i].ID, f.Options[i].On = f.ID+"-"+itoa(i+1), f.Options[i].Value == f.Value
		}
		f.Error = a.bad[name]
		view.Form.Fields = append(view.Form.Fields, f)
	}
	switch info.ID {
	case homecase.ProjectDay:
		v.letterOptions(a) // refuses a day that cannot be read
		add("project", "text")
		add("day", "date")
	case homecase.Reference:
		if people := v.kase().Facts.People; len(people) > 1 {
			var names []option
			for _, p := range people {
				names = append(names, option{Value: p.Name, Label: p.Name})
			}
			add("to", "select", names...)
		}
	case homecase.HRRequest:
		if laws, err := v.kase().PrivateLaws(v.today()); err == nil && len(laws) > 1 {
			var names []option
			for _, l := range laws {
				names = append(names, option{Value: l.ID, Label: l.Title})
			}
			add("law", "select", names...)
		}
		add("reasons", "area")
	}
	return view
}

// compose writes the letter into its page, or why there is none.
func (v *visit) compose(view *letterView, info homecase.NoteInfo, a answers) error {
	n, err := v.kase().Note(info.ID, v.letterOptions(a))
	if err != nil {
		return v.refuseLetter(view, info, err)
	}
	view.Letter = v.sheetOf(n)
	for _, f := range view.Form.Fields {
		view.Letter.Given = append(view.Letter.Given, given{f.Name, f.Value})
	}
	return nil
}

// refuseLetter says what a letter lacks, beside the field it belongs to. What
// is no matter of the letter is handed back.
func (v *visit) refuseLetter(view *letterView, info homecase.NoteInfo, err error) error {
	var list fault.List
	var one *fault.Error
	switch {
	case err == nil || fault.KindOf(err) == fault.Internal:
		return err
	case errors.As(err, &list):
		for _, slot := range info.Needs {
			if slices.ContainsFunc(list, func(f *fault.Error) bool { return f.Place.Path == slot.Slot }) {
				view.Lacks = append(view.Lacks, lack{v.s.label("letter-lack-" + slot.Slot), lackAddress[slot.Slot]})
			}
		}
	case errors.As(err, &one):
		for i := range view.Form.Fields {
			if one.Code == homecase.CodeProjectDay && view.Form.Fields[i].Name == "day" {
				view.Form.Fields[i].Error = strings.TrimSuffix(one.Say, ".")
				return nil
			}
		}
		view.Refused = one.Say
	default:
		return err
	}
	return nil
}
