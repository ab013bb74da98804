package web

import (
	"net/http"
	"slices"

	"homecase"
	"homecase/evidence"
)

// studyScreens let the person pick studies.
func studyScreens() []screen {
	return []screen{{path: "/case/facts/studies", get: showStudies, post: saveStudies}}
}

type studyRow struct {
	ID                          evidence.ID
	Short, Found, Who, How, Use string
	Limits                      []string
	On                          bool
	Beside                      []string
}

type studiesView struct {
	First, Rest []studyRow
	Error       string
	From        string
	Open        bool // the rest stands open: something in it is ticked
}

// firstStudies is how many studies stand in the open; the others fold out.
const firstStudies = 6

func showStudies(v *visit) error {
	return v.studies(http.StatusOK, v.kase().Facts.Studies, "")
}

func (v *visit) studies(status int, chosen []evidence.ID, bad string) error {
	all, err := evidence.List("")
	if err != nil {
		return err
	}
	view := studiesView{Error: bad, From: v.from()}
	rows := make([]studyRow, 0, len(all))
	for _, r := range helpful(all) {
		row := studyRow{ID: r.ID, Short: r.Short, Found: r.Result, Use: r.Use, Limits: r.Limits, On: slices.Contains(chosen, r.ID)}
		row.Who = v.say(v.s.label("study-who"), "{population}", sentence(lowerFirst(r.Population)))
		row.How = v.s.label("study-grade-" + r.Grade)
		beside, err := evidence.Select([]evidence.ID{r.ID})
		if err != nil {
			return err
		}
		for _, s := range beside.Contrary {
			row.Beside = append(row.Beside, s.Study.Short)
		}
		rows = append(rows, row)
	}
	view.First, view.Rest = rows[:min(firstStudies, len(rows))], rows[min(firstStudies, len(rows)):]
	view.Open = slices.ContainsFunc(view.Rest, func(r studyRow) bool { return r.On })
	return v.show(status, "studies", page{Title: "Which studies help?", Tab: "case", Back: "/case", Error: bad != "", Wide: true}, view)
}

// helpful orders the library for somebody who looks for support: what speaks
// for working from home first, the strongest before the others.
func helpful(all []evidence.Row) []evidence.Row {
	rank := func(r evidence.Row) int {
		n := int(r.Grade[0]-'A') * 2
		if r.Doubtful {
			n++
		}
		if !slices.ContainsFunc(r.Bears, func(b evidence.Bearing) bool { return b.Direction == evidence.For }) {
			n += 100
		}
		return n
	}
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b evidence.Row) int { return rank(a) - rank(b) })
	return out
}

func saveStudies(v *visit) error {
	var chosen []evidence.ID
	for _, s := range v.form()["study"] {
		chosen = append(chosen, evidence.ID(s))
	}
	if len(chosen) > evidence.MaxStudies {
		return v.studies(http.StatusUnprocessableEntity, chosen, v.s.label("studies-many"))
	}
	for _, id := range chosen {
		if _, err := evidence.Find(id); err != nil {
			return err
		}
	}
	err := v.change("Saved your studies", func(c *homecase.Case, course *homecase.Course) error {
		c.Facts.Studies = chosen
		how := homecase.Answered
		if len(chosen) == 0 {
			how = homecase.Skipped
		}
		course.Visit(homecase.TaskStudies, how)
		return nil
	})
	if err != nil {
		return err
	}
	if v.from() == "check" {
		return v.seeOther("/packet/check")
	}
	return v.seeOther(v.onward(homecase.TaskStudies))
}
