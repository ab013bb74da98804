package office_test

import (
	"context"
	"net/url"
	"testing"

	"homecase/share"
)

// A question whose answer was lost on its way is sent again: it is there once and
// taken, also when there is a newer edition by now or the question was answered.
// Its address was kept with it, and is not kept again once it has done its work.
func TestAQuestionSentAgainIsTheSameQuestion(t *testing.T) {
	s := shared(t)
	form := url.Values{"id": {"the-form"}, "text": {"Who covers the phone?"}, "email": {"dana@harbour.example"}}
	again := func(when string) {
		t.Helper()
		if got := s.send("POST", s.path("/ask"), form); got.status != 303 {
			t.Errorf("%s: %d, %s", when, got.status, inText(got.body))
		}
		if n := len(s.exchange().Questions); n != 1 {
			t.Errorf("%s: it is there %d times", when, n)
		}
	}
	again("the first time")
	s.publish(document(t))
	again("after a newer edition")
	s.employee(share.Reply{Key: s.key(), Question: "the-form", Text: "Priya does."})
	again("after the answer")
	if w, err := s.store.Watches(context.Background(), s.org, caseID, "the-form"); err != nil || len(w) != 0 {
		t.Errorf("after the answer the address is kept: %v, %v", w, err)
	}
	form.Set("text", "Something else?")
	if got := s.send("POST", s.path("/ask"), form); got.status != 409 {
		t.Errorf("another question under the same id: %d", got.status)
	}
}
