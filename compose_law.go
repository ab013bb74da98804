package homecase

import (
	"strings"

	"homecase/cite"
	"homecase/fault"
	"homecase/packet"
	"homecase/policy"
)

// lawView is the regime as the packet tells it.
type lawView struct {
	regime *policy.Regime // the route to look at first, nil when none covers the place on that day
	times  []policy.Deadline
	route  bool // the regime gives a route
	listed bool // the only route is for people with listed reasons
}

// lawFacts finds the regime of the place and counts its deadlines.
func (k *composer) lawFacts() error {
	routes, err := policy.For(k.c.Place, k.c.Date)
	if err != nil {
		return err
	}
	id := routes.Primary
	if id == "" {
		id = noRoute(routes)
	}
	if id == "" {
		return k.refuseStatutory(nil)
	}
	r, err := policy.At(id, k.c.Date)
	if err != nil {
		return err
	}
	if r.Route == policy.Reasons && k.request() == Informal {
		k.law.listed = true // its very name would tell the boss of a reason nobody gave
		return nil
	}
	k.law.regime, k.law.route = &r, routes.Primary != ""
	f := cite.Fact{ID: "law", Text: r.Title + ": " + r.Basis.Text, Origin: cite.Origin{Kind: cite.Published, Source: r.Title}}
	if len(r.Sources) == 0 {
		f.Origin = cite.Origin{Kind: cite.Assumption, Source: "recalled, and no source was read for it yet"}
	} else {
		f.Source, f.Address, f.Date = r.Sources[0].Title, r.Sources[0].Address, r.Sources[0].Read
	}
	k.b.Fact(f)
	k.b.Set("law.name", r.Title, "the law of the place on the date of this packet", "law")
	if !f.Date.IsZero() {
		k.b.Set("law.source", f.Source+", read on "+k.l.Date(f.Date), "where the law was read", "law")
	}
	if err := k.refuseStatutory(&r); err != nil {
		return err
	}
	if k.request() == Statutory {
		times, err := policy.Deadlines(id, policy.Dates{Made: k.c.Date, Received: k.c.Date, Start: k.c.Plan.Start, Employed: k.c.employed(), Previous: k.c.Plan.PreviousRequests})
		if err != nil && k.c.Plan.Start.IsZero() {
			return fault.New(fault.Missing, "HC-LAW-03", "The law here counts from the first day of the change: give it.").At(fault.Place{Path: "plan.start"}).Because(err)
		}
		if err != nil {
			return err
		}
		k.law.times = times
	}
	for i, t := range k.law.times {
		ref := nth("deadline", i)
		k.b.Set(ref+".what", strings.TrimSuffix(t.What, "."), "as the law says", "law")
		k.b.Set(ref+".when", k.l.Date(t.Date), t.Counted, "law")
		how := sentence(t.Counted)
		if t.Unverified {
			how += " Unverified."
		}
		k.b.Set(ref+".how", how, "as counted", "law")
	}
	for i, s := range r.UsesUp {
		k.b.Set(nth("uses", i)+".text", statementWords(s), "as the law says", "law")
	}
	return nil
}

// statementWords is a statement with what a reader must know about it, in sentences.
func statementWords(s policy.Statement) string {
	words := sentence(s.Text)
	switch {
	case s.Unverified:
		words += " Unverified."
	case s.Summary:
		words += " Read in a summary, not in the law's own words."
	}
	if s.Note != "" {
		words += " Note: " + sentence(s.Note)
	}
	return words
}

// noRoute is the pack that says a place has no statute for such a request. A
// confidential channel, such as the one for a disability, is never named in
// its place: it would tell the reader something nobody said.
func noRoute(routes policy.Routes) string {
	for _, a := range routes.Regimes {
		if a.Route == policy.NoRoute {
			return a.ID
		}
	}
	return ""
}

// refuseStatutory refuses a statutory request where homecase writes no such
// letter, and a packet under a law for people with listed reasons: its name
// alone would tell the reader of care, health or violence.
func (k *composer) refuseStatutory(r *policy.Regime) error {
	switch {
	case k.request() != Statutory:
		return nil
	case r != nil && r.Letter.To == "hr":
		return fault.New(fault.Finding, "HC-LAW-02", "The law here is for people with listed reasons, so a packet under it would tell yours.").
			At(fault.Place{Path: "request"}).Then("Write request: informal for the packet. The request under the law is a letter to Human Resources: homecase letter hr-request FILE.")
	case r != nil && r.Letter.Available:
		return nil
	}
	say := "There is no statutory route that homecase knows for this place on this day."
	if r != nil {
		say = "There is no statutory letter for " + r.ID + ". " + r.Letter.Why
	}
	return fault.New(fault.Finding, "HC-LAW-01", "%s", say).At(fault.Place{Path: "request"}).Then("Write request: informal. An informal request uses up no right.")
}

func (k *composer) lawSection() packet.Section {
	s := packet.Section{ID: "rules", Label: k.label("law.label"), Level: 2}
	ids := []string{"law.informal"}
	switch {
	case k.law.regime == nil:
		if k.law.listed {
			ids = append(ids, "law.listed")
		} else {
			ids = append(ids, "law.unknown")
		}
	case k.request() == Statutory:
		ids = []string{"law.statutory"}
	case k.law.route:
		ids = append(ids, "law.route")
	default:
		ids = append(ids, "law.none")
	}
	s.Blocks = append(s.Blocks, packet.Para{Text: k.b.Says("", ids...)})
	if k.request() == Statutory {
		var items []packet.Text
		for i := range k.law.regime.UsesUp {
			items = append(items, k.b.Says(nth("uses", i), "law.uses"))
		}
		for i, t := range k.law.times {
			if t.Who != "you" {
				items = append(items, k.b.Says(nth("deadline", i), k.clockPhrase(t)))
			}
		}
		s.Blocks = append(s.Blocks, packet.List{Items: items})
	}
	note := k.b.Says("", "law.advice")
	switch {
	case k.b.Has("law.source"):
		note = append(note, k.b.Say("law.read"))
	case k.law.regime != nil:
		note = append(note, k.b.Say("law.unread"))
	}
	s.Blocks = append(s.Blocks, packet.Para{Style: packet.Note, Text: note})
	return s
}

// clockPhrase is how a packet tells its reader of a deadline: the boss is you.
func (k *composer) clockPhrase(t policy.Deadline) string {
	id := t.ID
	if id == "decide" && strings.Contains(t.What, "appeal included") {
		id = "decide-appeal" // Great Britain counts the appeal into the time; others do not
	}
	if k.b.Knows("law.clock-" + id) {
		return "law.clock-" + id
	}
	return "law.deadline"
}
