package web

import (
	"net/http"

	"homecase"
	"homecase/day"
	"homecase/plan"
	"homecase/policy"
)

type requestView struct {
	Boss          string
	Form          form
	Choice        field
	More          []field
	Law           string // the name of the law
	Available     bool
	Why           string
	UsesUp        []policy.Statement
	Starts        []policy.Statement
	Frequency     policy.Statement
	Contents      []policy.Required
	Special       string
	NotCovered    []string
	HasLaw, Route bool
	Touching      []lawRow // laws of the place under which nobody asks by a letter from here
}

// lawRow is a law with the page that tells it, and whom it is for.
type lawRow struct {
	Title, Address string
	Who            []policy.Statement
	Special        string
}

// touching are the laws of a place that a person should know of, where none of
// them gives everybody a way to ask.
func touching(routes policy.Routes, on day.Date) ([]lawRow, error) {
	var out []lawRow
	for _, a := range routes.Regimes {
		r, err := policy.At(a.ID, on)
		if err != nil {
			return nil, err
		}
		out = append(out, lawRow{r.Title, sourceAddress(r.ID), r.WhoMayAsk, r.Special.Say})
	}
	return out, nil
}

// showRequest asks whether the request is informal or made under a law.
func showRequest(v *visit) error {
	c, a := v.kase(), newAnswers()
	a.Set("request", string(homecase.Informal))
	if c.Request == homecase.Statutory {
		a.Set("request", string(homecase.Statutory))
	}
	a.Set("company", c.Company.Name)
	a.Set("address", c.Company.Address)
	a.Set("number", c.Person.EmployeeNumber)
	for _, d := range c.Plan.PreviousRequests {
		a.Set("previous", a.Get("previous")+d.String()+"\n")
	}
	return v.request(http.StatusOK, a)
}

// regime is the law to look at first for the case's place; nil without one.
func (v *visit) regime() (*policy.Regime, policy.Routes, error) {
	if v.kase().Place.Country == "" {
		return nil, policy.Routes{}, nil
	}
	routes, err := policy.For(v.kase().Place, v.today())
	if err != nil || routes.Primary == "" {
		return nil, routes, err
	}
	r, err := policy.At(routes.Primary, v.today())
	return &r, routes, err
}

func (v *visit) request(status int, a answers) error {
	r, routes, err := v.regime()
	if err != nil {
		return err
	}
	view := requestView{Boss: v.boss(), Form: form{Action: "/case/request", From: v.from()}, NotCovered: append(routes.NotCovered, routes.Questions...)}
	informal := option{ID: "f-request-1", Value: string(homecase.Informal), Label: v.s.label("request-informal"), Hint: v.s.label("request-informal-hint"), On: a.Get("request") != string(homecase.Statutory)}
	view.Choice = field{ID: "f-request", Name: "request", Kind: "choice", Label: "How do you ask?", Lead: true, Error: a.bad["request"], Options: []option{informal}}
	if r != nil && r.Route != policy.Reasons {
		view.HasLaw, view.Law, view.Available, view.Why = true, r.Title, r.Letter.Available && r.Letter.To != "hr", r.Letter.Why
		view.UsesUp, view.Starts, view.Frequency, view.Contents, view.Special = r.UsesUp, r.Starts, r.Frequency, r.Contents, r.Special.Say
	}
	if !view.HasLaw {
		if view.Touching, err = touching(routes, v.today()); err != nil {
			return err
		}
	}
	if view.Choice.Hint = v.s.label("request-only"); view.Available {
		view.Choice.Hint = v.s.label("request-hint")
		view.Choice.Options = append(view.Choice.Options, option{ID: "f-request-2", Value: string(homecase.Statutory), Label: v.s.label("request-statutory"), Hint: r.Title, On: a.Get("request") == string(homecase.Statutory)})
		view.More = []field{
			{ID: "f-previous", Name: "previous", Kind: "area", Label: "Earlier requests under this law", Hint: "The day of each, one on each line, like 2026-02-13. Leave it empty if there is none: you say so in the letter by hand.", Value: a.Get("previous"), Error: a.bad["previous"]},
			textField(a, "company", "Your employer's name", "", 24), textField(a, "address", "Your employer's address (optional)", "", 0),
			textField(a, "number", "Your employee number (optional)", "", 14),
		}
	}
	view.Form.Fields = append([]field{view.Choice}, view.More...)
	back := "/case"
	if v.from() == "check" {
		back = "/packet/check"
	}
	return v.show(status, "request", page{Title: "How do you ask?", Error: len(a.bad) > 0, Tab: "case", Back: back}, view)
}

// saveRequest keeps the way of asking. Under a law its own notice ends the
// arrangement, so "stop on any day" goes.
func saveRequest(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	r, _, err := v.regime()
	if err != nil {
		return err
	}
	request := homecase.Request(a.line("request"))
	switch {
	case request != homecase.Informal && request != homecase.Statutory:
		a.refuse("request", "Select how you ask")
	case request == homecase.Statutory && (r == nil || !r.Letter.Available || r.Letter.To == "hr" || r.Route == policy.Reasons):
		a.refuse("request", "There is no letter under a law for your place. Ask informally")
	}
	var previous []day.Date
	for _, line := range lineList(a.text("previous")) {
		d, err := day.Parse(line)
		switch {
		case err != nil:
			a.refuse("previous", "Write each day like 2026-02-13, one on each line")
		case d.After(v.today()):
			a.refuse("previous", "An earlier request cannot lie ahead")
		}
		previous = append(previous, d)
	}
	a.long("company", 200)
	a.long("address", 400)
	a.long("number", 40)
	if len(a.bad) > 0 {
		return v.request(http.StatusUnprocessableEntity, a)
	}
	err = v.change("Saved how you ask", func(c *homecase.Case, _ *homecase.Course) error {
		c.Request = request
		switch {
		case request == homecase.Statutory && c.Plan.Stop != plan.ByNotice:
			c.Plan.Stop = plan.ByLaw
		case request == homecase.Informal && c.Plan.Stop == plan.ByLaw:
			c.Plan.Stop = plan.OnAnyDay
		}
		if a.Has("company") {
			c.Plan.PreviousRequests = previous
			c.Company.Name, c.Company.Address, c.Person.EmployeeNumber = a.line("company"), a.line("address"), a.line("number")
		}
		return nil
	})
	if err != nil {
		return err
	}
	if v.from() == "check" {
		return v.seeOther("/packet/check")
	}
	return v.seeOther("/case")
}
