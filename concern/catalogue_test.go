package concern

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/cite"
	"homecase/fault"
)

var slotName = regexp.MustCompile(`\{([a-z_]+)\}`)

// The catalogue holds the 61 questions, each complete enough to be shown.
func TestCatalogueIsComplete(t *testing.T) {
	all, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 61 {
		t.Fatalf("%d concerns, want 61", len(all))
	}
	sources := func(c Concern, list []cite.Reading, unverified bool) {
		if len(list) == 0 {
			t.Errorf("%s: something stands there without a source", c.ID)
		}
		for _, s := range list {
			if s.Title == "" || s.Address != "" && !strings.HasPrefix(s.Address, "http") {
				t.Errorf("%s: source %+v", c.ID, s)
			}
			if s.Unverified && !unverified {
				t.Errorf("%s: what rests on %q must be marked unverified", c.ID, s.Title)
			}
		}
	}
	for i, c := range all {
		if want := ID(fmt.Sprintf("C%02d", i+1)); c.ID != want {
			t.Errorf("concern %d is %s, want %s", i, c.ID, want)
		}
		if !(Register{}).known(c.ID) || (Register{}).known("C62") || (Register{}).known("C00") {
			t.Errorf("%s: the short form of known ids is out of step", c.ID)
		}
		if c.Title == "" || !strings.HasSuffix(c.Question, "?") || c.AskedBy == "" || c.Draft == "" || len(c.Good) < 2 || len(c.Settles) == 0 || len(c.Owners) == 0 {
			t.Errorf("%s is incomplete: %+v", c.ID, c)
		}
		if c.Core != (i < 18) || c.Core != strings.Contains(c.AskedBy, "22 people") {
			t.Errorf("%s: core %v, asked by %q", c.ID, c.Core, c.AskedBy)
		}
		if !slices.Contains(Sections(), c.Section) {
			t.Errorf("%s: section %q", c.ID, c.Section)
		}
		for _, n := range c.Notes {
			sources(c, n.Sources, n.Unverified)
			if len(n.Regimes) == 0 || n.Says == "" {
				t.Errorf("%s: note %+v", c.ID, n)
			}
		}
		for _, f := range c.Facts {
			sources(c, f.Sources, f.Unverified)
		}
		for _, trap := range c.Traps {
			if trap.Claim == "" || trap.Why == "" {
				t.Errorf("%s: trap %+v", c.ID, trap)
			}
		}
		used := map[string]bool{}
		for _, m := range slotName.FindAllStringSubmatch(c.Draft, -1) {
			used[m[1]] = true
			if !slices.ContainsFunc(c.Slots, func(s Slot) bool { return s.Name == m[1] && s.Ask != "" }) {
				t.Errorf("%s: nobody asks for {%s}", c.ID, m[1])
			}
		}
		if len(used) != len(c.Slots) {
			t.Errorf("%s: %d slots, %d used", c.ID, len(c.Slots), len(used))
		}
		for _, id := range c.Studies {
			if !regexp.MustCompile(`^E(0[1-9]|[12]\d|3[0-6])$`).MatchString(id) {
				t.Errorf("%s: study %q", c.ID, id)
			}
		}
	}
}

// Regime ids are those of package policy, or a country or state.
func TestRegimesAreKnown(t *testing.T) {
	known := []string{"GB", "US", "US-CA", "US-IL", "GB-FW", "IE-RW", "IE-FW", "AU-FWA65", "AU-VIC-WFH", "NZ-6AA", "NL-WFW", "EU-2019-1158-9", "DE-NONE",
		"ES-10-2021", "ES-ET34.8", "PT-CT165", "CA-177.1", "US-FED-NONE", "US-ADA", "US-TEA-2010", "US-VT", "US-SF", "US-NH", "SG-TGFWAR", "MY-60P", "BE-CAO162"}
	signals := []Signal{NewInJob, OverHalf, PersonalData, PaperFiles, PhoneCover, OfficeEquipment, Mentors, PaidByHour, UnpaidOffer, SpaceClaimed, SavingsAssumed,
		OtherState, Abroad, Statutory, OfficeRule, OwnComputer, Collective}
	all, _ := Catalogue()
	raised := map[Signal]bool{}
	for _, c := range all {
		for _, n := range c.Notes {
			for _, r := range n.Regimes {
				if !slices.Contains(known, r) {
					t.Errorf("%s: regime %q", c.ID, r)
				}
			}
		}
		for _, s := range c.Raised {
			raised[s] = true
			if !slices.Contains(signals, s) && !slices.Contains(known, string(s)) {
				t.Errorf("%s: signal %q", c.ID, s)
			}
		}
	}
	for _, s := range signals {
		if !raised[s] {
			t.Errorf("signal %q raises nothing", s)
		}
	}
}

var sentenceEnd = regexp.MustCompile(`[.!?:;](\s|$)`)

// Sentences people read stay within 25 words.
func TestSentencesAreShort(t *testing.T) {
	all, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, c := range all {
		texts = append(append(append(texts, c.Question, c.Title, c.Draft), c.Good...), c.Settles...)
		for _, n := range c.Notes {
			texts = append(texts, n.Says)
		}
		for _, f := range c.Facts {
			texts = append(texts, f.Text)
		}
		for _, x := range c.Traps {
			texts = append(texts, x.Claim, x.Why)
		}
		for _, s := range c.Slots {
			texts = append(texts, s.Ask)
		}
	}
	meanings, err := Meanings()
	if err != nil || len(meanings) != len(States()) {
		t.Fatalf("%d meanings, %v", len(meanings), err)
	}
	for _, m := range meanings {
		texts = append(texts, m.Label, m.Means)
	}
	for _, text := range texts {
		for _, s := range sentenceEnd.Split(text, -1) {
			if n := len(strings.Fields(s)); n > 25 {
				t.Errorf("%d words: %s", n, s)
			}
		}
	}
}

// The false answers of concerns.md are known, with the reason.
func TestTrapsInAnswers(t *testing.T) {
	for text, want := range map[string]ID{
		"If they work from home, you are exempt from claims.":                         "C16",
		"At home the company is not liable for injuries.":                             "C16",
		"I won't bill overtime if a project runs late.":                               "C59",
		"I'm happy to put in unpaid evenings.":                                        "C59",
		"I will work as many hours as it takes.":                                      "C59",
		"I could call in sick and knock out a project.":                               "C18",
		"I will work even when sick.":                                                 "C18",
		"Remember, they are the ones asking.":                                         "C01",
		"My home insurance covers the company's laptop.":                              "C11",
		"My connection never fails.":                                                  "C06",
		"I can watch the kids while I work.":                                          "C61",
		"I answer within 15 minutes.":                                                 "C26",
		"You will see me online all day.":                                             "C19",
		"My home day saves the rent of a desk.":                                       "C39",
		"The cubicle neighbour is louder than my dog.":                                "C15",
		"A friend can fix the laptop.":                                                "C09",
		"The company is not exempt from claims at home: workers' compensation stays.": "",
		"Care for the children is arranged; I do not look after them while I work.":   "",
		"When I am ill I take sick leave.":                                            "",
		"I record every hour, and overtime is approved beforehand.":                   "",
		"My line has failed twice in six months, for 10 minutes each.":                "",
		"The company's insurer confirms cover away from the office.":                  "",
		"We count nothing for space.":                                                 "",
		"I am in the office on four days.":                                            "",
		"If I am called in sick leave does not end.":                                  "",
		"Overtime is never unpaid: hours worked are recorded and paid.":               "",
	} {
		got, err := TrapsIn(text)
		if err != nil {
			t.Fatal(err)
		}
		var ids []ID
		for _, g := range got {
			ids = append(ids, g.Concern)
		}
		var wanted []ID
		if want != "" {
			wanted = []ID{want}
		}
		if d := cmp.Diff(wanted, ids); d != "" {
			t.Errorf("%s\n%s", text, d)
		}
	}
}

func TestFindAndFor(t *testing.T) {
	c, err := Find("C01")
	if err != nil || len(c.For("US-CA", "US-FED-NONE")) != 1 || len(c.For("FR")) != 0 {
		t.Errorf("%+v, %v", c.Notes, err)
	}
	if _, err := Find("C99"); !errors.Is(err, fault.New(0, "HC-CONC-01", "")) {
		t.Errorf("C99: %v", err)
	}
	usual, err := Usual()
	if d := cmp.Diff([]ID{"C01", "C02", "C05", "C06", "C10"}, usual); d != "" || err != nil {
		t.Error(d, err)
	}
	got, err := RaisedBy(NewInJob, Abroad)
	if d := cmp.Diff([]ID{"C32", "C33", "C47"}, got); d != "" || err != nil {
		t.Error(d, err)
	}
	if got, _ := RaisedBy(); got != nil {
		t.Errorf("no signal raises %v", got)
	}
}

func TestCoreAgreesWithTheCatalogue(t *testing.T) {
	all, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.Core != c.ID.Core() {
			t.Errorf("%s: core is %v in the catalogue", c.ID, c.Core)
		}
	}
	if ID("own-1").Core() || ID("").Core() || ID("C00").Core() {
		t.Error("an id outside the catalogue counts as one of the eighteen")
	}
}
