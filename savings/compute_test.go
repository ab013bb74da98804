package savings_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/content"
	"homecase/estimate"
	"homecase/fault"
	"homecase/savings"
)

// accounts is an estimate of one home day a week in pounds.
const accounts = `
parameters:
  weeks_per_year: {low: 44, likely: 46, high: 47, kind: measured, source: My leave record, date: 2026-11-02}
lines:
  - line: parking-employer
    inputs: {price_per_day: {low: 0, likely: 4, high: 8, kind: colleague, source: Facilities, date: 2026-11-03}}
  - line: overtime-avoided
    inputs:
      hours_avoided: {low: 0, likely: 8, high: 20, kind: measured, source: My timesheets}
      overtime_cost: {low: 24, likely: 28, high: 32, kind: assumption}
  - line: office-space
    inputs: {desks_released: {value: 1, kind: assumption}, cost_per_desk: {low: 2000, likely: 4000, high: 6000, kind: assumption}}
  - line: equipment
    inputs: {price: {low: 100, likely: 350, high: 600, kind: published, source: Price list, date: 2026-11-04}}
  - line: licences
    inputs: {price_per_year: {low: 60, likely: 90, high: 150, kind: colleague, source: IT}}
  - line: ergonomic-assessment
    inputs: {price: {value: 0, kind: colleague, source: HR does it by video}}
  - line: fuel
    inputs:
      round_trip_distance: {value: 24, kind: measured, source: Odometer}
      fuel_economy: {low: 38, likely: 42, high: 46, unit: miles/uk_gallon, kind: measured, source: Car display}
      fuel_price: {low: 1.3, likely: 1.4, high: 1.6, unit: GBP/litre, kind: published, source: Receipts}
  - line: home-energy
    inputs: {electricity_price: {low: 0.2, likely: 0.25, high: 0.3, kind: published, source: Bill}}
  - line: commute-time
    inputs: {round_trip_time: {low: 60, likely: 80, high: 110, kind: measured, source: My log}}
  - line: commute-time-to-work
    answers: {paid_overtime: "no"}
  - line: focused-time
    inputs: {hours_per_week: {low: -0.5, likely: 0.5, high: 1.5, kind: assumption}}
  - line: manager-time
  - line: co2-travel
    inputs: {fuel_economy: {low: 38, likely: 42, high: 46, unit: miles/uk_gallon, kind: measured, source: Car display}}
left_out:
  - {line: internet-employer, why: The line at home is there already.}
  - {line: insurance-employer, why: The insurer says nothing changes.}
  - {line: travel-to-office, why: The commute to the office stays mine.}
  - {line: tax-employer, why: Payroll says nothing changes.}
trades:
  - {benefit: parking, note: I seldom drive}
`

func decode(t testing.TB, text string) savings.Estimate {
	t.Helper()
	var e savings.Estimate
	if err := content.Decode("case.yaml", []byte(text), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func number(s string) estimate.Number {
	n, err := estimate.ParseNumber(s)
	if err != nil {
		panic(err)
	}
	return n
}

func basis() savings.Basis {
	return savings.Basis{Currency: "GBP", HomeDays: number("1"), Seed: 20261124}
}

func compute(t testing.TB, e savings.Estimate) savings.Report {
	t.Helper()
	r, err := e.Compute(basis())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCompute(t *testing.T) {
	r := compute(t, decode(t, accounts))
	if r.Headline == nil || r.Headline.Unit != "GBP" || r.Headline.Sum != "cash" {
		t.Fatalf("headline: %+v", r.Headline)
	}
	// Likely, by hand: 4·46 + 8·28 − 350/4 − 90 − 0 = 230.50.
	if got := r.Headline.Likely.String(); got != "230.50" {
		t.Errorf("likely is %s, want 230.50", got)
	}
	// Mean of independent PERT inputs: means multiply; 1/years does not, so within a few pounds.
	want := 4*(44+4*46+47)/6.0 + (0+32+20)/6.0*28 - 350.0/4 - (60+360+150)/6.0
	if math.Abs(r.Headline.Mean-want) > 4 {
		t.Errorf("mean %g, by hand about %g", r.Headline.Mean, want)
	}
	h := r.Headline
	if !(h.Quantiles.P5 < h.Quantiles.P50 && h.Quantiles.P50 < h.Quantiles.P95) || h.BelowZero <= 0 || h.BelowZero >= .5 || !slices.IsSorted(h.Twenty[:]) {
		t.Errorf("%+v", h)
	}
	if h.Tornado.Bars[0].Input != "parking-employer.price_per_day" && h.Tornado.Bars[0].Input != "overtime-avoided.hours_avoided" {
		t.Errorf("longest bar is %s", h.Tornado.Bars[0].Input)
	}
	if h.Assumptions.Of == 0 || h.Assumptions.Assumed == 0 || h.Assumptions.Assumed >= h.Assumptions.Of {
		t.Errorf("assumptions: %+v", h.Assumptions)
	}
	if h.Sensitivity.Learn == nil || h.BreakEven == nil {
		t.Errorf("no break-even or nothing worth learning: %+v", h.BreakEven)
	}
	if !r.AssumedIndependent {
		t.Error("independence is not said")
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
}

// Rule ledgers-apart: three ledgers, each total in one unit, and no sum of them.
func TestLedgersStayApart(t *testing.T) {
	r := compute(t, decode(t, accounts))
	units := map[savings.Ledger][]string{}
	for _, l := range r.Ledgers {
		for _, tot := range l.Totals {
			units[l.Ledger] = append(units[l.Ledger], tot.Sum+" "+tot.Unit)
		}
	}
	want := map[savings.Ledger][]string{
		savings.EmployerCash: {"cash GBP"}, savings.EmployeeCash: {"cash GBP"},
		savings.TimeAndOther: {"work_hours hours", "own_hours hours", "manager_hours hours", "co2 kg"},
	}
	if d := cmp.Diff(want, units); d != "" {
		t.Error(d)
	}
	b, _ := json.Marshal(r)
	if strings.Contains(string(b), `"grand`) || !strings.Contains(string(b), `"below_zero"`) {
		t.Error("the report has a grand total or lacks the chance of a loss")
	}
	for _, l := range r.Ledgers {
		for _, tot := range l.Totals {
			var sum float64
			for _, line := range l.Lines {
				spec, err := savings.Lookup(line.Line)
				if err != nil {
					t.Fatal(err)
				}
				if spec.Sum != tot.Sum || !line.Counted {
					continue
				}
				sum += line.Mean
			}
			if tot.Sum != "own_hours" && math.Abs(sum-tot.Mean) > 1e-6*(1+math.Abs(sum)) {
				t.Errorf("%s %s: lines add up to %g, total %g", l.Ledger, tot.Sum, sum, tot.Mean)
			}
		}
	}
}

func total(t *testing.T, r savings.Report, l savings.Ledger, sum string) savings.Total {
	t.Helper()
	for _, x := range r.Ledger(l).Totals {
		if x.Sum == sum {
			return x
		}
	}
	t.Fatalf("no total %s in %s", sum, l)
	return savings.Total{}
}

// Rule productivity-zero: a claimed effect counts as nothing, a measured one counts.
func TestProductivityIsZeroUntilMeasured(t *testing.T) {
	e := decode(t, "lines: [{line: productivity, inputs: {productivity_effect: {low: 0.1, likely: 0.13, high: 0.27, kind: published, source: A vendor}}}]")
	r := compute(t, e)
	if got := total(t, r, savings.TimeAndOther, "work_hours"); got.Mean != 0 || !has(r, savings.CodeProductivity) {
		t.Errorf("a claimed 13 %% counts %g hours; findings %v", got.Mean, r.Findings)
	}
	e = decode(t, "lines: [{line: productivity, inputs: {productivity_effect: {p5: -0.02, p95: 0.06, shape: normal, kind: measured, source: My trial}}}]")
	if got := total(t, compute(t, e), savings.TimeAndOther, "work_hours"); math.Abs(got.Mean-.02*7.5*46) > .2 {
		t.Errorf("a measured 2 %% counts %g hours, by hand 6.9", got.Mean)
	}
	r = compute(t, decode(t, "lines: [{line: productivity}]"))
	if got := total(t, r, savings.TimeAndOther, "work_hours"); got.Likely.String() != "0" {
		t.Errorf("the default is %s, want 0", got.Likely)
	}
}

// Rule space-released: no rent unless a desk goes and Finance says so.
func TestSpaceCountsOnlyWhenReleased(t *testing.T) {
	line := func(answers, by string) string {
		return fmt.Sprintf(`lines: [{line: office-space, answers: %s, confirmed_by: %q, inputs: {desks_released: {value: 1, kind: colleague, source: Finance}, cost_per_desk: {value: 4000, kind: colleague, source: Finance}}}]`, answers, by)
	}
	for _, c := range []struct {
		answers, by string
		counts      bool
	}{
		{"{}", "", false}, {"{released: yes}", "R. Osei, Finance", false}, {"{released: yes, finance: yes}", "", false},
		{"{released: no, finance: yes}", "R. Osei, Finance", false}, {"{released: yes, finance: yes}", "R. Osei, Finance", true},
	} {
		r := compute(t, decode(t, line(c.answers, c.by)))
		if got := r.Headline != nil; got != c.counts {
			t.Errorf("%s by %q: counted %v", c.answers, c.by, got)
		}
		if !c.counts && (len(r.LeftOut) != 1 || r.LeftOut[0].Line != "office-space" || !has(r, savings.CodeSpace)) {
			t.Errorf("%s by %q: left out %v, findings %v", c.answers, c.by, r.LeftOut, r.Findings)
		}
		if c.counts && r.Headline.Likely.String() != "4000.00" {
			t.Errorf("one desk is %s", r.Headline.Likely)
		}
	}
}

// Rule commute-share: 40 % unless measured, nothing when it would be overtime.
func TestCommuteShare(t *testing.T) {
	text := func(answer, share, kind string) string {
		return fmt.Sprintf(`lines: [{line: commute-time-to-work, answers: {paid_overtime: "%s"}, inputs: {share_to_work: {value: %s, kind: %s, source: A log}, round_trip_time: {value: 60, kind: measured, source: A log}}}]
parameters: {weeks_per_year: {value: 46, kind: measured, source: Leave record}}`, answer, share, kind)
	}
	for _, c := range []struct{ answer, share, kind, want string }{ // hours: 46 × share
		{"no", "0.4", "published", "18.4"}, {"no", "1", "published", "18.4"}, {"no", "0.3", "assumption", "13.8"}, {"no", "0.5", "measured", "23"},
	} {
		r := compute(t, decode(t, text(c.answer, c.share, c.kind)))
		if got := total(t, r, savings.TimeAndOther, "work_hours").Likely.String(); got != c.want {
			t.Errorf("share %s %s: %s hours, want %s", c.share, c.kind, got, c.want)
		}
	}
	if r := compute(t, decode(t, text("yes", "0.4", "published"))); len(r.LeftOut) != 1 {
		t.Errorf("paid overtime was counted: %+v", r.Ledgers)
	}
}

// Rule turnover-probability: a share for one person; the money line is refused.
func TestTurnoverIsAChance(t *testing.T) {
	r := compute(t, decode(t, "lines: [{line: turnover, inputs: {baseline_rate: {value: 0.12, kind: colleague, source: HR}}}]"))
	got := total(t, r, savings.TimeAndOther, "leaving_chance")
	if got.Unit != "share" || got.Likely.String() != "0.0396" || r.Headline != nil { // 0.12 × 0.33
		t.Errorf("%+v", got)
	}
	var e savings.Estimate
	if err := content.Decode("c.yaml", []byte("lines: [{line: turnover-group}]"), &e); fault.CodeOf(err) != savings.CodeTurnover {
		t.Errorf("a group's saving in one person's case: %v", err)
	}
}

// Rule costs-present: each missing cost stops the packet until counted or left out with a reason.
func TestCostsMustBePresent(t *testing.T) {
	r := compute(t, decode(t, "lines: [{line: parking-employer, inputs: {price_per_day: {value: 4, kind: colleague, source: Facilities}}}]"))
	n := 0
	for _, f := range r.Findings {
		if f.Code == savings.CodeCosts && f.Stops {
			n++
		}
	}
	if n != 9 {
		t.Errorf("%d costs are missed, want 9: %v", n, r.Findings)
	}
	if r := compute(t, decode(t, accounts)); has(r, savings.CodeCosts) {
		t.Errorf("the example lacks costs: %v", r.Findings)
	}
}

// Rule no-double-counting: the same money is refused, the same hours count once,
// and hours that go to work are taken off the person's own.
func TestNothingCountsTwice(t *testing.T) {
	var e savings.Estimate
	err := content.Decode("c.yaml", []byte("lines:\n  - line: fuel\n  - line: vehicle-mileage\n"), &e)
	if fault.CodeOf(err) != savings.CodeDouble || !strings.Contains(err.Error(), "c.yaml:3:") {
		t.Errorf("fuel and mileage: %v", err)
	}
	r := compute(t, decode(t, accounts))
	for _, l := range r.Ledger(savings.TimeAndOther).Lines {
		if want := l.Line != "focused-time"; l.Counted != want {
			t.Errorf("%s counted: %v", l.Line, l.Counted)
		}
	}
	own, work := total(t, r, savings.TimeAndOther, "own_hours"), total(t, r, savings.TimeAndOther, "work_hours")
	i := slices.IndexFunc(r.Ledger(savings.TimeAndOther).Lines, func(l savings.LineReport) bool { return l.Line == "commute-time" })
	if all := r.Ledger(savings.TimeAndOther).Lines[i].Mean; math.Abs(own.Mean+work.Mean-all) > 1e-6*all {
		t.Errorf("%g hours of your own and %g of work are not the %g saved", own.Mean, work.Mean, all)
	}
	if !has(r, savings.CodeDouble) {
		t.Error("nothing is said about the same hours")
	}
}

// W19: 12,234,484 in five days; claimed for one day a week and fifty weeks: five times too much.
func TestW19Overclaim(t *testing.T) {
	c := savings.Claim{Observed: number("12234484"), Days: number("5"), DaysPerWeek: number("1"), Weeks: number("50"), Claimed: number("611724216")}
	r, err := savings.CheckClaim(c)
	if err != nil || r.Holds || r.Expected.String() != "122344840" || !strings.Contains(r.Say, "5.0 times") {
		t.Errorf("%+v, %v", r, err)
	}
	c.DaysPerWeek = number("5")
	if r, err := savings.CheckClaim(c); err != nil || !r.Holds {
		t.Errorf("five days a week: %+v, %v", r, err)
	}
	if _, err := savings.CheckClaim(savings.Claim{}); err == nil {
		t.Error("an empty claim was checked")
	}
}

func has(r savings.Report, code fault.Code) bool {
	return slices.ContainsFunc(r.Findings, func(f savings.Finding) bool { return f.Code == code })
}

func TestSharedKeepsPrivateThingsPrivate(t *testing.T) {
	e := decode(t, accounts)
	s := e.Shared()
	if len(s.Trades) != 0 || len(e.Trades) != 1 {
		t.Error("trades were shared, or lost")
	}
	for _, l := range s.Lines {
		spec, err := savings.Lookup(l.Line)
		if err != nil || spec.Private {
			t.Errorf("%s was shared", l.Line)
		}
	}
	r := compute(t, s)
	b, _ := json.Marshal(r)
	for _, secret := range []string{"Odometer", "Receipts", "I seldom drive", "fuel_price"} {
		if strings.Contains(string(b), secret) {
			t.Errorf("%q is in the shared report", secret)
		}
	}
	full := compute(t, e)
	if d := cmp.Diff(full.Headline.Likely.String(), r.Headline.Likely.String()); d != "" {
		t.Error(d)
	}
	for i := range e.Lines {
		e.Lines[i].Share = e.Lines[i].Line == "fuel"
	}
	if got := compute(t, e.Shared()).Ledger(savings.EmployeeCash).Lines; len(got) != 1 || got[0].Line != "fuel" {
		t.Errorf("the shared line: %+v", got)
	}
}

func TestRefusalsInACase(t *testing.T) {
	for _, c := range []struct{ yaml, say, place string }{
		{"lines: [{line: fule}]", "There is no line", "1:"},
		{"lines: [{line: fuel, inputs: {mpg: {value: 3}}}]", "no input mpg", "1:"},
		{"lines:\n  - line: overtime-avoided\n    inputs:\n      hours_avoided: {low: 9, likely: 8, high: 4}", "Lowest must be less than highest.", "4:28"},
		{"lines:\n  - line: overtime-avoided\n    inputs:\n      hours_avoided: {low: -9, likely: 8, high: 14}", "cannot be negative", "4:"},
		{"lines: [{line: turnover, inputs: {baseline_rate: {value: 12}}}]", "between 0 and 1", "1:"},
		{"lines: [{line: fuel, inputs: {fuel_price: {value: 1.4, unit: GBP/hour}}}]", "money per hour", "1:"},
		{"lines: [{line: manager-time}, {line: manager-time}]", "given twice", "1:"},
		{"left_out: [{line: tax-employer}]", "Say why", "1:"},
		{"trades:\n  - {benefit: sick-days}", "Talk to HR first", "2:"},
		{"trades: [{benefit: soul}]", "There is no benefit", "1:"},
		{"home_days: {value: 8}", "at most seven", "1:"},
		{"parameters: {weeks: {value: 8}}", "There is no shared input", "1:"},
		{"lines: [{line: office-space, answers: {released: maybe}}]", "yes or no", "1:"},
		{"correlations: [{a: x, b: x, rho: 2}]", "between -1 and 1", "1:"},
		{"lines: [{line: fuel, inputs: {fuel_price: {value: 1, unknown: true}}}]", "not both", "1:"},
		{"own:\n  - {id: mine, name: Mine, ledger: employer_cash, effect: saving, words: a plus b, unit: money, formula: a + b, inputs: [{name: a, words: A, unit: GBP}, {name: b, words: B, unit: hours}]}", "money cannot be added to hours", "2:"},
	} {
		var e savings.Estimate
		err := content.Decode("c.yaml", []byte(c.yaml+"\n"), &e)
		if err == nil || !strings.Contains(err.Error(), c.say) || !strings.Contains(err.Error(), "c.yaml:"+c.place) {
			t.Errorf("%s: %v, want %q at %s", c.yaml, err, c.say, c.place)
		}
	}
}

func TestMissingNumbersAndSources(t *testing.T) {
	_, err := decode(t, "lines: [{line: overtime-avoided}]").Compute(basis())
	if fault.CodeOf(err) != savings.CodeMissing || !strings.Contains(err.Error(), "hours_avoided") {
		t.Errorf("no number and no default: %v", err)
	}
	r := compute(t, decode(t, "lines: [{line: licences, inputs: {price_per_year: {value: 90}}}]"))
	if !has(r, savings.CodeSource) {
		t.Errorf("a number without a source: %v", r.Findings)
	}
	r = compute(t, decode(t, "lines: [{line: manager-time, inputs: {hours_per_week: {unknown: true}}}]"))
	in, ok := r.Input("manager-time.hours_per_week")
	if !ok || !in.Widened || in.Kind != "assumption" || in.Range.High.String() != "1.75" { // 0.25 + 2·0.75
		t.Errorf("I do not know: %+v", in)
	}
	if !has(r, savings.CodeOnlyGuesses) {
		t.Errorf("only guesses: %v", r.Findings)
	}
}

func TestOwnLineAndCorrelation(t *testing.T) {
	text := `
own:
  - {id: couriers, name: Couriers not needed, ledger: employer_cash, effect: saving, words: runs times price, unit: money, formula: runs * price, inputs: [{name: runs, words: Courier runs, unit: trips}, {name: price, words: Price of a run, unit: money/trip}]}
lines:
  - line: couriers
    inputs: {runs: {low: 2, likely: 6, high: 12, kind: measured, source: Invoices}, price: {p5: 8, p95: 20, kind: measured, source: Invoices}}
  - line: overtime-avoided
    inputs: {hours_avoided: {low: 0, likely: 8, high: 20, kind: measured, source: Timesheets}, overtime_cost: {value: 28, kind: colleague, source: Payroll}}
`
	free := compute(t, decode(t, text))
	tied := compute(t, decode(t, text+"correlations: [{a: couriers.runs, b: overtime-avoided.hours_avoided, rho: 0.5}]\n"))
	if tied.AssumedIndependent || !free.AssumedIndependent || tied.Headline.SD <= free.Headline.SD || math.Abs(tied.Headline.Mean-free.Headline.Mean) > 1 {
		t.Errorf("free %g ± %g, tied %g ± %g", free.Headline.Mean, free.Headline.SD, tied.Headline.Mean, tied.Headline.SD)
	}
}

func TestSameSeedSameReport(t *testing.T) {
	e := decode(t, accounts)
	for _, seed := range []uint64{0, 1, 20261124, math.MaxUint64} {
		b := basis()
		b.Seed = seed
		first, err := e.Compute(b)
		if err != nil {
			t.Fatal(err)
		}
		b.Workers = 3
		second, err := e.Compute(b)
		if err != nil {
			t.Fatal(err)
		}
		x, _ := json.Marshal(first)
		y, _ := json.Marshal(second)
		if string(x) != string(y) {
			t.Error("the same seed gave another report")
		}
	}
}

func TestEstimateRoundTrips(t *testing.T) {
	e := decode(t, accounts)
	b, err := content.Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	var again savings.Estimate
	if err := content.Decode("again.yaml", b, &again); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	j, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var fromJSON savings.Estimate
	if err := json.Unmarshal(j, &fromJSON); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]savings.Estimate{"YAML": again, "JSON": fromJSON} {
		k, _ := json.Marshal(got)
		if d := cmp.Diff(string(j), string(k)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func BenchmarkCompute(b *testing.B) {
	e := decode(b, accounts)
	for b.Loop() {
		if _, err := e.Compute(basis()); err != nil {
			b.Fatal(err)
		}
	}
}
