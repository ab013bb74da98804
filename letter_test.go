package homecase_test

import (
	"strings"
	"testing"

	"homecase"
	"homecase/fault"
	"homecase/internal/press/plaintext"
	"homecase/policy"
)

// statutory is the accounts case asked under the law of another place.
func statutory(t *testing.T, p policy.Place) *homecase.Case {
	t.Helper()
	c := load(t, accounts)
	c.Request, c.Place, c.Plan.Stop = homecase.Statutory, p, "by_law"
	c.Money.Lines = nil // prices in pounds say nothing there
	return c
}

// Every required statement of a regime stands in its letter, or on a line to
// be written by hand; what may reveal health, care or violence is never printed.
func TestStatutoryLetters(t *testing.T) {
	for id, place := range map[string]policy.Place{
		"GB-FW": {Country: "GB", Part: "scotland"}, "IE-RW": {Country: "IE"}, "NZ-6AA": {Country: "NZ"}, "NL-WFW": {Country: "NL"},
		"CA-177.1": {Country: "CA", Part: "ON", Federal: "yes"}, "US-VT": {Country: "US", Part: "VT"}, "SG-TGFWAR": {Country: "SG"},
	} {
		t.Run(id, func(t *testing.T) {
			e := compose(t, statutory(t, place))
			if e.Record.Regime != id {
				t.Fatalf("the regime is %s", e.Record.Regime)
			}
			r, err := policy.At(id, load(t, accounts).Date)
			if err != nil {
				t.Fatal(err)
			}
			letter := strings.Join(strings.Fields(plaintext.Write(e.Letter)), " ")
			for _, want := range r.Contents {
				if want.Optional {
					continue
				}
				fixed, _, _ := strings.Cut(want.Wording, "{")
				if want.Special || fixed == "" || strings.Contains(want.Wording, "{distance}") || strings.Contains(want.Wording, "{previous}") {
					fixed = strings.TrimSuffix(want.Text, ".")
				}
				if !strings.Contains(letter, strings.TrimSpace(fixed)) {
					t.Errorf("the letter lacks %q (%q):\n%s", want.ID, fixed, letter)
				}
			}
			if strings.Contains(letter, "{") {
				t.Errorf("a slot was left open: %s", letter)
			}
		})
	}
}

// Where the required contents were not read there is no statutory letter, and
// the refusal says why; an informal request still builds.
func TestNoStatutoryLetterWhereTheLawWasNotRead(t *testing.T) {
	for _, place := range []policy.Place{{Country: "GB", Part: "northern-ireland"}, {Country: "BE"}, {Country: "ES"}, {Country: "PT"}, {Country: "MY"}, {Country: "DE"}, {Country: "US", Part: "TX"}} {
		c := statutory(t, place)
		if _, err := homecase.Compose(c.Shared(), homecase.Options{}); fault.CodeOf(err) != "HC-LAW-01" {
			t.Errorf("%v: %v", place, err)
		}
		c.Request, c.Plan.Stop = homecase.Informal, "on_any_day"
		e := compose(t, c)
		if page := plaintext.Write(e.Full); strings.Contains(page, "adaptation") || strings.Contains(page, "care of") {
			t.Errorf("%v: the packet names a law for carers", place)
		}
	}
}
