package homecase_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/plan"
)

func TestCourseRoundTrip(t *testing.T) {
	want := homecase.Course{
		Version:   1,
		Visited:   map[homecase.TaskID]homecase.Visit{homecase.TaskTrust: homecase.Skipped},
		Rehearsed: map[string]homecase.CardState{"C05": homecase.CardAgain},
		Trial: &homecase.RunningTrial{
			Plan: []byte("weeks: 8\n"), Nonce: "00ff", Agreed: day.Must("2027-01-05"),
			Notes: []homecase.WeekNote{{Monday: day.Must("2027-01-11"), Text: "Three numbers", Sent: time.Unix(1800000000, 0).UTC()}},
		},
		Past: []homecase.PastTrial{{Decision: homecase.Climb, On: day.Must("2027-03-11"), Verdict: plan.ClearlyGood}},
	}
	text, err := homecase.EncodeCourse(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := homecase.DecodeCourse(text)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestCourseRefusals(t *testing.T) {
	for text, code := range map[string]fault.Code{
		`{"version":2}`:              "HC-CASE-11",
		`{"version":3,"later":true}`: "HC-CASE-11",
		`{"version":1,"later":true}`: "HC-CASE-12",
		`{`:                          "HC-CASE-12",
	} {
		if _, err := homecase.DecodeCourse([]byte(text)); fault.CodeOf(err) != code {
			t.Errorf("%s: %v, want %s", text, err, code)
		}
	}
}

// A draft may lack what a case must have, and nothing else is let through.
func TestDraft(t *testing.T) {
	draft, err := homecase.DecodeDraft("draft", []byte("version: 1\nperson: {job: Clerk}\n"))
	if err != nil {
		t.Fatal(err)
	}
	problems, err := draft.Problems()
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, p := range problems {
		paths = append(paths, p.Place.Path)
	}
	for _, want := range []string{"date", "person.name", "boss.name"} {
		if !strings.Contains(strings.Join(paths, " "), want) {
			t.Errorf("%s is missing and nobody said so: %v", want, paths)
		}
	}
	for _, text := range []string{"version: 1\npreson: {}\n", "version: 1\nplan: {weeks: many}\n", "version: 9\n", "person: {}\n"} {
		if _, err := homecase.DecodeDraft("draft", []byte(text)); err == nil {
			t.Errorf("%q was read as a draft", text)
		}
	}
}
