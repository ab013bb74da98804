package evidence

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// token is a word, a number or a sign of a normalised sentence.
type token struct {
	text    string
	value   float64
	number  bool
	rounded float64 // half a step of the last digit written; 0 when exact
}

var (
	signs = strings.NewReplacer(
		"’", "'", "‘", "'", "“", `"`, "”", `"`, "–", "-", "—", " - ", "−", "-", "‐", "-", "‑", "-",
		"\u00a0", " ", "\u2009", " ", "\u202f", " ", "％", "%", "…", " ",
		"per cent", "%", "per-cent", "%", "percentage points", "pp", "percentage point", "pp", "percentage", "percentage", "percent", "%", " pct", "%",
		"us$", "$", "u.s.", "us", "et al.", "et al", "approx.", "approx", "vs.", "vs", "e.g.", "such as", "i.e.", "that is", "&", " and ",
	)
	thinGroup = regexp.MustCompile(`(\d)[\x{00a0}\x{2009}\x{202f}'](\d{3})\b`)
	group     = regexp.MustCompile(`(\d),(\d{3})\b`)
	comma     = regexp.MustCompile(`(\d),(\d{1,2})(\D|$)`)
)

// pieces cuts a text into numbers, words and the signs that matter; all else is
// left out. A word keeps its apostrophes and the full stops inside it.
func pieces(s string) []string {
	out := make([]string, 0, len(s)/5+1)
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
		end := at + size
		switch {
		case isDigit(r):
			end = over(s, at, isDigit)
			if more := over(s, end+1, isDigit); end < len(s) && s[end] == '.' && more > end+1 {
				end = more
			}
		case unicode.IsLetter(r) || r == '\'':
			end = over(s, at, func(r rune) bool { return unicode.IsLetter(r) || r == '\'' })
			for end < len(s) && s[end] == '.' {
				more := over(s, end+1, unicode.IsLetter)
				if more == end+1 {
					break
				}
				end = more
			}
		case !strings.ContainsRune("-%$£€,;:()?", r) || r == utf8.RuneError:
			at = end
			continue
		}
		out = append(out, s[at:end])
		at = end
	}
	return out
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// over returns where the run of runes that begins at a place ends.
func over(s string, at int, in func(rune) bool) int {
	for at < len(s) {
		r, size := utf8.DecodeRuneInString(s[at:])
		if !in(r) {
			break
		}
		at += size
	}
	return at
}

// pattern compiles an expression when it is first used: those with whole classes
// of letters take milliseconds, which a command that reads no text need not pay.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// sentences cuts a text at full stops, question marks and line ends.
func sentences(s string) []string {
	var out []string
	start, r := 0, []rune(s)
	for i, c := range r {
		end := c == '\n' || c == '!' || c == '?'
		if c == '.' && (i+1 == len(r) || unicode.IsSpace(r[i+1])) {
			end = !abbreviated(r[start:i])
		}
		if end {
			out = append(out, string(r[start:i+1]))
			start = i + 1
		}
	}
	out = append(out, string(r[start:]))
	return slices.DeleteFunc(out, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// abbreviated tells whether the words before a full stop end in an abbreviation.
func abbreviated(before []rune) bool {
	s := strings.ToLower(string(before[max(0, len(before)-8):]))
	for _, a := range []string{"et al", "approx", " vs", "e.g", "i.e", "u.s", " dr", " prof", " no", " p", " pp"} {
		if strings.HasSuffix(s, a) {
			return true
		}
	}
	return false
}

// tokens normalises a sentence: lower case, one form of each sign, thousands
// joined, number words as digits, halves and thirds as percentages.
func tokens(s string) []token {
	digits := strings.ContainsAny(s, "0123456789") // without one there is nothing to join
	if digits {
		s = joined(s, thinGroup)
	}
	s = signs.Replace(strings.ToLower(s))
	if digits {
		s = comma.ReplaceAllString(joined(s, group), "$1.$2$3")
	}
	words := pieces(s)
	out := make([]token, 0, len(words))
	for _, w := range words {
		if w[0] >= '0' && w[0] <= '9' {
			v, err := strconv.ParseFloat(w, 64)
			if err != nil || v > 1e18 {
				continue
			}
			_, frac, _ := strings.Cut(w, ".")
			out = append(out, token{text: w, value: v, number: true, rounded: math.Pow(10, -float64(len(frac))) / 2})
			continue
		}
		w = strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "'")
		if w != "" {
			out = append(out, token{text: w})
		}
	}
	return fractions(numberWords(out))
}

// joined takes the signs between groups of digits out.
func joined(s string, between *regexp.Regexp) string {
	for range 4 { // 1 234 567 needs a pass for each group
		before := s
		if s = between.ReplaceAllString(s, "$1$2"); s == before {
			break
		}
	}
	return s
}

var units = []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
	"thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"}
var tens = []string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}

// numberWords turns twenty-two into 22 and five hundred into 500.
func numberWords(in []token) []token {
	out := make([]token, 0, len(in))
	for i := 0; i < len(in); i++ {
		v := -1
		if u := slices.Index(units, in[i].text); u >= 0 {
			v = u
		} else if t := slices.Index(tens, in[i].text); t >= 2 {
			v = 10 * t
			next := i + 1
			if next < len(in) && in[next].text == "-" {
				next++
			}
			if next < len(in) {
				if u := slices.Index(units, in[next].text); u >= 1 && u <= 9 {
					v, i = v+u, next
				}
			}
		}
		if v < 0 {
			out = append(out, in[i])
			continue
		}
		t := token{text: strconv.Itoa(v), value: float64(v), number: true, rounded: .5}
		if i+1 < len(in) && in[i+1].text == "hundred" {
			i++
			t.value, t.text = t.value*100, t.text+"00"
		}
		out = append(out, t)
	}
	return out
}

var parts = map[string]float64{"half": 50, "third": 100. / 3, "thirds": 100. / 3, "quarter": 25, "quarters": 25, "fifth": 20, "fifths": 20, "tenth": 10, "tenths": 10}

// fractions turns "a third" and "one in five" into percentages and "halved"
// into a fall of 50 %. A third person, a half day and half-time stay words.
func fractions(in []token) []token {
	out := make([]token, 0, len(in))
	percent := func(v float64) {
		v = math.Min(v, 100)
		out = append(out, token{text: strconv.FormatFloat(v, 'f', 0, 64), value: v, number: true, rounded: .5}, token{text: "%"})
	}
	for i := 0; i < len(in); i++ {
		if in[i].text == "halved" {
			out = append(out, token{text: "fell"})
			percent(50)
		} else if times, words := share(in, i); times > 0 {
			out = out[:len(out)-words]
			percent(times * parts[in[i].text])
		} else if v, last := oneIn(in, i); last > 0 {
			percent(v)
			i = last
		} else {
			out = append(out, in[i])
		}
	}
	return out
}

// share returns how many thirds, halves and so on stand at i, and how many
// words before i say so; 0 when the word is not a share.
func share(in []token, i int) (times float64, words int) {
	if parts[in[i].text] == 0 {
		return 0, 0
	}
	if i+1 < len(in) && slices.Contains([]string{"-", "day", "days", "hour", "hours", "time", "a", "an", "year", "week", "month", "person", "party"}, in[i+1].text) {
		return 0, 0
	}
	k := i - 1
	if k > 0 && in[k].text == "-" {
		k--
	}
	switch {
	case k >= 0 && in[k].text == "a":
		return 1, i - k
	case k >= 0 && in[k].number && in[k].value >= 1 && in[k].value <= 9 && in[k].value == math.Trunc(in[k].value):
		return in[k].value, i - k
	case in[i].text == "half" && (k < 0 || in[k].text != "and"):
		return 1, 0
	}
	return 0, 0
}

// oneIn reads "9 in 10" and "1 out of 5" and returns the percentage and the last token.
func oneIn(in []token, i int) (percent float64, last int) {
	last = i + 2
	if i+1 < len(in) && in[i+1].text == "out" {
		last = i + 3
	}
	if last >= len(in) || !in[i].number || !in[last].number || in[last-1].text != "in" && !(in[last-1].text == "of" && in[last-2].text == "out") {
		return 0, 0
	}
	n, m := in[i].value, in[last].value
	if n < 1 || m < n || m > 20 || in[i].rounded > .5 {
		return 0, 0
	}
	return 100 * n / m, last
}

// quantity is a number of a sentence that claims something: it has a unit.
type quantity struct {
	value, rounded float64
	unit           string
	approx         bool
	at, end        int // first and last token
	said           string
}

var unitWords = map[string]string{
	"%": "%", "pp": "pp", "$": "USD", "dollar": "USD", "dollars": "USD", "usd": "USD", "£": "GBP", "pound": "GBP", "pounds": "GBP", "gbp": "GBP",
	"€": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR", "minute": "minutes", "minutes": "minutes", "min": "minutes", "mins": "minutes",
	"hour": "hours", "hours": "hours", "hrs": "hours", "sd": "SD", "tonnes": "t", "tons": "t", "miles": "miles",
}

var people = []string{"people", "workers", "employees", "staff", "respondents", "participants", "engineers", "professionals", "americans", "teleworkers", "telecommuters", "persons", "volunteers", "managers", "leaders"}
var scales = map[string]float64{"thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9}
var roughly = []string{"about", "around", "nearly", "almost", "over", "roughly", "approximately", "approx", "some", "circa", "than", "least", "most", "close"}

// quantities finds the numbers that carry a unit. Years, days a week, and bare
// counts are left alone.
func quantities(ts []token) []quantity {
	var out []quantity
	word := func(i int) string {
		if i < 0 || i >= len(ts) {
			return ""
		}
		return ts[i].text
	}
	for i, t := range ts {
		if !t.number {
			continue
		}
		q := quantity{value: t.value, rounded: t.rounded, at: i, end: i, said: t.text}
		j := i + 1
		if word(j) == "-" && (scales[word(j+1)] > 0 || unitWords[word(j+1)] != "") {
			j++
		}
		money := unitWords[word(i-1)] != "" && strings.Contains("$£€usdgbpeur", word(i-1))
		if s := scales[word(j)]; s > 0 && (len(word(j)) > 1 && word(j) != "k" || money) {
			q.value, q.rounded, q.end, q.said = q.value*s, q.rounded*s, j, q.said+" "+word(j)
			j++
			if word(j) == "-" {
				j++
			}
		}
		switch u := unitWords[word(j)]; {
		case money:
			q.unit, q.at = unitWords[word(i-1)], i-1
			q.said = word(i-1) + q.said
		case u != "" && word(j) != "$" && word(j) != "£" && word(j) != "€":
			q.unit, q.end = u, j
			if word(j) != "%" {
				q.said += " "
			}
			q.said += word(j)
		case word(j) == "standard" && strings.HasPrefix(word(j+1), "deviation"):
			q.unit, q.end, q.said = "SD", j+1, q.said+" standard deviations"
		case q.value >= 20 && peopleAfter(ts, j):
			q.unit, q.said = "people", q.said+" people"
		}
		if q.unit == "%" && slices.Contains([]string{"interval", "confidence", "ci", "credible", "limits"}, word(q.end+1)) {
			continue // the level of an interval, not an effect
		}
		for k := max(0, q.at-3); k < q.at; k++ {
			q.approx = q.approx || slices.Contains(roughly, word(k))
		}
		out = append(out, q)
	}
	return named(shared(out, ts))
}

// peopleAfter tells whether the words after a number count people: 61,182 US staff.
func peopleAfter(ts []token, j int) bool {
	for k := j; k < min(len(ts), j+4); k++ {
		if slices.Contains(people, ts[k].text) {
			return true
		}
		if ts[k].number || !unicode.IsLetter([]rune(ts[k].text)[0]) || slices.Contains([]string{"in", "of", "and", "with", "for", "at", "per", "that"}, ts[k].text) {
			return false
		}
	}
	return false
}

// shared gives "8" in "8 to 19 %" the unit of the number after it.
func shared(qs []quantity, ts []token) []quantity {
	for i := len(qs) - 2; i >= 0; i-- {
		a, b := &qs[i], qs[i+1]
		if a.unit != "" || b.unit == "" || b.unit == "people" || b.at != a.end+2 || year(a.value) {
			continue
		}
		if slices.Contains([]string{"-", "to", "and", "or"}, ts[a.end+1].text) {
			a.unit = b.unit
			if b.value >= 1000*a.value { // "2 to 3 million"
				a.value, a.rounded = a.value*1e6, a.rounded*1e6
			}
		}
	}
	return qs
}

func year(v float64) bool { return v >= 1900 && v < 2100 && v == math.Trunc(v) }

// named drops numbers without a unit.
func named(qs []quantity) []quantity {
	return slices.DeleteFunc(qs, func(q quantity) bool { return q.unit == "" })
}

// states tells whether the figure says this number, at the precision it was
// written. The sign is a matter of words and is not looked at here.
func (f Figure) states(q quantity) bool {
	if f.Unit != "" && f.Unit != q.unit && !(f.Unit == "pp" && q.unit == "%") && !(f.Unit == "%" && q.unit == "pp") {
		return false
	}
	for _, v := range []*float64{f.Value, f.Low, f.High} {
		if v == nil {
			continue
		}
		off, size := math.Abs(math.Abs(*v)-math.Abs(q.value)), math.Abs(*v)
		if off <= q.rounded*(1+1e-9) && (off < 1e-9 || q.rounded < size/10) || q.approx && off <= .025*size {
			return true
		}
	}
	return false
}
