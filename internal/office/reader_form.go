package office

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"homecase/day"
	"homecase/fault"
	"homecase/locale"
	"homecase/share"
)

// control is one control of a form, with what was typed into it.
type control struct {
	At, Label, Hint, Value string
	Type, Mode             string // of an input
	Short                  bool   // of an area
	Error                  *problem
}

// Described names what a control is described by.
func (c control) Described() string {
	var ids []string
	if c.Error != nil {
		ids = append(ids, c.At+"-error")
	}
	if c.Hint != "" {
		ids = append(ids, c.At+"-hint")
	}
	return strings.Join(ids, " ")
}

// tickbox is a statement to be ticked.
type tickbox struct {
	At, Words string
	On        bool
	Error     *problem
}

// option is one of several, with its words.
type option struct {
	At, Value, Label, Hint string
	On                     bool
}

// selection is a list to choose from.
type selection struct {
	Options []option
	Error   *problem
}

// problems gathers what is wrong with a form.
type problems []problem

func (p *problems) add(at, say string) { *p = append(*p, problem{at, say}) }

// at is what is wrong with one control; nil for nothing.
func (p problems) at(at string) *problem {
	for i := range p {
		if p[i].At == at {
			return &p[i]
		}
	}
	return nil
}

// take turns the faults of a noun into problems of controls. names gives the
// control of a path; a path without one is told without a link. It returns what
// is no problem of the form.
func (p *problems) take(err error, names func(path string) string) error {
	if err == nil {
		return nil
	}
	var list fault.List
	var one *fault.Error
	switch {
	case errors.As(err, &list):
	case errors.As(err, &one):
		list = fault.List{one}
	default:
		return err
	}
	for _, f := range list {
		if f.Kind != fault.Invalid {
			return err
		}
		at := names(f.Place.Path)
		if p.at(at) == nil || at == "" {
			p.add(at, f.Say)
		}
	}
	return nil
}

// tooLong tells of a text that is longer than it may be.
func (rd *readers) tooLong(p *problems, at, text string, most int) {
	if n := utf8.RuneCountInString(text); n > most {
		p.add(at, filled(rd.words.Errors["long"], "n", strconv.Itoa(n), "most", strconv.Itoa(most)))
	}
}

// termsView are terms in words.
type termsView struct {
	Days, Weekdays, Start, Until, Weeks, DecideOn, Stop string
	Lottery, Chosen                                     bool
	Promises                                            []string
}

func (rd *readers) termsOf(v *readerVisit, t *share.Terms) termsView {
	names := make([]string, len(t.Weekdays))
	for i, d := range t.Weekdays {
		names[i] = d.Name()
	}
	stop := rd.words.Stops[t.Stop]
	if t.Notice != "" {
		stop = filled(rd.words.Stops["notice_of"], "notice", t.Notice)
	}
	return termsView{
		Days: daysInWords(v.l, t.HalfDays), Weekdays: v.l.List(names), Start: v.date(t.Start), Until: v.date(t.Until), Weeks: weeksInWords(v.l, t.Weeks),
		DecideOn: v.date(t.DecideOn), Stop: stop, Lottery: t.Lottery, Chosen: t.Chosen(), Promises: t.Promises,
	}
}

// daysInWords writes half days a week as days: one and a half days.
func daysInWords(l locale.Locale, half int) string {
	switch {
	case half <= 0:
		return ""
	case half == 1:
		return "half a day"
	case half == 2:
		return "one day"
	case half%2 == 1:
		return l.Word(half/2) + " and a half days"
	}
	return l.Word(half/2) + " days"
}

func weeksInWords(l locale.Locale, weeks int) string {
	switch {
	case weeks <= 0:
		return ""
	case weeks == 1:
		return "one week"
	}
	return l.Word(weeks) + " weeks"
}

// window is a day of the picture of the week.
type window struct{ Class, Name, Place string }

// windowsOf draws the week of terms; nothing where no weekday is named.
func (rd *readers) windowsOf(t *share.Terms) []window {
	if len(t.Weekdays) == 0 {
		return nil
	}
	at := map[day.Weekday]bool{}
	for _, d := range t.Weekdays {
		at[d] = true
	}
	fixed := !t.Lottery && !t.Chosen()
	week := day.Working()
	if at[day.Sat] || at[day.Sun] {
		return nil // the picture has five windows
	}
	var out []window
	for _, d := range week {
		w := window{"office", d.Name()[:3], rd.words.Fields["office"]}
		switch {
		case at[d] && fixed:
			w.Class, w.Place = "home", rd.words.Fields["home"]
		case at[d]:
			w.Class, w.Place = "pale", rd.words.Fields["one_of"]
		}
		out = append(out, w)
	}
	return out
}
