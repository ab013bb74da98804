package policy

import (
	"fmt"
	"slices"
	"strings"

	"homecase/day"
	"homecase/fault"
)

// Place is where the person works, as far as law needs it.
type Place struct {
	// Country is the two-letter code of the country where you work, such as GB, IE, AU, US or NL.
	Country string `json:"country"`
	// Part is the part of the country whose law applies: england, scotland, wales or northern-ireland in GB; the state in US and AU (CA, vic); the province in CA (ON).
	Part string `json:"part,omitempty"`
	// City is the city you work in, where a city has a law of its own, such as San Francisco.
	City string `json:"city,omitempty"`
	// Federal is yes or no. In Canada: whether your employer is federally regulated (banks, airlines, telecoms). In the US: whether you work for a federal agency.
	Federal Federal `json:"federal,omitempty"`
}

// Federal is yes, no, or empty for not known.
type Federal string

// The answers.
const (
	FederalYes Federal = "yes"
	FederalNo  Federal = "no"
)

// UnmarshalText reads yes, no, true, false or nothing.
func (f *Federal) UnmarshalText(b []byte) error {
	switch strings.ToLower(string(b)) {
	case "yes", "true":
		*f = FederalYes
	case "no", "false":
		*f = FederalNo
	case "", "unknown":
		*f = ""
	default:
		return fmt.Errorf("%q is not an answer here: write yes or no", string(b))
	}
	return nil
}

func gbParts() []string { return []string{"england", "scotland", "wales", "northern-ireland"} }
func auParts() []string { return []string{"act", "nsw", "nt", "qld", "sa", "tas", "vic", "wa"} }
func caParts() []string {
	return strings.Fields("ab bc mb nb nl ns nt nu on pe qc sk yt")
}
func usParts() []string {
	return strings.Fields("al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy pr gu vi as mp")
}

// Check refuses a place that no law can be found for: a country that is not a
// code, a part its country does not have.
func (p Place) Check() fault.List {
	var l fault.List
	bad := func(path, say string, args ...any) {
		l = append(l, fault.New(fault.Invalid, "HC-POLICY-02", say, args...).At(fault.Place{Path: path}))
	}
	if p == (Place{}) {
		return nil // a case may leave the whole group out; law is then not consulted
	}
	switch c := p.Country; {
	case c == "":
		bad("country", "The country is missing. Write its two-letter code, such as GB.")
	case c == "UK":
		bad("country", "Write GB for the United Kingdom; part: northern-ireland tells Northern Ireland from Great Britain.")
	case len(c) != 2 || strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		bad("country", "%q is not a country code. Write two capital letters, such as GB.", clip(c))
	}
	parts := map[string][]string{"GB": gbParts(), "AU": auParts(), "CA": caParts(), "US": usParts()}[p.Country]
	if p.Part != "" && parts != nil && !slices.Contains(parts, strings.ToLower(p.Part)) {
		bad("part", "%s has no part %q. Write one of: %s.", p.Country, clip(p.Part), strings.Join(parts, ", "))
	}
	if len(p.Part) > 60 {
		bad("part", "The part of the country is longer than 60 characters.")
	}
	if len(p.City) > 80 {
		bad("city", "The city is longer than 80 characters.")
	}
	if p.Federal != "" && p.Country != "CA" && p.Country != "US" {
		bad("federal", "federal is asked only in CA and US. Leave it out for %s.", clip(p.Country))
	}
	return l
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// match tells whether w covers p; unknown tells that it would, if an answer
// the person has not given yet is the right one.
func (w Where) match(p Place) (yes, unknown bool) {
	if w.Country != p.Country {
		return false, false
	}
	yes = true
	for _, need := range []struct {
		want []string
		got  string
	}{{w.Parts, p.Part}, {list(w.City), p.City}, {list(w.Federal), string(p.Federal)}} {
		switch {
		case len(need.want) == 0:
		case need.got == "":
			yes, unknown = false, true
		case !slices.ContainsFunc(need.want, func(s string) bool { return strings.EqualFold(s, strings.TrimSpace(need.got)) }):
			return false, false
		}
	}
	return yes, unknown
}

func list(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// Applicable is one regime that covers a place on a day.
type Applicable struct {
	Head
	// Primary marks the route to look at first.
	Primary bool `json:"primary,omitempty"`
}

// Routes are the ways of asking that a place offers on a day.
type Routes struct {
	Place Place    `json:"place"`
	On    day.Date `json:"on"`
	// Primary is the id of the statutory route to look at first, or empty when there is none.
	Primary string `json:"primary,omitempty"`
	// Regimes holds every regime that covers the place, the primary one first.
	Regimes []Applicable `json:"regimes"`
	// Pending holds bills and announced changes: not law on that day.
	Pending []Head `json:"pending,omitempty"`
	// NotCovered says for which laws the day is too early for what homecase holds.
	NotCovered []string `json:"not_covered,omitempty"`
	// Questions says what must still be known to choose.
	Questions []string `json:"questions,omitempty"`
	// Informal is the ordinary way, always open.
	Informal string `json:"informal"`
}

// informal is what every place offers: asking without a law.
const informal = "You may always ask informally. It uses up no statutory request, starts no clock of law, and needs no reason."

// For returns the routes of a place on a day. A place that homecase holds no
// pack for gets the informal way and says so in NotCovered.
func For(p Place, on day.Date) (Routes, error) {
	heads, err := index()
	if err != nil {
		return Routes{}, err
	}
	if l := p.Check(); len(l) > 0 {
		return Routes{}, l
	}
	if on.IsZero() {
		return Routes{}, fault.New(fault.Invalid, "HC-POLICY-03", "The day is missing: law is chosen by date.")
	}
	return routes(heads, p, on), nil
}

func routes(heads []Head, p Place, on day.Date) Routes {
	r := Routes{Place: p, On: on, Informal: informal, Regimes: []Applicable{}}
	later := map[string]string{}
	for _, h := range heads {
		yes, unknown := h.covers(p)
		switch {
		case unknown && h.Status == InForce:
			r.ask(p)
		case !yes:
		case h.Status != InForce:
			r.Pending = append(r.Pending, h)
		case h.inForce(on):
			r.Regimes = append(r.Regimes, Applicable{Head: h})
		default:
			later[h.family()] = fmt.Sprintf("%s: homecase holds this law only from %s on, so %s is not covered.", h.ID, long(h.InForceFrom), long(on))
		}
	}
	r.Regimes = newest(r.Regimes)
	for _, a := range r.Regimes {
		delete(later, a.family())
	}
	for _, h := range heads {
		if say, ok := later[h.family()]; ok {
			r.NotCovered = append(r.NotCovered, say)
			delete(later, h.family())
		}
	}
	r.rank()
	if len(r.Regimes)+len(r.NotCovered)+len(r.Questions) == 0 {
		r.NotCovered = append(r.NotCovered, noPack(p))
	}
	return r
}

func noPack(p Place) string {
	if p.Country == "" {
		return "The case names no place, so no law was looked up."
	}
	return fmt.Sprintf("homecase holds no pack for %s. That does not mean that there is no law: ask HR or a lawyer there.", p.Country)
}

// covers matches the head's places against p.
func (h Head) covers(p Place) (yes, unknown bool) {
	for _, w := range h.Applies {
		y, u := w.match(p)
		yes, unknown = yes || y, unknown || u
	}
	return yes, unknown && !yes
}

// newest keeps, of several versions of one law, the latest in force.
func newest(all []Applicable) []Applicable {
	out := []Applicable{}
	for _, a := range all {
		i := slices.IndexFunc(out, func(b Applicable) bool { return b.family() == a.family() })
		switch {
		case i < 0:
			out = append(out, a)
		case a.InForceFrom.After(out[i].InForceFrom):
			out[i] = a
		}
	}
	return out
}

// rank puts general routes first, then routes for listed reasons, then the
// rest; the first of these two is the primary one. A channel, a duty, a shield
// or a floor is never primary: the packet does not ask under it.
func (r *Routes) rank() {
	order := []Route{General, Reasons, Channel, Duty, Shield, NoRoute, Floor}
	slices.SortStableFunc(r.Regimes, func(a, b Applicable) int {
		return slices.Index(order, a.Route) - slices.Index(order, b.Route)
	})
	if len(r.Regimes) > 0 && slices.Index(order, r.Regimes[0].Route) <= 1 {
		r.Regimes[0].Primary = true
		r.Primary = r.Regimes[0].ID
	}
}

// ask adds the question that the missing answer calls for, once.
func (r *Routes) ask(p Place) {
	var q []string
	switch p.Country {
	case "GB":
		q = append(q, "Do you work in England, Scotland, Wales or Northern Ireland? Northern Ireland has a law of its own.")
	case "AU":
		q = append(q, "In which state or territory do you work?")
	case "US":
		if p.Part == "" {
			q = append(q, "In which state do you work?")
		}
		if p.City == "" && (p.Part == "" || strings.EqualFold(p.Part, "CA")) {
			q = append(q, "In which city do you work? San Francisco has an ordinance of its own.")
		}
		if p.Federal == "" {
			q = append(q, "Do you work for a federal agency?")
		}
	case "CA":
		q = append(q, "Is your employer federally regulated, such as a bank, an airline or a telecoms company?")
	}
	for _, s := range q {
		if !slices.Contains(r.Questions, s) {
			r.Questions = append(r.Questions, s)
		}
	}
}
