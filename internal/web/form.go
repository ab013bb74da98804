package web

import (
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"homecase/content"
	"homecase/day"
	"homecase/fault"
)

// form is a form as it is shown: the words, what was answered, and what is wrong.
type form struct {
	Action string
	From   string
	Fields []field
	Submit string
	Skip   string
	File   bool // it carries a file
}

// field is one control as it is shown.
type field struct {
	ID, Name, Kind, Label, Hint, Error, Suffix string
	Value                                      string
	Low, Likely, High                          string // of a range
	Source                                     string
	Options                                    []option
	Width, Most                                int
	Autocomplete                               string
	Lead                                       bool
	Caption                                    string // above a label that is the heading
	Numeric                                    bool
}

type option struct {
	ID, Value, Label, Hint string
	On, Or                 bool
}

// Described lists what is read out with the control.
func (f field) Described() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// Target is the control that a link in the error summary leads to.
func (f field) Target() string {
	switch {
	case len(f.Options) > 0 && f.Kind != "select":
		return f.Options[0].ID
	case f.Kind == "range":
		return f.ID + "-low"
	}
	return f.ID
}

// Errors are the fields with something wrong, for the summary.
func (f form) Errors() []field {
	var out []field
	for _, fl := range f.Fields {
		if fl.Error != "" {
			out = append(out, fl)
		}
	}
	return out
}

// answers are the values of a form, as sent or as the case has them.
type answers struct {
	url.Values
	bad map[string]string // what is wrong, by the name of the control
}

func newAnswers() answers { return answers{url.Values{}, map[string]string{}} }

// refuse says what is wrong with a control; the first sentence stays.
func (a answers) refuse(name, say string, args ...any) {
	if a.bad[name] == "" {
		a.bad[name] = fmt.Sprintf(say, args...)
	}
}

// text is what was typed, without the white space around it and without
// characters that no page can print.
func (a answers) text(name string) string { return clean(a.Get(name)) }

func clean(s string) string {
	return strings.TrimSpace(content.Printable(strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "")))
}

// line is a text on one line.
func (a answers) line(name string) string { return strings.Join(strings.Fields(a.text(name)), " ") }

// number reads what a person types for a number: 4, 4.5, 4,5 or 1,200. ok is
// false where nothing was typed. What is no number is refused under its label.
func (a answers) number(name, label string) (v float64, ok bool) {
	s := a.line(name)
	if s == "" {
		return 0, false
	}
	v, err := readNumber(s)
	if err != nil {
		a.refuse(name, "%s must be a number, like 4", label)
		return 0, false
	}
	return v, true
}

// readNumber takes spaces and signs of money away, and tells a comma that parts
// decimals from one that groups thousands.
func readNumber(s string) (float64, error) {
	s = strings.TrimLeft(strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "\u2019", "", "\u2212", "-").Replace(s), "£$€")
	comma, point := strings.LastIndexByte(s, ','), strings.LastIndexByte(s, '.')
	switch {
	case comma >= 0 && point > comma: // 1,200.50
		s = strings.ReplaceAll(s, ",", "")
	case comma >= 0 && point >= 0: // 1.200,50
		s = strings.ReplaceAll(strings.ReplaceAll(s, ".", ""), ",", ".")
	case comma >= 0 && len(s)-comma == 4 && comma > 0 && s[0] != '0': // 1,200
		s = strings.ReplaceAll(s, ",", "")
	case comma >= 0:
		s = strings.ReplaceAll(s, ",", ".")
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || strings.ContainsAny(s, "xXpPeE_") {
		return 0, fmt.Errorf("%q is no number", s)
	}
	return v, nil
}

// date reads a day as a browser sends it, or as a person types it.
func (a answers) date(name, label string) day.Date {
	s := a.line(name)
	if s == "" {
		return day.Date{}
	}
	d, err := day.Parse(s)
	if err != nil {
		a.refuse(name, "%s must be a day that exists, like 2027-01-11", label)
	}
	return d
}

// long refuses a text that is longer than most characters.
func (a answers) long(name string, most int) {
	if n := utf8.RuneCountInString(a.text(name)); n > most {
		a.refuse(name, "This has %d characters. Keep it to %d.", n, most)
	}
}

// place finds the controls of faults by their paths.
func (a answers) place(list fault.List, fields []fieldWords) {
	for _, f := range list {
		for _, w := range fields {
			if w.Path != "" && under(f.Place.Path, w.Path) {
				a.refuse(w.Name, "%s", f.Say)
				break
			}
		}
	}
}

// under tells whether a path is the other or lies below it.
func under(path, root string) bool {
	rest, ok := strings.CutPrefix(path, root)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

func formatNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
