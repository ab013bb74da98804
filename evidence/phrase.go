package evidence

import "slices"

// phrase is a run of words to look for. A word that ends in * stands for any ending.
type phrase struct {
	words []string
	stems []bool
}

// phrases normalises phrases the way sentences are, so that "one day" finds "1 day".
func phrases(list []string) []phrase {
	out := make([]phrase, 0, len(list))
	for _, s := range list {
		starred, all := splitStars(s), tokens(s)
		p := phrase{make([]string, 0, len(all)), make([]bool, 0, len(all))}
		for _, t := range all {
			if sign(t) {
				continue
			}
			p.words = append(p.words, t.text)
			p.stems = append(p.stems, slices.Contains(starred, t.text))
		}
		if len(p.words) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// splitStars returns the words of s that end in *.
func splitStars(s string) []string {
	var out []string
	start := 0
	for i, c := range s {
		switch c {
		case ' ', '-':
			start = i + 1
		case '*':
			out = append(out, s[start:i])
		}
	}
	return out
}

// sign tells whether the token is punctuation rather than a word or a number.
func sign(t token) bool {
	return !t.number && len(t.text) == 1 && (t.text[0] < 'a' || t.text[0] > 'z') && t.text[0] != '%' && t.text[0] < 0x80
}

func (p phrase) fits(k int, t token) bool {
	w := p.words[k]
	return t.text == w || p.stems[k] && len(t.text) > len(w) && t.text[:len(w)] == w
}

// find returns where the phrase starts and ends at or after from, signs
// skipped; -1 when it is not there.
func (p phrase) find(ts []token, from int) (start, end int) {
	for i := from; i < len(ts); i++ {
		k, j := 0, i
		for j < len(ts) && k < len(p.words) {
			if p.fits(k, ts[j]) {
				k++
			} else if k == 0 || !sign(ts[j]) || ts[j].text != "-" && ts[j].text != "$" {
				break
			}
			j++
		}
		if k == len(p.words) {
			return i, j
		}
	}
	return -1, -1
}

// scattered tells whether all words of the phrase occur, in any order.
func (p phrase) scattered(ts []token) bool {
	for k := range p.words {
		if !slices.ContainsFunc(ts, func(t token) bool { return p.fits(k, t) }) {
			return false
		}
	}
	return true
}

// present tells whether one of the phrases occurs.
func present(ps []phrase, ts []token) bool {
	return slices.ContainsFunc(ps, func(p phrase) bool { i, _ := p.find(ts, 0); return i >= 0 })
}

// affirmed tells whether one of the phrases occurs without a "not" before it.
func affirmed(ps []phrase, ts []token) bool {
	for _, p := range ps {
		for i, end := p.find(ts, 0); i >= 0; i, end = p.find(ts, max(end, i+1)) {
			if !negated(ts, i) {
				return true
			}
		}
	}
	return false
}

// negated tells whether a negation stands within four words before i, in the same clause.
func negated(ts []token, i int) bool {
	for k := i - 1; k >= max(0, i-4); k-- {
		switch w := ts[k].text; w {
		case "but", ",", ";", ":", "and", "only", "just":
			return false
		case "not", "no", "never", "without", "neither", "nor", "isn't", "wasn't", "didn't", "doesn't", "don't", "cannot", "can't", "rather", "instead", "misquoted", "wrongly", "nothing":
			return true
		}
	}
	return false
}
