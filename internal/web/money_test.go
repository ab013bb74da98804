package web_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase"
	"homecase/internal/web/webtest"
	"homecase/savings"
)

var formControl = regexp.MustCompile(`<input[^>]* name="([^"]+)"[^>]*>|<select[^>]* name="([^"]+)"|<option value="([^"]*)" selected`)

// filled reads the form of a page as a browser would send it back untouched.
func filled(body string) url.Values {
	form := url.Values{}
	last := ""
	for _, m := range formControl.FindAllStringSubmatch(body, -1) {
		value := regexp.MustCompile(` value="([^"]*)"`).FindStringSubmatch(m[0])
		switch {
		case m[2] != "":
			last = m[2]
		case m[1] == "":
			form.Set(last, m[3])
		case strings.Contains(m[0], `type="checkbox"`) || strings.Contains(m[0], `type="radio"`):
			if strings.Contains(m[0], " checked") {
				form.Add(m[1], value[1])
			}
		case value != nil:
			form.Set(m[1], strings.NewReplacer("&#39;", "'", "&amp;", "&", "&#34;", `"`).Replace(value[1]))
		}
	}
	return form
}

// A form sent back untouched changes nothing, in any example.
func TestInputsRoundTrip(t *testing.T) {
	for _, file := range []string{"accounts-one-day.yaml", "engineer-two-days.yaml"} {
		d := serve(t).take(t, exampleFolder+file)
		before := d.kase(t).Money
		_, body := d.get(t, "/case/money/inputs")
		if status, body := d.post(t, "/case/money/inputs", filled(body)); status != http.StatusSeeOther {
			t.Fatalf("%s: status %d\n%s", file, status, regexp.MustCompile(`(?s)errsum.*?</div>`).FindString(body))
		}
		after := d.kase(t).Money
		x, err := (&homecase.Case{Money: before}).Encode()
		if err != nil {
			t.Fatal(err)
		}
		y, err := (&homecase.Case{Money: after}).Encode()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(x), string(y)); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
}

// What is wrong with a number stands beside it, and what was typed stays.
func TestInputsRefuse(t *testing.T) {
	d := serve(t).take(t, exampleFolder+"accounts-one-day.yaml")
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) { c.Money = savings.Estimate{} })
	const p = "parking-employer.price_per_day"
	for _, c := range []struct {
		form url.Values
		want string
	}{
		{url.Values{}, "Tick at least one thing"},
		{url.Values{"on-parking-employer": {"yes"}}, "or do not count this line"},
		{url.Values{"on-parking-employer": {"yes"}, p + "-low": {"8"}, p + "-likely": {"4"}, p + "-high": {"9"}}, "Lowest must be less than highest"},
		{url.Values{"on-parking-employer": {"yes"}, p + "-low": {"1"}, p + "-likely": {"4"}}, "Enter the lowest, the likely and the highest value"},
		{url.Values{"on-parking-employer": {"yes"}, p + "-low": {"1"}, p + "-likely": {"four"}, p + "-high": {"9"}}, "Enter numbers"},
		{url.Values{"on-parking-employer": {"yes"}, p + "-low": {"1"}, p + "-likely": {"4"}, p + "-high": {"9"}, p + "-kind": {"measured"}}, "Say where the numbers come from"},
		{url.Values{"on-parking-employer": {"yes"}, p + "-low": {"-1"}, p + "-likely": {"4"}, p + "-high": {"9"}}, "There is a problem"},
	} {
		status, body := d.post(t, "/case/money/inputs", c.form)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, c.want) {
			t.Errorf("%v: status %d, want %q", c.form, status, c.want)
		}
	}
	if n := len(d.kase(t).Money.Lines); n != 0 {
		t.Errorf("%d lines were kept of forms that were refused", n)
	}
}

// "I do not know" takes the catalogue's range twice as wide, and the estimate
// says so; a number beside it is asked about.
func TestIDoNotKnow(t *testing.T) {
	d := serve(t).take(t, exampleFolder+"accounts-one-day.yaml")
	_, body := d.get(t, "/case/money/inputs")
	form := filled(body)
	form.Set("manager-time.hours_per_week-unknown", "yes")
	if status, _ := d.post(t, "/case/money/inputs", form); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	o, err := d.Current(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	report, err := d.AllMoney(o)
	if err != nil {
		t.Fatal(err)
	}
	in, ok := report.Input("manager-time.hours_per_week")
	if !ok || !in.Widened {
		t.Errorf("the input is %+v", in)
	}
	form.Set("manager-time.hours_per_week-low", "1")
	if status, body := d.post(t, "/case/money/inputs", form); status != http.StatusUnprocessableEntity || !strings.Contains(body, "not both") {
		t.Errorf("numbers and \"I do not know\" together: %d", status)
	}
	// The lines in the fold come with a button, and keep what was typed.
	form.Set("do", "all")
	if status, body := d.post(t, "/case/money/inputs", form); status != http.StatusOK || !strings.Contains(body, "on-travel-allowance") || !strings.Contains(body, `name="manager-time.hours_per_week-low" value="1"`) {
		t.Errorf("showing more: %d", status)
	}
}

// The page opens with the finding, shows what the packet says, and keeps what is
// the person's own apart.
func TestMoneyPage(t *testing.T) {
	d := serve(t).take(t, exampleFolder+"accounts-one-day.yaml")
	p := d.browse(t, webtest.View{Width: 320})
	me := p.Person()
	me.Go("/case/money")
	p.Check()
	if got := p.Heading(); !strings.Contains(got, "About £185 saved in a year, but it could be nothing") { // the middle of the example, traced in the packet's tests
		t.Errorf("the heading is %q", got)
	}
	me.Press("Use this range in the packet")
	p.Look(webtest.View{Width: 1280, Dark: true})
	p.Go("/case/money/inputs")
	p.Check()

	alter(t, d, func(c *homecase.Case, _ *homecase.Course) { c.Money = savings.Estimate{} })
	if _, body := d.get(t, "/case/money"); !strings.Contains(body, "No figures yet") {
		t.Error("a case without figures has a finding")
	}
	// With almost nothing typed: one price, and years of use that the catalogue offers.
	me.Go("/case/money/inputs")
	me.Tick("Equipment for the home desk")
	me.Tick("The manager's time")
	me.In("What the company buys once").Fill("Lowest", "90")
	me.In("What the company buys once").Fill("Likely", "140")
	me.In("What the company buys once").Fill("Highest", "220")
	for _, reason := range []string{"I pay my own line", "What I use in the office", "I check my own desk", "The insurer has not been asked", "I pay heat and light", "When I am called in", "Nothing is paid to me"} {
		me.Tick(reason)
	}
	me.Press("Continue")
	if got := p.Heading(); !strings.Contains(got, "spent in a year") {
		t.Errorf("the heading is %q", got)
	}
}
