package money_test

import (
	"errors"
	"testing"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"

	"homecase/fault"
	"homecase/money"
)

func TestCurrencyTable(t *testing.T) {
	if n := len(money.Currencies()); n < 40 {
		t.Fatalf("the table has %d currencies", n)
	}
	seen := map[money.Currency]bool{}
	for _, c := range money.Currencies() {
		if len(c) != 3 || c.Name() == "" || c.Digits() < 0 || c.Digits() > 3 || seen[c] {
			t.Errorf("%s: name %q, %d decimals", c, c.Name(), c.Digits())
		}
		seen[c] = true
	}
	// Minor units by ISO 4217: yen and won have none, dinars have three.
	for c, want := range map[money.Currency]int{"GBP": 2, "USD": 2, "EUR": 2, "JPY": 0, "KRW": 0, "KWD": 3, "TND": 3} {
		if got := c.Digits(); got != want {
			t.Errorf("%s has %d decimals, want %d", c, got, want)
		}
	}
	if _, err := money.ParseCurrency("XYZ"); fault.CodeOf(err) != money.CodeCurrency {
		t.Errorf("XYZ: %v", err)
	}
}

func TestParse(t *testing.T) {
	good := []struct {
		text string
		cur  money.Currency
		want string
	}{
		{"1234.5", "GBP", "GBP 1234.50"},
		{"£1,234.50", "GBP", "GBP 1234.50"},
		{"-£1,234.50", "GBP", "GBP -1234.50"},
		{"£-4", "GBP", "GBP -4.00"},
		{"GBP 12.30", "GBP", "GBP 12.30"},
		{"12.30 GBP", "GBP", "GBP 12.30"},
		{"$3", "USD", "USD 3.00"},
		{"$3", "CAD", "CAD 3.00"},
		{"1 234.50 €", "EUR", "EUR 1234.50"},
		{"¥1500", "JPY", "JPY 1500"},
		{"0.125", "KWD", "KWD 0.125"},
	}
	for _, c := range good {
		a, err := money.Parse(c.text, c.cur)
		if err != nil || a.String() != c.want {
			t.Errorf("Parse(%q, %s) = %s, %v; want %s", c.text, c.cur, a, err, c.want)
		}
	}
	for text, code := range map[string]fault.Code{
		"": money.CodeNumber, "four": money.CodeNumber, "1,5": money.CodeNumber, "12,34": money.CodeNumber, "1e3": money.CodeNumber,
		"1.234": money.CodeNumber, "--4": money.CodeNumber, "$4": money.CodeMixed, "USD 4": money.CodeMixed, "99999999999999999999": money.CodeNumber,
	} {
		if a, err := money.Parse(text, "GBP"); fault.CodeOf(err) != code {
			t.Errorf("Parse(%q) = %s, %v; want %s", text, a, err, code)
		}
	}
}

func TestRound(t *testing.T) {
	// By hand: the six rules on the two sides of a half and on the half itself.
	cases := []struct{ in, halfUp, halfEven, down, up, floor, ceiling string }{
		{"2.345", "2.35", "2.34", "2.34", "2.35", "2.34", "2.35"},
		{"2.355", "2.36", "2.36", "2.35", "2.36", "2.35", "2.36"},
		{"-2.345", "-2.35", "-2.34", "-2.34", "-2.35", "-2.35", "-2.34"},
		{"2.3449", "2.34", "2.34", "2.34", "2.35", "2.34", "2.35"},
		{"2", "2.00", "2.00", "2.00", "2.00", "2.00", "2.00"},
	}
	for _, c := range cases {
		a := money.New(decimal.MustParse(c.in), "GBP")
		for mode, want := range map[money.Mode]string{
			money.HalfUp: c.halfUp, money.HalfEven: c.halfEven, money.Down: c.down, money.Up: c.up, money.Floor: c.floor, money.Ceiling: c.ceiling,
		} {
			if got := a.Round(mode).String(); got != "GBP "+want {
				t.Errorf("%s %s = %s, want %s", c.in, mode, got, want)
			}
		}
	}
}

func TestArithmetic(t *testing.T) {
	a, b := must(t, "0.10", "GBP"), must(t, "0.20", "GBP")
	sum, err := a.Add(b)
	if err != nil || sum.String() != "GBP 0.30" {
		t.Errorf("0.10 + 0.20 = %s, %v", sum, err)
	}
	if _, err := a.Add(must(t, "1", "USD")); !errors.Is(err, fault.New(0, money.CodeMixed, "")) {
		t.Errorf("pounds plus dollars: %v", err)
	}
	if _, err := a.Cmp(must(t, "1", "USD")); err == nil {
		t.Error("pounds were compared with dollars")
	}
	week, err := must(t, "4.20", "GBP").Mul(decimal.MustParse("5"))
	if err != nil || week.String() != "GBP 21.00" {
		t.Errorf("4.20 × 5 = %s, %v", week, err)
	}
	big := money.New(decimal.MustParse("9999999999999999999"), "GBP")
	if _, err := big.Add(must(t, "0.01", "GBP")); fault.CodeOf(err) != money.CodeTooLarge {
		t.Errorf("a lost cent went unnoticed: %v", err)
	}
	if total, err := money.Sum(); err != nil || total.Sign() != 0 {
		t.Errorf("the sum of nothing is %s, %v", total, err)
	}
}

func TestText(t *testing.T) {
	var a money.Amount
	if err := a.UnmarshalText([]byte("GBP -1234.50")); err != nil || a.String() != "GBP -1234.50" {
		t.Errorf("%s, %v", a, err)
	}
	for _, bad := range []string{"12", "XXX 12", "GBP", "GBP twelve"} {
		if err := a.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestAllocate(t *testing.T) {
	// By hand: 100.00 in three is 33.34, 33.33, 33.33; the coin goes to the first.
	parts, err := must(t, "100", "GBP").Split(3)
	if err != nil || parts[0].String() != "GBP 33.34" || parts[2].String() != "GBP 33.33" {
		t.Errorf("%v, %v", parts, err)
	}
	if _, err := must(t, "1", "GBP").Allocate(0, 0); fault.CodeOf(err) != money.CodeWeights {
		t.Errorf("no weights: %v", err)
	}
}

func TestAllocateLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, err := money.Minor(rapid.Int64Range(-1e12, 1e12).Draw(t, "pence"), "GBP")
		if err != nil {
			t.Fatal(err)
		}
		weights := rapid.SliceOfN(rapid.IntRange(0, 1000), 1, 12).Draw(t, "weights")
		weights[0]++
		parts, err := a.Allocate(weights...)
		if err != nil {
			t.Fatal(err)
		}
		sum, err := money.Sum(parts...)
		if c, cmpErr := sum.Cmp(a); err != nil || cmpErr != nil || c != 0 {
			t.Fatalf("%s in %v gives %v, together %s", a, weights, parts, sum)
		}
	})
}

func TestTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cur := rapid.SampledFrom(money.Currencies()).Draw(t, "currency")
		a, err := money.Minor(rapid.Int64().Draw(t, "minor"), cur)
		if err != nil {
			t.Fatal(err)
		}
		var b money.Amount
		text, _ := a.MarshalText()
		if err := b.UnmarshalText(text); err != nil || b != a && b.String() != a.String() {
			t.Fatalf("%s came back as %s: %v", a, b, err)
		}
		if c, err := money.Parse(a.String(), cur); err != nil || c.String() != a.String() {
			t.Fatalf("Parse(%q) = %s, %v", a, c, err)
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1", "-1.5", "1,234.50", "1 000", "٣", "1,,2", ".", "-", "1e9", "9999999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := money.Number(s)
		if err != nil {
			return
		}
		back, err := money.Number(d.String())
		if err != nil || back.Cmp(d) != 0 {
			t.Fatalf("%q gave %s, which reads back as %s, %v", s, d, back, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"£1,234.50", "GBP 4", "4 GBP", "-£4", "£", "GBP", "€4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a, err := money.Parse(s, "GBP"); err == nil && a.Currency() != "GBP" {
			t.Fatalf("%q became %s", s, a)
		}
	})
}

func must(t *testing.T, s string, c money.Currency) money.Amount {
	t.Helper()
	a, err := money.Parse(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
