package readiness

import (
	"fmt"
	"math"

	"homecase/day"
)

// assumedMonths stands in for a rule about time served that nobody has read.
// It is an assumption: such rules commonly ask for three, six or twelve months.
const assumedMonths = 12

// months returns full months in the job on the day of the case.
func (t Tenure) months(on day.Date) int {
	if t.Since.IsZero() {
		return 12*t.Years + t.Months
	}
	if on.Before(t.Since) {
		return 0
	}
	n := 12*(on.Year-t.Since.Year) + int(on.Month) - int(t.Since.Month)
	if t.Since.AddMonths(n).After(on) {
		n--
	}
	return n
}

// reaches returns the day on which the time in the job reaches months and
// weeks. From years and months it is the latest such day: somebody three months
// in may be almost four.
func (t Tenure) reaches(months, weeks int, on day.Date) day.Date {
	if !t.Since.IsZero() {
		return t.Since.AddMonths(months).Add(7 * weeks)
	}
	return on.AddMonths(months - t.months(on)).Add(7 * weeks)
}

// words writes 3 years and 8 months.
func (t Tenure) words(on day.Date) string {
	n := t.months(on)
	unit := func(n int, one string) string {
		if n == 1 {
			return "1 " + one
		}
		return fmt.Sprintf("%d %ss", n, one)
	}
	switch {
	case n < 12:
		return unit(n, "month")
	case n%12 == 0:
		return unit(n/12, "year")
	}
	return unit(n/12, "year") + " and " + unit(n%12, "month")
}

// opensOn keeps the latest of the dates on which gates open.
func (b *bench) opensOn(d day.Date) {
	if d.After(b.v.OpensOn) {
		b.v.OpensOn = d
	}
}

// tenure compares the time in the job with the employer's rule. A rule nobody
// has read is taken to ask for assumedMonths, so that not knowing it never
// opens the gate of somebody new.
func (b *bench) tenure() {
	t, r, on := b.a.Tenure, b.a.EmployerRule, b.in.Date
	if t == nil {
		if r.Exists == No {
			b.unknown("HC-READY-TENURE-MISSING", "not answered", light, nil)
			return
		}
		b.add("HC-READY-TENURE-MISSING", Closes, "not answered", nil)
		b.weight += heavy
		return
	}
	s := slots{"tenure": t.words(on)}
	switch {
	case r.Exists == No:
		b.addFrom("HC-READY-TENURE-OPEN", Notes, s["tenure"]+", no rule", r.Origin, s)
	case r.Months != nil: // months without a yes are still the best that is known
		if r.Exists != Yes {
			b.weight += light
		}
		s["months"] = fmt.Sprint(*r.Months)
		answer := fmt.Sprintf("%s, rule: %d months", s["tenure"], *r.Months)
		opens := t.reaches(*r.Months, 0, on)
		if !opens.After(on) {
			b.addFrom("HC-READY-TENURE-RULE", Supports, answer, r.Origin, s)
			return
		}
		s["date"] = b.in.Locale.Date(opens)
		b.opensOn(opens)
		b.addFrom("HC-READY-TENURE-RULE", Closes, answer, r.Origin, s)
	case t.months(on) >= assumedMonths:
		b.unknown("HC-READY-TENURE-OPEN", s["tenure"]+", rule: "+orNone(string(r.Exists)), light, s)
	default:
		b.add("HC-READY-TENURE-OPEN", Closes, s["tenure"]+", rule: "+orNone(string(r.Exists)), s)
		b.weight += heavy
	}
}

// statute compares the time in the job with the statute's minimum service. It
// binds only where the person asks under the statute.
func (b *bench) statute() {
	law := b.in.Service
	if law == nil || law.Months <= 0 && law.Weeks <= 0 {
		return
	}
	s := slots{"service": law.words()}
	before := len(b.v.Reasons)
	b.compareService(law, s)
	if len(b.v.Reasons) > before && law.Source != "" {
		b.v.Reasons[before].Source = law.Source
	}
}

func (b *bench) compareService(law *Service, s slots) {
	t := b.a.Tenure
	if t == nil {
		if b.in.Statutory {
			b.add("HC-READY-TENURE-MISSING", Closes, "not answered", nil)
			b.weight += heavy
			return
		}
		b.unknown("HC-READY-TENURE-LAW", "not answered", light, s)
		return
	}
	needed := b.in.Date
	if !law.ToAsk && b.in.Start.After(needed) {
		needed = b.in.Start
	}
	opens := t.reaches(law.Months, law.Weeks, b.in.Date)
	s["date"] = b.in.Locale.Date(opens)
	answer := t.words(b.in.Date) + ", law: " + s["service"]
	switch {
	case !opens.After(needed):
		b.add("HC-READY-TENURE-LAW", Supports, answer, s)
	case b.in.Statutory:
		b.opensOn(opens)
		b.add("HC-READY-TENURE-LAW", Closes, answer, s)
	default:
		b.add("HC-READY-TENURE-LAW", Notes, answer, s)
	}
}

func (l Service) words() string {
	switch {
	case l.Weeks == 0:
		return fmt.Sprintf("%d months", l.Months)
	case l.Months == 0:
		return fmt.Sprintf("%d weeks", l.Weeks)
	}
	return fmt.Sprintf("%d months and %d weeks", l.Months, l.Weeks)
}

// gates looks at the three things without which there is no home day.
func (b *bench) gates() {
	o, c := b.a.HomeOffice, b.a.Company
	b.gate("HC-READY-COMPUTER", b.reach(o.Computer.State, c.Laptop.State), "your own", "the company's",
		fmt.Sprintf("computer: %s, laptop: %s", orNone(string(o.Computer.State)), orNone(string(c.Laptop.State))))
	b.gate("HC-READY-CONNECTION", b.reach(o.Connection.State, ""), "the line", "",
		"connection: "+orNone(string(o.Connection.State)))
	b.gate("HC-READY-ACCESS", b.reach(o.RemoteAccess.State, c.VPN.State), "tried from home", "the company's way in",
		fmt.Sprintf("remote_access: %s, vpn: %s", orNone(string(o.RemoteAccess.State)), orNone(string(c.VPN.State))))
}

// way is how a gate may be open.
type way int

const (
	unknownWay way = iota // nobody has said
	shut
	canBeHad
	openByPerson
	openByCompany
)

// reach takes the better of what the person and the company have.
func (b *bench) reach(own State, theirs Provided) way {
	switch {
	case own == Have:
		return openByPerson
	case theirs == ProvidedYes || theirs == NotNeeded:
		return openByCompany
	case own == CanGet || theirs == ProvidedMay:
		return canBeHad
	case own == None && theirs != ProvidedOpen:
		return shut
	}
	return unknownWay
}

func (b *bench) gate(id RuleID, w way, person, company, answer string) {
	switch w {
	case openByPerson:
		b.add(id, Supports, answer, slots{"answer": person})
	case openByCompany:
		b.add(id, Supports, answer, slots{"answer": company})
	case canBeHad:
		b.add(id, First, answer, slots{"answer": "it has to be arranged"})
	case shut:
		b.add(id, Closes, answer, nil)
	default:
		b.add(id, Closes, answer, nil)
		b.weight += heavy
	}
}

// homeOffice looks at the items that stop nobody.
func (b *bench) homeOffice() {
	o := b.a.HomeOffice
	states := map[string]State{"door": o.Door.State, "desk_and_chair": o.DeskAndChair.State, "phone": o.Phone.State, "backup": o.Backup.State}
	b.each("home_office", func(q Question) {
		state, ok := states[q.ID]
		if !ok {
			return // a gate, asked above
		}
		s := slots{"item": plainName(q.ID), "do": q.Advice}
		answer := q.ID + ": " + orNone(string(state))
		switch state {
		case Have:
			b.add("HC-READY-HOME-OFFICE", Supports, answer, s)
		case CanGet:
			s["state"], s["do"] = "can be had", "get it before the first home day."
			b.add("HC-READY-HOME-OFFICE", First, answer, s)
		case None:
			s["state"] = "not there"
			b.add("HC-READY-HOME-OFFICE", First, answer, s)
		default:
			b.unknown("HC-READY-HOME-OFFICE", answer, light, s)
		}
	})
}

func (b *bench) company() {
	c := b.a.Company
	states := map[string]Provided{"laptop": c.Laptop.State, "vpn": c.VPN.State, "phone": c.Phone.State, "documents": c.Documents.State, "meetings": c.Meetings.State}
	b.each("company", func(q Question) {
		state := states[q.ID]
		s := slots{"item": companyName(q.ID), "do": q.Advice, "ask": q.Ask}
		answer := q.ID + ": " + orNone(string(state))
		switch state {
		case ProvidedYes:
			b.add("HC-READY-COMPANY", Supports, answer, s)
		case NotNeeded:
			b.add("HC-READY-COMPANY", Notes, answer, s)
		case ProvidedNo, ProvidedMay:
			b.add("HC-READY-COMPANY", First, answer, s)
		default:
			b.unknown("HC-READY-COMPANY", answer, light, s)
		}
	})
}

func (b *bench) colleagues() {
	c := b.a.Colleagues
	answers := map[string]Answer{"understand_my_job": c.UnderstandMyJob, "no_extra_work": c.NoExtraWork, "can_reach_me": c.CanReachMe, "same_chance": c.SameChance}
	names := map[string]string{"understand_my_job": "they know what you do", "no_extra_work": "no extra work for them", "can_reach_me": "they can reach you", "same_chance": "they could ask for the same"}
	b.each("colleagues", func(q Question) {
		got := answers[q.ID]
		s := slots{"item": names[q.ID], "do": q.Advice, "ask": q.Ask}
		answer := q.ID + ": " + orNone(string(got))
		switch got {
		case Yes:
			b.add("HC-READY-COLLEAGUES", Supports, answer, s)
		case No:
			b.add("HC-READY-COLLEAGUES", First, answer, s)
		default:
			b.unknown("HC-READY-COLLEAGUES", answer, light, s)
		}
	})
}

// cover asks who takes over where people need somebody in the room every day.
func (b *bench) cover() {
	for _, d := range b.a.Duties {
		if d.CoveredBy != "" {
			b.add("HC-READY-COVER", Supports, "covered_by: "+d.CoveredBy, slots{"who": d.CoveredBy, "duty": d.Name})
			continue
		}
		if d.Counts() == Office && d.binds() == Daily && d.Tests.People == Yes {
			b.add("HC-READY-COVER", First, "covered_by: not answered", slots{"duty": d.Name})
		}
	}
}

func (b *bench) safety() {
	s := b.a.Safety
	switch {
	case s == nil:
	case len(s.Open) > 0:
		b.add("HC-READY-SAFETY", First, "open: "+joined(s.Open), slots{"items": listed(s.Open)})
	case !s.Checked.IsZero():
		b.add("HC-READY-SAFETY", Supports, "checked "+s.Checked.String(), slots{"date": b.in.Locale.Date(s.Checked)})
	}
}

// each calls f for the questions of a group, in their order.
func (b *bench) each(group string, f func(Question)) {
	list, err := Questions(group)
	if err != nil {
		b.fail(err)
		return
	}
	for _, q := range list {
		f(q)
	}
}

// plainName writes an id of the home office as words.
func plainName(id string) string {
	switch id {
	case "desk_and_chair":
		return "desk and chair"
	case "remote_access":
		return "remote access"
	}
	return id
}

func companyName(id string) string {
	switch id {
	case "vpn":
		return "a safe way in from outside"
	case "laptop":
		return "a laptop"
	case "phone":
		return "calls that follow you"
	case "documents":
		return "documents as files"
	}
	return "meetings one can join from elsewhere"
}

// Share returns the part of the week that can be done at home, from 0 to 1.
func (h Hours) Share() float64 {
	if h.Total() <= 0 {
		return 0
	}
	return math.Min(1, h.Portable()/h.Total())
}
