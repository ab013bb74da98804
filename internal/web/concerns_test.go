package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"homecase"
	"homecase/concern"
	"homecase/internal/web/webtest"
	"homecase/plan"
)

// What a page shows and is sent back untouched changes nothing.
func TestFormsSentBackUntouched(t *testing.T) {
	d := serve(t).take(t, accounts)
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) { // what the example has none of
		c.Answer("C07", concern.Reply{State: concern.Proposal, Text: "The help desk looks after the company's laptop by remote access. If that fails I bring it in on Monday; my own router is my matter."})
		c.Concerns.Own = []concern.Own{{ID: "own-1", Question: "What if a supplier turns up?", Reply: concern.Reply{State: concern.Proposal, Text: "Marek takes it in."}}}
		c.Concerns.Top = []concern.ID{"C05", "C06", "own-1"}
	})
	before := d.text(t)
	pages := []string{"/case/concerns/own", "/case/promises", "/case/promises/rules", "/case/request", "/packet/addresses"}
	for n := 1; n <= 21; n++ {
		pages = append(pages, "/case/concerns/"+strconv.Itoa(n))
	}
	for _, path := range pages {
		_, body := d.get(t, path)
		if status, body := d.post(t, path, untouched(t, body)); status != http.StatusSeeOther {
			t.Errorf("%s was sent back with %d: %s", path, status, firstWords(body))
		}
		if after := d.text(t); after != before {
			t.Errorf("%s changed the case:\n%s", path, changed(before, after))
			before = after
		}
	}
}

// untouched is what a browser sends of the form of a page that nobody touched.
func untouched(t testing.TB, body string) url.Values {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	attr := func(n *html.Node, name string) (string, bool) {
		i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
		if i < 0 {
			return "", false
		}
		return n.Attr[i].Val, true
	}
	for n := range doc.Descendants() {
		name, _ := attr(n, "name")
		if n.Type != html.ElementNode || name == "" {
			continue
		}
		value, _ := attr(n, "value")
		switch kind, _ := attr(n, "type"); {
		case n.Data == "input" && (kind == "radio" || kind == "checkbox"):
			if _, on := attr(n, "checked"); on {
				form.Add(name, value)
			}
		case n.Data == "input":
			form.Add(name, value)
		case n.Data == "textarea" && n.FirstChild != nil:
			form.Add(name, n.FirstChild.Data)
		case n.Data == "textarea":
			form.Add(name, "")
		case n.Data == "select":
			for o := range n.Descendants() {
				if _, on := attr(o, "selected"); on && o.Data == "option" {
					v, _ := attr(o, "value")
					form.Add(name, v)
				}
			}
		}
	}
	return form
}

// text is the case that lies open, as its file.
func (d *desk) text(t testing.TB) string {
	t.Helper()
	o, err := d.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := o.Case.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// changed are the lines that are in one text alone.
func changed(before, after string) string {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	var out []string
	for _, l := range a {
		if !slices.Contains(b, l) {
			out = append(out, "- "+l)
		}
	}
	for _, l := range b {
		if !slices.Contains(a, l) {
			out = append(out, "+ "+l)
		}
	}
	return strings.Join(out, "\n")
}

// Each way to deal with a question, and what is refused.
func TestAnswers(t *testing.T) {
	d := serve(t).take(t, accounts)
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) { c.Concerns = concern.Register{} })
	reply := func() concern.Reply {
		o, err := d.Current(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range o.Case.Concerns.Answers {
			if a.Concern == "C01" {
				return a.Reply
			}
		}
		return concern.Reply{}
	}
	own := func(pairs ...string) url.Values {
		v := url.Values{"answer": {"own"}, "text": {"The company pays 20 pounds a month."}}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
	for _, c := range []struct {
		name  string
		form  url.Values
		state concern.State // empty: refused with the sentence
		say   string
	}{
		{"nothing", url.Values{}, "", "Select what the answer is"},
		{"a draft with gaps", url.Values{"answer": {"draft"}, "slot-speed": {"200 Mbit/s"}}, "", "Fill this in, or choose another answer"},
		{"a draft", url.Values{"answer": {"draft"}, "slot-speed": {"200 Mbit/s"}, "slot-amount": {"30 pounds"}, "slot-who_pays": {"I pay"}, "slot-review": {"March"}}, concern.Proposal, ""},
		{"own words without a source", own(), concern.Proposal, ""},
		{"a colleague without a name", own("kind", "colleague"), "", "Enter the name of who told you"},
		{"a colleague", own("kind", "colleague", "by", "Priya Nair, IT", "heard", "2026-11-12"), concern.Answered, ""},
		{"a policy without a place", own("kind", "published"), "", "Say where it stands"},
		{"a bill of one's own", own("kind", "measured", "source", "My bill of November"), concern.Proposal, ""},
		{"a name without a kind", own("by", "Priya"), "", "Select where you heard it"},
		{"a day to come", own("kind", "colleague", "by", "Priya", "heard", "2027-01-01"), "", "today or before"},
		{"a day that does not exist", own("kind", "colleague", "by", "Priya", "heard", "2026-02-31"), "", "must be a day that exists"},
		{"a kind there is not", own("kind", "gossip"), "", "Select where you heard it"},
		{"no words", url.Values{"answer": {"own"}}, "", "Write your answer"},
		{"too many words", url.Values{"answer": {"own"}, "text": {strings.Repeat("x", 10_000)}}, "", "Keep it to 4000"},
		{"asked of nobody", url.Values{"answer": {"owner"}, "since": {"2026-11-17"}}, "", "Select who has the question"},
		{"asked of a stranger", url.Values{"answer": {"owner"}, "owner": {"<script>"}, "since": {"2026-11-17"}}, "", "Select who has the question"},
		{"asked some day", url.Values{"answer": {"owner"}, "owner": {"hr"}}, "", "Enter the day you asked"},
		{"asked tomorrow", url.Values{"answer": {"owner"}, "owner": {"hr"}, "since": {"2026-11-25"}}, "", "today or before"},
		{"asked", url.Values{"answer": {"owner"}, "owner": {"hr"}, "since": {"2026-11-17"}}, concern.WithOwner, ""},
		{"the boss", url.Values{"answer": {"boss"}, "note": {"I suggest the same as for others."}}, concern.BossDecides, ""},
		{"does not apply", url.Values{"answer": {"na"}}, concern.NotApplicable, ""},
		{"not known", url.Values{"answer": {"open"}}, concern.Open, ""},
		{"hostile", url.Values{"answer": {"own"}, "text": {"<script>alert(1)</script>\x00\x07 \u202eRTL 🏠 1.234,5"}}, concern.Proposal, ""},
	} {
		status, body := d.post(t, "/case/concerns/1", c.form)
		if c.state == "" {
			if status != http.StatusUnprocessableEntity || strings.Count(body, c.say) < 2 || !strings.Contains(body, "<title>Error: ") {
				t.Errorf("%s: status %d, want the sentence %q in the summary and at the field", c.name, status, c.say)
			}
			continue
		}
		if got := reply(); status != http.StatusSeeOther || got.Standing() != c.state {
			t.Errorf("%s: status %d, %+v stands as %s, want %s", c.name, status, got, got.Standing(), c.state)
		}
	}
	if got := reply().Text; got != "<script>alert(1)</script> RTL 🏠 1.234,5" {
		t.Errorf("hostile text was kept as %q", got)
	}
	if _, body := d.get(t, "/case/concerns/1"); strings.Contains(body, "<script>alert") {
		t.Error("a script got onto the page")
	}
	for _, path := range []string{"/case/concerns/0", "/case/concerns/99", "/case/concerns/x"} {
		if status, _ := d.get(t, path); status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, status)
		}
	}
}

// The one button takes what the case can fill and leaves the rest open, and the
// page says both before.
func TestReadyAnswers(t *testing.T) {
	d := serve(t).take(t, accounts)
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) { c.Concerns = concern.Register{} })
	// C02 and C03 from the trial and the measure, C06 and C08 from the outage, C07 from its suggestion, C15 from the door, C16 from the trial's first day.
	want := []concern.ID{"C02", "C03", "C06", "C07", "C08", "C15", "C16"}
	_, body := d.get(t, "/case/concerns")
	for _, s := range []string{"0 of 19 answered", "7 ready answers to use", "What does it cost a month?", "For a trial of 8 weeks I propose a one-page agreement that changes nothing else and ends on 5 March 2027."} {
		if !strings.Contains(body, s) {
			t.Errorf("the page does not say %q", s)
		}
	}
	if status, _ := d.post(t, "/case/concerns", url.Values{"do": {"ready"}}); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	o, err := d.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []concern.ID
	for _, a := range o.Case.Concerns.Answers {
		if a.Standing() != concern.Proposal || strings.Contains(a.Text, "{") {
			t.Errorf("%s went in as %s: %s", a.Concern, a.Standing(), a.Text)
		}
		got = append(got, a.Concern)
	}
	if !slices.Equal(got, want) {
		t.Errorf("taken %v, want %v", got, want)
	}
	if _, body := d.get(t, "/case/concerns?took=7"); !strings.Contains(body, "7 of 19 answered") || !strings.Contains(body, "7 ready answers went in as your proposals") {
		t.Error("the page does not say what went in")
	}
}

// At most three come first; one in the person's own words is one of them.
func TestWorries(t *testing.T) {
	d := serve(t).take(t, accounts)
	if status, body := d.post(t, "/case/concerns/own", url.Values{"top": {"C01", "C02", "C05", "C06"}}); status != 422 || !strings.Contains(body, "Pick up to three") {
		t.Errorf("four were taken: %d", status)
	}
	if status, body := d.post(t, "/case/concerns/own", url.Values{"top": {"C01", "C02", "C05"}, "own": {"What if a supplier turns up?"}}); status != 422 || !strings.Contains(body, "What if a supplier turns up?") {
		t.Errorf("four were taken: %d", status)
	}
	for range 2 { // twice: the same words are the same question
		if status, _ := d.post(t, "/case/concerns/own", url.Values{"top": {"C01", "C02"}, "own": {"What if a supplier turns up?"}}); status != 303 {
			t.Errorf("status %d", status)
		}
	}
	o, err := d.Current(t.Context())
	if err != nil || !slices.Equal(o.Case.Concerns.Top, []concern.ID{"C01", "C02", "own-1"}) || len(o.Case.Concerns.Own) != 1 {
		t.Errorf("%+v %v", o.Case.Concerns.Top, err)
	}
	if status, _ := d.post(t, "/case/concerns/21", url.Values{"do": {"remove"}}); status != 303 {
		t.Errorf("taking it out answers %d", status)
	}
	o, err = d.Current(t.Context())
	if err != nil || len(o.Case.Concerns.Own) != 0 || !slices.Equal(o.Case.Concerns.Top, []concern.ID{"C01", "C02"}) {
		t.Errorf("%+v %v", o.Case.Concerns, err)
	}
	if status, _ := d.post(t, "/case/concerns/own", url.Values{}); status != 303 {
		t.Errorf("none picked answers %d", status)
	}
	if o, _ := d.Current(t.Context()); len(o.Case.Concerns.Top) != 0 {
		t.Errorf("none picked left %v", o.Case.Concerns.Top)
	}
}

// Promises, and what is refused of them.
func TestPromises(t *testing.T) {
	d := serve(t).take(t, accounts)
	for _, c := range []struct {
		path string
		form url.Values
		say  string
	}{
		{"/case/promises", url.Values{}, "Select or write at least one promise"},
		{"/case/promises", url.Values{"own": {"A\nA"}}, "This promise is there already"},
		{"/case/promises", url.Values{"own": {"A"}, "from": {"25:00"}}, "Enter a time of day"},
		{"/case/promises", url.Values{"own": {"A"}, "from": {"17:00"}, "to": {"09:00"}}, "is not before"},
		{"/case/promises", url.Values{"own": {"A"}, "every": {"friday"}}, "Enter what you send"},
		{"/case/promises", url.Values{"own": {strings.Repeat("x", 201)}}, "the limit is 200"},
		{"/case/promises", url.Values{"own": {"1\n2\n3\n4\n5\n6\n7\n8\n9"}}, "the limit is 8"},
		{"/case/promises/rules", url.Values{"times": {"often"}}, "must be a number"},
		{"/case/promises/rules", url.Values{"times": {"1.234,5"}}, "must be a whole number"},
		{"/case/promises/rules", url.Values{"minutes": {"-3"}}, "must be a whole number"},
	} {
		if status, body := d.post(t, c.path, c.form); status != 422 || strings.Count(body, c.say) < 2 {
			t.Errorf("%s %v: status %d, want %q twice", c.path, c.form, status, c.say)
		}
	}
	if status, _ := d.post(t, "/case/promises", url.Values{"promises": {"hours", "recall", "decide"}, "own": {"Month-end days stay office days"}, "from": {"08:30"}, "to": {"16:30"}}); status != 303 {
		t.Fatal(status)
	}
	o, err := d.Current(t.Context())
	want := []plan.Promise{{Text: "I move the day when you need me in"}, {Text: "I answer calls and chat in my agreed hours, 08:30 to 16:30"}, {Text: "We decide together on 11 March 2027, from what was counted"}, {Text: "Month-end days stay office days"}}
	if err != nil || !slices.Equal(o.Case.Plan.Promises, want) {
		t.Errorf("%q %v", o.Case.Plan.Promises, err)
	}
	// New hours and a line in other words keep their places.
	if status, _ := d.post(t, "/case/promises", url.Values{"promises": {"hours", "recall", "decide"}, "own": {"Month-end stays in the office"}, "from": {"09:00"}, "to": {"17:00"}}); status != 303 {
		t.Fatal(status)
	}
	want[1].Text, want[3].Text = "I answer calls and chat in my agreed hours, 09:00 to 17:00", "Month-end stays in the office"
	if o, err = d.Current(t.Context()); err != nil || !slices.Equal(o.Case.Plan.Promises, want) {
		t.Errorf("%q %v", o.Case.Plan.Promises, err)
	}
}

// A request under the law is a choice: the page says what it uses up and what
// it starts, and stopping on any day goes with it.
func TestRequest(t *testing.T) {
	d := serve(t).take(t, accounts)
	_, body := d.get(t, "/case/request")
	for _, s := range []string{"One of the two statutory requests you have in any 12 months.", "Your employer&#39;s two months to decide", "It uses up no right and starts no clock"} {
		if !strings.Contains(body, s) {
			t.Errorf("the page does not say %q", s)
		}
	}
	for _, form := range []url.Values{{}, {"request": {"loud"}}, {"request": {"statutory"}, "previous": {"last spring"}}, {"request": {"statutory"}, "previous": {"2027-01-01"}}} {
		if status, _ := d.post(t, "/case/request", form); status != 422 {
			t.Errorf("%v was taken: %d", form, status)
		}
	}
	if status, _ := d.post(t, "/case/request", url.Values{"request": {"statutory"}, "previous": {"2026-02-13\n"}, "company": {"Fernhill Supplies"}}); status != 303 {
		t.Fatal(status)
	}
	o, err := d.Current(t.Context())
	if err != nil || o.Case.Request != homecase.Statutory || o.Case.Plan.Stop != plan.ByLaw || len(o.Case.Plan.PreviousRequests) != 1 {
		t.Errorf("%+v %v", o.Case.Plan, err)
	}
	d.make(t, "only=letter.docx")
	if len(d.course(t).Made) != 1 {
		t.Error("no packet was made of a request under the law")
	}
	if status, _ := d.post(t, "/case/request", url.Values{"request": {"informal"}}); status != 303 {
		t.Fatal(status)
	}
	if o, _ := d.Current(t.Context()); o.Case.Plan.Stop != plan.OnAnyDay || len(o.Case.Plan.PreviousRequests) != 1 {
		t.Errorf("back to informal: %+v", o.Case.Plan)
	}
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) { c.Place.Part = "northern-ireland" })
	if _, body := d.get(t, "/case/request"); strings.Contains(body, `value="statutory"`) {
		t.Error("a letter is offered where the law's contents were not read")
	}
	if status, _ := d.post(t, "/case/request", url.Values{"request": {"statutory"}}); status != 422 {
		t.Errorf("a letter where there is none: %d", status)
	}
}

// A person goes through a question by its words.
func TestQuestionInTheBrowser(t *testing.T) {
	d := serve(t).take(t, accounts)
	alter(t, d, func(c *homecase.Case, _ *homecase.Course) { c.Concerns = concern.Register{} })
	me := d.browse(t, webtest.View{Width: 390}).Person()
	me.Go("/case/concerns")
	me.Press("Use these ready answers")
	me.Follow("Answer the next open question")
	me.Press("Save and go on")
	if !me.Has("Fill this in, or choose another answer") {
		t.Error("a ready answer with gaps was taken")
	}
	me.Choose("I have asked, and wait for the answer")
	me.In("Who has the question?").Choose("Finance")
	me.Press("Save and go on")
	if got := me.Heading(); !strings.Contains(got, "Is the internet line at home good enough?") {
		t.Errorf("next comes %q, want the next open question", got)
	}
	if o, _ := d.Current(t.Context()); o.Case.Concerns.Answers[0].Owner != concern.Finance {
		t.Errorf("%+v", o.Case.Concerns.Answers[0])
	}
}
