package estimate

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"homecase/content"
	"homecase/fault"
)

func TestParseUnit(t *testing.T) {
	good := map[string]string{ // text → dimension
		"": "a plain number or share", "share": "a plain number or share", "percent": "a plain number or share",
		"GBP": "money", "money": "money", "GBP/hour": "money per hour", "money per hour": "money per hour",
		"hours/week": "hours per week", "miles/gallon": "km per litre", "days": "days", "kWh": "kWh", "watts": "kWh per hour",
		"kg/kWh": "kg per kWh", "minutes/day": "hours per day", "sq_ft/desk": "sq_m per item", "money/sq_ft/year": "money per year per sq_m", "1/day": "",
	}
	for text, want := range good {
		u, err := ParseUnit(text)
		if want == "" {
			if err == nil {
				t.Errorf("%q was read as %s", text, u.Dimension())
			}
			continue
		}
		if err != nil || u.Dimension().String() != want {
			t.Errorf("%q is %s, %v; want %s", text, u.Dimension(), err, want)
		}
	}
	for _, bad := range []string{"furlong", "hours/", "/day", "hours hours", "GBP*USD", "XXX", "hours//day"} {
		if u, err := ParseUnit(bad); err == nil {
			t.Errorf("%q was read as %s", bad, u.Dimension())
		}
	}
	// Exact conversions: 60 minutes are an hour, 1000 W for an hour are a kWh, 1760 yards are 1.609344 km.
	for text, want := range map[string]string{"minutes": "1/60", "watts": "1/1000", "miles": "25146/15625", "gallon": "473176473/125000000", "percent": "1/100", "tonnes": "1000/1"} {
		if got := MustUnit(text).scale().String(); got != want {
			t.Errorf("one of %s is %s base units, want %s", text, got, want)
		}
	}
	if err := MustUnit("GBP").Converts(MustUnit("USD")); fault.CodeOf(err) != CodeDimension {
		t.Errorf("pounds became dollars: %v", err)
	}
	if err := MustUnit("money/hour").Converts(MustUnit("GBP/hour")); err != nil {
		t.Errorf("money is any currency: %v", err)
	}
}

func TestParseFormula(t *testing.T) {
	values := map[string]int64{"a": 7, "b": 2, "c_1": 3}
	for text, want := range map[string]string{ // by hand
		"a": "7", "1 + 2 * 3": "7", "(1 + 2) * 3": "9", "a - b - c_1": "2", "a / b / c_1": "7/6", "-a + 10": "3", "min(a, b, c_1)": "2",
		"max(0, b - a)": "0", "2 * -b": "-4", "1.5 * b": "3", "a*(b+c_1)/5": "7", "--a": "7",
	} {
		f, err := ParseFormula(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		got, err := f.Exact(func(n string) (*big.Rat, error) { return big.NewRat(values[n], 1), nil })
		if err != nil || got.RatString() != want {
			t.Errorf("%q = %v, %v; want %s", text, got, err, want)
		}
	}
	for text, place := range map[string]string{
		"": "character 1", "a +": "character 4", "a b": "character 3", "(a": "character 3", "sum(a)": "character 1", "a ^ 2": "character 3", "1..2": "character 1", "min(a": "character 6", "A": "character 1", "a)": "character 2",
	} {
		if _, err := ParseFormula(text); err == nil || !strings.Contains(err.Error(), place) {
			t.Errorf("%q: %v, want %s", text, err, place)
		}
	}
	if _, err := ParseFormula(strings.Repeat("(", 300)); fault.CodeOf(err) != CodeSyntax {
		t.Errorf("deep nesting: %v", err)
	}
}

func TestDimensions(t *testing.T) {
	units := map[string]Unit{"pay": MustUnit("GBP/hour"), "time": MustUnit("hours/week"), "weeks": MustUnit("weeks"), "fare": MustUnit("GBP"), "days": MustUnit("days"), "dollars": MustUnit("USD")}
	look := func(n string) (Unit, bool) { u, ok := units[n]; return u, ok }
	for text, want := range map[string]string{"pay * time * weeks": "money", "fare + pay * time * weeks": "money", "max(0, fare)": "money", "fare / days": "money per day", "fare * 2 - 0": "money", "fare / fare": "a plain number or share"} {
		u, err := formula(t, text).Check(look)
		if err != nil || u.Dimension().String() != want {
			t.Errorf("%q is %s, %v; want %s", text, u.Dimension(), err, want)
		}
	}
	for text, say := range map[string]string{
		"fare + time": "money cannot be added to hours per week", "fare - 1": "money cannot be reduced by a plain number", "max(fare, days)": "money cannot be compared with days",
		"fare + dollars": "GBP and USD are different currencies", "fare * dollars": "GBP and USD", "nothing": "no such input",
	} {
		if _, err := formula(t, text).Check(look); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%q: %v, want %q", text, err, say)
		}
	}
}

func TestRangeSentences(t *testing.T) {
	cases := []struct{ yaml, say string }{
		{"{low: 0, likely: 4, high: 8}", ""},
		{"{value: 46}", ""},
		{"{p5: 400, p95: 2500}", ""},
		{"{p5: -4, p95: 2, shape: normal}", ""},
		{"{low: 4, likely: 4, high: 4}", ""},
		{"{low: 8, likely: 4, high: 0}", "Lowest must be less than highest."},
		{"{p5: 8, p95: 4}", "Lowest must be less than highest."},
		{"{low: 0, likely: 9, high: 8}", "Likely must lie between lowest and highest."},
		{"{likely: 4}", "Give all three"},
		{"{low: 0, high: 8}", "Give all three"},
		{"{p5: 0, p95: 8}", "must lie above zero"},
		{"{p5: 1}", "Give both p5 and p95."},
		{"{value: 4, low: 1}", "one of the three ways"},
		{"{low: 0, likely: 1, high: 2, shape: lognormal}", "given by p5 and p95"},
		{"{shape: pert}", "Give lowest, likely and highest"},
		{"{value: four}", "is not a number"},
		{"{value: 1e9}", "is not a number"},
		{"{value: 99999999999999}", "probably a slip"},
		{"{value: 1, shape: round}", "is not a shape"},
	}
	for _, c := range cases {
		var v struct {
			R Range `json:"r"`
		}
		err := content.Decode("f.yaml", []byte("r: "+c.yaml+"\n"), &v)
		switch {
		case c.say == "" && err != nil:
			t.Errorf("%s: %v", c.yaml, err)
		case c.say != "" && (err == nil || !strings.Contains(err.Error(), c.say) || !strings.Contains(err.Error(), "f.yaml:1:")):
			t.Errorf("%s: %v, want %q with its place", c.yaml, err, c.say)
		}
	}
}

func TestRangeParts(t *testing.T) {
	if got := three("2", "4", "10").Widen(); got.Low.String() != "0" || got.High.String() != "16" {
		t.Errorf("2..4..10 widened is %s..%s", got.Low, got.High)
	}
	if got := span("400", "2500").Middle().String(); got != "1000" { // √(400·2500)
		t.Errorf("middle of 400–2500 is %s", got)
	}
	if three("1", "2", "30").Question() == "" || three("1", "2", "15").Question() != "" {
		t.Error("the question about wide ranges")
	}
}

func TestNumberJSON(t *testing.T) {
	var n Number
	for in, want := range map[string]string{"4": "4", `"1,234.50"`: "1234.50", "null": "null", "-0.10": "-0.10"} {
		if err := json.Unmarshal([]byte(in), &n); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if b, _ := json.Marshal(n); string(b) != want {
			t.Errorf("%s came back as %s", in, b)
		}
	}
}

func FuzzParseFormula(f *testing.F) {
	for _, s := range []string{"a + b", "max(0, a-b)/c", "((1))", "-", "min(,)", "1.2.3", "a*/b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		g, err := ParseFormula(s)
		if err != nil {
			return
		}
		if _, err := ParseFormula(g.String()); err != nil {
			t.Fatalf("%q does not read back: %v", s, err)
		}
		_, _ = g.Check(func(string) (Unit, bool) { return MustUnit("GBP"), true })
		_, _ = g.Exact(func(string) (*big.Rat, error) { return big.NewRat(2, 3), nil })
	})
}

func FuzzParseUnit(f *testing.F) {
	for _, s := range []string{"GBP/hour", "hours per week", "watts", "%", "km*km*km*km*km*km*km*km*km*km*km"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := ParseUnit(s)
		if err != nil {
			return
		}
		v, err := ParseUnit(u.String())
		if u.text != "" && (err != nil || v != u) {
			t.Fatalf("%q is %+v and reads back as %+v, %v", s, u, v, err)
		}
	})
}

func FuzzRange(f *testing.F) {
	f.Add("1", "2", "3", "", "")
	f.Add("", "", "", "4", "9")
	f.Fuzz(func(t *testing.T, low, likely, high, p5, p95 string) {
		read := func(s string) Number { n, _ := ParseNumber(s); return n }
		r := Range{Low: read(low), Likely: read(likely), High: read(high), P5: read(p5), P95: read(p95)}
		if len(r.Check()) > 0 {
			return
		}
		d := newDist(r, 1)
		d.prepare(normalTable())
		u, out := []float64{.001, .01, .3, .5, .7, .99, .999}, make([]float64, 7)
		d.column(u, out)
		for i := 1; i < len(out); i++ {
			if !(out[i] >= out[i-1]-1e-6*(1+out[6]-out[0])) {
				t.Fatalf("%+v: quantiles fall: %v", r, out)
			}
		}
	})
}
