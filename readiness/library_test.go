package readiness

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"homecase/content"
)

// wordy finds a sentence of more than 25 words, the limit of our plain English.
func wordy(text string) string {
	for _, s := range regexp.MustCompile(`[.?!:;]\s`).Split(text, -1) {
		if len(strings.Fields(s)) > 25 {
			return s
		}
	}
	return ""
}

func TestConditions(t *testing.T) {
	list, err := Conditions()
	if err != nil {
		t.Fatal(err)
	}
	var ids []ConditionID
	columns := 0
	for _, c := range list {
		ids = append(ids, c.ID)
		columns += len(c.Columns)
		if c.Ask == "" || c.Source.Address == "" || c.Source.Read.IsZero() || wordy(c.Ask) != "" {
			t.Errorf("incomplete condition %+v", c)
		}
		for _, col := range c.Columns {
			if (col.AtLeast == nil) == (col.AtMost == nil) {
				t.Errorf("%s needs one threshold", col.Column)
			}
		}
	}
	if !slices.Equal(ids, ConditionIDs()) || len(ids) != 15 || columns != 17 {
		t.Errorf("%d conditions with %d columns: %v", len(ids), columns, ids)
	}
}

func TestQuestionsBelongToKeysOfTheFile(t *testing.T) {
	list, err := Questions("")
	if err != nil {
		t.Fatal(err)
	}
	groups := map[string]any{
		"tests": Tests{}, "trust": Trust{}, "career": Career{}, "right_for_me": RightForMe{},
		"colleagues": Colleagues{}, "home_office": HomeOffice{}, "company": Company{},
	}
	asked := map[string]bool{}
	for _, q := range list {
		fields := content.Fields(reflect.TypeOf(groups[q.Group]))
		if _, ok := fields.Find(q.ID); !ok {
			t.Errorf("%s.%s is no key of a case file", q.Group, q.ID)
		}
		if private := q.Group == "trust" || q.Group == "career" || q.Group == "right_for_me"; q.Private != private {
			t.Errorf("%s.%s: private is %v", q.Group, q.ID, q.Private)
		}
		if q.Group != "tests" && q.Advice == "" || q.Why == "" || wordy(q.Ask+" ") != "" || wordy(q.Why) != "" || wordy(q.Advice) != "" {
			t.Errorf("%s.%s lacks words or has too many", q.Group, q.ID)
		}
		asked[q.Group+"."+q.ID] = true
	}
	for group, v := range groups {
		for _, f := range content.Fields(reflect.TypeOf(v)) {
			if key := group + "." + f.Name; !asked[key] && key != "home_office.visit_welcome" {
				t.Errorf("no question asks for %s", key)
			}
		}
	}
}

func TestRulesReadWell(t *testing.T) {
	list, err := Rules()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if !regexp.MustCompile(`^HC-READY-[A-Z-]+$`).MatchString(string(r.ID)) || r.About == "" || len(r.Says) == 0 || r.Source.Title == "" {
			t.Errorf("incomplete rule %+v", r)
		}
		for e, text := range r.Says {
			if !slices.Contains(Effects(), e) {
				t.Errorf("%s: %q is no effect", r.ID, e)
			}
			if s := wordy(text); s != "" {
				t.Errorf("%s, %s is too long: %s", r.ID, e, s)
			}
		}
		for e, text := range r.Next {
			if _, ok := r.Says[e]; !ok {
				t.Errorf("%s: a next step for %s without a sentence", r.ID, e)
			}
			if s := wordy(text); s != "" {
				t.Errorf("%s, next for %s is too long: %s", r.ID, e, s)
			}
		}
	}
}

func TestSafetyItems(t *testing.T) {
	list, err := SafetyItems()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, it := range list {
		if seen[it.ID] || it.Ask == "" || wordy(it.Ask) != "" || it.Source.Title == "" {
			t.Errorf("bad item %+v", it)
		}
		seen[it.ID] = true
	}
}

func TestSuggestions(t *testing.T) {
	list, err := Jobs()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 25 {
		t.Errorf("%d jobs, want about 25", len(list))
	}
	for _, j := range list {
		for _, d := range j.Duties {
			if d.Name == "" || d.Where == "" || d.Where == Office && d.Binds == "" {
				t.Errorf("%s: incomplete duty %+v", j.Job, d)
			}
		}
		if len(j.Duties) != 5 {
			t.Errorf("%s has %d duties, want 5", j.Job, len(j.Duties))
		}
	}
	for title, want := range map[string]string{
		"Accounts assistant": "Accounts assistant", "Senior Software Engineer (backend)": "Software engineer",
		"Mechanical engineer": "Engineer", "IT project manager": "Project manager", "campus manager": "Campus manager",
		"Registered Nurse": "Nurse", "falconer": "", "": "",
	} {
		got, duties, err := Suggest(title)
		if err != nil || got != want || len(duties) == 0 {
			t.Errorf("%q: got %q with %d duties (%v), want %q", title, got, len(duties), err, want)
		}
	}
}

func TestFillNeverPrintsABrace(t *testing.T) {
	if got, err := fill("{a} and {b}.", slots{"a": "{b}", "b": "2"}); err != nil || got != "{b} and 2." {
		t.Errorf("got %q, %v", got, err)
	}
	for _, bad := range []string{"{c}", "{a", "x {"} {
		if got, err := fill(bad, slots{"a": "1"}); err == nil {
			t.Errorf("%q gave %q", bad, got)
		}
	}
}
