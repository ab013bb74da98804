package evidence

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"homecase/cite"
	"homecase/fault"
)

// Limits of a ledger, so that a packet stays readable.
const (
	MaxStudies = 3
	MaxResults = 40
	MaxPeople  = 40
	MaxQuotes  = 20
	MaxWords   = 400 // characters of one text
)

// Ledger is the facts group of a case: what the company does, what the person
// achieved, how a good day is counted, and which studies are shown.
type Ledger struct {
	// Programme is what the company already does about working from home.
	Programme Programme `json:"programme,omitzero"`
	// People already work from home in the company. Their names stay private unless they agreed.
	People []Person `json:"people,omitempty"`
	// Results are what you achieved, with numbers and where each comes from.
	Results []Result `json:"results,omitempty"`
	// Measure is the number that shows a good day's work.
	Measure Measure `json:"measure,omitzero"`
	// Studies are up to three ids from the library. Contrary studies are added by the program.
	Studies []ID `json:"studies,omitempty"`
	// Quotes are things you want to say about a study. Each is checked against the library.
	Quotes []Quote `json:"quotes,omitempty"`
	// Imports are counts by day from exports of your own records. homecase evidence import writes them.
	Imports []Import `json:"imports,omitempty"`
}

// Status says whether the company lets people work from home.
type Status string

// The statuses.
const (
	Formal   Status = "formal"
	Informal Status = "informal"
	NoneYet  Status = "no"
	Unknown  Status = "unknown"
)

// UnmarshalText refuses a word that is not a status.
func (s *Status) UnmarshalText(b []byte) error {
	return oneOf(s, b, "formal, informal, no or unknown", Formal, Informal, NoneYet, Unknown)
}

// Programme is what the company does about working from home.
type Programme struct {
	// Status is formal, informal, no or unknown. Unknown writes a two-line question to HR.
	Status Status `json:"status,omitempty"`
	// Note says in a sentence what the programme is.
	Note string `json:"note,omitempty"`
	cite.Origin
}

// Consent says whether a colleague agreed to be named.
type Consent string

// The answers. An empty consent is no.
const (
	Yes Consent = "yes"
	No  Consent = "no"
)

// UnmarshalText refuses a word that is neither yes nor no.
func (c *Consent) UnmarshalText(b []byte) error {
	if s := string(b); s == "true" {
		b = []byte("yes")
	} else if s == "false" {
		b = []byte("no")
	}
	return oneOf(c, b, "yes or no", Yes, No)
}

// Person is a colleague who already works from home.
type Person struct {
	// Name of the colleague. It leaves this computer only when consent is yes.
	Name string `json:"name"`
	// How you know the colleague. This is private and never leaves this computer.
	How string `json:"how,omitempty"`
	// Works says how the colleague works from home, such as "two days a week since 2024".
	Works string `json:"works,omitempty"`
	// Consent is yes when the colleague agreed to be named in the packet.
	Consent Consent `json:"consent,omitempty"`
}

// Result is one thing the person achieved.
type Result struct {
	// Text says what you achieved, in one sentence.
	Text string `json:"text"`
	// Number is the figure of the result, such as 14.
	Number *float64 `json:"number,omitempty"`
	// Unit is what the number counts, such as % or items a day.
	Unit string `json:"unit,omitempty"`
	// Period is when it was, such as "October 2026" or "two home days in March and June".
	Period string `json:"period,omitempty"`
	// Business is true when the result is about the work. Anything else stays private.
	Business bool `json:"business,omitempty"`
	cite.Origin
	// Proof is what you can show, such as a report, a mail or a name.
	Proof string `json:"proof,omitempty"`
	// Money is the amount saved, if any, in the case's currency, such as 1200 or 1200.50.
	Money Amount `json:"money,omitzero"`
}

// Kind is what sort of number a measure gives.
type Kind string

// The kinds, as in a trial plan.
const (
	Count    Kind = "count"
	Duration Kind = "duration"
	Rating   Kind = "rating"
	Share    Kind = "share"
)

// UnmarshalText refuses a word that is not a kind.
func (k *Kind) UnmarshalText(b []byte) error {
	return oneOf(k, b, "count, duration, rating or share", Count, Duration, Rating, Share)
}

// Better says which way a measure is good.
type Better string

// The ways.
const (
	Higher Better = "higher"
	Lower  Better = "lower"
)

// UnmarshalText refuses a word that is not a way.
func (w *Better) UnmarshalText(b []byte) error {
	return oneOf(w, b, "higher or lower", Higher, Lower)
}

// Measure is the number that shows a good day's work. Kind is the measure's
// own, so its source stands in a group of its own, origin.
type Measure struct {
	// Name of what is counted, such as "Exceptions closed". Pick a number your manager already trusts.
	Name string `json:"name,omitempty"`
	// Unit is what one is called, such as items.
	Unit string `json:"unit,omitempty"`
	// Kind is count, duration, rating or share.
	Kind Kind `json:"kind,omitempty"`
	// Better is higher or lower.
	Better Better `json:"better,omitempty"`
	// Usual is the amount of an ordinary office day.
	Usual *float64 `json:"usual,omitempty"`
	// Spread is how far days differ from the usual one, as a standard deviation.
	Spread *float64 `json:"spread,omitempty"`
	// Recorded names the report or list where the number is written down.
	Recorded string `json:"recorded,omitempty"`
	// Recent are the amounts of recent days, oldest first, if you have them.
	Recent []float64 `json:"recent,omitempty"`
	// Origin says who counted the usual amount.
	Origin cite.Origin `json:"origin,omitzero"`
}

func oneOf[T ~string](v *T, b []byte, words string, allowed ...T) error {
	if s := T(strings.TrimSpace(string(b))); s == "" || slices.Contains(allowed, s) {
		*v = s
		return nil
	}
	return fmt.Errorf("%q is not one of %s", clip(string(b)), words)
}

// Check returns what is wrong with the ledger as a file. Numbers without a
// source are no fault of the file: see Unsourced.
func (l Ledger) Check() fault.List {
	var out fault.List
	bad := func(path string, code fault.Code, say string, args ...any) *fault.Error {
		f := fault.New(fault.Invalid, code, say, args...).At(fault.Place{Path: path})
		out = append(out, f)
		return f
	}
	long := func(path, text string) {
		if n := utf8.RuneCountInString(text); n > MaxWords {
			bad(path, "HC-FACT-01", "This text has %d characters. Keep it under %d.", n, MaxWords)
		}
	}
	many := func(path, what string, n, most int) {
		if n > most {
			bad(path, "HC-FACT-02", "There are %d %s. Keep the %d that matter most.", n, what, most)
		}
	}
	many("results", "results", len(l.Results), MaxResults)
	many("people", "people", len(l.People), MaxPeople)
	many("quotes", "quotations", len(l.Quotes), MaxQuotes)
	long("programme.note", l.Programme.Note)
	for i, p := range l.People {
		path := fmt.Sprintf("people[%d]", i)
		if strings.TrimSpace(p.Name) == "" {
			bad(path+".name", "HC-FACT-03", "A colleague needs a name. It stays on this computer unless consent is yes.")
		}
		long(path+".how", p.How)
		long(path+".works", p.Works)
	}
	for i, r := range l.Results {
		path := fmt.Sprintf("results[%d]", i)
		if strings.TrimSpace(r.Text) == "" {
			bad(path+".text", "HC-FACT-04", "A result needs a sentence that says what you achieved.")
		}
		if r.Number != nil && strings.TrimSpace(r.Unit) == "" {
			bad(path+".number", "HC-FACT-05", "%s of what? Give the number a unit.", figure(*r.Number)).Then("Write unit: items a day, for instance.")
		}
		long(path+".text", r.Text)
		long(path+".proof", r.Proof)
	}
	l.checkMeasure(bad)
	l.checkStudies(bad, long)
	l.checkImports(bad)
	return out
}

type refuse func(path string, code fault.Code, say string, args ...any) *fault.Error

func (l Ledger) checkMeasure(bad refuse) {
	m := l.Measure
	if m.Usual != nil && *m.Usual < 0 {
		bad("measure.usual", "HC-FACT-06", "The usual amount cannot be below zero.")
	}
	if m.Spread != nil && *m.Spread < 0 {
		bad("measure.spread", "HC-FACT-06", "The spread cannot be below zero.")
	}
	if m.Name == "" && (m.Usual != nil || m.Unit != "" || m.Spread != nil) {
		bad("measure.name", "HC-FACT-07", "Say what the measure counts: give it a name.")
	}
}

// studyID knows the library's ids without reading it: a check of a file must be quick.
var studyID = regexp.MustCompile(`^E(0[1-9]|[12]\d|3[0-6])$`)

func (l Ledger) checkStudies(bad refuse, long func(path, text string)) {
	unknown := func(path string, id ID) {
		bad(path, "HC-FACT-10", "There is no study %q in the library.", clip(string(id))).Then("The ids run from E01 to E36: homecase evidence list shows them.")
	}
	if len(l.Studies) > MaxStudies {
		bad("studies", "HC-FACT-08", "Choose up to %d studies. There are %d.", MaxStudies, len(l.Studies)).Then("Contrary studies are added by the program.")
	}
	for i, id := range l.Studies {
		path := fmt.Sprintf("studies[%d]", i)
		if slices.Contains(l.Studies[:i], id) {
			bad(path, "HC-FACT-09", "%s is chosen twice.", id)
		} else if !studyID.MatchString(string(id)) {
			unknown(path, id)
		}
	}
	for i, q := range l.Quotes {
		path := fmt.Sprintf("quotes[%d]", i)
		if !studyID.MatchString(string(q.Study)) {
			unknown(path+".study", q.Study)
		}
		if strings.TrimSpace(q.Text) == "" && q.Number == nil {
			bad(path, "HC-FACT-11", "A quotation needs a text or a number.")
		}
		long(path+".text", q.Text)
	}
}

// Unsourced lists every number that does not say where it comes from. The
// packet does not build while the list holds anything.
func (l Ledger) Unsourced() fault.List {
	var out fault.List
	ask := func(path, what string) {
		out = append(out, fault.New(fault.Finding, "HC-FACT-20", "Say where %s comes from, or take the number out.", what).At(fault.Place{Path: path}).
			Then("Kind is measured, published, colleague or assumption; all but an assumption need a source."))
	}
	if n := bareNumbers(l.Programme.Note); len(n) > 0 && !l.Programme.Known() {
		ask("programme.note", n[0])
	}
	for i, r := range l.Results {
		if r.Known() {
			continue
		}
		path := fmt.Sprintf("results[%d]", i)
		if r.Number != nil {
			ask(path+".number", strings.TrimSpace(figure(*r.Number)+" "+r.Unit))
		}
		if !r.Money.IsZero() {
			ask(path+".money", r.Money.String())
		}
		for _, n := range bareNumbers(r.Text) {
			if r.Number == nil || !strings.HasPrefix(n, figure(*r.Number)) {
				ask(path+".text", n)
			}
		}
	}
	if m := l.Measure; !m.Origin.Known() {
		if m.Usual != nil {
			ask("measure.usual", strings.TrimSpace(figure(*m.Usual)+" "+m.Unit))
		}
		if m.Spread != nil {
			ask("measure.spread", strings.TrimSpace(figure(*m.Spread)+" "+m.Unit))
		}
		if len(m.Recent) > 0 {
			ask("measure.recent", "the list of recent days")
		}
	}
	return out
}

// Findings lists what the checker of quotations found, and what a measure
// lacks. A warning is left to the reader of Quotes.
func (l Ledger) Findings() (fault.List, error) {
	var out fault.List
	add := func(path string, ps []Problem) {
		for _, p := range ps {
			if p.Level == Error {
				out = append(out, fault.New(fault.Finding, "HC-FACT-21", "%s", p.Say).At(fault.Place{Path: path}).Then("%s", p.Next))
			}
		}
	}
	for i, q := range l.Quotes {
		ps, err := Check(q)
		if err != nil {
			return nil, err
		}
		add(fmt.Sprintf("quotes[%d]", i), ps)
	}
	for i, r := range l.Results {
		ps, err := CheckQuote(r.Text)
		if err != nil {
			return nil, err
		}
		add(fmt.Sprintf("results[%d].text", i), ps)
	}
	if l.Measure.Name != "" && l.Measure.Usual == nil {
		out = append(out, fault.New(fault.Finding, "HC-FACT-22", "The usual amount of an office day is missing.").At(fault.Place{Path: "measure.usual"}).
			Then("Count ten ordinary office days and write their average."))
	}
	if hoursOnline(l.Measure.Name + " " + l.Measure.Unit) {
		out = append(out, fault.New(fault.Finding, "HC-FACT-23", "Hours online show presence, not work.").At(fault.Place{Path: "measure.name"}).
			Then("Pick something that is finished, such as items closed."))
	}
	return out, nil
}

// hoursOnline tells whether a measure counts presence.
func hoursOnline(s string) bool {
	s = strings.ToLower(s)
	return slices.ContainsFunc([]string{"hours online", "time online", "hours logged in", "mouse", "keystroke", "green dot", "hours active"}, func(w string) bool { return strings.Contains(s, w) })
}

// Shared returns what may leave the computer: business results, the programme,
// the measure, the studies and quotations, and people who agreed to be named,
// without how the person knows them. Of imports only the heads of those that a
// shared number names travel, never a day.
func (l Ledger) Shared() Ledger {
	out := l
	out.People, out.Results = nil, nil
	for _, p := range l.People {
		if p.Consent == Yes {
			p.How = ""
			out.People = append(out.People, p)
		}
	}
	for _, r := range l.Results {
		if r.Business {
			out.Results = append(out.Results, r)
		}
	}
	out.Studies, out.Quotes = slices.Clone(l.Studies), slices.Clone(l.Quotes)
	out.Measure.Recent = slices.Clone(l.Measure.Recent)
	out.Imports = l.sharedImports()
	return out
}

// Words lists the words a file may use.
func (Status) Words() []string {
	return []string{string(Formal), string(Informal), string(NoneYet), string(Unknown)}
}

// Words lists the words a file may use.
func (Consent) Words() []string { return []string{string(Yes), string(No)} }

// Words lists the words a file may use.
func (Kind) Words() []string {
	return []string{string(Count), string(Duration), string(Rating), string(Share)}
}

// Words lists the words a file may use.
func (Better) Words() []string { return []string{string(Higher), string(Lower)} }
