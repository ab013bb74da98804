package web

import (
	"net/http"
	"slices"

	"homecase"
	"homecase/evidence"
)

// peopleScreens are the colleagues who work from home already.
func peopleScreens() []screen {
	return []screen{{path: "/case/facts/people", get: showPeople, post: savePeople}}
}

type personRow struct {
	N                int
	Name, How, Works string
	Agreed           bool
	Bad              string
}

type peopleView struct {
	Rows   []personRow
	Errors []field
	Asks   []evidence.Ask
	Focus  int
	From   string
}

// firstPeople is how many empty rows a new list begins with.
const firstPeople = 2

func showPeople(v *visit) error {
	var rows []personRow
	for _, p := range v.kase().Facts.People {
		rows = append(rows, personRow{Name: p.Name, How: p.How, Works: p.Works, Agreed: p.Consent == evidence.Yes})
	}
	return v.people(http.StatusOK, peopleView{Rows: rows})
}

func (v *visit) people(status int, view peopleView) error {
	for len(view.Rows) < firstPeople {
		view.Rows = append(view.Rows, personRow{})
	}
	for i := range view.Rows {
		view.Rows[i].N = i + 1
	}
	view.From = v.from()
	var err error
	if view.Asks, err = evidence.Questions(); err != nil {
		return err
	}
	return v.show(status, "people", page{Title: "Who already works from home?", Tab: "case", Back: "/case", Error: len(view.Errors) > 0}, view)
}

func savePeople(v *visit) error {
	rows, people := readPeople(answers{v.form(), map[string]string{}})
	view := peopleView{Rows: rows}
	for i, r := range rows {
		if r.Bad != "" {
			view.Errors = append(view.Errors, field{ID: "name-" + itoa(i+1), Error: r.Bad})
		}
	}
	if len(view.Errors) > 0 {
		return v.people(http.StatusUnprocessableEntity, view)
	}
	if v.form().Get("do") == "more" && len(view.Rows) < evidence.MaxPeople {
		view.Rows = append(view.Rows, personRow{})
		view.Focus = len(view.Rows)
		return v.people(http.StatusOK, view)
	}
	err := v.change("Saved who works from home already", func(c *homecase.Case, course *homecase.Course) error {
		c.Facts.People = slices.Clone(people)
		how := homecase.Answered
		if len(people) == 0 {
			how = homecase.Skipped
		}
		course.Visit(homecase.TaskPeople, how)
		return nil
	})
	if err != nil {
		return err
	}
	if v.from() == "check" {
		return v.seeOther("/packet/check")
	}
	return v.seeOther(v.onward(homecase.TaskPeople))
}

// readPeople reads the rows; a row with nothing in it is no colleague.
func readPeople(a answers) ([]personRow, []evidence.Person) {
	var rows []personRow
	var people []evidence.Person
	for i := 1; i <= evidence.MaxPeople; i++ {
		n := itoa(i)
		r := personRow{Name: a.line("name-" + n), How: a.line("how-" + n), Works: a.line("works-" + n), Agreed: a.line("agreed-"+n) != ""}
		if r.Name == "" && r.How == "" && r.Works == "" {
			continue
		}
		switch {
		case r.Name == "":
			r.Bad = "Enter the name of the colleague, or clear the row"
		case len([]rune(r.Name)) > 120:
			r.Bad = "A name has at most 120 characters"
		case len([]rune(r.How)) > evidence.MaxWords || len([]rune(r.Works)) > evidence.MaxWords:
			r.Bad = "Keep what you say of " + r.Name + " under 400 characters"
		}
		rows = append(rows, r)
		p := evidence.Person{Name: r.Name, How: r.How, Works: r.Works}
		if r.Agreed {
			p.Consent = evidence.Yes
		}
		people = append(people, p)
	}
	return rows, people
}
