package homecase

import (
	"strings"

	"homecase/day"
	"homecase/fault"
	"homecase/plan"
	"homecase/policy"
	"homecase/readiness"
)

// Assess says whether the case is ready, with the law of its place on its date.
func (c *Case) Assess() (readiness.Verdict, error) {
	service, err := c.service()
	if err != nil {
		return readiness.Verdict{}, err
	}
	return readiness.Assess(c.Readiness, readiness.Input{
		Date: c.Date, Asked: c.Plan.AskedDays(), Start: c.Plan.Start,
		Statutory: c.Request == Statutory, Service: service, Locale: c.Locale(),
	})
}

// service is the minimum time in the job that the place's regime asks for, nil
// when it asks for none or no regime covers the place.
func (c *Case) service() (*readiness.Service, error) {
	routes, err := policy.For(c.Place, c.Date)
	if err != nil || routes.Primary == "" {
		return nil, err
	}
	r, err := policy.At(routes.Primary, c.Date)
	if err != nil {
		return nil, err
	}
	for _, clock := range r.Clocks {
		if clock.ID != "service_ask" && clock.ID != "service_start" {
			continue
		}
		s := &readiness.Service{ToAsk: clock.ID == "service_ask", Source: r.Title}
		switch clock.Count.Unit {
		case "months":
			s.Months = clock.Count.N
		case "weeks":
			s.Weeks = clock.Count.N
		default:
			continue
		}
		return s, nil
	}
	return nil, nil
}

// CheckAt applies the rules that need the day of the case: a start that lies
// in the past, an ask before the agreed date.
func (c *Case) CheckAt() fault.List {
	return under("plan", c.Plan.CheckAt(c.planContext()))
}

// CheckThis lists what is odd but may be right.
func (c *Case) CheckThis() fault.List {
	return append(under("readiness", c.Readiness.CheckThis(c.Date)), under("plan", c.Plan.CheckThis(c.planContext()))...)
}

func (c *Case) planContext() plan.Context {
	return plan.Context{Date: c.Date, Statutory: c.Request == Statutory}
}

// under puts a group's name before the paths of its faults.
func under(group string, list fault.List) fault.List {
	for _, f := range list {
		f.Place.Path = group + "." + f.Place.Path
	}
	return list
}

// PhotoPath is a picture that the case names, and since when.
type PhotoPath struct {
	ID, Path string
	On       day.Date
}

// PhotoPaths lists the pictures of the home office in the order of its items.
func (c *Case) PhotoPaths() []PhotoPath {
	var out []PhotoPath
	for _, it := range officeItems(c.Readiness.HomeOffice) {
		if it.Photo != "" {
			out = append(out, PhotoPath{it.id, it.Photo, it.PhotoDate})
		}
	}
	return out
}

// SetPhoto names the picture of an item of the home office and the day it was
// added, or none for "".
func (c *Case) SetPhoto(item, path string, on day.Date) error {
	it, err := c.officeItem(item)
	if err == nil {
		it.Photo, it.PhotoDate = path, on
	}
	return err
}

// DatePhoto says when a photo was added, for one from before its day was kept.
func (c *Case) DatePhoto(item string, on day.Date) error {
	it, err := c.officeItem(item)
	if err == nil && it.Photo == "" {
		err = fault.New(fault.Missing, "HC-CASE-14", "There is no photo of this.")
	}
	if err == nil {
		it.PhotoDate = on
	}
	return err
}

func (c *Case) officeItem(item string) (*readiness.Item, error) {
	h := &c.Readiness.HomeOffice
	it := map[string]*readiness.Item{
		"door": &h.Door, "desk_and_chair": &h.DeskAndChair, "computer": &h.Computer, "phone": &h.Phone,
		"connection": &h.Connection, "backup": &h.Backup, "remote_access": &h.RemoteAccess,
	}[item]
	if it == nil {
		return nil, fault.New(fault.Missing, "HC-CASE-13", "The home office has no item %q.", item)
	}
	return it, nil
}

// employed is the first day in the job, as exactly as the case knows it.
func (c *Case) employed() day.Date {
	t := c.Readiness.Tenure
	switch {
	case t == nil:
		return day.Date{}
	case !t.Since.IsZero():
		return t.Since
	}
	return c.Date.AddMonths(-12*t.Years - t.Months)
}

// Findings are what is known to be false in the case's own words. They stop
// nothing; what they concern about a study is left out of the packet.
func (c *Case) Findings() (fault.List, error) {
	facts, err := c.Facts.Findings()
	if err != nil {
		return nil, err
	}
	concerns, err := c.Concerns.Findings()
	if err != nil {
		return nil, err
	}
	list := append(under("facts", facts), under("concerns", concerns)...)
	if c.Request != Statutory {
		return list, nil
	}
	routes, err := policy.For(c.Place, c.Date)
	if err != nil || routes.Primary == "" {
		return list, err
	}
	r, err := policy.At(routes.Primary, c.Date)
	if err != nil {
		return list, err
	}
	if why := c.untimely(r, c.Date); why != "" {
		list = append(list, fault.New(fault.Finding, "HC-LAW-04", "Under the law this request may not count. %s", why).
			At(fault.Place{Path: "plan.start"}).Then("Choose a day that fits, or ask informally. See: %s.", r.Title))
	}
	return list, nil
}

// untimely is what a law's own counting says against a request of a day: it
// comes too late for its start, or too early in the job. Where the case lacks a
// day to count from there is nothing to say.
func (c *Case) untimely(r policy.Regime, on day.Date) string {
	times, err := r.Plan(policy.Dates{Made: on, Received: on, Start: c.Plan.Start, Employed: c.employed(), Previous: c.Plan.PreviousRequests})
	if err != nil {
		return ""
	}
	return strings.Join(times.Warnings, " ")
}

// PitchFacts are the case's own facts by the names that suggestions use.
func (c *Case) PitchFacts() map[string]string {
	l := c.Locale()
	facts := map[string]string{"boss": c.Boss.Name, "name": c.Person.Name}
	if m := c.Facts.Measure; m.Name != "" && m.Usual != nil {
		facts["measure"] = lower(m.Name)
		facts["target"] = l.Number(*m.Usual, 2) + " " + m.Unit + " a day"
		facts["source"] = m.Recorded
	}
	if h := c.Plan.Hours; h.From != "" && h.To != "" {
		facts["hours"] = string(h.From) + " to " + string(h.To)
	}
	if p := c.Plan; !p.Start.IsZero() {
		facts["start"] = l.Date(p.Start)
		if end := p.EndDate(); !end.IsZero() {
			facts["end"] = l.Date(end)
		}
	}
	if n := c.Plan.Weeks; n > 0 {
		facts["trial"] = l.Word(n) + plural(n, " week", " weeks")
	}
	if d := c.Plan.DecideOn; !d.IsZero() {
		facts["review_date"] = l.Date(d)
	}
	if r := c.Plan.Recall.Notice; r != "" {
		facts["notice"] = r
	}
	if len(c.Plan.Wish) > 0 {
		facts["day"] = c.Plan.Wish[0].Name()
	}
	if len(c.Reasons.Business) > 0 {
		facts["reason"] = c.Reasons.Business[0].Head
	}
	return facts
}
