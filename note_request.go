package homecase

import (
	"slices"
	"strings"

	"homecase/cite"
	"homecase/day"
	"homecase/fault"
	"homecase/packet"
	"homecase/policy"
)

// maxReasons is how much a person may say of their reasons: a page.
const maxReasons = 2000

// request makes a request under a law that asks for private reasons, in a
// letter to Human Resources. The person chose to ask by it when they asked for
// the letter, so it does not matter how the packet asks.
func (n *noteWriter) request() error {
	r, err := n.privateLaw()
	if err != nil {
		return err
	}
	if err := n.missing(n.unstated(r)); err != nil {
		return err
	}
	if err := n.mayAsk(); err != nil {
		return err
	}
	if why := n.full.untimely(r, n.o.On); why != "" {
		return fault.New(fault.Finding, "HC-NOTE-13", "Under the law this request may not count. %s", why).
			At(fault.Place{Path: "plan.start"}).Then("Choose a day that fits, or ask informally. See: %s.", r.Title)
	}
	reasons := strings.Join(strings.Fields(n.o.Reasons), " ")
	if len([]rune(reasons)) > maxReasons {
		return fault.New(fault.Invalid, "HC-NOTE-12", "The reasons are longer than %d characters.", maxReasons).Then("Say what the law asks for, and no more.")
	}
	n.c.Date = n.o.On // the request is dated as the letter is
	n.b.Fact(cite.Fact{ID: "law", Text: r.Title + ": " + r.Basis.Text, Origin: cite.Origin{Kind: cite.Published, Source: r.Title}})
	n.to, n.email, n.hello, n.title, n.head = "Human Resources", "", "note.hello-hr", "note.request-subject", "note.request-to"
	n.sign = r.Form.Signed == "yes"
	says, hand := n.statements(r, reasons)
	n.say("letter.statements")
	n.list(packet.Bullets, says)
	if len(hand) > 0 {
		n.say("note.request-hand")
		n.blocks = append(n.blocks, packet.Signature{Captions: hand})
	}
	n.say("note.request-private", "note.request-receipt")
	return nil
}

// PrivateLaws are the laws of the place that ask for what belongs to Human
// Resources alone.
func (c *Case) PrivateLaws(on day.Date) ([]policy.Regime, error) {
	routes, err := policy.For(c.Place, on)
	if err != nil {
		return nil, err
	}
	return privateLaws(routes, on)
}

func privateLaws(routes policy.Routes, on day.Date) ([]policy.Regime, error) {
	var found []policy.Regime
	for _, a := range routes.Regimes {
		if !a.Letter.Available {
			continue
		}
		r, err := policy.At(a.ID, on)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(r.Contents, func(s policy.Required) bool { return s.Special }) {
			found = append(found, r)
		}
	}
	return found, nil
}

// privateLaw is the law to ask under: the one named, or the only one of the
// place.
func (n *noteWriter) privateLaw() (policy.Regime, error) {
	routes, err := policy.For(n.c.Place, n.o.On)
	if err != nil {
		return policy.Regime{}, err
	}
	found, err := privateLaws(routes, n.o.On)
	if err != nil {
		return policy.Regime{}, err
	}
	var names []string
	for _, r := range found {
		names = append(names, r.ID+" ("+r.Title+")")
	}
	none := fault.New(fault.Finding, "HC-NOTE-10", "No law that homecase knows for this place asks for reasons that are for Human Resources alone.").At(fault.Place{Path: "place"})
	switch {
	case len(found) == 0 && len(routes.Questions) > 0:
		return policy.Regime{}, none.Then("The case leaves this open: %s", strings.Join(routes.Questions, " "))
	case len(found) == 0:
		return policy.Regime{}, none.Then("Where a law gives a route, write request: statutory, and homecase packet build writes the letter.")
	case n.o.Law != "":
		asked, err := policy.Show(n.o.Law)
		if err != nil {
			return policy.Regime{}, err
		}
		if i := slices.IndexFunc(found, func(r policy.Regime) bool { return r.ID == asked.ID }); i >= 0 {
			return found[i], nil
		}
	case len(found) == 1:
		return found[0], nil
	}
	return policy.Regime{}, fault.New(fault.Invalid, "HC-NOTE-11", "For this place the letter can be made under: %s.", strings.Join(names, ", ")).Then("Say which one with --law.")
}

// unstated are the places of the case that required statements rest on and
// that are empty.
func (n *noteWriter) unstated(r policy.Regime) map[string]bool {
	empty := map[string]bool{}
	for _, s := range r.Contents {
		for _, slot := range slots(s.Wording) {
			if path := map[string]string{"start": "plan.start", "end": "plan.until"}[slot]; path != "" && !s.Optional && !n.knows(slot) {
				empty[path] = true
			}
		}
	}
	return empty
}
