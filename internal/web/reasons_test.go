package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"homecase"
	"homecase/internal/web/webtest"
)

func (d *desk) kase(t testing.TB) *homecase.Case {
	t.Helper()
	o, err := d.Current(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return &o.Case
}

// A person ticks a suggestion, writes one of their own and keeps a private one
// private until its exact words were shown.
func TestReasonsAsAPerson(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) { c.Reasons = homecase.Reasons{} })
	p := d.browse(t, webtest.View{Width: 320})
	me := p.Person()
	me.Go("/case/reasons")
	p.Check()
	me.Tick("42 exceptions")
	me.Press("Continue")
	if got := d.kase(t).Reasons.Business; len(got) != 2 || got[0].Head != "11 month-ends" || got[1].Facts[0] != "result.2" {
		t.Errorf("the reasons are %+v", got)
	}
	me.Go("/case/reasons/new")
	p.Check()
	me.Press("Add this reason")
	if !strings.Contains(p.Text(), "Enter the reason in a few words") {
		t.Error("an empty reason was taken")
	}
	me.Fill("The reason in a few words", "Quiet hours for month-end")
	me.Fill("What it means for the team", "Reconciliations are done without interruption.")
	me.Tick("My hours by task")
	me.Press("Add this reason")

	me.Follow("Write one down")
	me.Fill("Your own reason", "I would see more of the garden.")
	me.Press("Keep it")
	if s := d.kase(t).Shared(); len(s.Reasons.Personal) != 0 {
		t.Error("a private reason is shared before anybody said so")
	}
	me.Go("/case/reasons/1/share")
	p.Check()
	if !strings.Contains(p.Text(), "I would see more of the garden.") {
		t.Error("the exact words are not shown")
	}
	me.Press("Add it to the packet")
	if s := d.kase(t).Shared(); len(s.Reasons.Personal) != 1 {
		t.Error("the reason was not added")
	}
	me.Go("/case/reasons/1/share")
	me.Press("Keep it private")
	if s := d.kase(t).Shared(); len(s.Reasons.Personal) != 0 {
		t.Error("the reason was not taken back")
	}
}

// More than three are kept, once the person knows where they go.
func TestFourReasonsAskOnce(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	form := url.Values{"pick": {"have-1", "new-result.2", "new-measure", "new-E06"}}
	status, body := d.post(t, "/case/reasons", form)
	if status != http.StatusOK || !strings.Contains(body, "The rest go in the appendix") {
		t.Fatalf("status %d", status)
	}
	if got := len(d.kase(t).Reasons.Business); got != 1 {
		t.Errorf("%d reasons were saved before the answer", got)
	}
	form.Set("sure", "yes")
	if status, _ := d.post(t, "/case/reasons", form); status != http.StatusSeeOther || len(d.kase(t).Reasons.Business) != 4 {
		t.Errorf("status %d, reasons %+v", status, d.kase(t).Reasons.Business)
	}
	if _, err := homecase.Compose(d.kase(t).Shared(), homecase.Options{}); err != nil {
		t.Error("the packet does not compose with them:", err)
	}
	for path, want := range map[string]int{"/case/reasons/9": 404, "/case/reasons/0/share": 404, "/case/reasons/x": 404} {
		if status, _ := d.get(t, path); status != want {
			t.Errorf("%s: %d", path, status)
		}
	}
}

// What a person would give up is kept for the person alone; what the law may
// protect cannot be picked, whatever a form says.
func TestTradesStayPrivate(t *testing.T) {
	d := serve(t).take(t, "../../examples/accounts-one-day.yaml")
	p := d.browse(t, webtest.View{Width: 320})
	p.Go("/case/money/trades")
	p.Check()
	if status, _ := d.post(t, "/case/money/trades", url.Values{"benefit": {"parking", "health", "sick", "paid-leave", "health-insurance", "sick-leave"}}); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	if got := d.kase(t).Money.Trades; len(got) != 1 || got[0].Benefit != "parking" {
		t.Errorf("the trades are %+v", got)
	}
	if got := d.kase(t).Shared().Money.Trades; len(got) != 0 {
		t.Errorf("shared: %+v", got)
	}
}
