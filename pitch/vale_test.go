package pitch

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const valeFolder = "../docs/vale"

// TestVale holds docs/vale to the rules: the part of them that Vale can express,
// which is words in order with gaps. What excuses a sentence, and words that may
// stand anywhere in it, are left out.
func TestVale(t *testing.T) {
	l, err := read()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, r := range l.rules {
		if r.Severity == Good || r.Document || r.Off != "" {
			continue
		}
		if text := valeRule(l, r); text != "" {
			want["styles/Homecase/"+r.ID+".yml"] = text
		}
	}
	want[".vale.ini"] = "StylesPath = styles\nMinAlertLevel = suggestion\n\n[*.{md,txt}]\nBasedOnStyles = Homecase\n"
	if *update {
		if err := os.RemoveAll(filepath.Join(valeFolder, "styles")); err != nil {
			t.Fatal(err)
		}
		for name, text := range want {
			path := filepath.Join(valeFolder, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		got, err := os.ReadFile(filepath.Join(valeFolder, name))
		if err != nil || string(got) != want[name] {
			t.Errorf("%s is out of date: go test ./pitch -run 'Pack|Vale' -update (%v)", name, err)
		}
	}
	if len(want) < 15 {
		t.Errorf("only %d files", len(want))
	}
}

// valeRule writes one rule, or nothing when Vale cannot express any of it.
func valeRule(l *loaded, r Rule) string {
	var tokens []string
	for line := range strings.Lines(r.When) {
		line = strings.TrimSpace(line)
		if line == "" || strings.Contains(line, "&") || strings.HasPrefix(line, "--") {
			continue
		}
		variants, err := optional(line)
		if err != nil {
			continue
		}
		for _, v := range variants {
			if re := valeToken(l, v); re != "" && len(re) < 3000 {
				if _, err := regexp.Compile(re); err == nil {
					tokens = append(tokens, re)
				}
			}
		}
	}
	if len(tokens) == 0 {
		return ""
	}
	level := map[Severity]string{Error: "error", Warning: "warning", Hint: "suggestion"}[r.Severity]
	var b strings.Builder
	fmt.Fprintf(&b, "# Made from homecase's rules by a test. Do not edit: change pitch/data and run go test ./pitch -run 'Pack|Vale' -update.\n")
	fmt.Fprintf(&b, "extends: existence\nmessage: %q\nlevel: %s\nscope: sentence\nignorecase: true\nnonword: true\ntokens:\n", "'%s': "+r.why(), level)
	for _, t := range tokens {
		fmt.Fprintf(&b, "  - '%s'\n", strings.ReplaceAll(t, "'", "''"))
	}
	return b.String()
}

// valeToken writes a sequence as a regular expression; "" when it cannot.
func valeToken(l *loaded, seq string) string {
	var b strings.Builder
	b.WriteString(`\b`)
	gap, words := -1, 0
	for _, el := range elements(seq) {
		if el == "..." || strings.Contains(el, "#") {
			return ""
		}
		if n, ok := strings.CutPrefix(el, ".."); ok {
			gap = someOf
			if n != "" {
				fmt.Sscan(n, &gap)
			}
			continue
		}
		list := alternatives(el)
		if name, ok := strings.CutPrefix(el, "@"); ok {
			list = []string{"@" + name}
		}
		var phrases []string
		for _, p := range list {
			if name, ok := strings.CutPrefix(p, "@"); ok {
				p = l.lex.Classes[name]
			}
			for w := range strings.FieldsFuncSeq(p, func(r rune) bool { return r == ',' || r == '\n' }) {
				if w = strings.TrimSpace(w); strings.ContainsAny(w, "@#") {
					return ""
				} else if w != "" {
					phrases = append(phrases, valePhrase(w))
				}
			}
		}
		if words > 0 {
			if gap > 0 {
				fmt.Fprintf(&b, `(?:\W+\w+){0,%d}?`, gap)
			}
			b.WriteString(`\W+`)
		}
		fmt.Fprintf(&b, "(?:%s)", strings.Join(phrases, "|"))
		gap = -1
		words++
	}
	if words < 2 {
		return ""
	}
	return b.String() + `\b`
}

// valePhrase lets each word take its usual endings.
func valePhrase(p string) string {
	ws := strings.Fields(p)
	for i, w := range ws {
		if form, exact := strings.CutPrefix(w, "="); exact {
			ws[i] = regexp.QuoteMeta(form)
		} else if w == "be" {
			ws[i] = "(?:be|am|is|are|was|were|been|being)"
		} else if len(w) > 3 {
			ws[i] = regexp.QuoteMeta(w) + "(?:s|es|d|ed|ing)?"
		} else {
			ws[i] = regexp.QuoteMeta(w)
		}
	}
	return strings.Join(ws, `\W+`)
}
