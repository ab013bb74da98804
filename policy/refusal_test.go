package policy_test

import (
	"slices"
	"strings"
	"testing"

	"homecase/policy"
)

// What each law in force asks of a refusal, read off its pack by hand: the ids of
// its grounds, and of the statements that need words.
func TestRefusalByLaw(t *testing.T) {
	for id, want := range map[string]struct{ grounds, words string }{
		"GB-FW":      {"costs customer_demand reorganise recruit quality performance insufficient_work structural_changes", ""},
		"CA-177.1":   {"costs detrimental reorganise_recruit insufficient_work", "reasons"},
		"NZ-6AA":     {"reorganise recruit quality performance insufficient_work structural_changes costs customer_demand collective", "explain"},
		"AU-FWA65":   {"cost no_capacity impractical efficiency customer_service other", "reasons other_changes disputes"},
		"SG-TGFWAR":  {"cost productivity feasibility other", "reason"},
		"US-VT":      {"costs morale customer_demand reorganise recruit quality_performance insufficient_work structural_changes other", ""},
		"IE-RW":      {"", "reasons"},
		"NL-WFW":     {"", "reasons"},
		"US-SF":      {"", "basis reconsideration"},
		"BE-CAO162":  {"", ""},
		"GB-FW-2027": {"costs customer_demand reorganise recruit quality performance insufficient_work structural_changes", "why_reasonable"},
	} {
		r, err := policy.Show(id)
		if err != nil {
			t.Fatal(err)
		}
		if got := ids(r.GroundsToName()); got != want.grounds {
			t.Errorf("%s: grounds %s", id, got)
		}
		if got := ids(r.WordsOfNotice(nil)); got != want.words {
			t.Errorf("%s: words %s", id, got)
		}
		if r.Refuses() != (id != "GB-FW-2027") {
			t.Errorf("%s: refuses is %t", id, r.Refuses())
		}
	}
	for _, id := range []string{"DE-NONE", "US-ADA", "US-NH", "EU-2019-1158-9", "ES-10-2021"} {
		if r, err := policy.Show(id); err != nil || r.Refuses() {
			t.Errorf("%s gives no route, and yet a no refuses: %v", id, err)
		}
	}
}

func ids(list []policy.Statement) string {
	var out []string
	for _, s := range list {
		out = append(out, s.ID)
	}
	return strings.Join(out, " ")
}

// Each refusal lacks or adds one thing; the fault says where.
func TestCheckRefusal(t *testing.T) {
	for _, c := range []struct {
		name, regime string
		refusal      policy.Refusal
		where        string
	}{
		{"no ground", "GB-FW", policy.Refusal{}, "grounds"},
		{"a ground", "GB-FW", policy.Refusal{Grounds: []string{"quality"}}, ""},
		{"a ground of another law", "GB-FW", policy.Refusal{Grounds: []string{"morale"}}, "grounds"},
		{"no ground of one's own in a closed list", "GB-FW", policy.Refusal{Grounds: []string{"other"}, Words: map[string]string{"other": "x"}}, "grounds"},
		{"no reasons", "NZ-6AA", policy.Refusal{Grounds: []string{"costs"}, Words: map[string]string{"explain": " \n"}}, "notice.explain"},
		{"all of it", "NZ-6AA", policy.Refusal{Grounds: []string{"costs"}, Words: map[string]string{"explain": "A second screen costs £900."}}, ""},
		{"two of three", "AU-FWA65", policy.Refusal{Grounds: []string{"cost"}, Words: map[string]string{"reasons": "r", "disputes": "d"}}, "notice.other_changes"},
		{"an unnamed ground", "US-VT", policy.Refusal{Grounds: []string{"other"}}, "notice.other"},
		{"a named ground", "US-VT", policy.Refusal{Grounds: []string{"other"}, Words: map[string]string{"other": "The mill is being moved."}}, ""},
		{"words nobody asked for", "IE-RW", policy.Refusal{Words: map[string]string{"reasons": "r", "spare": "s"}}, "notice.spare"},
		{"a law of which nothing was read", "BE-CAO162", policy.Refusal{}, ""},
	} {
		r, err := policy.Show(c.regime)
		if err != nil {
			t.Fatal(err)
		}
		var where []string
		for _, f := range r.CheckRefusal(c.refusal) {
			where = append(where, f.Place.Path)
		}
		slices.Sort(where)
		if got := strings.Join(where, " "); got != c.where {
			t.Errorf("%s: faults at %q, want %q", c.name, got, c.where)
		}
	}
}
