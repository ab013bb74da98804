package office

import (
	"strings"

	"homecase/fault"
	"homecase/ops"
	"homecase/share"
)

// askForm shows the one field of a question.
func (rd *readers) askForm(v *readerVisit) error {
	if !v.Link.Questions {
		return rd.refusedQuestion()
	}
	id, err := rd.office.NewID()
	if err != nil {
		return err
	}
	return rd.askPage(v, id, v.r.URL.Query().Get("at"), "", "", nil)
}

func (rd *readers) refusedQuestion() error {
	return fault.New(fault.Forbidden, "HC-SHARE-36", "This link takes no questions.")
}

type askView struct {
	ID, At, About, Person string
	Text                  control
	Email                 *control
}

func (rd *readers) askPage(v *readerVisit, id, at, text, email string, wrong problems) error {
	doc, err := rd.office.Document(v.r.Context(), v.Visit, v.Edition.Document)
	if err != nil {
		return err
	}
	w := rd.words.Fields
	view := askView{ID: id, Person: v.Exchange.Person.Person, Text: control{At: "text", Label: w["question"], Hint: w["question_hint"], Value: text, Error: wrong.at("text")}}
	if about, ok := doc.Heading(at); ok {
		view.At, view.About = at, about
	}
	if rd.office.SendsMail() {
		view.Email = &control{At: "email", Label: w["email"], Hint: w["email_hint"], Type: "email", Value: email, Error: wrong.at("email")}
	}
	return rd.page(v, "ask", rd.words.Headings["ask"], wrong, view)
}

// ask takes a question.
func (rd *readers) ask(v *readerVisit) error {
	if err := v.form(); err != nil {
		return err
	}
	if !v.Link.Questions {
		return rd.refusedQuestion()
	}
	q := ops.Asked{ID: v.field("id"), At: v.field("at"), Text: v.field("text"), Email: strings.TrimSpace(v.field("email"))}
	if err := needsID(q.ID); err != nil {
		return err
	}
	var wrong problems
	if strings.TrimSpace(q.Text) == "" {
		wrong.add("text", rd.words.Errors["question"])
	}
	rd.tooLong(&wrong, "text", q.Text, share.MaxQuestion)
	if q.Email != "" && !ops.IsAddress(q.Email) {
		wrong.add("email", rd.words.Errors["email"])
	}
	if len(wrong) == 0 {
		err := wrong.take(rd.office.Ask(v.r.Context(), v.token, q), func(path string) string {
			if path == "text" {
				return path
			}
			return ""
		})
		if err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		return rd.askPage(v, q.ID, q.At, q.Text, q.Email, wrong)
	}
	doc, err := rd.office.Document(v.r.Context(), v.Visit, v.Edition.Document)
	if err != nil {
		return err
	}
	shapeFirst(&doc)
	if _, shown := doc.Heading(q.At); shown {
		return v.to("#" + q.At)
	}
	return v.to("#" + askedHere)
}
