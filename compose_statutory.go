package homecase

import (
	"slices"
	"strings"

	"homecase/packet"
	"homecase/policy"
	"homecase/savings"
)

// statements are what a request under a law must say, in the law's order, and
// the points left to the hand: those that may reveal health, care or violence,
// and those the case does not know. Reasons are the person's private ones; only
// the letter to Human Resources is ever given any.
func (k *composer) statements(r policy.Regime, reasons string) (says []packet.Text, hand []string) {
	for i, s := range r.Contents {
		switch {
		case s.Special && reasons != "", !k.unsaid(s):
			ref := nth("statement", i)
			k.b.Set(ref+".text", sentence(k.fillWording(s, reasons)), "required by "+r.Title, "law")
			says = append(says, k.b.Says(ref, "letter.statement"))
		case !s.Optional:
			hand = append(hand, strings.TrimSuffix(s.Text, "."))
		}
	}
	return says, hand
}

// unsaid tells whether homecase leaves a statement to the hand: it is private,
// or the case does not say it. That no earlier request was made is a
// declaration, and an empty field declares nothing.
func (k *composer) unsaid(r policy.Required) bool {
	return r.Special || r.Wording == "" || slices.ContainsFunc(slots(r.Wording), func(slot string) bool { return !k.knows(slot) })
}

// slots lists the names in braces of a wording.
func slots(wording string) []string {
	var names []string
	for _, part := range strings.Split(wording, "{")[1:] {
		name, _, _ := strings.Cut(part, "}")
		names = append(names, name)
	}
	return names
}

// knows tells whether the case holds what a slot asks for.
func (k *composer) knows(slot string) bool {
	p := k.c.Plan
	switch slot {
	case "distance":
		return false // a way to work is private, so no field of the case holds it
	case "previous":
		return len(p.PreviousRequests) > 0
	case "start":
		return !p.Start.IsZero()
	case "end":
		return !p.EndDate().IsZero()
	}
	return true
}

// states tells whether the law's own statements hold such a slot.
func (k *composer) states(slot string) bool {
	return slices.ContainsFunc(k.law.regime.Contents, func(r policy.Required) bool { return slices.Contains(slots(r.Wording), slot) })
}

// fillWording puts the case's own words into a required statement.
func (k *composer) fillWording(r policy.Required, reasons string) string {
	c := k.c
	fill := map[string]func() string{
		"date": func() string { return k.l.Date(c.Date) }, "name": func() string { return c.Person.Name },
		"employer": func() string { return orWords(c.Company.Name, "this employer") },
		"change":   k.change, "start": func() string { return k.l.Date(c.Plan.Start) }, "end": func() string { return k.l.Date(c.Plan.EndDate()) },
		"previous": func() string {
			var dates []string
			for _, d := range c.Plan.PreviousRequests {
				dates = append(dates, k.l.Date(d))
			}
			return k.l.List(dates)
		},
		"place": func() string { return "my home" }, "hours": k.statedHours, "reasons": func() string { return strings.TrimSuffix(reasons, ".") },
		"effect":           func() string { return strings.TrimSuffix(k.effect().String(), ".") },
		"employer_changes": func() string { return orWords(k.employerChanges(), "none that I know of") },
	}
	var pairs []string
	for _, slot := range slots(r.Wording) {
		if f, ok := fill[slot]; ok {
			pairs = append(pairs, "{"+slot+"}", f())
		}
	}
	return strings.NewReplacer(pairs...).Replace(r.Wording)
}

// change is the ask in the words of a statement.
func (k *composer) change() string {
	s := k.b.Span("ask.days-words").Text + " a week at home"
	if k.weeks() > 0 {
		s += ", for " + k.b.Span("ask.weeks-words").Text
	}
	return s
}

func (k *composer) statedHours() string {
	if !k.b.Has("hours.from") {
		return "my present hours"
	}
	return k.b.Span("hours.from").Text + " to " + k.b.Span("hours.to").Text
}

// employerChanges are what the estimate says the employer would have to pay
// for: a letter must not say none beside a packet that counts licences.
func (k *composer) employerChanges() string {
	var names []string
	for _, line := range k.money.Ledger(savings.EmployerCash).Lines {
		if line.Effect == savings.Cost {
			names = append(names, lower(line.Name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "arrange " + strings.Join(names, "; ")
}
