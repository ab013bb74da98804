package concern

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"homecase/cite"
)

// The five marks of a good answer. Each counts one point.
const (
	NamesRule   = "rule"   // names the rule, law or policy
	GivesNumber = "number" // gives a number or a limit
	SaysWho     = "who"    // says who pays, owns or decides
	SaysFailure = "fails"  // says what happens when it fails or ends
	IsSigned    = "signed" // a source or an owner's word, with a date
)

// Mark explains one of the five to the person.
type Mark struct {
	ID   string `json:"id"`
	Met  string `json:"met"`
	Lack string `json:"lack"` // what to add
}

// Marks returns the five with their sentences.
var Marks = sync.OnceValues(func() ([]Mark, error) {
	var file struct {
		Marks []Mark `json:"marks"`
	}
	err := read("quality.yaml", &file)
	return file.Marks, err
})

var (
	unsure = pattern(`\b(not sure|do not know|don't know|no idea|unclear|unknown|perhaps|maybe|to be decided|tbd|will tell us|will find out|will ask|have to ask|their decision|who knows)\b`)

	ruleWords = pattern(`\b(polic(y|ies)|handbook|guidance|guidelines?|regulations?|directive|ordinance|statute|code of practice|collective agreement|works agreement|procedure|gdpr|nist|osha|hse|acas|iso ?\d+|labou?r code|ley \d+|sick(ness)? leave|[a-z]+ act( \d{4})?|law|clause|contract of employment)\b|\b(sections?|articles?|art\.|s\.|§) ?\d+`)

	digit     = pattern(`\d`)
	dates     = pattern(`\b\d{1,2} (january|february|march|april|may|june|july|august|september|october|november|december)( \d{4})?\b|\b(january|february|march|april|may|june|july|august|september|october|november|december) \d{1,2}(, \d{4})?\b|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b`)
	years     = pattern(`\b(19|20)\d\d\b`)
	citations = pattern(`\b(sections?|articles?|art\.|s\.|§|code|ley|act|regulation|iso) ?\d[\d./]*`)
	inWords   = pattern(`\b(one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|half) ?(an |a )?(hours?|minutes?|days?|weeks?|months?|times|pounds|dollars|euros)\b|\b(an hour|a day's|an hour's|a week's|once|twice|half (an hour|a day)|costs? (the company |me |you |us )?nothing|pays? nothing|no cost|free of charge|no paper|never more than|at no charge)\b`)

	payer   = `(i|we|you|my manager|the manager|the company|the employer|company|employer|hr|it|the it help desk|the help desk|finance|legal|insurer|the insurer|payroll|facilities|either of us|both of us|the boss|[a-z]+ mutual)`
	doing   = `(pays?|covers?|buys?|decides?|owns?|provides?|reimburses?|refunds?|insures?|repairs?|fix(es)?|approves?|supports?|settles?|bears?|confirmed|confirms|agreed to pay|can end)`
	who     = pattern(`\b` + payer + `(, [a-z ]{1,40},)?( (will|must|can|may|shall|would|also|always|already|still))* ` + doing + `\b`)
	passive = pattern(`\b(paid|decided|owned|covered|approved|provided|reimbursed|insured|repaired)( [a-z]+){0,3} by\b|\brequires the employer\b|\b(my|the company's|the employer's|their) own (cost|expense)\b|\bat (my|the company's|the employer's) (cost|expense)\b`)

	failing   = pattern(`\b(otherwise|fall(s)? back|fallback|back-?up plan|in case|in an emergency|when it ends|when the arrangement ends|go back to|goes back|return to the office)\b`)
	condition = pattern(`\b(if|when|whenever|unless|should)\b[^.;]*\b(fails?|down|breaks?|broken|crisis|problems?|ill|sick|more|above|longer|rises?|lost|stolen|late|ends?|not|cannot|can't|refuses?|misses|missed|slips?|over|leaves?|outage|goes wrong|short)\b`)

	said = pattern(`\b(confirmed|answered|agreed|signed|checked|tested|read|letter|e-?mail|bill|minutes|measured|approved|according to|told me|says)\b`)
)

// pattern compiles an expression when it is first used: most commands read no
// answer, and compiling all of these takes a millisecond.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// Quality scores an answer from 0 to 5 by the five marks and says which are met
// and which are missing. It reads words, not sense: an answer can meet a mark
// and still be wrong. Sentences in which the writer is unsure count for nothing.
//
//   - rule: a policy, law, code, clause, or a section or article by number
//   - number: a figure that is neither a date nor the number of a law, or a
//     limit in words (twice, an hour, nothing)
//   - who: somebody pays, owns, decides, repairs, confirms
//   - fails: a condition (if, when, unless) with a trouble in it, or a fallback
//   - signed: an origin with a source and a date, or a date beside a word such
//     as confirmed, checked or tested
func Quality(r Reply) (score int, met, missing []string) {
	text := certain(r.Text)
	bare := years().ReplaceAllString(citations().ReplaceAllString(dates().ReplaceAllString(text, " "), " "), " ")
	signed := r.Kind != "" && r.Kind != cite.Assumption && strings.TrimSpace(r.Source) != "" && !r.Date.IsZero()
	for _, sentence := range split(text) {
		signed = signed || dates().MatchString(sentence) && said().MatchString(sentence)
	}
	for _, m := range []struct {
		id string
		ok bool
	}{
		{NamesRule, ruleWords().MatchString(text)},
		{GivesNumber, digit().MatchString(bare) || inWords().MatchString(bare)},
		{SaysWho, who().MatchString(text) || passive().MatchString(text)},
		{SaysFailure, failing().MatchString(text) || condition().MatchString(text)},
		{IsSigned, signed && strings.TrimSpace(r.Text) != ""},
	} {
		if m.ok {
			met = append(met, m.id)
		} else {
			missing = append(missing, m.id)
		}
	}
	return len(met), met, missing
}

// certain returns the text in lower case without questions and sentences in
// which the writer is unsure.
func certain(text string) string {
	if len(text) > 4*MaxText {
		text = strings.ToValidUTF8(text[:4*MaxText], "")
	}
	text = strings.NewReplacer("’", "'", "\u00a0", " ", "\u202f", " ").Replace(strings.ToLower(text))
	keep := slices.DeleteFunc(split(text), func(s string) bool {
		return strings.HasSuffix(strings.TrimSpace(s), "?") || unsure().MatchString(s)
	})
	return strings.Join(strings.Fields(strings.Join(keep, " ")), " ")
}

// split cuts a text into sentences, each with its end.
func split(s string) []string {
	var out []string
	start := 0
	for i := 0; i < len(s); i++ {
		end := s[i] == '\n' || s[i] == '!' || s[i] == '?'
		if s[i] == '.' {
			end = (i+1 == len(s) || s[i+1] == ' ' || s[i+1] == '\n') && !strings.HasSuffix(s[:i], " art") && !strings.HasSuffix(s[:i], " s") && !strings.HasSuffix(s[:i], "e.g")
		}
		if end {
			out = append(out, s[start:i+1])
			start = i + 1
		}
	}
	return append(out, s[start:])
}

// TrapFound is a known false or harmful answer recognised in a text.
type TrapFound struct {
	Concern ID `json:"concern"`
	Trap
}

// compiledTrap is a trap with its phrases as they stand in plain words.
type compiledTrap struct {
	TrapFound
	claim []string   // the first group
	rest  [][]string // the others
}

// traps makes the phrases of all traps ready, once.
var traps = sync.OnceValues(func() ([]compiledTrap, error) {
	all, err := Catalogue()
	var out []compiledTrap
	for _, c := range all {
		for _, t := range c.Traps {
			groups := make([][]string, len(t.All))
			for i, g := range t.All {
				for _, p := range g {
					groups[i] = append(groups[i], needle(p))
				}
			}
			if len(groups) > 0 {
				out = append(out, compiledTrap{TrapFound{c.ID, t}, groups[0], groups[1:]})
			}
		}
	}
	return out, err
})

// TrapsIn returns the known false answers that a text repeats. It compares
// words; a sentence that denies the claim is left alone.
func TrapsIn(text string) ([]TrapFound, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	all, err := traps()
	if err != nil {
		return nil, err
	}
	var out []TrapFound
	for _, sentence := range split(certain(text)) {
		words := plain(sentence)
		for _, t := range all {
			if claims(words, t.claim) && !slices.ContainsFunc(t.rest, func(g []string) bool { return !hasOne(words, g) }) {
				out = append(out, t.TrapFound)
			}
		}
	}
	return slices.CompactFunc(out, func(a, b TrapFound) bool { return a.Concern == b.Concern && a.Claim == b.Claim }), nil
}

// plain returns the words of a text with a space around each.
func plain(s string) string {
	var b strings.Builder
	b.WriteByte(' ')
	between := false
	for _, r := range strings.ToLower(s) {
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r) || r == '\'':
			b.WriteRune(r)
			between = false
		case !between:
			b.WriteByte(' ')
			between = true
		}
	}
	b.WriteByte(' ')
	return b.String()
}

var denies = pattern(`( not| no| never| nobody| isn't| aren't| don't| won't| doesn't| cannot| nor| false| wrong)( \S+){0,3} $`)

// needle is a phrase as it stands in plain words. A * at its end stands for any ending.
func needle(phrase string) string {
	n := strings.TrimRight(plain(phrase), " ")
	if !strings.HasSuffix(phrase, "*") {
		n += " "
	}
	return n
}

// hasOne tells whether one of the needles stands in the words.
func hasOne(words string, needles []string) bool {
	return slices.ContainsFunc(needles, func(n string) bool { return strings.Contains(words, n) })
}

// claims tells whether one of the needles stands there undenied. The first
// group of a trap is what it claims, so "is not exempt from claims" is fine; a
// phrase that itself denies, such as "won't bill", is taken as it stands.
func claims(words string, needles []string) bool {
	for _, n := range needles {
		for from := 0; ; {
			i := strings.Index(words[from:], n)
			if i < 0 {
				break
			}
			at := from + i
			if strings.Contains(n, " not ") || strings.Contains(n, " won't ") || strings.Contains(n, " no ") || !denies().MatchString(words[:at+1]) {
				return true
			}
			from = at + len(n) - 1
		}
	}
	return false
}
