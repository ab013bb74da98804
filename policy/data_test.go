package policy

import (
	"bytes"
	"flag"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"homecase/content"
	"homecase/day"
)

var update = flag.Bool("update", false, "rewrite data/index.yaml from the packs")

func packs(t *testing.T) []Regime {
	t.Helper()
	files, err := fs.Glob(data, "data/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var out []Regime
	for _, f := range files {
		if f == indexName {
			continue
		}
		b, err := data.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var r Regime
		if err := content.Decode(f, b, &r); err != nil {
			t.Fatal(err)
		}
		if f != "data/"+r.ID+".yaml" {
			t.Errorf("%s holds the pack %s", f, r.ID)
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Regime) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// The ids are those of the sections of the regimes' list, and Northern Ireland.
func TestAllRegimesHaveAPack(t *testing.T) {
	want := strings.Fields(`AU-FWA65 AU-VIC-WFH BE-CAO162 CA-177.1 DE-NONE ES-10-2021 ES-ET34.8 EU-2019-1158-9
		GB-FW GB-FW-2027 GB-NI IE-FW IE-RW MY-60P NL-WFW NZ-6AA PT-CT165 SG-TGFWAR
		US-ADA US-FED-NONE US-NH US-SF US-TEA-2010 US-VT`)
	var got []string
	for _, r := range packs(t) {
		got = append(got, r.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("packs:\n got %v\nwant %v", got, want)
	}
}

func TestIndexRepeatsTheHeads(t *testing.T) {
	header := "# The heads of all packs, made by: go test ./policy -run Index -update\n"
	var x Index
	for _, r := range packs(t) {
		x.Packs = append(x.Packs, r.Head)
	}
	b, err := content.Encode(x)
	if err != nil {
		t.Fatal(err)
	}
	want := append([]byte(header), b...)
	if *update {
		if err := os.WriteFile(indexName, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := data.ReadFile(indexName)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("data/index.yaml is stale; run: go test ./policy -run Index -update")
	}
}

// statements walks every statement of a pack.
func statements(r Regime) map[string][]Statement {
	m := map[string][]Statement{
		"who_may_ask": r.WhoMayAsk, "what_may_change": r.WhatMayChange, "employer_duties": r.Duties,
		"refusal_notice": r.RefusalNotice, "revert": r.Revert, "records": r.Records, "agreement": r.Agreement,
		"uses_up": r.UsesUp, "starts": r.Starts, "grounds": r.Grounds.List,
		"single": {r.Basis, r.EmployerSize, r.Service.ToAsk, r.Service.ToStart, r.Frequency, r.Concurrency, r.Purpose.Detail,
			r.Notice, r.Form.Detail, r.Decision, r.Extension, r.Silence.Detail, r.Grounds.Detail, r.CounterOffer, r.Appeal,
			r.Remedy, r.ClaimLimit, r.Retaliation},
	}
	if r.NextChange != nil {
		m["next_change"] = r.NextChange.What
	}
	for _, c := range r.Contents {
		m["required_contents"] = append(m["required_contents"], c.Statement)
	}
	return m
}

func TestEveryStatementHasItsSource(t *testing.T) {
	for _, r := range packs(t) {
		for field, list := range statements(r) {
			for _, s := range list {
				if s.Text == "" {
					t.Errorf("%s %s: a field of the list is empty", r.ID, field)
				}
				src, ok := r.Source(s.Source)
				switch {
				case s.Source == "":
				case !ok:
					t.Errorf("%s %s: %q names a source %q that is not listed", r.ID, field, s.Text, s.Source)
				case !s.Summary && !src.Original && field == "required_contents" && r.Letter.Available && !s.Unverified:
					t.Errorf("%s %s: %q was not read in the law's own words, so it needs summary: true", r.ID, field, s.ID)
				}
			}
		}
		for _, s := range r.Sources {
			if s.Read != day.Must("2026-11-21") {
				t.Errorf("%s source %s: read %s", r.ID, s.ID, s.Read)
			}
			if !strings.HasPrefix(s.Address, "http") {
				t.Errorf("%s source %s has no address", r.ID, s.ID)
			}
		}
		for _, c := range r.Cases {
			if _, ok := r.Source(c.Source); !ok {
				t.Errorf("%s case %s: no source %q", r.ID, c.Name, c.Source)
			}
		}
		if len(r.NotVerified) == 0 {
			t.Errorf("%s says nothing about what was not verified", r.ID)
		}
	}
}

// Plain sentences: at most 25 words each, as the style asks.
func TestSentencesAreShort(t *testing.T) {
	check := func(id, text string) {
		for _, s := range strings.FieldsFunc(text, func(r rune) bool { return r == '.' || r == ';' || r == ':' }) {
			if n := len(strings.Fields(s)); n > 25 {
				t.Errorf("%s: %d words: %s", id, n, s)
			}
		}
	}
	for _, r := range packs(t) {
		for _, list := range statements(r) {
			for _, s := range list {
				check(r.ID, s.Text)
				check(r.ID, s.Note)
			}
		}
		for _, c := range r.Clocks {
			check(r.ID, c.What)
			check(r.ID, c.Means)
			check(r.ID, c.Note)
		}
		check(r.ID, r.Letter.Why)
		check(r.ID, r.Special.Say)
	}
}

// Decision 7: no statutory letter where the required contents were not read in
// the original, or where there is no route.
func TestLetterOnlyWhereContentsWereRead(t *testing.T) {
	letters := map[string]string{"GB-FW": "boss", "IE-RW": "boss", "IE-FW": "hr", "AU-FWA65": "hr", "NZ-6AA": "boss", "NL-WFW": "boss", "CA-177.1": "boss", "US-VT": "boss", "US-SF": "hr", "SG-TGFWAR": "boss"}
	for _, r := range packs(t) {
		if r.Letter.To != letters[r.ID] {
			t.Errorf("%s: letter to %q, want %q", r.ID, r.Letter.To, letters[r.ID])
		}
		if r.Letter.Available != (len(r.Contents) > 0) {
			t.Errorf("%s: letter %v with %d contents", r.ID, r.Letter.Available, len(r.Contents))
		}
		if r.Letter.To == "hr" && !r.Special.Flagged {
			t.Errorf("%s goes to HR but flags no special reasons", r.ID)
		}
		for _, c := range r.Contents {
			if c.Special && !r.Special.Flagged {
				t.Errorf("%s: %s is special but the pack is not flagged", r.ID, c.ID)
			}
			if !c.Optional && c.Wording == "" && !c.Special {
				t.Errorf("%s: %s has no wording", r.ID, c.ID)
			}
		}
	}
}

// The five statements of paragraph 4 of the Acas code.
func TestRequiredContentsOfGB(t *testing.T) {
	r, err := Show("gb-fw")
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]string{"statute": "x", "request_date": "x", "change": "x", "effective_date": "x"}
	missing := r.Missing(given)
	if len(r.Contents) != 5 || len(missing) != 1 || missing[0].ID != "previous_requests" {
		t.Errorf("missing %v of %d", missing, len(r.Contents))
	}
	if len(r.Grounds.List) != 8 || r.Grounds.Kind != "closed" {
		t.Errorf("grounds: %s, %d", r.Grounds.Kind, len(r.Grounds.List))
	}
}

// Table of grounds and silence across regimes; counts from the lists of the laws.
func TestGroundsAndSilence(t *testing.T) {
	for _, c := range []struct {
		id, kind string
		n        int
		silence  string
	}{
		{"GB-FW", "closed", 8, "breach"},
		{"IE-RW", "open", 0, "breach"},
		{"AU-65", "illustrative", 5, "dispute"},
		{"NZ-6AA", "closed", 9, "breach"}, // eight and the collective agreement that must be followed
		{"NL-WFW", "open", 1, "granted"},  // the one ground is for hours and times only
		{"ES-34.8", "open", 0, "presumed_granted"},
		{"PT", "open", 0, "not_stated"},
		{"CA-177.1", "closed", 4, "complaint"},
		{"US-VT", "illustrative", 8, "not_stated"},
		{"US-SF", "standard", 0, "not_stated"},
		{"SG", "illustrative", 3, "guideline"},
		{"MY", "open", 0, "breach"},
		{"AU-VIC", "closed", 3, "dispute"},
	} {
		r, err := Show(c.id)
		if err != nil {
			t.Fatal(err)
		}
		if r.Grounds.Kind != c.kind || len(r.Grounds.List) != c.n || r.Silence.Means != c.silence {
			t.Errorf("%s: %s %d %s", c.id, r.Grounds.Kind, len(r.Grounds.List), r.Silence.Means)
		}
	}
}

func TestDescribe(t *testing.T) {
	for _, r := range packs(t) {
		text := Describe(r)
		for i, line := range strings.Split(text, "\n") {
			if utf8.RuneCountInString(line) > width && !strings.Contains(line, "http") {
				t.Errorf("%s line %d is %d wide: %s", r.ID, i+1, utf8.RuneCountInString(line), line)
			}
		}
		unverified := false
		for _, list := range statements(r) {
			for _, s := range list {
				unverified = unverified || s.Unverified
			}
		}
		if unverified && !strings.Contains(text, "[unverified]") {
			t.Errorf("%s prints no unverified mark", r.ID)
		}
		if !strings.Contains(text, "Not legal advice") || !strings.Contains(text, "NOT VERIFIED") {
			t.Errorf("%s lacks the warnings", r.ID)
		}
	}
}

// A letter from which one required statement is taken lacks that one, for every
// law with a letter; what is not required never lacks.
func TestMissingStatements(t *testing.T) {
	letters := 0
	for _, r := range packs(t) {
		if !r.Letter.Available {
			continue
		}
		letters++
		full := map[string]string{}
		for _, c := range r.Contents {
			if !c.Optional {
				full[c.ID] = "said"
			}
		}
		if missing := r.Missing(full); len(missing) != 0 {
			t.Errorf("%s: %v is missing from a letter that says all", r.ID, missing)
		}
		for id := range full {
			less := maps.Clone(full)
			less[id] = " "
			if missing := r.Missing(less); len(missing) != 1 || missing[0].ID != id {
				t.Errorf("%s without %s: %v is missing", r.ID, id, missing)
			}
		}
		for _, c := range r.Contents {
			// a caption stands beside no fact, so it may hold no number
			if !c.Optional && (c.Special || strings.Contains(c.Wording, "{")) && strings.ContainsAny(c.Text, "0123456789") {
				t.Errorf("%s: %s may stand as a line to write on, and holds a number", r.ID, c.ID)
			}
		}
	}
	if letters != 10 {
		t.Errorf("%d laws have a letter", letters)
	}
}
