package pitch

import (
	"flag"
	"fmt"
	"strings"
	"testing"
)

var explain = flag.String("explain", "", "say which rules match a sentence and what excuses them")

// TestExplain is a workbench: go test -run Explain -v -explain "some sentence".
func TestExplain(t *testing.T) {
	if *explain == "" {
		t.Skip("no sentence given")
	}
	l, err := read()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range l.rules {
		for kind, text := range map[string]string{"when": r.When, "unless": r.Unless} {
			for line := range strings.Lines(text) {
				if line = strings.TrimSpace(line); line == "" {
					continue
				}
				one := r
				one.When, one.Unless, one.Negated = line, "", r.Negated || kind == "unless"
				m, err := compile(&loaded{lex: l.lex, rules: []Rule{one}, limits: l.limits})
				if err != nil {
					t.Fatal(err)
				}
				s := scanner{m: m, text: []byte(*explain)}
				for s.next() {
					x := newMatcher(m)
					for _, h := range x.read(s.cur.tokens) {
						fmt.Printf("%-28s %-6s %s   [%s]\n", r.ID, kind, line[:min(len(line), 150)], s.text[s.cur.tokens[h.at.from].start:s.cur.tokens[max(h.at.to-1, h.at.from)].end])
					}
				}
			}
		}
	}
}
