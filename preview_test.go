package homecase_test

import (
	"strings"
	"testing"

	"homecase"
	"homecase/internal/press/plaintext"
)

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// The preview says what the first page says, in the same words.
func TestPreviewIsTheFirstPage(t *testing.T) {
	c, err := homecase.Load("examples/accounts-one-day.yaml")
	if err != nil {
		t.Fatal(err)
	}
	e, err := homecase.Compose(c.Shared(), homecase.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Shared().Preview(homecase.Options{})
	if err != nil {
		t.Fatal(err)
	}
	page := oneLine(plaintext.Write(e.OnePage))
	for what, s := range map[string]string{
		"title": p.Title, "ask": p.Ask.String(), "hours": p.Hours.Text.String(), "money": p.Money.Head, "money text": p.Money.Text.String(),
		"promise": p.Promises[0].String(), "reason": p.Reasons[0], "questions": p.Questions.String(),
	} {
		if s == "" || !strings.Contains(page, oneLine(s)) {
			t.Errorf("the first page has no %s %q", what, s)
		}
	}
	if p.Sourceless != nil {
		t.Error(p.Sourceless)
	}
}

// At every stage of writing there is a preview, and never a fault.
func TestPreviewOfADraft(t *testing.T) {
	for _, text := range []string{
		"version: 1\ndate: 2026-11-24\n",
		"version: 1\ndate: 2026-11-24\nperson: {name: Ana}\nplan: {days: 1}\n",
		"version: 1\ndate: 2026-11-24\nplan: {days: 2, choice: fixed, wish: [tue], start: 2027-01-11, weeks: 8}\nreadiness: {duties: [{name: Post, hours: 4, where: office}]}\n",
		"version: 1\ndate: 2026-11-24\nreadiness: {duties: [{name: Post, hours: 0, where: \"\"}]}\nfacts: {results: [{text: I closed 14 cases, number: 14, unit: cases, business: true}]}\n",
	} {
		c, err := homecase.DecodeDraft("draft", []byte(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		p, err := c.Shared().Preview(homecase.Options{})
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if p.Title == "" || p.Ask.String() == "" || p.Week == nil {
			t.Errorf("%q: nothing to see", text)
		}
	}
}
