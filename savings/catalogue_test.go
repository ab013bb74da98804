package savings_test

import (
	"slices"
	"strings"
	"testing"

	"homecase/content"
	"homecase/money"
	"homecase/savings"
)

func TestCatalogue(t *testing.T) {
	lines, err := savings.List()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]savings.Listed{}
	for _, l := range lines {
		ids[l.ID] = l
		names := map[string]bool{}
		for _, in := range l.Inputs {
			if in.Words == "" || names[in.Name] {
				t.Errorf("%s: input %s has no words or is there twice", l.ID, in.Name)
			}
			names[in.Name] = true
			for _, d := range in.Defaults {
				if !d.Origin.Known() || d.Source == "" {
					t.Errorf("%s.%s: a default without a kind and a source", l.ID, in.Name)
				}
				if in.Unit.HasMoney() && d.Currency == "" && d.Range.Highest().Decimal().Sign() != 0 {
					t.Errorf("%s.%s: an amount of money without a currency", l.ID, in.Name)
				}
				if f := d.Check(); len(f) > 0 {
					t.Errorf("%s.%s: %v", l.ID, in.Name, f)
				}
			}
		}
	}
	// What the model must cover.
	for _, id := range strings.Fields(`fuel vehicle-maintenance parking-employer parking-employee transit food clothes home-energy commute-time commute-time-to-work
		office-space desk-energy absence turnover overtime-avoided equipment internet-employer internet-employee licences insurance-employer manager-time
		ergonomic-assessment travel-to-office co2-travel focused-time productivity tax-employer tax-relief`) {
		if _, ok := ids[id]; !ok {
			t.Errorf("there is no line %s", id)
		}
	}
	if !ids["fuel"].Private || ids["parking-employer"].Private {
		t.Error("the employee's ledger is private, the employer's is not")
	}
	if n := ids["parking-employer"].Inputs; len(n) != 4 || n[0].Name != "price_per_day" || !n[1].Shared || n[1].Name != "home_days" {
		t.Errorf("inputs of parking-employer: %+v", n)
	}
}

func TestSevenRules(t *testing.T) {
	rules, err := savings.Rules()
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, r := range rules {
		codes = append(codes, string(r.Code()))
		if r.Text == "" || r.Why == "" || r.Source == "" {
			t.Errorf("%s is not complete", r.ID)
		}
		for _, n := range r.Needs {
			for _, id := range n.Lines {
				if l, err := savings.Lookup(id); err != nil || l.Effect != savings.Cost {
					t.Errorf("%s: %s is no cost line", n.Cost, id)
				}
			}
		}
	}
	if want := []string{"HC-SAVE-01", "HC-SAVE-02", "HC-SAVE-03", "HC-SAVE-04", "HC-SAVE-05", "HC-SAVE-06", "HC-SAVE-07"}; !slices.Equal(codes, want) {
		t.Errorf("rules %v", codes)
	}
}

func TestBenefits(t *testing.T) {
	list, err := savings.Benefits()
	if err != nil {
		t.Fatal(err)
	}
	locked := 0
	for _, b := range list {
		if b.Warning == "" {
			t.Errorf("%s has no warning", b.ID)
		}
		if b.Locked {
			locked++
			if !strings.Contains(b.Warning, "Talk to HR first") {
				t.Errorf("%s: %s", b.ID, b.Warning)
			}
		}
	}
	for _, id := range []string{"health-insurance", "sick-days", "paid-leave"} {
		if !slices.ContainsFunc(list, func(b savings.Benefit) bool { return b.ID == id && b.Locked }) {
			t.Errorf("%s is not locked", id)
		}
	}
}

// Sentences people read are short.
func TestSentencesAreShort(t *testing.T) {
	lines, err := savings.List()
	if err != nil {
		t.Fatal(err)
	}
	rules, _ := savings.Rules()
	benefits, _ := savings.Benefits()
	var texts []string
	for _, l := range lines {
		texts = append(append(texts, l.Words), l.Notes...)
		for _, c := range l.Conditions {
			texts = append(texts, c.Ask, c.Why)
		}
	}
	for _, r := range rules {
		texts = append(texts, r.Text, r.Why)
	}
	for _, b := range benefits {
		texts = append(texts, b.Warning)
	}
	for _, text := range texts {
		for _, s := range strings.Split(text, ". ") {
			if n := len(strings.Fields(s)); n >= 25 {
				t.Errorf("%d words: %s", n, s)
			}
		}
	}
}

func TestAllFixed(t *testing.T) {
	r := compute(t, decode(t, `
parameters: {weeks_per_year: {value: 46, kind: measured, source: Leave record}}
lines: [{line: parking-employer, inputs: {price_per_day: {value: 4, kind: colleague, source: Facilities}}}]`))
	h := r.Headline
	if h.Likely.String() != "184.00" || h.Mean != 184 || h.SD != 0 || h.Twenty[0] != 184 || h.Rounded.P95 != 184 || len(h.Tornado.Bars) != 0 || h.Sensitivity.Learn != nil {
		t.Errorf("%+v", h)
	}
}

func FuzzLineValue(f *testing.F) {
	for _, s := range []string{"4", "£4", "40%", "1.45 GBP/litre", "GBP 4", "-1", "1e9", "4 miles/day", "GBP", "4  GBP"} {
		f.Add("fuel", "fuel_price", s)
		f.Add("commute-time-to-work", "share_to_work", s)
	}
	f.Fuzz(func(t *testing.T, line, name, value string) {
		r, err := savings.LineValue(line, map[string]string{name: value, "home_days": "3"})
		if err == nil && r.Result.Decimal().Sign() < 0 && line == "fuel" {
			t.Fatalf("%s=%q gives %s", name, value, r.Result)
		}
	})
}

func FuzzEstimate(f *testing.F) {
	f.Add(accounts)
	f.Add("lines: [{line: fuel, inputs: {fuel_price: {p5: 1, p95: 3}}}]")
	f.Add("own: [{id: x, name: X, ledger: employer_cash, effect: cost, words: w, unit: money, formula: a/a, inputs: [{name: a, words: A, unit: money}]}]")
	f.Fuzz(func(t *testing.T, text string) {
		var e savings.Estimate
		if content.Decode("f.yaml", []byte(text), &e) != nil {
			return
		}
		if len(e.Lines) > 4 {
			e.Lines = e.Lines[:4]
		}
		_, _ = e.Compute(savings.Basis{Currency: money.Currency("GBP"), HomeDays: number("1")})
		if len(e.Shared().Trades) > 0 {
			t.Fatal("a trade was shared")
		}
	})
}
