package ops_test

import (
	"errors"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"homecase/fault"
	"homecase/ops"
)

func example(name string) string { return filepath.Join("..", "examples", name+".yaml") }

var (
	hidden = regexp.MustCompile(`(?s)<(style|script|svg)\b.*?</(style|script|svg)>`)
	tag    = regexp.MustCompile(`<[^>]*>`)
)

// strip is the text a reader of a page sees, on one line.
func strip(page string) string {
	text := html.UnescapeString(tag.ReplaceAllString(hidden.ReplaceAllString(page, ""), ""))
	return strings.Join(strings.Fields(text), " ")
}

// verified writes the files that carry a working and verifies each.
func verified(t *testing.T, files map[string][]byte) {
	t.Helper()
	for _, name := range []string{"one-page.pdf", "packet.pdf", "packet.html"} {
		if v := verify(t, name, files[name]); !v.OK || v.Numbers == 0 {
			t.Errorf("%s: %d numbers, differences %v", name, v.Numbers, v.Differences)
		}
	}
}

func TestExamplesThatAreReadyBuildAndVerify(t *testing.T) {
	for _, name := range []string{"accounts-one-day", "engineer-two-days"} {
		t.Run(name, func(t *testing.T) { verified(t, build(t, example(name), ops.BuildOptions{})) })
	}
}

// An ask that the person's own answers say is not ready makes no packet, and
// the refusal says why and what to do instead.
func TestExamplesThatAreNotReadyAreRefused(t *testing.T) {
	for _, c := range []struct {
		name  string
		codes []fault.Code
		says  []string
	}{
		{"new-starter", []fault.Code{"HC-OPS-07", "HC-READY-TENURE-RULE"}, []string{"not ready yet", "Ask again from 2027-03-14", "asks for 6 months"}},
		{"nurse", []fault.Code{"HC-OPS-07", "HC-READY-HOURS", "HC-READY-GATHER"}, []string{"not ready yet", "says nothing against you", "one half day away from the daily round"}},
		{"campus-manager", []fault.Code{"HC-OPS-08"}, []string{"You ask for 1 day a week and the work supports half a day", "days: 0.5"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			built, err := desk().BuildPacket(t.Context(), example(c.name), ops.BuildOptions{})
			if err == nil || built != nil {
				t.Fatalf("a packet was built: %+v", built)
			}
			if k := fault.KindOf(err); k != fault.Finding {
				t.Errorf("kind %v, want a finding", k)
			}
			for _, code := range c.codes {
				if !errors.Is(err, fault.New(0, code, "")) {
					t.Errorf("%s is not among the reasons", code)
				}
			}
			for _, say := range c.says {
				if !strings.Contains(err.Error(), say) {
					t.Errorf("%q does not say %q", err, say)
				}
			}
		})
	}
}

// The refusal names the line on which the days are asked for, and following it
// makes a packet whose words are right for half a day.
func TestHalfADayBuilds(t *testing.T) {
	text, err := os.ReadFile(example("campus-manager"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = desk().BuildPacket(t.Context(), example("campus-manager"), ops.BuildOptions{})
	var f *fault.Error
	if !errors.As(err, &f) || f.Place.Line == 0 {
		t.Fatalf("%v names no line", err)
	}
	lines := strings.Split(string(text), "\n")
	if !strings.HasPrefix(strings.TrimSpace(lines[f.Place.Line-1]), "days: 1") {
		t.Fatalf("line %d is %q", f.Place.Line, lines[f.Place.Line-1])
	}
	lines[f.Place.Line-1] = "  days: 0.5"
	path := filepath.Join(t.TempDir(), "half.yaml")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	files := build(t, path, ops.BuildOptions{})
	verified(t, files)
	page := string(files["packet.html"])
	for _, want := range []string{"An eight-week trial: half a day a week from home", "half a day a week for eight weeks", "The other half of that day I am in the office", "home days are half days", "up to half a day a week at home", "Half of one"} {
		if !strings.Contains(strip(page), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, wrong := range []string{"0.5 day", "half a days", "move to the other days", "grouped into", "0 days a week", "1 days"} {
		if strings.Contains(strip(page), wrong) {
			t.Errorf("the page says %q", wrong)
		}
	}
}

// California's law on expenses raises its question without being asked.
func TestTheStateRaisesItsQuestion(t *testing.T) {
	text, err := os.ReadFile(example("engineer-two-days"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []struct {
		code  string
		there bool
	}{{"CA", true}, {"NV", false}} {
		lines := regexp.MustCompile(`(?m)^.*concern: C58,.*\n`).ReplaceAllString(string(text), "")
		lines = strings.Replace(lines, "part: CA", "part: "+part.code, 1)
		path := filepath.Join(t.TempDir(), "case.yaml")
		if err := os.WriteFile(path, []byte(lines), 0o600); err != nil {
			t.Fatal(err)
		}
		views, err := desk().Concerns(path, "")
		if err != nil {
			t.Fatal(err)
		}
		there := false
		for _, v := range views {
			there = there || v.ID == "C58"
		}
		if there != part.there {
			t.Errorf("in %s the question C58 is there: %v, want %v", part.code, there, part.there)
		}
	}
}

// Nothing about a confidential channel may stand in an informal packet: a
// Californian's packet that named the law on disability would tell the boss
// something that nobody said.
func TestNoConfidentialChannelIsNamed(t *testing.T) {
	page := strip(string(build(t, example("engineer-two-days"), ops.BuildOptions{Only: []string{"packet.html"}})["packet.html"]))
	for _, word := range []string{"disability", "accommodation"} {
		if strings.Contains(strings.ToLower(page), word) {
			t.Errorf("the packet says %q", word)
		}
	}
	for _, want := range []string{"I know of no statute", "Further reasons", "Three days stay for the newer engineers"} {
		if !strings.Contains(page, want) {
			t.Errorf("the packet does not say %q", want)
		}
	}
}
