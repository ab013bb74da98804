package web

import (
	"net/http"
	"slices"
	"strings"

	"homecase"
	"homecase/day"
)

// departed is something that left, in a list.
type departed struct{ When, What, To, Size string }

type shareView struct {
	Boss, Heading string
	Nobody        bool
	Sent          []departed // what the person says was handed over
	Out           []departed // what this computer let go
	Made          *madeView
	Form          form
	File, How, On field
	Email         string
	Office        string // through which it can also be shared
}

// showByHand says who can read what was handed over without an office.
func showByHand(v *visit) error {
	a := newAnswers()
	a.Set("on", v.today().String())
	return v.share(http.StatusOK, a)
}

// sentTo begins the words of what was handed over by the person's own account.
const sentTo = "to "

func (v *visit) share(status int, a answers) error {
	all, err := v.s.work.Store.Departures(v.ctx(), v.open.ID)
	if err != nil {
		return err
	}
	view := shareView{Boss: v.boss(), Form: form{Action: "/share/by-hand"}, Email: v.kase().Boss.Email}
	back, backTo := "/packet/made", "Your packet"
	if s, err := v.shared(); err != nil {
		return err
	} else if s.Office != nil && s.Office.Done() {
		view.Office, back, backTo = s.Office.OrgName, "/share", "Who can read it"
	}
	l := v.kase().Locale()
	for _, d := range all {
		row := departed{When: l.Date(day.Of(d.At)), What: d.What, To: d.To, Size: size(int(d.Bytes))}
		if strings.HasPrefix(d.To, sentTo) {
			view.Sent = append(view.Sent, row)
		} else {
			row.When += ", " + d.At.Local().Format("15:04")
			view.Out = append(view.Out, row)
		}
	}
	view.Nobody = len(view.Sent) == 0
	view.Heading = v.s.label("share-nobody")
	if !view.Nobody {
		view.Heading = v.say(v.s.label("share-read"))
	}
	if view.Made, err = v.lastMade(); err != nil {
		return err
	}
	if view.Made != nil {
		view.File = field{ID: "f-file", Name: "file", Kind: "select", Label: "What did you hand over?", Error: a.bad["file"]}
		for _, r := range view.Made.Rows {
			view.File.Options = append(view.File.Options, option{Value: r.Name, Label: r.Label, On: a.Get("file") == r.Name})
		}
		view.How = field{ID: "f-how", Name: "how", Kind: "select", Label: "How?", Error: a.bad["how"]}
		for _, how := range []string{"by e-mail", "on paper", "as a file", "in a meeting"} {
			view.How.Options = append(view.How.Options, option{Value: how, Label: strings.ToUpper(how[:1]) + how[1:], On: a.Get("how") == how})
		}
		view.On = field{ID: "f-on", Name: "on", Kind: "date", Label: "On which day?", Value: a.Get("on"), Error: a.bad["on"], Width: 14}
		view.Form.Fields = []field{view.File, view.How, view.On}
	}
	return v.show(status, "share", page{Title: view.Heading, Error: len(a.bad) > 0, Tab: "packet", Back: back, BackTo: backTo}, view)
}

// recordSent notes what the person handed over without this computer.
func recordSent(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	i := -1
	if made := v.open.Course.Made; len(made) > 0 {
		i = slices.IndexFunc(made[len(made)-1].Files, func(f homecase.RecordFile) bool { return f.Name == a.line("file") })
	}
	if i < 0 {
		a.refuse("file", "Select what you handed over")
	}
	how := a.line("how")
	if !slices.Contains([]string{"by e-mail", "on paper", "as a file", "in a meeting"}, how) {
		a.refuse("how", "Select how you handed it over")
	}
	on := a.date("on", "The day")
	switch {
	case on.IsZero():
		a.refuse("on", "Enter the day you handed it over")
	case on.After(v.today()):
		a.refuse("on", "The day must be today or before")
	}
	if len(a.bad) > 0 {
		return v.share(http.StatusUnprocessableEntity, a)
	}
	to := sentTo + v.kase().Boss.Name + ", " + how + ", on " + v.kase().Locale().Date(on)
	if err := v.s.work.HandedOver(v.ctx(), v.open, a.line("file"), to); err != nil {
		return err
	}
	return v.seeOther("/share/by-hand")
}

func dayOf(m *homecase.Made) day.Date { return day.Of(m.At) }
