package savings_test

import (
	"math/big"
	"strings"
	"testing"

	"homecase/content"
	"homecase/fault"
	"homecase/savings"
)

type set = map[string]string

// Published worked examples, each recomputed by hand; the comment says where.
func TestWorkedExamples(t *testing.T) {
	cases := []struct {
		name, line string
		set        set
		want, unit string
	}{
		// W1: jobhopi.com telecommuting calculator, by the week: 40·3/25·3.50, 40·3·0.10, 10·3.
		{"W1 fuel", "fuel", set{"round_trip_distance": "40", "home_days": "3", "fuel_economy": "25", "fuel_price": "3.50"}, "16.80", "USD"},
		{"W1 maintenance", "vehicle-maintenance", set{"round_trip_distance": "40", "home_days": "3", "maintenance_per_distance": "0.10"}, "12.00", "money"},
		{"W1 parking", "parking-employee", set{"price_per_day": "10", "home_days": "3"}, "30.00", "money"},
		// W2: telecommuterguide.com: 30·5·50 = 7,500 miles, 250 gallons, 2.80 each; then 25 miles; then 10 % of 1,200.
		{"W2 thirty miles", "fuel", set{"round_trip_distance": "30", "home_days_per_week": "5", "weeks_per_year": "50", "fuel_economy": "30", "fuel_price": "2.80"}, "700.00", "money"},
		{"W2 twenty-five miles", "fuel", set{"round_trip_distance": "25", "home_days_per_week": "5", "weeks_per_year": "50", "fuel_economy": "30", "fuel_price": "2.80"}, "583.33", "money"},
		{"W2 insurance", "car-insurance", set{"premium_per_year": "1200", "reduction": "10%"}, "120.00", "money"},
		// W5: payrisecalculator.com: 35 a month is 420 a year; 150 days of 75 minutes are 187.5 hours.
		{"W5 home costs", "home-extra", set{"cost_per_month": "35"}, "420.00", "money"},
		{"W5 hours", "commute-time", set{"round_trip_time": "75", "home_days_per_week": "3", "weeks_per_year": "50"}, "187.5", "hours"},
		// W6: codingace.net: ninety minutes over 3 days of 48 weeks are 216 hours.
		{"W6 hours", "commute-time", set{"round_trip_time": "90", "home_days_per_week": "3", "weeks_per_year": "48"}, "216", "hours"},
		// W7: codingace.net, formulas: days × 2 × distance × cost; price ÷ years; days × kWh × price.
		{"W7 commute", "vehicle-mileage", set{"round_trip_distance": "24", "home_days": "138", "cost_per_distance": "0.5"}, "1656.00", "money"},
		{"W7 equipment", "equipment", set{"price": "900", "years_used": "3"}, "300.00", "money"},
		{"W7 electricity", "home-energy", set{"home_power": "250 watts", "hours_per_day": "8", "home_days": "138", "electricity_price": "0.20"}, "55.20", "money"},
		// W11: Telework Research Network 2008: 52 minutes, 5 days, 48 weeks are 208 hours, 26 days of eight.
		{"W11 hours", "commute-time", set{"round_trip_time": "52", "home_days_per_week": "5", "weeks_per_year": "48"}, "208", "hours"},
		// W13: Owl Labs 2023: 16 + 14 + 13 + 8 is 51 a day; 20 and 8 days a month; 2025: 55 less 18 a day.
		{"W13 a day", "office-day", set{"lunch": "16", "commute": "14", "coffee": "13", "parking": "8", "home_days": "1"}, "51.00", "money"},
		{"W13 full time", "office-day", set{"lunch": "16", "commute": "14", "coffee": "13", "parking": "8", "home_days": "20"}, "1020.00", "money"},
		{"W13 hybrid", "office-day", set{"lunch": "16", "commute": "14", "coffee": "13", "parking": "8", "home_days": "8"}, "408.00", "money"},
		{"W13 2025 net", "food", set{"office_food_per_day": "55", "home_food_per_day": "18", "home_days": "1"}, "37.00", "money"},
		// W14: Banner 2022: 5.73 a day; 4 and 5 days; 52 days.
		{"W14 four days", "home-day", set{"cost_per_day": "5.73 GBP", "home_days": "4"}, "22.92", "GBP"},
		{"W14 five days", "home-day", set{"cost_per_day": "5.73 GBP", "home_days": "5"}, "28.65", "GBP"},
		{"W14 a year", "home-day", set{"cost_per_day": "5.73 GBP", "home_days": "52"}, "297.96", "GBP"},
		// W16: netcalculator.net and agentcalc.com: 150 W, 8 h, 0.15; 20 and 30 days; 250 W, 10 h, 0.20; smarterbusiness.co.uk: 50 and 100 W at 12.5 pence.
		{"W16 a day", "home-energy", set{"home_power": "150", "hours_per_day": "8", "electricity_price": "0.15", "home_days": "1"}, "0.18", "money"},
		{"W16 twenty days", "home-energy", set{"home_power": "150", "hours_per_day": "8", "electricity_price": "0.15", "home_days": "20"}, "3.60", "money"},
		{"W16 thirty days", "home-energy", set{"home_power": "150", "hours_per_day": "8", "electricity_price": "0.15", "home_days": "30"}, "5.40", "money"},
		{"W16 larger desk", "home-energy", set{"home_power": "250", "hours_per_day": "10", "electricity_price": "0.20", "home_days": "30"}, "15.00", "money"},
		{"W16 laptop", "home-energy", set{"home_power": "50", "hours_per_day": "8", "electricity_price": "0.125", "home_days": "1"}, "0.05", "money"},
		{"W16 desktop", "home-energy", set{"home_power": "100", "hours_per_day": "8", "electricity_price": "0.125", "home_days": "1"}, "0.10", "money"},
		// W18: BluDesks, 150 and 30 desks at 550 a month: 990,000 and 198,000 a year.
		{"W18 all", "office-space", set{"desks_released": "150", "cost_per_desk": "6600"}, "990000.00", "money"},
		{"W18 kept", "office-space", set{"desks_released": "30", "cost_per_desk": "6600"}, "198000.00", "money"},
		// EPA: 8,887 g a gallon; 22 miles a gallon, 30 miles, 46 days: 30·46/22·8.887.
		{"carbon dioxide", "co2-travel", set{"round_trip_distance": "30", "home_days": "46", "fuel_economy": "22"}, "557.457273", "kg"},
		// Rule 5 by hand: 12 % leave, a third fewer: 4 percentage points.
		{"turnover", "turnover", set{"baseline_rate": "12%", "relative_reduction": "0.3333"}, "0.039996", "share"},
	}
	for _, c := range cases {
		r, err := savings.LineValue(c.line, c.set)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		unit := strings.NewReplacer("USD", "money", "GBP", "money").Replace(r.Unit)
		want := strings.NewReplacer("USD", "money", "GBP", "money").Replace(c.unit)
		if r.Result.String() != c.want || unit != want {
			t.Errorf("%s: %s %s, want %s %s (%s)", c.name, r.Result, r.Unit, c.want, c.unit, r.Working)
		}
	}
}

func TestW1Total(t *testing.T) {
	fuel := value(t, "fuel", set{"round_trip_distance": "40", "home_days": "3", "fuel_economy": "25", "fuel_price": "3.50 USD/gallon"})
	wear := value(t, "vehicle-maintenance", set{"round_trip_distance": "40", "home_days": "3", "maintenance_per_distance": "0.10"})
	parking := value(t, "parking-employee", set{"price_per_day": "10", "home_days": "3"})
	if total, err := savings.Add(fuel, wear, parking); err != nil || total.String() != "58.80" {
		t.Errorf("W1 adds up to %s, %v; want 58.80", total, err)
	}
	if fuel.Working != "40 × 3 ÷ 25 × 3.5 = 16.80" || fuel.PerHomeDay.String() != "5.60" || fuel.Currency != "USD" {
		t.Errorf("%+v", fuel)
	}
}

// W5, the identity: gross 7,946 less costs of 420 is 7,526.
func TestW5Net(t *testing.T) {
	gross := value(t, "tolls", set{"cost_per_day": "7946", "home_days": "1"})
	costs := value(t, "home-extra", set{"cost_per_month": "35"})
	if net, err := savings.Add(gross, costs); err != nil || net.String() != "7526.00" {
		t.Errorf("W5 net is %s, %v", net, err)
	}
}

// W4, the headline table of 2010 for 100 half-time home workers: the parts add up
// to 1,069,000, but they stand in different ledgers and ours may not be added.
func TestW4PartsAreNotOneSum(t *testing.T) {
	parts := new(big.Rat)
	for _, n := range []int64{576_000, 304_000, 113_000, 76_000} {
		parts.Add(parts, big.NewRat(n, 1))
	}
	if parts.RatString() != "1069000" {
		t.Fatalf("W4 adds up to %s", parts.RatString())
	}
	space := value(t, "office-space", set{"desks_released": "1", "cost_per_desk": "304000"})
	output := value(t, "productivity", set{"productivity_effect": "0.05", "home_days": "120"})
	absence := value(t, "absence", set{"days_avoided": "3.7"})
	for _, pair := range [][2]savings.LineResult{{space, output}, {output, absence}} {
		if sum, err := savings.Add(pair[0], pair[1]); fault.CodeOf(err) != savings.CodeLedgers {
			t.Errorf("%s and %s were added to %s: %v", pair[0].Name, pair[1].Name, sum, err)
		}
	}
}

// W8 multiplies what is saved in cash by (1 + productivity): ours must not.
func TestW8CashIsNotMultipliedByProductivity(t *testing.T) {
	lines, err := savings.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		for _, n := range l.Formula.Names() {
			if l.Ledger != savings.TimeAndOther && strings.Contains(n, "productivity") {
				t.Errorf("%s rests on %s", l.ID, n)
			}
		}
	}
	// 100 desks of 1,000 and 10 % more output: W8 says 110,000, the saving is 100,000.
	space := value(t, "office-space", set{"desks_released": "100", "cost_per_desk": "1000"})
	if space.Result.String() != "100000.00" {
		t.Errorf("%s", space.Result)
	}
	if _, err := savings.LineValue("office-space", set{"desks_released": "100", "cost_per_desk": "1000", "productivity_effect": "0.1"}); fault.CodeOf(err) != savings.CodeInput {
		t.Errorf("productivity entered a cash line: %v", err)
	}
}

// W21 divides the desks saved by the desks left over. With 100 people and three
// office days 60 desks are needed and 40 go: 40 % of 100, not 40/60 = 66.7 %.
func TestW21SharesAreOfTheDesksNeededNow(t *testing.T) {
	r := value(t, "desk-share", set{"desks_now": "100", "people": "100", "office_days_per_week": "3"})
	if r.Result.String() != "0.4" {
		t.Errorf("share of desks freed is %s, want 0.4", r.Result)
	}
}

func TestLineRefusals(t *testing.T) {
	cases := []struct {
		line string
		set  set
		code fault.Code
		say  string
	}{
		{"fule", nil, savings.CodeLine, "There is no line"},
		{"parking", nil, savings.CodeLine, "parking-employer"},
		{"fuel", set{"mileage": "3"}, savings.CodeInput, "round_trip_distance"},
		{"overtime-avoided", nil, savings.CodeMissing, "hours_avoided, overtime_cost"},
		{"fuel", set{"fuel_price": "-3"}, savings.CodeInput, "cannot be negative"},
		{"fuel", set{"fuel_price": "3 hours"}, savings.CodeInput, "fuel_price"},
		{"fuel", set{"fuel_price": "cheap"}, savings.CodeInput, "fuel_price"},
		{"fuel", set{"fuel_economy": "0"}, "HC-EST-07", "divides by zero"},
		{"commute-time-to-work", set{"share_to_work": "40"}, savings.CodeInput, "between 0 and 1"},
		{"food", set{"office_food_per_day": "4 GBP", "home_food_per_day": "3 USD"}, savings.CodeInput, "one currency"},
	}
	for _, c := range cases {
		_, err := savings.LineValue(c.line, c.set)
		if fault.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s %v: %v, want %s with %q", c.line, c.set, err, c.code, c.say)
		}
	}
}

func TestUnitsConvert(t *testing.T) {
	// By hand: 20 km each way is 40 km a day; 6 litres for 100 km is 100/6 km a litre; 1.45 a litre; 46 days: 40·46·0.06·1.45.
	r := value(t, "fuel", set{"round_trip_distance": "40 km/day", "fuel_economy": "16.6666667 km/litre", "fuel_price": "1.45 GBP/litre", "home_days": "46"})
	if r.Result.String() != "160.08" || r.Unit != "GBP" {
		t.Errorf("%s %s", r.Result, r.Unit)
	}
}

// A line that adds dollars to hours is refused when the file is read, with the place.
func TestDimensionFaultAtLoad(t *testing.T) {
	var f struct {
		Lines []savings.Line `json:"lines"`
	}
	err := content.Decode("own.yaml", []byte(`lines:
  - id: wrong
    name: Wrong
    ledger: employer_cash
    effect: saving
    sum: cash
    words: price plus time
    formula: price + time
    unit: money
    inputs:
      - {name: price, words: Price, unit: USD}
      - {name: time, words: Time, unit: hours}
`), &f)
	if fault.CodeOf(err) != "HC-EST-02" || !strings.Contains(err.Error(), "own.yaml:8:14") || !strings.Contains(err.Error(), "money cannot be added to hours") {
		t.Errorf("%v", err)
	}
}

func value(t *testing.T, id string, s set) savings.LineResult {
	t.Helper()
	r, err := savings.LineValue(id, s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
