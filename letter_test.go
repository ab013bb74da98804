package homecase_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/internal/press/plaintext"
	"homecase/packet"
	"homecase/plan"
	"homecase/policy"
)

// lawPlaces are the places whose law gives a route of asking.
func lawPlaces() map[string]policy.Place {
	return map[string]policy.Place{
		"GB-FW": {Country: "GB", Part: "scotland"}, "IE-RW": {Country: "IE"}, "IE-FW": {Country: "IE"}, "NZ-6AA": {Country: "NZ"}, "NL-WFW": {Country: "NL"},
		"CA-177.1": {Country: "CA", Part: "ON", Federal: "yes"}, "US-VT": {Country: "US", Part: "VT"}, "SG-TGFWAR": {Country: "SG"},
		"AU-FWA65": {Country: "AU", Part: "nsw"}, "US-SF": {Country: "US", Part: "CA", City: "San Francisco"},
	}
}

// statutory is the accounts case asked under the law of another place.
func statutory(t *testing.T, p policy.Place) *homecase.Case {
	t.Helper()
	c := load(t, accounts)
	c.Request, c.Place, c.Plan.Stop = homecase.Statutory, p, "by_law"
	c.Money.Lines = nil // prices in pounds say nothing there
	return c
}

// listed is the case of a law for people with listed reasons: the packet asks
// informally, and only the letter to Human Resources asks under the law.
func listed(t *testing.T, p policy.Place) *homecase.Case {
	t.Helper()
	c := statutory(t, p)
	c.Request, c.Plan.Stop = homecase.Informal, "on_any_day"
	c.Plan.Start = day.Must("2027-02-01") // Irish law wants eight weeks of notice
	return c
}

// pointsOf are the points of a letter, and the lines left to be written by hand.
func pointsOf(d packet.Document) (says, hand []string) {
	for _, s := range d.Sections {
		for i, b := range s.Blocks {
			switch b := b.(type) {
			case packet.List:
				if says == nil {
					for _, item := range b.Items {
						says = append(says, item.String())
					}
				}
			case packet.Signature:
				if i < len(s.Blocks)-1 { // the last one signs the letter
					hand = append(hand, b.Captions...)
				}
			}
		}
	}
	return says, hand
}

// requestUnder writes the letter that makes the request under a law: the
// packet's own, or the one to Human Resources.
func requestUnder(t *testing.T, id string, c *homecase.Case, reasons string) (packet.Document, error) {
	t.Helper()
	r, err := policy.Show(id)
	if err != nil {
		t.Fatal(err)
	}
	if r.Letter.To == "hr" || reasons != "" {
		n, err := c.Note(homecase.HRRequest, homecase.NoteOptions{Law: id, Reasons: reasons})
		if err != nil {
			return packet.Document{}, err
		}
		return n.Letter, nil
	}
	e, err := homecase.Compose(c.Shared(), homecase.Options{})
	if err != nil {
		return packet.Document{}, err
	}
	if e.Record.Regime != id {
		t.Fatalf("the regime is %s", e.Record.Regime)
	}
	return e.Letter, nil
}

// caseUnder is the case that asks under a law.
func caseUnder(t *testing.T, id string) *homecase.Case {
	if id == "AU-FWA65" || id == "IE-FW" || id == "US-SF" {
		return listed(t, lawPlaces()[id])
	}
	return statutory(t, lawPlaces()[id])
}

// Each letter holds the statements that its law asks for, in the law's order,
// and no others: written out here by hand from the lists of the laws, not read
// from the packs. What is private, or what the case cannot know, has a line.
func TestStatutoryLetters(t *testing.T) {
	const change = "one day a week at home, for eight weeks"
	for id, want := range map[string]struct{ says, hand []string }{
		// Acas Code of Practice (2024), paragraph 4
		"GB-FW": {[]string{
			"This is a statutory request for flexible working under section 80F of the Employment Rights Act 1996.", "Date of this request: 24 November 2026.",
			"I ask for this change to my terms and conditions: " + change + ".", "I would like the change to take effect on 11 January 2027.",
		}, []string{"Whether, and when, an earlier request was made to this employer"}},
		// Work Life Balance and Miscellaneous Provisions Act 2023 s.20(3), and the Code as summed up
		"IE-RW": {[]string{
			"I ask for a remote working arrangement under Part 3 of the Work Life Balance and Miscellaneous Provisions Act 2023.", "Date of this request: 24 November 2026.",
			"The arrangement I ask for: " + change + ".", "I propose to begin on 11 January 2027.", "I propose that it ends on 5 March 2027.", "I would work at: my home.",
			"I make sure that the workstation there is suitable for my work.", "I will keep company data and intellectual property safe there.",
			"I will meet my duties under the Safety, Health and Welfare at Work Act 2005 there.", "I agree to a risk assessment of the workplace.", "Signed: Ines Duarte.",
		}, []string{"The reasons for the request", "The distance from there to the employer's place of business"}},
		// Parental Leave Act 1998 s.13B(6): form, first day and duration, signed
		"IE-FW": {[]string{
			"I ask for flexible working arrangements under Part IIA of the Parental Leave Act 1998.", "The arrangement I ask for: " + change + ".",
			"It would begin on 1 February 2027.", "It would last until 26 March 2027.", "Signed: Ines Duarte.",
		}, nil},
		// Fair Work Act 2009 s.65(3): details of the change, and the reasons
		"AU-FWA65": {[]string{
			"I request flexible working arrangements under section 65 of the Fair Work Act 2009.", "The change I seek: " + change + ".", "I would like the change to begin on 1 February 2027.",
		}, []string{"The reasons for the change: the circumstance and how the change meets it"}},
		// Employment Relations Act 2000 s.69AAC
		"NZ-6AA": {[]string{
			"Name: Ines Duarte.", "Date of this request: 24 November 2026.", "This request is made under Part 6AA of the Employment Relations Act 2000.",
			"The variation I ask for: " + change + ".", "It would take effect on 11 January 2027.", "It would end on 5 March 2027.",
			"In my view, you may need to make these changes: none that I know of.",
		}, nil},
		// Wet flexibel werken art. 2
		"NL-WFW": {[]string{
			"I make this request under article 2 of the Wet flexibel werken.", "Date of this request: 24 November 2026.", "I would like the change to begin on 11 January 2027.",
			"The change I ask for: " + change + ".", "I would work at: my home.", "The hours would be spread like this: 09:00 to 17:00.",
		}, nil},
		// Canada Labour Code s.177.1(2)
		"CA-177.1": {[]string{
			"I make this request under section 177.1 of the Canada Labour Code.", "Name: Ines Duarte.", "Date of this request: 24 November 2026.", "The change I ask for: " + change + ".",
			"It would take effect on 11 January 2027.", "It would end on 5 March 2027.", "The effect I expect, and how it can be managed: ",
		}, nil},
		// 21 V.S.A. § 309: the arrangement
		"US-VT": {[]string{
			"I request a flexible working arrangement under 21 V.S.A. § 309.", "Date of this request: November 24, 2026.", "The arrangement I ask for: " + change + ".",
		}, nil},
		// Family Friendly Workplace Ordinance, as firms sum it up: arrangement, start, duration, care
		"US-SF": {[]string{
			"I request a flexible working arrangement under the San Francisco Family Friendly Workplace Ordinance.", "The arrangement I seek: " + change + ".",
			"It would begin on February 1, 2027.", "It would last until March 26, 2027.",
		}, []string{"How it relates to caregiving"}},
		// Tripartite Guidelines on Flexible Work Arrangement Requests: date, type, reason, first and last day
		"SG-TGFWAR": {[]string{
			"This is a formal request under the Tripartite Guidelines on Flexible Work Arrangement Requests.", "Date of this request: 24 November 2026.",
			"The arrangement I ask for: " + change + ".", "It would begin on 11 January 2027.", "It would end on 5 March 2027.",
		}, []string{"The reason for the request"}},
	} {
		t.Run(id, func(t *testing.T) {
			letter, err := requestUnder(t, id, caseUnder(t, id), "")
			if err != nil {
				t.Fatal(err)
			}
			says, hand := pointsOf(letter)
			same := func(got, want string) bool {
				return got == want || strings.HasSuffix(want, ": ") && strings.HasPrefix(got, want) // the effect is the case's own paragraph
			}
			if !slices.EqualFunc(says, want.says, same) {
				t.Errorf("the letter says\n %s\nwant\n %s", strings.Join(says, "\n "), strings.Join(want.says, "\n "))
			}
			if !slices.Equal(hand, want.hand) {
				t.Errorf("lines for %q, want %q", hand, want.hand)
			}
			if text := plaintext.Write(letter); strings.Contains(text, "{") {
				t.Errorf("a slot was left open: %s", text)
			}
		})
	}
}

// A required statement that the case cannot make is never made: it becomes a
// line to write on, or the letter to Human Resources is refused and names the
// place in the case.
func TestStatutoryLettersLackNothingSilently(t *testing.T) {
	noStart := func(c *homecase.Case) {
		c.Plan.Start, c.Plan.Until, c.Plan.DecideOn = day.Date{}, day.Date{}, day.Date{}
	}
	noEnd := func(c *homecase.Case) { c.Plan.Weeks, c.Plan.Until, c.Plan.DecideOn = 0, day.Date{}, day.Date{} }
	for _, x := range []struct {
		id, statement string
		take          func(*homecase.Case)
		line, refused string // the caption of the line, or the place that is named
	}{
		{"GB-FW", "effective_date", noStart, "The date from which the change is wanted", ""},
		{"GB-FW", "previous_requests", func(*homecase.Case) {}, "Whether, and when, an earlier request was made to this employer", ""},
		{"IE-RW", "effective_date", noStart, "The proposed first day", ""},
		{"IE-RW", "reasons", func(*homecase.Case) {}, "The reasons for the request", ""},
		{"IE-RW", "suitability_distance", func(*homecase.Case) {}, "The distance from there to the employer's place of business", ""},
		{"NZ-6AA", "effective_date", noStart, "The day it is to take effect", ""},
		{"NL-WFW", "effective_date", noStart, "", "HC-LAW-03"},
		{"CA-177.1", "effective_date", noStart, "The day the change would take effect", ""},
		{"SG-TGFWAR", "effective_date", noStart, "The first day, if relevant", ""},
		{"SG-TGFWAR", "reasons", func(*homecase.Case) {}, "The reason for the request", ""},
		{"AU-FWA65", "reasons", func(*homecase.Case) {}, "The reasons for the change: the circumstance and how the change meets it", ""},
		{"IE-FW", "effective_date", noStart, "", "plan.start"},
		{"IE-FW", "duration", noEnd, "", "plan.until"},
		{"US-SF", "effective_date", noStart, "", "plan.start"},
		{"US-SF", "duration", noEnd, "", "plan.until"},
		{"US-SF", "reasons", func(*homecase.Case) {}, "How it relates to caregiving", ""},
	} {
		t.Run(x.id+"/"+x.statement, func(t *testing.T) {
			c := caseUnder(t, x.id)
			c.Trial = nil
			x.take(c)
			letter, err := requestUnder(t, x.id, c, "")
			if x.refused != "" {
				if fault.KindOf(err) != fault.Missing || string(fault.CodeOf(err)) != x.refused && !strings.Contains(err.Error(), x.refused) {
					t.Errorf("not refused for %s: %v", x.refused, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			says, hand := pointsOf(letter)
			if !slices.Contains(hand, x.line) {
				t.Errorf("no line %q: %q", x.line, hand)
			}
			r, _ := policy.Show(x.id)
			for _, s := range r.Contents {
				fixed, _, _ := strings.Cut(s.Wording, "{")
				if s.ID == x.statement && fixed != "" && slices.ContainsFunc(says, func(say string) bool { return strings.HasPrefix(say, fixed) }) {
					t.Errorf("the letter makes the statement %s without knowing it: %q", x.statement, says)
				}
			}
		})
	}
}

// The reasons stand in the letter to Human Resources, word for word, and in
// nothing else that is made of the case.
func TestReasonsStandInTheLetterToHumanResourcesAlone(t *testing.T) {
	const why = "I care for my mother (83), who has zqx."
	for id, want := range map[string]string{
		"AU-FWA65": "My reasons: " + why, "IE-FW": "Whom I care for: " + why, "IE-RW": "My reasons: " + why,
		"US-SF": "How this relates to caring for somebody: " + why, "SG-TGFWAR": "My reason: " + why,
	} {
		c := listed(t, lawPlaces()[id])
		before, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		letter, err := requestUnder(t, id, c, strings.ReplaceAll(why, " ", "\n"))
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		says, hand := pointsOf(letter)
		if !slices.Contains(says, want) || slices.ContainsFunc(hand, func(s string) bool { return strings.Contains(strings.ToLower(s), "reason") }) {
			t.Errorf("%s: %q, lines for %q", id, says, hand)
		}
		if letter.Reader != "Human Resources" || strings.Contains(plaintext.Write(letter), c.Boss.Name) {
			t.Errorf("%s: the letter goes to %s", id, letter.Reader)
		}
		after, _ := json.Marshal(c)
		e := compose(t, c)
		record, _ := json.Marshal(e.Record)
		for what, text := range map[string]string{"case": string(after), "record": string(record), "working": string(e.Full.Working), "packet": plaintext.Write(e.Full), "letter": plaintext.Write(e.Letter), "e-mail": plaintext.Write(e.Message)} {
			if strings.Contains(text, "zqx") {
				t.Errorf("%s: the reasons stand in the %s", id, what)
			}
		}
		if string(before) != string(after) {
			t.Errorf("%s: the letter changed the case", id)
		}
	}
}

// Under a law for people with listed reasons no packet is made: the law's name
// would tell the reason. The informal packet of the same case names no law and
// claims nothing that the letter to Human Resources would make false.
func TestNoPacketUnderALawForListedReasons(t *testing.T) {
	for _, id := range []string{"AU-FWA65", "US-SF"} {
		c := statutory(t, lawPlaces()[id])
		if _, err := homecase.Compose(c.Shared(), homecase.Options{}); fault.CodeOf(err) != "HC-LAW-02" || !strings.Contains(err.Error(), "hr-request") {
			t.Errorf("%s: %v", id, err)
		}
		if _, err := homecase.ComposeAgreement(c.Shared(), homecase.Options{}); fault.CodeOf(err) != "HC-LAW-02" {
			t.Errorf("%s: the agreement: %v", id, err)
		}
		r, err := policy.Show(id)
		if err != nil {
			t.Fatal(err)
		}
		e := compose(t, listed(t, lawPlaces()[id]))
		record, _ := json.Marshal(e.Record)
		for what, text := range map[string]string{"packet": plaintext.Write(e.Full), "page": plaintext.Write(e.OnePage), "letter": plaintext.Write(e.Letter), "working": string(e.Full.Working), "record": string(record)} {
			for _, bad := range []string{id, r.Title, "section 65", "Ordinance", "not using it"} {
				if strings.Contains(text, bad) {
					t.Errorf("%s: the %s says %q", id, what, bad)
				}
			}
		}
	}
}

// The letter is refused where no law asks for private reasons, where several
// do and none is named, and where the law's own counting makes it void.
func TestRequestToHumanResourcesIsRefused(t *testing.T) {
	far := func(c *homecase.Case) { c.Plan.Start = day.Must("2027-02-01") }
	for _, x := range []struct {
		name  string
		place policy.Place
		law   string
		alter func(*homecase.Case)
		code  fault.Code
		says  string
	}{
		{"no such law", policy.Place{Country: "NZ"}, "", far, "HC-NOTE-10", "request: statutory"},
		{"a law that is not known", policy.Place{Country: "US", Part: "TX"}, "", far, "HC-NOTE-10", ""},
		{"two laws", policy.Place{Country: "IE"}, "", far, "HC-NOTE-11", "IE-RW (Request for a remote working arrangement (Ireland)), IE-FW ("},
		{"a law of another place", policy.Place{Country: "IE"}, "AU-65", far, "HC-NOTE-11", "IE-FW"},
		{"no law of that name", policy.Place{Country: "IE"}, "IE-XX", far, "HC-POLICY-01", "IE-XX"},
		// 48 days lie between 24 November and 11 January; the Act asks for 56
		{"too late", policy.Place{Country: "IE"}, "ie-fw", func(*homecase.Case) {}, "HC-NOTE-13", "8 days later than 16 November 2026, the last day for it"},
		// 12 months from 1 February 2026 are complete on 1 February 2027
		{"too short a service", policy.Place{Country: "AU"}, "", func(c *homecase.Case) { far(c); c.Readiness.Tenure.Since = day.Must("2026-02-01") }, "HC-NOTE-13", "1 February 2027"},
		{"too soon after a no", policy.Place{Country: "AU"}, "", func(c *homecase.Case) {
			far(c)
			c.Plan.NotNow = &plan.NotNow{Said: day.Must("2026-11-20"), Worry: "month-end"}
		}, "HC-NOTE-03", ""},
	} {
		c := listed(t, x.place)
		c.Plan.Start = day.Must("2027-01-11")
		x.alter(c)
		_, err := c.Note(homecase.HRRequest, homecase.NoteOptions{Law: x.law})
		if fault.CodeOf(err) != x.code || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v", x.name, err)
		}
	}
	c := listed(t, policy.Place{Country: "AU"})
	if _, err := c.Note(homecase.HRRequest, homecase.NoteOptions{Reasons: strings.Repeat("x ", 2001)}); fault.CodeOf(err) != "HC-NOTE-12" {
		t.Errorf("reasons of a book's length: %v", err)
	}
}

// A request under a law that its own counting makes void is a finding, and
// stops nothing; an informal one has no such day.
func TestUntimelyRequest(t *testing.T) {
	c := statutory(t, policy.Place{Country: "IE"}) // 48 days from 24 November to 11 January; the Act asks for 56
	list, err := c.Findings()
	if err != nil || len(list) != 1 || list[0].Code != "HC-LAW-04" || !strings.Contains(list[0].Error(), "8 days later") {
		t.Errorf("%v %v", list, err)
	}
	c.Plan.Start = day.Must("2027-01-19") // 56 days
	if list, err := c.Findings(); err != nil || len(list) != 0 {
		t.Errorf("in time: %v %v", list, err)
	}
	c.Plan.Start, c.Request = day.Must("2027-01-11"), homecase.Informal
	if list, err := c.Findings(); err != nil || len(list) != 0 {
		t.Errorf("informal: %v %v", list, err)
	}
}

// Where the required contents were not read there is no statutory letter, and
// the refusal says why; an informal request still builds.
func TestNoStatutoryLetterWhereTheLawWasNotRead(t *testing.T) {
	for _, place := range []policy.Place{{Country: "GB", Part: "northern-ireland"}, {Country: "BE"}, {Country: "ES"}, {Country: "PT"}, {Country: "MY"}, {Country: "DE"}, {Country: "US", Part: "TX"}} {
		c := statutory(t, place)
		if _, err := homecase.Compose(c.Shared(), homecase.Options{}); fault.CodeOf(err) != "HC-LAW-01" {
			t.Errorf("%v: %v", place, err)
		}
		c.Request, c.Plan.Stop = homecase.Informal, "on_any_day"
		e := compose(t, c)
		if page := plaintext.Write(e.Full); strings.Contains(page, "adaptation") || strings.Contains(page, "care of") {
			t.Errorf("%v: the packet names a law for carers", place)
		}
	}
}
