package homecase

import (
	"slices"
	"strings"

	"homecase/cite"
	"homecase/packet"
	"homecase/plan"
	"homecase/policy"
	"homecase/readiness"
	"homecase/trial"
)

// who is part A: the parties, and what this paper does.
func (d *draft) who() {
	d.part("a")
	items := []packet.Text{d.b.Says("", "agreement.employee")}
	d.clauses["employee"] = held{part: d.letter}
	if d.b.Has("agreement.number") {
		items = append(items, d.b.Says("", "agreement.number"))
	}
	items = append(items, d.b.Says("", "agreement.manager"))
	if d.b.Has("agreement.company") {
		items = append(items, d.b.Says("", "agreement.employer"))
		d.clauses["employer"] = held{part: d.letter}
	} else {
		d.leave("employer")
	}
	d.list(packet.Bullets, items)
	d.add(packet.Choice{Options: []packet.Option{{ID: "new", Label: "New"}, {ID: "changed", Label: "Change"}, {ID: "ended", Label: "Ending"}, {ID: "reviewed", Label: "Yearly review"}}, Note: d.b.Says("", "agreement.action")})
	if d.c.Company.Address == "" {
		d.leave("employer-address")
	} else {
		d.clauses["employer-address"] = held{part: d.letter}
	}
}

// nature is part B: what this is, and what it leaves alone.
func (d *draft) nature() {
	d.part("b")
	d.say("voluntary", "terms", "above", "written")
	if d.request() == Statutory {
		d.say("statutory")
	} else {
		d.say("informal")
	}
	d.answers("C02", "C51")
	d.leaveIfListed("pay")
}

func (d *draft) rules() {
	d.part("c")
	d.say("policies")
	d.answers("C45")
	d.leave("policies")
	d.leaveIfListed("works-agreement", "collective", "contract")
}

// term is part D: from when, until when, and when it is looked at.
func (d *draft) term() {
	d.part("d")
	here := held{part: d.letter}
	switch {
	case d.b.Has("ask.to"):
		d.say("duration", "after")
	case !d.c.Plan.Start.IsZero():
		d.say("standing")
		d.clauses["duration"] = here
	default:
		d.leave("duration")
	}
	if d.b.Has("ask.decide") {
		d.say("decide")
	}
	if d.b.Has("trial.extension-words") && d.b.Has("ask.decide") {
		d.say("extension")
	}
	d.sayIf("agreement.reviews", "review")
}

func (d *draft) kind() {
	d.part("e")
	d.say("regular", "single")
	d.leave("emergency")
}

// schedule is part F: which days, how many hours.
func (d *draft) schedule() {
	d.listPart("f")
	p := d.c.Plan
	if p.AskedDays() >= d.workingDays() {
		d.say("days-all")
		d.clauses["days"] = held{part: d.letter}
	} else {
		d.say("days")
	}
	switch {
	case p.Choice == plan.Lottery:
		d.say("drawn")
	case p.Choice == plan.Boss:
		d.say("chosen")
	case len(p.Wish) > 0:
		d.say("fixed")
	default:
		d.leave("fixed")
	}
	if p.AskedDays() != float64(int(p.AskedDays())) {
		d.text = append(d.text, d.b.Say("summary.day-half"))
	}
	d.say("share", "period")
	d.sayIf("hours.from", "hours")
	if d.b.Has("agreement.office-days") {
		d.say("office-days")
	}
	d.say("move")
}

func (d *draft) places() {
	d.part("g")
	d.sayIf("agreement.centre", "centre")
	d.say("home")
	d.sayIf("agreement.room", "room")
	d.say("elsewhere")
	d.answers("C32", "C33")
	d.leave("home") // the sentence names the home; its address is written by hand
}

func (d *draft) work() {
	d.part("h")
	d.say("same")
	d.sayIf("agreement.job", "activity")
	if d.b.Has("agreement.home-tasks") {
		d.say("home-tasks")
	}
	if h := d.c.Readiness.Hours(); h.Office+h.NotSure > 0 {
		d.say("office-tasks")
	}
	var cover []packet.Text
	for i, t := range d.c.Readiness.Duties {
		if t.CoveredBy != "" {
			cover = append(cover, d.b.Says(nth("duty", i), "agreement.cover"))
		}
	}
	d.list(packet.Bullets, cover)
	d.leaveIfListed("category")
}

func (d *draft) reach() {
	d.part("i")
	if d.b.Has("agreement.reach-from") && d.b.Has("agreement.reach-to") {
		d.say("reachable")
	} else {
		d.leave("reachable")
	}
	if d.c.Plan.AskedDays() < d.workingDays() {
		d.say("meet")
	} else {
		d.leave("meet")
	}
	var items []packet.Text
	for i := range d.c.Plan.CheckIns {
		items = append(items, d.b.Says(nth("check", i), "agreement.check"))
	}
	d.list(packet.Bullets, items)
	if len(items) == 0 {
		d.leave("check")
	}
}

func (d *draft) recall() {
	d.listPart("j")
	d.sayIf("agreement.recall", "recall")
	d.sayIf("agreement.recall-most", "recall-most")
	d.sayIf("agreement.recall-travel", "recall-travel")
	d.sayIf("agreement.recall-day", "recall-day")
}

func (d *draft) judged() {
	d.part("k")
	d.say("performance", "control")
	d.sayIf("measure.name", "measure")
	d.answers("C03")
}

func (d *draft) time() {
	d.part("l")
	d.say("time", "leave", "ill")
}

func (d *draft) overtime() {
	d.part("m")
	d.say("overtime", "paid")
	d.answers("C30")
}

// equipment is part N: the list with owner and cost.
func (d *draft) equipment() {
	d.part("n")
	d.say("equipment")
	d.add(d.equipmentTable())
	d.say("upkeep", "return")
	d.answers("C10", "C09")
	d.leave("asset", "help", "training")
	d.leaveIfListed("equipment-life", "consumables")
}

func (d *draft) equipmentTable() packet.Block {
	b := d.b
	t := packet.Table{ID: "equipment", Caption: b.Says("", "agreement.equipment-caption"), Columns: []packet.Column{
		{Head: b.Says("", "agreement.head-thing"), Width: .42}, {Head: b.Says("", "agreement.head-owner"), Width: .2},
		{Head: b.Says("", "agreement.head-state"), Width: .18}, {Head: b.Says("", "agreement.head-cost"), Right: true, Width: .2},
	}}
	for i, it := range officeItems(d.c.Readiness.HomeOffice) {
		name, state, cost := officeCells(b, i, it)
		t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{name, {Text: b.Says("", d.owner(it))}, state, cost}})
	}
	for i, duty := range d.c.Readiness.Duties {
		if duty.Cost == nil {
			continue
		}
		ref := nth("duty", i)
		id := string(ref) + ".cost"
		b.Fact(cite.Fact{ID: id, Text: "Cost of a change: " + duty.Name + ".", Origin: duty.Cost.Origin})
		low, _ := duty.Cost.Low.Float64()
		high, _ := duty.Cost.High.Float64()
		b.Set(ref+".cost", d.l.Money(low, 0)+" to "+d.l.Money(high, 0), "as given", id)
		t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{{Text: b.Text(ref + ".name")}, {Text: b.Says("", "agreement.owner-open")}, {Text: b.Says("", "office.can_get")}, {Text: b.Text(ref + ".cost")}}})
	}
	return t
}

// owner is whose a thing is, as far as the case knows: what the company
// provides is the company's, what is at home already is the employee's, and
// what has to be bought is to be agreed.
func (d *draft) owner(it officeItem) string {
	company := d.c.Readiness.Company
	provided := map[string]readiness.Provided{"computer": company.Laptop.State, "remote_access": company.VPN.State, "phone": company.Phone.State}
	switch p, ok := provided[it.id]; {
	case ok && p == readiness.ProvidedYes:
		return "agreement.owner-company"
	case ok && it.id != "phone", it.State != readiness.Have:
		return "agreement.owner-open"
	}
	return "agreement.owner-me"
}

func (d *draft) costs() {
	d.part("o")
	if d.restsOn("hse") {
		d.say("desk-free")
	}
	d.answersOr("line", "C01")
	d.answersOr("buying", "C17", "C58")
	d.answers("C52")
	d.leave("energy", "expenses")
	d.leaveIfListed("compensation")
}

// data is part P: the data rules, as a list to keep by the screen.
func (d *draft) data() {
	d.part("p")
	device := "device-allowed"
	if d.c.Readiness.Company.Laptop.State == readiness.ProvidedYes {
		device = "device"
	}
	var items []packet.Text
	for _, id := range []string{device, "locked", "unseen", "papers", "loss", "records"} {
		items = append(items, d.b.Says("", "agreement."+id))
	}
	d.list(packet.Bullets, items)
	d.answers("C27", "C28")
	d.leave("data-rules", "security-rules")
}

func (d *draft) care() {
	d.part("q")
	d.say("care", "private")
	d.answers("C61")
}

// safety is part R: the self-check, photos, a visit, and what the country says.
func (d *draft) safety() {
	d.part("r")
	here := held{part: d.letter}
	d.b.Own("safety", "My own check of the place where I would work.")
	if s := d.c.Readiness.Safety; s != nil && !s.Checked.IsZero() {
		d.b.Set("safety.checked", d.l.Date(s.Checked), "as given", "safety")
		d.say("selfcheck-done")
		d.clauses["selfcheck"] = here
		if n := len(s.Open); n > 0 {
			d.b.Word("safety.open", n, "counted", "safety")
			d.say("selfcheck-open")
		}
	} else {
		d.say("selfcheck")
	}
	d.say("photos")
	switch {
	case d.restsOn("hse"):
		d.say("desk-gb")
	case d.restsOn("osha"):
		d.say("desk-us")
	case d.c.Place.Country == "IE" && d.law.regime != nil:
		d.say("desk-ie")
	}
	if d.c.Readiness.HomeOffice.VisitWelcome == readiness.Yes {
		d.say("visit")
	} else {
		d.leave("visit")
	}
	d.answers("C16", "C37")
}

func (d *draft) accidents() {
	d.part("s")
	d.say("accident", "liable")
	d.answersOr("cover", "C11", "C34")
}

func (d *draft) home() {
	d.part("t")
	d.say("allowed")
	d.answersOr("lease", "C44")
	d.leave("insurer", "tax")
}

func (d *draft) closures() {
	d.listPart("u")
	d.say("closure")
	o := d.c.Plan.Outage
	if o.Backup == "" && o.Offline == "" && o.Then == "" {
		d.leave("outage", "outage-minutes")
		return
	}
	d.clauses["outage"] = held{part: d.letter}
	for _, c := range []struct {
		ref    packet.Ref
		clause string
	}{{"agreement.outage-backup", "outage"}, {"agreement.outage-minutes", "outage-minutes"}, {"agreement.outage-offline", "outage-offline"}, {"agreement.outage-then", "outage-then"}} {
		if d.b.Has(c.ref) {
			d.say(c.clause)
		}
	}
	if !d.b.Has("agreement.outage-minutes") {
		d.leave("outage-minutes")
	}
}

// pilot is part V: length, measure, check-ins, what counts as success, and the
// way back.
func (d *draft) pilot() {
	d.listPart("v")
	b := d.b
	if d.weeks() == 0 {
		d.say("no-trial")
		d.leave("success")
		return
	}
	d.say("trial")
	if len(d.c.Plan.CheckIns) > 0 {
		d.say("meetings")
	}
	m := d.trial.plan.Measure
	if b.Has("measure.usual") && b.Has("margin.drop") {
		usual, margin := "usual-level", "margin"
		if m.Kind == trial.Count {
			usual = "usual"
		}
		if m.Better == trial.Lower {
			margin = "margin-lower"
		}
		d.say(usual, margin, "success", "next")
		if b.Has("trial.extension-words") {
			d.say("undecided")
		} else {
			d.say("undecided-stop")
		}
	} else {
		d.say("success-open")
		d.leave("success")
	}
	d.say("rollback", "purpose")
}

// ending is part W: how either side ends it, and what law says about it.
func (d *draft) ending() {
	d.listPart("w")
	p, here := d.c.Plan, held{part: d.letter}
	d.clauses["ending-notice"] = here
	switch {
	case d.request() == Statutory && d.law.regime != nil:
		d.say("ending-law")
		d.leave("ending-notice")
	case p.Stop == plan.ByNotice && p.StopNotice != "":
		d.say("ending-notice")
	case p.Stop == plan.OnAnyDay || p.Stop == "":
		d.say("ending-any")
	default:
		d.leave("ending-notice")
	}
	d.say("ending-return", "ending-fair")
	var items []packet.Text
	for i := range p.StopRules {
		items = append(items, d.b.Says(nth("stoprule", i), "agreement.ending-stop"))
	}
	d.list(packet.Bullets, items)
	d.answers("C46")
	var rules []packet.Text
	for i, l := range d.laws {
		for n, s := range l.Revert {
			if strings.HasPrefix(s.ID, "withdraw") {
				continue // about the asking, not about an arrangement
			}
			ref := nth(string(nth("regime", i))+".revert", n)
			d.b.Set(ref+".text", said(l.Title+": "+s.String()), "as the law says", d.lawFact(i))
			rules = append(rules, d.b.Says(ref, "agreement.ending-rule"))
		}
	}
	if len(rules) > 0 {
		d.add(packet.Para{Style: packet.Note, Text: d.b.Says("", "agreement.ending-rules")})
		d.list(packet.Bullets, rules)
	}
}

// signatures is part X. Its lines are for signing and count among no open ones.
func (d *draft) signatures() {
	d.part("x")
	d.say("sign")
	d.add(packet.Choice{Options: []packet.Option{{ID: "agreed", Label: "Agreed"}, {ID: "not-agreed", Label: "Not agreed, because", Line: true}}})
	for _, c := range []string{"sign-me", "sign-boss", "sign-company", "sign-training"} {
		d.lines = append(d.lines, d.label("agreement-blank."+c))
	}
}

func (d *draft) attachments() {
	d.part("y")
	var items []packet.Text
	for _, id := range []string{"schedule", "check", "equipment", "data", "contact"} {
		items = append(items, d.b.Says("", "agreement.attached-"+id))
	}
	d.list(packet.Bullets, items)
	d.leave("contact")
}

// selfCheck is the safety check, one table for each group of points.
func (d *draft) selfCheck() error {
	items, err := readiness.SafetyItems()
	if err != nil || len(items) == 0 {
		return err
	}
	b := d.b
	src := items[0].Source
	b.Fact(cite.Fact{ID: "safety-list", Text: "The points of the safety check.", Origin: cite.Origin{Kind: cite.Published, Source: src.Title, Date: src.Read, Address: src.Address}})
	s := packet.Section{ID: "safety-check", Label: d.label("agreement-part.check"), Level: 2}
	intro := b.Says("", "selfcheck.intro")
	done := d.c.Readiness.Safety
	if done == nil || done.Checked.IsZero() {
		done = nil
		intro = append(intro, b.Say("selfcheck.how"))
	}
	s.Blocks = append(s.Blocks, packet.Para{Text: intro})
	var t *packet.Table
	group := ""
	for _, it := range items {
		if it.Group != group {
			if t != nil {
				s.Blocks = append(s.Blocks, *t)
			}
			group = it.Group
			t = &packet.Table{ID: "check-" + group, Caption: b.Says("", "selfcheck."+group), Columns: []packet.Column{
				{Head: b.Says("", "selfcheck.head-point"), Width: .58}, {Head: b.Says("", "selfcheck.head-answer"), Width: .14}, {Head: b.Says("", "selfcheck.head-missing"), Width: .28}}}
		}
		ref := packet.Ref("check-" + it.ID)
		text := american.Replace(it.Ask)
		if d.l.Spell("british", "american") == "british" {
			text = it.Ask
		}
		if it.Unverified {
			text += " [unverified]"
		}
		b.Set(ref+".text", text, "as the list asks", "safety-list")
		var answer packet.Cell
		if done != nil {
			id := "selfcheck.yes"
			if slices.Contains(done.Open, it.ID) {
				id = "selfcheck.not-yet"
			}
			answer.Text = b.Says("", id)
		}
		t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{{Text: b.Says(ref, "selfcheck.point")}, answer, {}}})
	}
	d.sections = append(d.sections, withBlock(s, *t))
	return nil
}

// american are the words of the check that Americans say otherwise.
var american = strings.NewReplacer("earthed", "grounded", "a metre", "three feet")

func withBlock(s packet.Section, b packet.Block) packet.Section {
	s.Blocks = append(s.Blocks, b)
	return s
}

// minimum is the list of what each law of the place asks such an agreement to
// hold, and where this draft holds it.
func (d *draft) minimum() packet.Section {
	b := d.b
	s := packet.Section{ID: "minimum", Label: d.label("agreement-part.law"), Level: 2}
	if len(d.laws) == 0 {
		return withBlock(s, packet.Para{Text: b.Says("", "minimum.none")})
	}
	for i, l := range d.laws {
		ref := nth("regime", i)
		fact := d.lawFact(i)
		b.Set(ref+".title", l.Title, "the law of the place on the date of this draft", fact)
		b.Set(ref+".basis", said(l.Basis.String()), "as the law says", fact)
		s.Blocks = append(s.Blocks, packet.Heading{Level: 3, Text: b.Text(ref + ".title")})
		about := b.Says(ref, "minimum.basis")
		if _, listed := l.items["d_share"]; listed {
			about = append(about, b.Say("minimum.share")) // whether the law binds depends on it
		}
		if l.Route == policy.General && d.request() == Informal && len(l.listed()) > 0 {
			about = append(about, b.Say("minimum.informal"))
		}
		s.Blocks = append(s.Blocks, packet.Para{Text: about})
		s.Blocks = append(s.Blocks, d.minimumOf(ref, fact, l)...)
	}
	return withBlock(s, packet.Para{Style: packet.Note, Text: b.Says("", "law.advice")})
}

func (d *draft) minimumOf(ref packet.Ref, fact string, l agreementLaw) []packet.Block {
	b := d.b
	t := packet.Table{ID: string(ref) + "-list", Caption: b.Says("", "minimum.caption"), Columns: []packet.Column{
		{Head: b.Says("", "minimum.head-asks"), Width: .62}, {Head: b.Says("", "minimum.head-part"), Width: .18}, {Head: b.Says("", "minimum.head-state"), Width: .2}}}
	var out []packet.Block
	for n, s := range l.Agreement {
		at := nth(string(ref)+".asks", n)
		b.Set(at+".text", said(s.String()), "as the law says", fact)
		if s.Nothing {
			out = append(out, packet.Para{Text: b.Says(at, "minimum.nothing")})
			continue
		}
		parts, open := l.where(s.ID, d.clauses)
		state := "minimum.written"
		switch {
		case open:
			state = "minimum.open"
		case l.items[s.ID].OnSigning:
			state = "minimum.signing"
		}
		t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{{Text: b.Says(at, "minimum.asks")}, {Text: packet.Plain(parts)}, {Text: b.Says("", state)}}})
	}
	if len(t.Rows) > 0 {
		out = append([]packet.Block{t}, out...)
	}
	return out
}

// said ends a law's statement with a full stop, unless a mark in brackets ends it.
func said(s string) string {
	if strings.HasSuffix(s, "]") {
		return s
	}
	return sentence(s)
}
