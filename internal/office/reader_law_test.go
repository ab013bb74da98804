package office_test

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"homecase/day"
	"homecase/policy"
	"homecase/share"
)

var (
	rawMarks = regexp.MustCompile(`\[[a-z ]+\]|\{[a-z_]+\}|\b[A-Z]{2}-[A-Z]{2,}[A-Z0-9.-]*\b|\b\d{4}-\d{2}-\d{2}\b|\bNot (read|known)\.| - `)
	// A heading may stand over smaller headings.
	emptyHeading = regexp.MustCompile(`</h2>\s*(<h2|<ul[^>]*></ul>|</main)|</h3>\s*(<h[23]|<ul[^>]*></ul>|</main)`)
	ofPages      = regexp.MustCompile(`(?s)<style.*?</style>|<svg.*?</svg>|<a [^>]*>|</a>|<[^>]*>`)
)

// Whatever law a request is made under, its pages say it in sentences: no key, no
// mark of the data, no day in figures, no word twice, no heading over nothing.
func TestEveryLawReadsAsSentences(t *testing.T) {
	packs, err := policy.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packs {
		if p.Status != policy.InForce {
			continue
		}
		country, _, _ := strings.Cut(p.ID, "-")
		lang := "en-GB"
		if country == "US" {
			lang = "en-US"
		}
		s := opened(t)
		s.publish(document(t), underLaw(p.ID), func(p *share.Publication) { p.Lang = lang })
		s.token = s.link("dana", "Dana Whitfield", true, time.Time{})
		for _, rest := range []string{"/law", "/decide?a=not-now", "/decide?a=agree", "/decide?a=change"} {
			body := s.get(rest).body
			if emptyHeading.MatchString(body) {
				t.Errorf("%s: %s has a heading over nothing", p.ID, rest)
			}
			for _, line := range strings.Split(html.UnescapeString(ofPages.ReplaceAllString(body, "\n")), "\n") {
				if strings.Contains(line, "http") { // an address
					continue
				}
				if bad := rawMarks.FindString(line); bad != "" {
					t.Errorf("%s: %s says %q: %s", p.ID, rest, bad, strings.TrimSpace(line))
				}
				words := strings.Fields(line)
				for i := 1; i < len(words); i++ {
					if words[i] == words[i-1] && len(words[i]) > 1 {
						t.Errorf("%s: %s says %q twice: %s", p.ID, rest, words[i], strings.TrimSpace(line))
					}
				}
			}
		}
	}
}

// The tick under a refusal speaks of what stands above it.
func TestARefusalSpeaksOfWhatItHolds(t *testing.T) {
	for law, says := range map[string]string{"GB-FW": "I refuse it on the grounds above.", "IE-RW": "I refuse it for the reasons above.", "BE-CAO162": "I have read the request, and I refuse it."} {
		s := opened(t)
		s.publish(document(t), underLaw(law))
		s.token = s.link("dana", "Dana Whitfield", true, time.Time{})
		s.get("/decide?a=not-now").has(t, says)
	}
	s := opened(t)
	s.publish(document(t), underLaw("PT-CT165")) // of which no period was read
	s.token = s.link("dana", "Dana Whitfield", true, time.Time{})
	s.get("/decide?a=not-now").lacks(t, "the clock runs on", "An appeal against a refusal", "If no answer comes")
}

// Fewer home days than weekdays are not said as if they were all of them.
func TestDaysThatAreChosen(t *testing.T) {
	for says, terms := range map[string]share.Terms{
		"At home one day a week, chosen from Tuesday, Wednesday and Thursday.": {HalfDays: 2, Weekdays: []day.Weekday{day.Tue, day.Wed, day.Thu}},
		"At home two days a week, on Tuesday and Wednesday.":                   {HalfDays: 4, Weekdays: []day.Weekday{day.Tue, day.Wed}},
		"At home half a day a week, on Tuesday.":                               {HalfDays: 1, Weekdays: []day.Weekday{day.Tue}},
		"At home one day a week, drawn by lot from Tuesday and Wednesday.":     {HalfDays: 2, Weekdays: []day.Weekday{day.Tue, day.Wed}, Lottery: true},
	} {
		s := shared(t, func(p *share.Publication) { p.Terms = terms })
		s.get("/decide?a=agree").has(t, says)
	}
}
