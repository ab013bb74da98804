// Package notice writes what an office says by e-mail: the link to read, a copy
// of an answer, an answer to a question, the Friday note, a link to sign in. The
// sentences are data; the words people wrote go in as they are.
//
// It refuses a notice it does not know and words that leave a gap. It keeps a
// subject on one line whatever its parts hold, sends nothing and knows no address.
//
//	n, err := notice.Write(notice.Link, notice.View{Person: "Ines Duarte", Title: title, URL: url, Org: "Fernhill"})
//	n.Subject, n.Text
package notice

import (
	"embed"
	"strings"
	"text/template"
	"unicode"

	"homecase/content"
	"homecase/fault"
)

// Kind is what a notice is about; it is also what an outbox says of it.
type Kind string

// The kinds.
const (
	Link   Kind = "link"    // a case may be read
	Copy   Kind = "copy"    // a copy of an answer, on request
	Answer Kind = "answer"  // an answer to a question, on request
	Report Kind = "report"  // a Friday note, on request
	SignIn Kind = "sign-in" // a link to sign in by
	News   Kind = "news"    // a reader asked or answered, told to the person on request
)

// View is what a notice may speak of. Each kind uses some of it.
type View struct {
	Org, Person, Reader string // names
	Title               string // of the edition
	URL                 string
	Attached, Reply     bool // a page is attached; an answer by e-mail arrives
	Meeting             bool // a meeting is attached for the calendar
	Answer              string
	On, Until, Undo     string // dates in words
	Days, Weekdays      string // of what was agreed, in words
	Start, End, Decide  string // dates in words
	Weeks               int
	Promises            []string
	Keeps               int // days until an address is forgotten
	About, Question     string
	Note                string
}

// Notice is what to send.
type Notice struct {
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

//go:embed data/notices.yaml
var files embed.FS

const maxSubject = 150 // characters: a list of messages shows fewer

// Kinds lists the notices there are.
func Kinds() []Kind { return []Kind{Link, Copy, Answer, Report, SignIn, News} }

// Write fills a notice in.
func Write(kind Kind, v View) (Notice, error) {
	var all map[Kind]Notice
	if err := content.DecodeShipped(files, "internal/press/notice", "data/notices.yaml", &all); err != nil {
		return Notice{}, err
	}
	n, ok := all[kind]
	if !ok {
		return Notice{}, fault.New(fault.Internal, "HC-NOTICE-01", "There is no notice called %q.", kind)
	}
	v = v.tidy()
	subject, err := fill(n.Subject, v)
	if err != nil {
		return Notice{}, err
	}
	text, err := fill(n.Text, v)
	return Notice{Subject: Line(subject, maxSubject), Text: text}, err
}

func fill(words string, v View) (string, error) {
	t, err := template.New("").Option("missingkey=error").Parse(words)
	if err != nil {
		return "", fault.New(fault.Internal, "HC-NOTICE-02", "A notice cannot be read.").Because(err)
	}
	var b strings.Builder
	if err := t.Execute(&b, v); err != nil {
		return "", fault.New(fault.Internal, "HC-NOTICE-03", "A notice cannot be filled in.").Because(err)
	}
	return b.String(), nil
}

// tidy keeps names and titles on their line, so that nobody's name can look like
// a sentence of ours, and takes control characters out of longer words.
func (v View) tidy() View {
	for _, s := range []*string{&v.Org, &v.Person, &v.Reader, &v.Title, &v.About, &v.URL} {
		*s = Line(*s, 200)
	}
	v.Title = strings.TrimRight(v.Title, ".")
	v.Promises = append([]string(nil), v.Promises...)
	for i := range v.Promises {
		v.Promises[i] = Line(v.Promises[i], 400)
	}
	v.Question, v.Note = paragraphs(v.Question), paragraphs(v.Note)
	return v
}

// Line writes words on one line of at most so many characters.
func Line(s string, most int) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\ufffd"), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if r := []rune(s); len(r) > most {
		s = strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}

func paragraphs(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd")))
}
