package office_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"homecase/day"
	"homecase/internal/press/presstest"
	"homecase/internal/web/webtest"
	"homecase/share"
)

// checks are those of a reader's page. It has no header of a site and needs no
// footer: it is the document of whoever asks.
func checks(but ...string) []webtest.Check {
	all := slices.DeleteFunc(webtest.Checks(), func(c webtest.Check) bool { return c.Name == "landmarks" || slices.Contains(but, c.Name) })
	for i := range all {
		if all[i].Name == "names" { // a 1 and a 4 in two cells are no 14 run together
			all[i].Find = func(p *webtest.Page) []string {
				return slices.DeleteFunc(webtest.Names(p), onlyDigits.MatchString)
			}
		}
	}
	return all
}

var onlyDigits = regexp.MustCompile(`^"[0-9]+" is one word`)

// stand is a page in the state in which it has most to show.
type stand struct {
	name, path string
	side       *side
}

// stands are all readers' pages, each in every state that looks another way.
func stands(t *testing.T) []stand {
	var all []stand
	add := func(s *side, name, path string) { all = append(all, stand{name, s.path(path), s}) }

	open := shared(t)
	open.fill("/ask?at=promises", "/ask", "text", "Who covers the phone on that day?")
	open.employee(share.Reply{Key: open.key(), Question: open.exchange().Questions[0].ID, Text: "Priya does, as on my leave. She knows the suppliers."})
	open.fill("/ask?at=C05", "/ask", "text", "Also on a Thursday?")
	open.fill("/ask", "/ask", "text", "When can we talk?")
	for _, p := range []struct{ name, path string }{
		{"first", ""}, {"full", "/full"}, {"questions", "/questions"}, {"ask", "/ask?at=promises"}, {"decide", "/decide"},
		{"agree", "/decide?a=agree"}, {"change", "/decide?a=change"}, {"not-now", "/decide?a=not-now"}, {"decided-none", "/decided"}, {"trial-none", "/trial"},
	} {
		add(open, p.name, p.path)
	}
	add(open, "nothing", "x")

	law := shared(t, underLaw("NZ-6AA"))
	add(law, "first-law", "")
	add(law, "law", "/law")
	add(law, "refuse", "/decide?a=not-now")
	refused := shared(t, underLaw("NZ-6AA"))
	refused.fill("/decide?a=not-now", "/decide", "statement", "yes", "grounds", "costs", "notice.explain", "A second screen costs 900 dollars.", "note", "Talk to me in May.")
	add(refused, "refused", "/decided")

	agreed := shared(t)
	agreed.fill("/decide?a=agree", "/decide", "statement", "yes", "note", "Start after the audit.")
	add(agreed, "agreed", "/decided")
	add(agreed, "first-agreed", "")

	second := shared(t)
	second.now = second.now.AddDate(0, 0, 11)
	second.publish(second.doc, func(p *share.Publication) { p.Changed = []string{"promises", "C05"} })
	second.fill("/decide?a=change", "/decide", "days", "1", "weekdays", "tue", "start", "2027-02-01", "weeks", "4", "promise-0", "I am in on month-end days.", "stop", "on_any_day", "statement", "yes")
	add(second, "changed", "")
	add(second, "countered", "/decided")

	plan := trialOf(t, "plan")
	add(plan, "plan", "/trial")
	add(trialOf(t, "running"), "trial", "/trial")
	add(trialOf(t, "ended"), "trial-end", "/trial")
	add(trialOf(t, "over"), "trial-over", "/trial")
	return all
}

// trialOf is a case whose trial stands at a point.
func trialOf(t *testing.T, at string) *side {
	t.Helper()
	s := shared(t)
	s.fill("/decide?a=agree", "/decide", "statement", "yes")
	plan := `{"design":"kofm"}`
	s.employee(share.Planning{Key: s.key(), Plan: plan, PlanHash: share.Hash([]byte(plan)), NonceHash: share.Hash([]byte("nonce")), Start: day.Must("2027-01-11"), Until: day.Must("2027-03-05"), Document: s.keepDocument(presstest.Letter())})
	if at == "plan" {
		return s
	}
	s.fill("/trial", "/trial/confirm", "word", "heron", "statement", "yes")
	s.now = time.Date(2027, 1, 15, 16, 0, 0, 0, time.UTC)
	s.employee(share.Report{Key: s.key(), Monday: day.Must("2027-01-11"), Note: "13 items on the home day.\nNo calls were missed.", Document: s.keepDocument(trialDoc(t, day.Must("2027-01-15")))})
	if at == "running" {
		return s
	}
	s.now = time.Date(2027, 3, 5, 16, 0, 0, 0, time.UTC)
	s.employee(share.Report{Key: s.key(), Monday: day.Must("2027-03-01"), Note: "All 8 home days are logged.", Document: s.keepDocument(trialDoc(t, day.Must("2027-03-05"))), Ways: []string{"continue", "extend", "stop", "next_rung"}})
	if at == "over" {
		s.fill("/trial", "/trial/next", "way", "next_rung", "statement", "yes", "note", "Well done.")
	}
	return s
}

// Every page passes every check on a small phone, a phone and a desk, light and
// dark, and without a script, which none of them has. The whole matrix is of the
// long run.
func TestReaderPagesInABrowser(t *testing.T) {
	only := os.Getenv("PAGES")
	looks := []webtest.View{{Width: 320, NoScript: true}, {Width: 1280, Dark: true}}
	if os.Getenv("HOMECASE_TESTS_LONG") != "" {
		looks = nil
		for _, width := range []int{320, 390, 1280} {
			looks = append(looks, webtest.View{Width: width}, webtest.View{Width: width, Dark: true}, webtest.View{Width: width, NoScript: true})
		}
	}
	for _, st := range stands(t) {
		if only != "" && !slices.Contains(strings.Split(only, ","), st.name) {
			continue
		}
		t.Run(st.name, func(t *testing.T) {
			without := ""
			if st.name == "nothing" {
				without = "skip link" // it has no link at all
			}
			for _, look := range looks {
				p := webtest.Open(t, st.side.base, look)
				p.Go(st.path)
				p.Check(checks(without)...)
			}
		})
	}
}

// A first visit weighs less than 60 KB with style and fonts.
func TestFirstVisitIsLight(t *testing.T) {
	s := shared(t, underLaw("GB-FW"))
	p := webtest.Open(t, s.base, webtest.View{Width: 390})
	p.Go(s.path(""))
	p.AtMost(60_000)
	t.Logf("%d bytes", p.Weight())
}

// A boss reads, asks, agrees, undoes and changes, by the words on the pages.
func TestABossOnAPhone(t *testing.T) {
	for _, view := range []webtest.View{{Width: 390, Height: 844}, {Width: 390, Height: 844, NoScript: true}} {
		t.Run(fmt.Sprint(view), func(t *testing.T) {
			s := shared(t)
			p := webtest.Open(t, s.base, view)
			boss := p.Person()
			boss.Go(s.path(""))
			boss.Follow("Ask about this : What you would be agreeing to")
			boss.Press("Send the question")
			if !boss.Has("Enter your question.") {
				t.Error("an empty question was taken")
			}
			boss.Fill("Your question", "Who covers the phone?")
			boss.Press("Send the question")
			if !boss.Has("Ines Duarte has not answered yet") {
				t.Errorf("the question is not on the page: %s", boss.Path())
			}
			screens := boss.Screens()
			boss.Go(s.path(""))
			boss.Follow("Agree")
			boss.Tick("I have read what I would be agreeing to, and I agree.")
			boss.Press("Agree to the trial")
			if boss.Heading() != "You agreed to the trial" {
				t.Errorf("after Agree the heading is %q", boss.Heading())
			}
			if n := boss.Screens() - screens; n > 3 {
				t.Errorf("to agree takes %d screens", n)
			}
			boss.Press("Undo: take my answer back")
			boss.Follow("Not now")
			boss.Press("Send: not now")
			if !boss.Has("Tick the box to send this.") {
				t.Error("an answer was taken without its statement")
			}
			boss.Tick("I have read the packet, and my answer is not now.")
			boss.Press("Send: not now")
			if boss.Heading() != "You answered: not now" || s.exchange().Decision().Answer != share.Deferred {
				t.Errorf("after Not now the heading is %q", boss.Heading())
			}
		})
	}
}

// onPhones are the pages of docs/screens/office that are also seen on a phone.
var onPhones = []string{"first", "agree", "change", "not-now", "agreed", "trial", "ask", "refuse"}

var firstHeading = regexp.MustCompile(`(?s)<h1[^>]*>(.*?)</h1>`)

// The pictures of docs/screens/office, with a list of them. They are drawn with
// -update; without it each must be there, and none of a page that is gone.
func TestReaderScreens(t *testing.T) {
	const folder = "../../docs/screens/office"
	names := map[string]bool{"README.md": true}
	var list strings.Builder
	list.WriteString("# The pages of a reader\n\nDrawn by `go test ./internal/office -run TestReaderScreens -update` from the accounts example, in Chromium. Everybody and every figure in them is made up.\n\n| page | address | on a phone |\n|---|---|---|\n")
	for _, st := range stands(t) {
		if presstest.Updating() {
			p := webtest.Open(t, st.side.base, webtest.View{Width: 1280})
			p.Go(st.path)
			p.Screenshot("office/" + st.name)
			if slices.Contains(onPhones, st.name) {
				p.Look(webtest.View{Width: 390, Height: 844})
				p.Go(st.path)
				p.Screenshot("office/" + st.name + "-phone")
			}
		}
		names[st.name+".png"] = true
		phone := ""
		if slices.Contains(onPhones, st.name) {
			names[st.name+"-phone.png"] = true
			phone = fmt.Sprintf("[%s-phone.png](%s-phone.png)", st.name, st.name)
		}
		heading := inText(firstHeading.FindString(st.side.send("GET", st.path, nil).body))
		fmt.Fprintf(&list, "| [%s](%s.png) | `%s` | %s |\n", heading, st.name, strings.Replace(st.path, st.side.token, "{token}", 1), phone)
	}
	readme := filepath.Join(folder, "README.md")
	if presstest.Updating() {
		if err := os.WriteFile(readme, []byte(list.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(readme); err != nil || string(got) != list.String() {
		t.Errorf("docs/screens/office/README.md is not the list of the pages (%v); the test flag -update writes it", err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !names[e.Name()] {
			t.Errorf("docs/screens/office/%s shows a page that is gone", e.Name())
		}
		delete(names, e.Name())
	}
	for name := range names {
		t.Errorf("docs/screens/office/%s is not there; the test flag -update draws it", name)
	}
}

// What a long name, an override of the writing direction and 10,000 characters
// do to a page: nothing sideways, nothing out of order.
func TestHostileWordsInABrowser(t *testing.T) {
	s := shared(t)
	s.fill("/ask?at=promises", "/ask", "text", strings.Repeat("W", 900)+" \u202etxt.exe <script>alert(1)</script>")
	s.employee(share.Reply{Key: s.key(), Question: s.exchange().Questions[0].ID, Text: strings.Repeat("שלום דנה ", 400)})
	s.fill("/decide?a=not-now", "/decide", "statement", "yes", "reason", strings.Repeat("a", 1000), "note", "\u202e\u2066 <b>x</b> "+strings.Repeat("長", 900))
	p := webtest.Open(t, s.base, webtest.View{Width: 320})
	for _, rest := range []string{"", "/decided", "/questions"} {
		p.Go(s.path(rest))
		p.Check(checks()...)
	}
}
