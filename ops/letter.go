package ops

import (
	"bytes"
	"path/filepath"
	"strings"

	"homecase"
	"homecase/content"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/press/docx"
	"homecase/internal/press/mail"
	"homecase/internal/press/plaintext"
	"homecase/internal/press/text"
)

// LetterOptions are what a small letter needs besides the case.
type LetterOptions struct {
	On          day.Date // the day it is dated; zero takes the case's own
	Project     string   // the piece of work of a project day
	ProjectDate day.Date // and its day
	To          string   // the colleague who is asked
	Plan        string   // the trial's plan; empty takes the case itself
	Days        string   // the trial's logged days
	Law         string   // the regime of a request to Human Resources
	Reasons     string   // the file with the person's reasons for it
}

// Letters describes every small letter.
func (d *Desk) Letters() ([]homecase.NoteInfo, error) { return homecase.NoteKinds() }

// Letter composes a small letter from a case file; see LetterOf.
func (d *Desk) Letter(kind homecase.NoteKind, path, name string, o LetterOptions) ([]byte, error) {
	if _, err := letterForm(name); err != nil {
		return nil, err
	}
	c, err := homecase.Load(path)
	if err != nil {
		return nil, err
	}
	in := homecase.NoteOptions{On: o.On, Project: o.Project, ProjectDate: o.ProjectDate, To: o.To, Law: o.Law}
	if o.Reasons != "" {
		reasons, err := content.ReadFile(o.Reasons)
		if err != nil {
			return nil, err
		}
		in.Reasons = string(reasons)
	}
	if o.Days != "" {
		plan := o.Plan
		if plan == "" {
			plan = path
		}
		if in.Trial, err = d.AnalyseTrial(plan, o.Days, AnalyseOptions{}); err != nil {
			return nil, err
		}
	}
	data, err := d.LetterOf(c, kind, name, in)
	if err != nil {
		return nil, placed(path, err)
	}
	return data, nil
}

// LetterOf composes a small letter as plain text, or as the file whose ending
// name has: .txt, .docx or .eml. A letter about the talk may be written on any
// day, so the rules for the date of an ask do not hold here; a letter that
// asks keeps them itself.
func (d *Desk) LetterOf(c *homecase.Case, kind homecase.NoteKind, name string, o homecase.NoteOptions) ([]byte, error) {
	form, err := letterForm(name)
	if err != nil {
		return nil, err
	}
	n, err := c.Note(kind, o)
	if err != nil {
		return nil, err
	}
	switch form {
	case ".docx":
		return letterDocx(c, n)
	case ".eml":
		return d.letterMail(c, n)
	}
	return []byte(text.Line("To: "+n.To) + "\n" + text.Line("Subject: "+n.Subject) + "\n\n" + plaintext.Write(n.Message)), nil
}

// letterForm is the ending of a letter's file.
func letterForm(name string) (string, error) {
	switch ending := strings.ToLower(filepath.Ext(name)); ending {
	case "", ".txt", ".docx", ".eml":
		return ending, nil
	default:
		return "", fault.New(fault.Invalid, "HC-OPS-30", "A letter cannot be written as %q.", ending).Then("Choose a name that ends in .txt, .docx or .eml.")
	}
}

func letterDocx(c *homecase.Case, n *homecase.Note) ([]byte, error) {
	sheet, err := paper("", c.Place.Country)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = docx.Write(&out, n.Letter, docx.Options{Paper: docx.Paper(sheet)})
	return out.Bytes(), err
}

func (d *Desk) letterMail(c *homecase.Case, n *homecase.Note) ([]byte, error) {
	created, err := d.createdOn(n.Message.Date)
	if err != nil {
		return nil, err
	}
	plain, rich := mail.Body(n.Message)
	m := mail.Message{Subject: n.Subject, Date: created, Text: plain, HTML: rich, Draft: true}
	if c.Person.Email != "" {
		m.From = mail.Address{Name: c.Person.Name, Email: c.Person.Email}
	}
	if n.Email != "" {
		m.To = []mail.Address{{Name: n.To, Email: n.Email}}
	}
	return mail.EML(m)
}
