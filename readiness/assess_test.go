package readiness

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"homecase/cite"
	"homecase/content"
	"homecase/day"
)

var on = day.Must("2026-11-24")

// accounts is the week of an accounts assistant: 25 h at home now, 4 with a
// change, 11 in the office on any day or weekly.
const accounts = `
duties_origin: {kind: measured, source: "My task log", date: 2026-10-30}
duties:
  - {name: Bank reconciliations, hours: 14, where: home}
  - {name: Exception queries, hours: 9, where: home}
  - {name: Report writing, hours: 6, where: home_with_change, change: [access]}
  - {name: Team meetings, hours: 4, where: office, binds: weekly, tests: {people: yes}}
  - {name: Post and cheques, hours: 4, where: office, binds: any, tests: {thing: yes}, conditions: [handling]}
  - {name: Training new starters, hours: 3, where: office, binds: any}
tenure: {years: 3, months: 8}
employer_rule: {exists: yes, months: 6, kind: published, source: "Staff handbook, section 4"}
unsupervised:
  - {text: "Closed the year end alone in two days; the auditor found nothing.", date: 2026-04, who: The auditor}
trust: {leaves_me_to_it: yes, tells_early: yes, knows_my_work: no}
career: {promotion_soon: yes}
right_for_me: {alone_all_day: not_sure}
colleagues: {understand_my_job: yes, no_extra_work: yes, can_reach_me: yes, same_chance: yes}
home_office:
  door: have
  desk_and_chair: {state: can_get, cost: {low: 80, likely: 120.50, high: 200, kind: published, source: Shop}, note: A chair}
  computer: have
  phone: have
  connection: have
  backup: have
  remote_access: have
company: {laptop: yes, vpn: yes, phone: yes, documents: yes, meetings: yes}
safety: {checked: 2026-11-01}
`

func read(t testing.TB, text string) Answers {
	t.Helper()
	var a Answers
	if err := content.Decode("case.yaml", []byte(text), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func assess(t testing.TB, a Answers, in Input) Verdict {
	t.Helper()
	if in.Date.IsZero() {
		in.Date = on
	}
	v, err := Assess(a, in)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func find(v Verdict, id RuleID) (Reason, bool) {
	i := slices.IndexFunc(v.Reasons, func(r Reason) bool { return r.Rule == id })
	if i < 0 {
		return Reason{}, false
	}
	return v.Reasons[i], true
}

func TestAccountsIsReady(t *testing.T) {
	v := assess(t, read(t, accounts), Input{Asked: 1})
	// 11 h of 40 tied, none daily: 3 halves of 4 h, so 7 halves at home. Without
	// the change 17 h are tied: 5 halves, so 5 at home.
	if v.Word != Ready || v.DaysSupported != 3.5 || v.DaysNow != 2.5 || v.Certainty != High {
		t.Errorf("got %s, %v days, %v now, %s; want ready, 3.5, 2.5, high\n%+v", v.Word, v.DaysSupported, v.DaysNow, v.Certainty, v.Reasons)
	}
	if want := (Hours{Home: 23, HomeWithChange: 6, Office: 11}); v.Hours != want {
		t.Errorf("hours %+v, want %+v", v.Hours, want)
	}
	want := []string{"Arrange for Report writing: access.", "Home office, desk and chair: get it before the first home day."}
	if diff := cmp.Diff(want, v.Next); diff != "" {
		t.Errorf("next steps (-want +got):\n%s", diff)
	}
	for _, r := range v.Reasons {
		if r.Source == "" || r.Say == "" || r.Answer == "" || strings.ContainsAny(r.Say+r.Next, "{}") {
			t.Errorf("incomplete reason %+v", r)
		}
	}
}

func TestVerdicts(t *testing.T) {
	starter := strings.Replace(accounts, "tenure: {years: 3, months: 8}", "tenure: {months: 2}", 1)
	for _, c := range []struct {
		name      string
		text      string
		in        Input
		word      Word
		days      float64
		opens     string
		certainty Certainty
		rule      RuleID // a rule that must be among the reasons
	}{
		{"new starter", starter, Input{Asked: 1}, NotYet, 3.5, "2027-03-24", High, "HC-READY-TENURE-RULE"}, // 24 Nov + 4 months
		{"new starter by first day", strings.Replace(accounts, "{years: 3, months: 8}", "{since: 2026-09-30}", 1), Input{Asked: 1}, NotYet, 3.5, "2027-03-30", High, "HC-READY-TENURE-RULE"},
		{"on the day the rule is met", strings.Replace(accounts, "{years: 3, months: 8}", "{since: 2026-05-24}", 1), Input{Asked: 1}, Ready, 3.5, "", High, "HC-READY-TENURE-RULE"},
		{"new starter who does not know the rule", strings.Replace(starter, "{exists: yes, months: 6, kind: published, source: \"Staff handbook, section 4\"}", "{exists: unknown}", 1), Input{Asked: 1}, NotYet, 3.5, "", Low, "HC-READY-TENURE-OPEN"},
		{"old hand who does not know the rule", strings.Replace(accounts, "{exists: yes, months: 6, kind: published, source: \"Staff handbook, section 4\"}", "{exists: unknown}", 1), Input{Asked: 1}, Ready, 3.5, "", Medium, "HC-READY-TENURE-OPEN"},
		{"four days", accounts, Input{Asked: 4}, ReadyForLess, 3.5, "", High, "HC-READY-HOURS"},
		{"three days rest on a change", accounts, Input{Asked: 3}, Ready, 3.5, "", Medium, "HC-READY-NOW"},
		{"no ask given is one day", accounts, Input{}, Ready, 3.5, "", High, "HC-READY-HOURS"},
		{"no way in", strings.NewReplacer("remote_access: have", "remote_access: no", "vpn: yes", "vpn: no").Replace(accounts), Input{Asked: 1}, NotYet, 3.5, "", High, "HC-READY-ACCESS"},
		{"company laptop stands in for a computer", strings.Replace(accounts, "computer: have", "computer: no", 1), Input{Asked: 1}, Ready, 3.5, "", High, "HC-READY-COMPUTER"},
		{"statute not met and asked for", accounts, Input{Asked: 1, Statutory: true, Service: &Service{Months: 48, ToAsk: true, Source: "An Act"}}, NotYet, 3.5, "2027-03-24", High, "HC-READY-TENURE-LAW"}, // 48 − 44 months
		{"statute not met, asked informally", accounts, Input{Asked: 1, Service: &Service{Months: 48, ToAsk: true, Source: "An Act"}}, Ready, 3.5, "", High, "HC-READY-TENURE-LAW"},
		{"statute met by the start", accounts, Input{Asked: 1, Statutory: true, Start: day.Must("2027-04-01"), Service: &Service{Months: 48, Source: "An Act"}}, Ready, 3.5, "", High, "HC-READY-TENURE-LAW"},
		{"weeks of service", strings.Replace(accounts, "{years: 3, months: 8}", "{since: 2026-06-01}", 1) + "", Input{Asked: 1, Statutory: true, Service: &Service{Weeks: 26, ToAsk: true, Source: "An Act"}}, NotYet, 3.5, "2026-12-01", High, "HC-READY-TENURE-RULE"}, // rule: 1 Dec; 26 weeks: 30 Nov
	} {
		t.Run(c.name, func(t *testing.T) {
			v := assess(t, read(t, c.text), c.in)
			if v.Word != c.word || v.DaysSupported != c.days || v.OpensOn.String() != c.opens || v.Certainty != c.certainty {
				t.Errorf("got %s, %v days, opens %q, %s; want %s, %v, %q, %s", v.Word, v.DaysSupported, v.OpensOn, v.Certainty, c.word, c.days, c.opens, c.certainty)
			}
			if _, ok := find(v, c.rule); !ok {
				t.Errorf("no reason by %s", c.rule)
			}
		})
	}
}

func TestCampusManagerHearsOfHalfADay(t *testing.T) {
	a := read(t, `
duties:
  - {name: Rounds, hours: 10, where: office, binds: daily, conditions: [walking, inspect]}
  - {name: Residents, hours: 10, where: office, binds: daily, tests: {people: yes}}
  - {name: Contractors, hours: 15, where: office, binds: any}
  - {name: Paperwork, hours: 5, where: home}
tenure: {years: 6}
employer_rule: {exists: no}
home_office: {computer: have, connection: have, remote_access: have}
`)
	v := assess(t, a, Input{Asked: 1})
	// 35 h tied need 9 halves of 4 h; 4 h a day fit in a half.
	if v.Word != ReadyForLess || v.DaysSupported != 0.5 {
		t.Fatalf("got %s with %v days, want ready_for_less with .5", v.Word, v.DaysSupported)
	}
	if r, ok := find(v, "HC-READY-HALF"); !ok || !strings.Contains(r.Next, "half a day of paperwork") {
		t.Errorf("half a day of paperwork is not offered: %+v", r)
	}
	if !strings.Contains(v.Next[0], "Ask for half a day a week first") {
		t.Errorf("first step is %q", v.Next[0])
	}
}

func TestNurseHearsWhatCouldBe(t *testing.T) {
	a := read(t, `
duties:
  - {name: Care at the bedside, hours: 24, where: office, binds: daily, conditions: [physical, disease, public]}
  - {name: Medicines, hours: 6, where: office, binds: daily, tests: {thing: yes}}
  - {name: Documentation, hours: 4.5, where: home_with_change, change: [access]}
  - {name: Training, hours: 3, where: home}
tenure: {years: 6}
employer_rule: {exists: no}
`)
	v := assess(t, a, Input{Asked: 1})
	if v.Word != NotYet || v.DaysSupported != 0 {
		t.Fatalf("got %s with %v days, want not_yet with 0", v.Word, v.DaysSupported)
	}
	r, ok := find(v, "HC-READY-GATHER")
	if !ok || !strings.Contains(r.Say, "Documentation and Training, 7.5 hours") {
		t.Errorf("what could be is not said: %+v", r)
	}
	if _, ok := find(v, "HC-READY-COMPUTER"); ok {
		t.Error("a person without a home day is sent shopping")
	}
	a.Duties = a.Duties[:2]
	if _, ok := find(assess(t, a, Input{Asked: 1}), "HC-READY-PLACE"); !ok {
		t.Error("no kind word for a job without portable hours")
	}
}

func TestNothingPrivateReachesTheVerdict(t *testing.T) {
	a := read(t, accounts)
	with := assess(t, a, Input{Asked: 1})
	if diff := cmp.Diff(with, assess(t, a.Shared(), Input{Asked: 1})); diff != "" {
		t.Errorf("private answers change the verdict:\n%s", diff)
	}
	s := a.Shared()
	if s.Trust != (Trust{}) || s.Career != (Career{}) || s.RightForMe != (RightForMe{}) {
		t.Error("Shared keeps private answers")
	}
	if a.Trust == (Trust{}) {
		t.Error("Shared changed the original")
	}
	advice, err := WorkOnThisFirst(a)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, x := range advice {
		ids = append(ids, x.ID)
	}
	if diff := cmp.Diff([]string{"knows_my_work", "promotion_soon", "alone_all_day"}, ids); diff != "" {
		t.Errorf("advice (-want +got):\n%s", diff)
	}
}

func TestVerdictJSON(t *testing.T) {
	b, err := json.Marshal(assess(t, read(t, accounts), Input{Asked: 1}))
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"verdict", "days_supported", "days_asked", "reasons", "next", "certainty", "hours"} {
		if _, ok := m[key]; !ok {
			t.Errorf("no key %s", key)
		}
	}
	if _, ok := m["opens_on"]; ok {
		t.Error("opens_on without a date")
	}
	reason := m["reasons"].([]any)[0].(map[string]any)
	for _, key := range []string{"rule", "answer", "source", "effect"} {
		if reason[key] == "" {
			t.Errorf("reason without %s", key)
		}
	}
}

// worse lists ways to turn one known answer into an unknown one.
func worse(a *Answers, i int) {
	n := len(a.Duties)
	if i < 4*n {
		d := &a.Duties[i%n]
		switch i / n {
		case 0:
			d.Where = WhereNotSure
		case 1:
			d.Binds = BindingNotSure
		case 2:
			d.Tests = Tests{Unknown, Unknown, Unknown}
		case 3:
			d.Change = []Change{ChangeNotSure}
		}
		return
	}
	o, c := &a.HomeOffice, &a.Company
	items := []*Item{&o.Door, &o.DeskAndChair, &o.Computer, &o.Phone, &o.Connection, &o.Backup, &o.RemoteAccess}
	provisions := []*Provision{&c.Laptop, &c.VPN, &c.Phone, &c.Documents, &c.Meetings}
	answers := []*Answer{&a.Colleagues.UnderstandMyJob, &a.Colleagues.NoExtraWork, &a.Colleagues.CanReachMe, &a.Colleagues.SameChance}
	switch i -= 4 * n; {
	case i == 0:
		a.Tenure = nil
	case i == 1:
		a.EmployerRule.Exists = Unknown
	case i == 2:
		a.DutiesOrigin = cite.Origin{}
	case i == 3:
		a.Unsupervised = nil
	case i < 4+len(items):
		items[i-4].State = StateNotSure
	case i < 4+len(items)+len(provisions):
		provisions[i-4-len(items)].State = ProvidedOpen
	default:
		*answers[(i-4-len(items)-len(provisions))%len(answers)] = NotSure
	}
}

// TestUnknownNeverRaises: whatever answer becomes unknown, the verdict, the days
// and the certainty do not rise.
func TestUnknownNeverRaises(t *testing.T) {
	words := []Word{NotYet, ReadyForLess, Ready}
	certainties := []Certainty{Low, Medium, High}
	rapid.Check(t, func(t *rapid.T) {
		a := randomAnswers(t)
		in := Input{Date: on, Asked: float64(rapid.IntRange(1, 10).Draw(t, "asked")) / 2, Statutory: rapid.Bool().Draw(t, "statutory")}
		if rapid.Bool().Draw(t, "law") {
			in.Service = &Service{Months: rapid.IntRange(1, 24).Draw(t, "service"), ToAsk: true, Source: "An Act"}
		}
		before, err := Assess(a, in)
		if err != nil {
			t.Fatal(err)
		}
		b := a
		b.Duties = slices.Clone(a.Duties)
		worse(&b, rapid.IntRange(0, 4*len(a.Duties)+4+7+5+3).Draw(t, "which"))
		after, err := Assess(b, in)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Index(words, after.Word) > slices.Index(words, before.Word) {
			t.Fatalf("the verdict rose from %s to %s", before.Word, after.Word)
		}
		if after.DaysSupported > before.DaysSupported || after.DaysNow > before.DaysNow {
			t.Fatalf("the days rose from %v to %v", before.DaysSupported, after.DaysSupported)
		}
		if slices.Index(certainties, after.Certainty) > slices.Index(certainties, before.Certainty) {
			t.Fatalf("the certainty rose from %s to %s\n%+v\n%+v", before.Certainty, after.Certainty, before.Reasons, after.Reasons)
		}
	})
}

func randomAnswers(t *rapid.T) Answers {
	tests := rapid.SampledFrom([]Tests{{}, {}, {No, No, No}, {Thing: Yes}, {Data: Unknown}, {People: Yes}})
	duty := rapid.Custom(func(t *rapid.T) Duty {
		d := Duty{
			Hours: float64(rapid.IntRange(1, 60).Draw(t, "hours")) / 4,
			Where: rapid.SampledFrom(Wheres()).Draw(t, "where"),
			Binds: rapid.SampledFrom(append(Bindings(), "")).Draw(t, "binds"),
			Tests: tests.Draw(t, "tests"),
		}
		if d.Where == HomeWithChange {
			d.Change = []Change{rapid.SampledFrom(Changes()).Draw(t, "change")}
		}
		if rapid.IntRange(0, 3).Draw(t, "tied") == 0 {
			d.Conditions = []ConditionID{rapid.SampledFrom(ConditionIDs()).Draw(t, "condition")}
		}
		return d
	})
	state := func(name string) Item {
		return Item{State: rapid.SampledFrom([]State{Have, Have, CanGet, None, ""}).Draw(t, name)}
	}
	provided := func(name string) Provision {
		return Provision{State: rapid.SampledFrom(append(ProvidedWords(), "")).Draw(t, name)}
	}
	answer := func(name string) Answer { return rapid.SampledFrom([]Answer{Yes, No, NotSure, ""}).Draw(t, name) }
	a := Answers{
		Duties:     rapid.SliceOfN(duty, 1, 6).Draw(t, "duties"),
		Colleagues: Colleagues{answer("u"), answer("n"), answer("r"), answer("s")},
		HomeOffice: HomeOffice{Door: state("door"), DeskAndChair: state("desk"), Computer: state("computer"), Phone: state("phone"), Connection: state("line"), Backup: state("backup"), RemoteAccess: state("remote")},
		Company:    Company{provided("laptop"), provided("vpn"), provided("cphone"), provided("docs"), provided("meet")},
	}
	for i := range a.Duties {
		a.Duties[i].Name = string(rune('A' + i))
	}
	if rapid.Bool().Draw(t, "tenure") {
		a.Tenure = &Tenure{Years: rapid.IntRange(0, 4).Draw(t, "years"), Months: rapid.IntRange(0, 11).Draw(t, "months")}
	}
	a.EmployerRule.Exists = answer("rule")
	if a.EmployerRule.Exists != No && rapid.Bool().Draw(t, "has months") {
		m := rapid.IntRange(0, 36).Draw(t, "rule months")
		a.EmployerRule.Months = &m
	}
	if rapid.Bool().Draw(t, "log") {
		a.DutiesOrigin = cite.Origin{Kind: cite.Measured, Source: "My log"}
	}
	if rapid.Bool().Draw(t, "example") {
		a.Unsupervised = []Example{{Text: "Done alone."}}
	}
	return a
}
