package homecase_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/press/plaintext"
	"homecase/packet"
	"homecase/plan"
	"homecase/policy"
	"homecase/readiness"
)

func agreement(t *testing.T, c *homecase.Case) packet.Document {
	t.Helper()
	e, err := homecase.ComposeAgreement(c.Shared(), homecase.Options{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return e.Agreement
}

// plainText is what stands in a document, or in one part of it, on one line.
func plainText(d packet.Document, part string) string {
	if part != "" {
		var only []packet.Section
		for _, s := range d.Sections {
			if s.ID == part {
				only = append(only, s)
			}
		}
		d.Head, d.Sections = nil, only
	}
	return strings.Join(strings.Fields(plaintext.Write(d)), " ")
}

// elsewhere is the accounts case in another place, without prices in pounds.
func elsewhere(t *testing.T, p policy.Place) *homecase.Case {
	t.Helper()
	c := load(t, accounts)
	c.Place, c.Currency, c.Money.Lines = p, "", nil
	return c
}

// The draft has 25 parts, A to Y, then the safety check, the law and sources.
func TestAgreementHasAllParts(t *testing.T) {
	for _, file := range []string{accounts, "examples/engineer-two-days.yaml", "examples/nurse.yaml", "examples/campus-manager.yaml", "examples/new-starter.yaml"} {
		d := agreement(t, load(t, file))
		if len(d.Sections) != 28 {
			t.Fatalf("%s: %d sections", file, len(d.Sections))
		}
		for i := range 25 {
			if want := string(rune('A'+i)) + ". "; !strings.HasPrefix(d.Sections[i].Label, want) || len(d.Sections[i].Blocks) == 0 {
				t.Errorf("%s: part %d is %q with %d blocks", file, i+1, d.Sections[i].Label, len(d.Sections[i].Blocks))
			}
		}
		text := plainText(d, "")
		for _, want := range []string{"This is a draft to talk about.", "It is not legal advice", "it binds nobody until both have signed", "these must confirm it: - Human Resources", "lines are still open", "report sick, at home as in the office"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the draft does not say %q", file, want)
			}
		}
		for _, wrong := range []string{"{", "}", "[[", "..", " ?", "1 days", "one days", "0 days", "a week a week"} {
			if i := strings.Index(text, wrong); i >= 0 {
				t.Errorf("%s: the draft holds %q: %s", file, wrong, text[max(0, i-40):min(len(text), i+40)])
			}
		}
	}
}

// Each statement of a law stands in the draft in the words, or as the line,
// that this table names: written by hand from the laws' lists, not from the
// program's.
func TestAgreementHoldsWhatTheLawLists(t *testing.T) {
	type want struct{ statement, part, words string }
	for _, law := range []struct {
		id    string
		place policy.Place
		list  []want
	}{
		{"ES-10-2021", policy.Place{Country: "ES"}, []want{
			{"a_equipment", "part-n", "Desk and chair"}, {"a_equipment", "part-n", "How long each thing lasts, when renewed"}, {"a_equipment", "part-n", "Consumables, and who supplies them"},
			{"b_expenses", "part-o", "Expenses: how reckoned, when and how paid"},
			{"c_hours", "part-f", "from 09:00 to 17:00"}, {"c_hours", "part-i", "I answer calls and messages from"},
			{"d_share", "part-f", "20% of my working week"}, {"d_share", "part-f", "The other days of my week are office days"},
			{"e_centre", "part-g", "Workplace I belong to, with its address"}, {"f_place", "part-g", "My address and telephone, by hand"},
			{"g_notice", "part-w", "Either of us can end it on any day"}, {"h_control", "part-k", "You see my work by its results"},
			{"i_difficulties", "part-u", "When the line or the computer fails"}, {"i_difficulties", "part-n", "Whom I call for technical help"},
			{"j_data", "part-p", "Data protection rules, and where they stand"}, {"k_security", "part-p", "Security rules, and where they stand"},
			{"l_duration", "part-d", "It runs for eight weeks, from 11 January to 5 March 2027"}, {"costs", "part-r", "I go through the safety check below"},
		}},
		{"PT-CT165", policy.Place{Country: "PT"}, []want{
			{"a_parties", "part-a", "Employee: Ines Duarte"}, {"a_parties", "part-a", "Employer: Fernhill Supplies"}, {"a_parties", "part-a", "Employer's address"}, {"a_parties", "part-x", "Employee, date"},
			{"b_place", "part-g", "On home days I work at my home"}, {"c_period", "part-f", "My week has 40 hours on 5 days, about 8 a day"},
			{"d_schedule", "part-f", "from 09:00 to 17:00"}, {"e_activity", "part-h", "My job is Accounts assistant"}, {"e_activity", "part-h", "Category, as in the contract"},
			{"f_pay", "part-b", "Pay and supplements, as in the contract"}, {"g_tools", "part-n", "The company installs and repairs what is its own"},
			{"h_contacts", "part-i", "We meet in person on office days, every week"}, {"i_expenses", "part-o", "Amount that makes up for extra costs"},
		}},
		{"IE-RW", policy.Place{Country: "IE"}, []want{
			{"details", "part-f", "I work at home one day a week"}, {"dates", "part-d", "from 11 January to 5 March 2027"}, {"signatures", "part-x", "Manager, date"},
		}},
		{"US-TEA-2010", policy.Place{Country: "US", Part: "MD", Federal: "yes"}, []want{
			{"written", "part-b", "This paper sets out the whole arrangement"}, {"performance", "part-k", "Home days must not lower my results"},
		}},
		{"DE-NONE", policy.Place{Country: "DE"}, []want{
			{"checklist_works_agreement", "part-c", "Works agreement on mobile work"}, {"checklist_collective", "part-c", "Collective agreement, if any"}, {"checklist_contract", "part-c", "What the contract says about the place"},
		}},
	} {
		t.Run(law.id, func(t *testing.T) {
			d := agreement(t, elsewhere(t, law.place))
			named := map[string]bool{}
			for _, w := range law.list {
				named[w.statement] = true
				if text := plainText(d, w.part); !strings.Contains(text, w.words) {
					t.Errorf("%s: %s does not hold %q:\n%s", w.statement, w.part, w.words, text)
				}
			}
			r, err := policy.At(law.id, d.Date)
			if err != nil {
				t.Fatal(err)
			}
			table := plainText(d, "minimum")
			for _, s := range r.Agreement {
				if !named[s.ID] {
					t.Errorf("this test says nothing of %q", s.ID)
				}
				first, _, _ := strings.Cut(s.Text, ",")
				if len(first) > 30 {
					first = first[:30]
				}
				if !strings.Contains(strings.ReplaceAll(table, " ", ""), strings.ReplaceAll(first, " ", "")) && !tableHolds(d, s.Text) {
					t.Errorf("the list of the law lacks %q", s.Text)
				}
			}
		})
	}
}

// tableHolds looks for a statement in the rows themselves: plain text may
// break it over lines of a column.
func tableHolds(d packet.Document, text string) bool {
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			if tb, ok := b.(packet.Table); ok && s.ID == "minimum" {
				for _, r := range tb.Rows {
					if strings.Contains(r.Cells[0].Text.String(), strings.TrimSuffix(text, ".")) {
						return true
					}
				}
			}
		}
	}
	return false
}

// A law for people with listed reasons, and the channel for a disability, are
// never named: that would tell the reader something nobody said.
func TestAgreementNamesNoConfidentialChannel(t *testing.T) {
	for _, p := range []policy.Place{{Country: "ES"}, {Country: "IE"}, {Country: "AU", Part: "vic"}, {Country: "BE"}, {Country: "US", Part: "CA", City: "San Francisco"}, {Country: "US", Part: "NH"}} {
		text := strings.ToLower(plainText(agreement(t, elsewhere(t, p)), ""))
		for _, word := range []string{"disability", "disabilities", "34.8", "carer", "pregnan", "violence", "parent", "family friendly"} {
			if strings.Contains(text, word) {
				t.Errorf("%v: the draft says %q", p, word)
			}
		}
	}
}

// What the case does not know is a named line, and what it knows is none.
func TestAgreementLeavesNamedLines(t *testing.T) {
	known := agreement(t, load(t, accounts))
	c := load(t, accounts)
	c.Plan.Recall, c.Plan.Outage, c.Plan.Hours, c.Plan.CheckIns = plan.Recall{}, plan.Outage{}, plan.Hours{}, nil
	c.Readiness.HomeOffice.Door.Note, c.Readiness.HomeOffice.VisitWelcome = "", readiness.Unknown
	c.Person.Job, c.Company.Name, c.Plan.Start, c.Plan.Weeks, c.Plan.DecideOn = "", "", day.Date{}, 0, day.Date{}
	c.Facts.Measure.Name, c.Concerns.Answers, c.Trial = "", nil, nil
	less := agreement(t, c)
	for part, lines := range map[string][]string{
		"part-a": {"Employer"}, "part-d": {"First day, and last day if there is one"}, "part-f": {"Hours and break on a home day"}, "part-g": {"Room, or part of a room"}, "part-h": {"Job and main tasks"},
		"part-i": {"When people can count on an answer", "How often we talk, and how"}, "part-j": {"Notice before I am called in", "How often at most", "Who bears that trip", "What becomes of the home day"},
		"part-k": {"Result by which we both judge the work"}, "part-o": {"Who pays line and telephone"}, "part-r": {"Whether the place may be visited, with what notice"}, "part-u": {"What I do when the line fails", "After how long I call you"},
		"part-v": {"What both of us would call a success"},
	} {
		for _, line := range lines {
			if !strings.Contains(plainText(less, part), "____ "+line) {
				t.Errorf("%s has no line %q:\n%s", part, line, plainText(less, part))
			}
			if strings.Contains(plainText(known, part), "____ "+line+" ") || strings.HasSuffix(plainText(known, part), "____ "+line) {
				t.Errorf("%s leaves the line %q, and the case knows it", part, line)
			}
		}
	}
	open := regexp.MustCompile(`(\d+) lines are still open`).FindStringSubmatch(plainText(less, ""))
	if open == nil {
		t.Fatal("the draft does not count its open lines")
	}
	if n := strings.Count(plainText(less, ""), strings.Repeat("_", 36)); fmt.Sprint(n-4) != open[1] { // four are for signing
		t.Errorf("the draft says %s open lines and has %d beside those for signing", open[1], n-4)
	}
}

// The safety check shows each point by its group, with the answers given.
func TestAgreementSafetyCheck(t *testing.T) {
	items, err := readiness.SafetyItems()
	if err != nil {
		t.Fatal(err)
	}
	c := load(t, accounts)
	c.Readiness.Safety = &readiness.Safety{Checked: day.Must("2026-11-20"), Open: []string{"extinguisher"}}
	d := agreement(t, c)
	groups, points, yes, notYet := 0, 0, 0, 0
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			tb, ok := b.(packet.Table)
			if !ok || s.ID != "safety-check" {
				continue
			}
			groups++
			points += len(tb.Rows)
			for _, r := range tb.Rows {
				switch r.Cells[1].Text.String() {
				case "Yes":
					yes++
				case "Not yet":
					notYet++
				}
			}
		}
	}
	if groups != 7 || points != len(items) || yes != len(items)-1 || notYet != 1 {
		t.Errorf("%d groups, %d points of %d, %d yes, %d not yet", groups, points, len(items), yes, notYet)
	}
	if text := plainText(d, "part-r"); !strings.Contains(text, "I went through the safety check below on 20 November 2026. Of its points, one is not right yet. I put it right") {
		t.Error(text)
	}
}

// Where the case asks under a statute, the draft promises no "any day".
func TestAgreementUnderAStatute(t *testing.T) {
	c := statutory(t, policy.Place{Country: "IE"})
	text := plainText(agreement(t, c), "")
	for _, want := range []string{"It follows a request under the law: Request for a remote working arrangement (Ireland)", "It ends as the law lays down", "at least four weeks before the return", "I agree to a risk assessment of the place"} {
		if !strings.Contains(text, want) {
			t.Errorf("the draft does not say %q", want)
		}
	}
	if strings.Contains(text, "end it on any day") {
		t.Error("the draft offers to stop on any day under a statute")
	}
}

// Hostile words are printed as words or refused with a sentence.
func TestAgreementHostileWords(t *testing.T) {
	for _, word := range []string{"<script>alert(1)</script>", "=1+1", "\u202eabc", "👩‍💻", "שלום", strings.Repeat("long ", 200), "over\ntwo lines", "{hours.total}", "[[a|b]]", "9 to 5 for 100%", "R2D2", "."} {
		c := load(t, accounts)
		c.Person.Name, c.Company.Name, c.Company.Address, c.Person.EmployeeNumber, c.Boss.Job = word, word, word, word, word
		c.Plan.Recall.Notice, c.Plan.Outage.Then, c.Plan.StopNotice, c.Readiness.Duties[0].Name, c.Readiness.HomeOffice.Door.Note = word, word, word, word, word
		c.Concerns.Answers[0].Text, c.Plan.CheckIns[0].What, c.Plan.StopRules[0].Text = word, word, word
		e, err := homecase.ComposeAgreement(c.Shared(), homecase.Options{})
		if err != nil {
			if fault.KindOf(err) == fault.Internal {
				t.Errorf("%q: %v", word, err)
			}
			continue
		}
		if want := strings.TrimSuffix(strings.TrimSpace(strings.ReplaceAll(word, "\n", " ")), "."); !strings.Contains(strings.Join(strings.Fields(fmt.Sprint(e.Agreement)), " "), strings.TrimSpace(want)) {
			t.Errorf("%q is not printed as written", word)
		}
	}
}

// No private word reaches the draft or its working.
func TestAgreementKeepsPrivateThingsPrivate(t *testing.T) {
	c := load(t, accounts)
	const mark = "zqx-private"
	c.Boss.Goals, c.Plan.Notes, c.Plan.Talk.Note, c.Plan.Lowest = []string{mark}, mark, mark, "one-project"
	c.Plan.NotNow = &plan.NotNow{Said: day.Must("2026-01-01"), Worry: mark}
	c.Reasons.Personal = []homecase.Personal{{Text: mark}}
	d := agreement(t, c)
	all, err := json.Marshal(d)
	if err != nil || bytes.Contains(all, []byte(mark)) || bytes.Contains(d.Working, []byte(mark)) {
		t.Errorf("the draft holds a private word, %v", err)
	}
}

// Dates, spelling and money go by country.
func TestAgreementInAmericanEnglish(t *testing.T) {
	text := plainText(agreement(t, load(t, "examples/engineer-two-days.yaml")), "")
	for _, want := range []string{"January", "three feet", "grounded", "does not inspect offices in homes"} {
		if !strings.Contains(text, want) {
			t.Errorf("the draft does not say %q", want)
		}
	}
	for _, wrong := range []string{"metre", "earthed", "display screen"} {
		if strings.Contains(text, wrong) {
			t.Errorf("the draft says %q", wrong)
		}
	}
}

// Days all week, half a day, no trial, fixed days: the words stay right.
func TestAgreementWordsForEveryAsk(t *testing.T) {
	for _, c := range []struct {
		days   float64
		choice plan.Choice
		want   []string
	}{
		{0.5, plan.Boss, []string{"I work at home half a day a week.", "The other half of that day I am in the office.", "You choose the home day.", "That is 10% of my working week."}},
		{1, plan.Fixed, []string{"The home day is fixed: Tuesdays."}},
		{2.5, plan.Lottery, []string{"two and a half days a week", "the home days are drawn by lot", "50% of my working week"}},
		{5, plan.Fixed, []string{"I work at home on every working day.", "When and where we meet in person"}},
	} {
		k := load(t, accounts)
		k.Plan.Days, k.Plan.Choice, k.Trial = c.days, c.choice, nil
		text := plainText(agreement(t, k), "")
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%v days: the draft does not say %q:\n%s", c.days, want, plainText(agreement(t, k), "part-f"))
			}
		}
	}
}
