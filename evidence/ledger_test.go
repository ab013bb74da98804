package evidence

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/content"
	"homecase/fault"
)

const sample = `
programme: {status: informal, note: Three colleagues work from home on Fridays., kind: colleague, source: Priya Nair, date: 2026-10-02}
people:
  - {name: Sam Reed, how: We share a car, works: Fridays since 2024, consent: yes}
  - {name: Jo Marsh, how: A friend of my sister, consent: no}
results:
  - {text: Closed 14 and 13 exceptions on two home days., number: 13.5, unit: items a day, period: March and June 2026, business: true, kind: measured, source: Closed-item report, date: 2026-07-01, money: "1,200.50"}
  - {text: I slept an hour more., business: false}
  - {text: Cut errors by 14% last year., business: true}
measure: {name: Exceptions closed, unit: items, kind: count, better: higher, usual: 11.5, spread: 1.8, recorded: Closed-item report, recent: [11, 12.5], origin: {kind: measured, source: Closed-item report}}
studies: [E06, E02]
quotes:
  - {study: E23, text: Cisco saved $277 million in overhead.}
  - {study: E01, number: 13, unit: "%"}
`

func decode(t testing.TB, s string) Ledger {
	t.Helper()
	var l Ledger
	if err := content.Decode("case.yaml", []byte(s), &l); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLedgerRoundTrips(t *testing.T) {
	l := decode(t, sample)
	b, err := content.Encode(l)
	if err != nil {
		t.Fatal(err)
	}
	equal := cmp.Comparer(func(a, b Amount) bool { return a.Cmp(b.Decimal) == 0 })
	if d := cmp.Diff(l, decode(t, string(b)), equal); d != "" {
		t.Errorf("YAML: %s", d)
	}
	j, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	var back Ledger
	if err := json.Unmarshal(j, &back); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(l, back, equal); d != "" {
		t.Errorf("JSON: %s", d)
	}
}

// The third result has a number in its text and no source; nothing else does.
func TestUnsourcedAsksForTheNumber(t *testing.T) {
	got := decode(t, sample).Unsourced()
	if len(got) != 1 || got[0].Say != "Say where 14% comes from, or take the number out." || got[0].Place.Path != "results[2].text" || got[0].Kind != fault.Finding {
		t.Errorf("got %v", got)
	}
	for yaml, want := range map[string]int{
		"results: [{text: Saved money., number: 14, unit: '%'}]":                                         1,
		"results: [{text: Saved money., money: 900}]":                                                    1,
		"results: [{text: Saved money., number: 14, unit: '%', kind: assumption}]":                       0,
		"results: [{text: Saved money., number: 14, unit: '%', kind: measured}]":                         1, // measured by whom?
		"results: [{text: 'Saved 14 % twice.', number: 14, unit: '%', kind: published, source: Report}]": 0,
		"results: [{text: In March 2026 I trained Q3 starters on ISO9001 at 10:30.}]":                    0,
		"measure: {name: Calls, usual: 30, spread: 4}":                                                   2,
		"measure: {name: Calls, usual: 30, origin: {kind: assumption}}":                                  0,
		"programme: {status: formal, note: 40 people take part.}":                                        1,
	} {
		if got := decode(t, yaml).Unsourced(); len(got) != want {
			t.Errorf("%s: %d unsourced, want %d: %v", yaml, len(got), want, got)
		}
	}
}

func TestSharedKeepsPrivateThingsHome(t *testing.T) {
	l := decode(t, sample)
	s := l.Shared()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"Jo Marsh", "sister", "share a car", "slept"} {
		if strings.Contains(string(b), private) {
			t.Errorf("the shared ledger holds %q", private)
		}
	}
	if len(s.People) != 1 || s.People[0].Works != "Fridays since 2024" || len(s.Results) != 2 {
		t.Errorf("shared %+v", s)
	}
	if l.People[0].How == "" || len(l.Results) != 3 {
		t.Error("sharing changed the person's own ledger")
	}
}

func TestFindings(t *testing.T) {
	got, err := decode(t, sample).Findings()
	if err != nil || len(got) != 1 || got[0].Place.Path != "quotes[0]" || !strings.Contains(got[0].Say, "not overhead") {
		t.Errorf("got %v, %v", got, err)
	}
	got, err = decode(t, "measure: {name: Hours online, kind: duration}").Findings()
	if err != nil || len(got) != 2 {
		t.Errorf("hours online without a usual amount: %v, %v", got, err)
	}
}

func TestCheckNamesTheField(t *testing.T) {
	for yaml, want := range map[string]string{
		"studies: [E01, E02, E03, E04]":                         "Choose up to 3 studies",
		"studies: [E01, E01]":                                   "E01 is chosen twice",
		"studies: [E77]":                                        `no study "E77"`,
		"quotes: [{study: E23}]":                                "needs a text or a number",
		"quotes: [{study: X1, text: a}]":                        `no study "X1"`,
		"results: [{number: 3, unit: x}]":                       "needs a sentence",
		"results: [{text: a, number: 14}]":                      "14 of what?",
		"results: [{text: a, money: $12}]":                      "is not an amount",
		"results: [{text: a, money: -12}]":                      "is not an amount",
		"people: [{how: met once}]":                             "needs a name",
		"people: [{name: A, consent: maybe}]":                   "not one of yes or no",
		"programme: {status: sometimes}":                        "not one of formal, informal, no or unknown",
		"measure: {usual: 4}":                                   "give it a name",
		"measure: {name: a, usual: -1}":                         "cannot be below zero",
		"measure: {name: a, spread: -1}":                        "cannot be below zero",
		"measure: {name: a, better: sideways}":                  "not one of higher or lower",
		"results: [{text: '" + strings.Repeat("a", 401) + "'}]": "401 characters",
	} {
		var l Ledger
		err := content.Decode("case.yaml", []byte(yaml), &l)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "case.yaml:1:") {
			t.Errorf("%s: %v", yaml, err)
		}
	}
}

func TestCheckOneQuote(t *testing.T) {
	v := func(x float64) *float64 { return &x }
	for _, c := range []struct {
		q    Quote
		want string
	}{
		{Quote{Study: "E02", Number: v(33), Unit: "%"}, ""},
		{Quote{Study: "E02", Number: v(35), Unit: "%"}, "not_in_source E02"},
		{Quote{Study: "E09", Text: "Feedback rises by 22%."}, "superseded E09"},
		{Quote{Study: "E12", Number: v(2.7)}, "superseded E12"},
		{Quote{Study: "E23", Number: v(277), Unit: "million dollars"}, ""},
		{Quote{Study: "E23", Text: "It cut overhead.", Number: v(277), Unit: "million dollars"}, "misquote E23"},
		{Quote{Study: "E05", Text: "Remote work made staff 8% more productive."}, "superseded E05"},
	} {
		ps, err := Check(c.q)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(kinds(ps), ", "); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.q, got, c.want)
		}
	}
	if _, err := Check(Quote{Study: "E99"}); !errors.Is(err, fault.New(0, "HC-EVID-01", "")) {
		t.Errorf("unknown study: %v", err)
	}
	// Both values stand in the problem of a superseded number.
	ps, _ := CheckQuote("Gibbs found that productivity fell 20%.")
	if len(ps) != 1 || ps[0].Found != "20%" || !strings.Contains(ps[0].Say, "8 to 19%") {
		t.Errorf("got %+v", ps)
	}
}

func TestLettersSayWhatIsMissing(t *testing.T) {
	l, err := FindLetter("programme-unknown")
	if err != nil || len(l.Lines) != 2 {
		t.Fatalf("%+v, %v", l, err)
	}
	got, missing := l.Fill(nil)
	if d := cmp.Diff([]string{"company"}, missing); d != "" {
		t.Error(d)
	}
	got, missing = l.Fill(map[string]string{"company": "Fernhill Supplies"})
	if len(missing) != 0 || !strings.Contains(got.Lines[0], "Does Fernhill Supplies have") || strings.Contains(l.Lines[0], "Fernhill") {
		t.Errorf("filled %+v, missing %v", got, missing)
	}
	if _, err := FindLetter("love"); !errors.Is(err, fault.New(0, "HC-EVID-04", "")) {
		t.Errorf("unknown letter: %v", err)
	}
}

func FuzzCheckQuote(f *testing.F) {
	for _, q := range quotes(f) {
		f.Add(q.Text)
	}
	for _, s := range []string{"", "%", "1,2,3,4,,5 %", "one third third half 9 in 1 in 10", "$£€ 277 m k bn", strings.Repeat("a third ", 50), "\xff\xfe 20%", "\u0130 Cisco 277\u202f000\u202f000 $"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ps, err := CheckQuote(s)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := CheckQuote(s)
		if d := cmp.Diff(ps, again); d != "" {
			t.Errorf("two readings differ: %s", d)
		}
		for _, p := range ps {
			if p.Say == "" || p.Next == "" || strings.ContainsAny(p.Say, "{}") && !strings.ContainsAny(s, "{}") {
				t.Errorf("%q: %+v", s, p)
			}
		}
	})
}
