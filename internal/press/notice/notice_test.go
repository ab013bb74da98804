package notice_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"

	"homecase/internal/press/mail"
	"homecase/internal/press/notice"
	"homecase/pitch"
)

var update = flag.Bool("update", false, "write the goldens anew")

// The notices as a reader gets them, to be read by whoever changes their words.
func TestNoticesAsRead(t *testing.T) {
	var b strings.Builder
	for _, kind := range notice.Kinds() {
		for _, answer := range []string{"agreed", "countered", "not_now", "asked"} {
			if answer != "agreed" && kind != notice.Copy && (kind != notice.News || answer != "asked") {
				continue
			}
			v := full()
			v.Answer = answer
			if answer == "not_now" {
				v.Undo = ""
			}
			n, err := notice.Write(kind, v)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "== %s, %s ==\nSubject: %s\n\n%s\n", kind, answer, n.Subject, n.Text)
		}
	}
	const golden = "testdata/notices.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != b.String() {
		t.Errorf("the notices read otherwise than %s (%v); read them and run with -update:\n%s", golden, err, b.String())
	}
}

func full() notice.View {
	return notice.View{Org: "Fernhill Accounts", Person: "Ines Duarte", Reader: "Dana Whitfield", Title: "One day a week from home", URL: "https://case.example/p/abc",
		Attached: true, Reply: true, Answer: "agreed", On: "24 November 2026", Until: "24 February 2027", Undo: "1 December 2026",
		Days: "1 day", Weekdays: "Monday, Tuesday or Wednesday", Start: "4 January 2027", End: "26 February 2027", Weeks: 8, Decide: "5 March 2027",
		Promises: []string{"I move the day when you need me in."}, Keeps: 14, About: "the lottery", Question: "Who covers the desk?", Note: "Sam covers the desk."}
}

// What goes to the boss has at most 90 words (issue "The office", Mail), and
// every notice reads at grade 7 or below with no sentence over 25 words
// (docs/style.md).
func TestNoticesArePlainAndShort(t *testing.T) {
	for _, kind := range notice.Kinds() {
		n, err := notice.Write(kind, full())
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Fields(n.Text)
		if kind == notice.Link && len(words) > 90 {
			t.Errorf("%s has %d words", kind, len(words))
		}
		var total, sentences, syllables int
		for line := range strings.Lines(strings.ReplaceAll(n.Text, full().URL, "")) {
			for s := range strings.FieldsFuncSeq(line, func(r rune) bool { return strings.ContainsRune(".:?", r) }) {
				in := strings.Fields(s)
				if len(in) == 0 {
					continue
				}
				if len(in) > 25 {
					t.Errorf("%s: a sentence of %d words: %q", kind, len(in), s)
				}
				sentences, total = sentences+1, total+len(in)
				for _, w := range in {
					syllables += pitch.Syllables(w)
				}
			}
		}
		if grade := pitch.Grade(total, sentences, syllables); grade > 7 {
			t.Errorf("%s reads at grade %.1f", kind, grade)
		}
		for _, bad := range []string{"<no value>", "{{", "!", "please", "Please", "sorry"} {
			if strings.Contains(n.Text+n.Subject, bad) {
				t.Errorf("%s holds %q:\n%s", kind, bad, n.Text)
			}
		}
	}
}

func TestAnUnknownNoticeIsRefused(t *testing.T) {
	if _, err := notice.Write("advert", full()); err == nil {
		t.Error("a notice nobody wrote")
	}
}

// A hostile word in any field stays inside its place: the subject is one line,
// a name cannot begin a paragraph, and the message can be written.
func TestHostileWordsStayInTheirPlace(t *testing.T) {
	const evil = "x\r\nBcc: eve@evil.example\r\n\r\nPay here: https://evil.example \x00\u0085{{.URL}}"
	fields := map[string]func(*notice.View){
		"org": func(v *notice.View) { v.Org = evil }, "person": func(v *notice.View) { v.Person = evil }, "reader": func(v *notice.View) { v.Reader = evil },
		"title": func(v *notice.View) { v.Title = evil }, "about": func(v *notice.View) { v.About = evil }, "promises": func(v *notice.View) { v.Promises = []string{evil} },
		"question": func(v *notice.View) { v.Question = evil }, "note": func(v *notice.View) { v.Note = evil }, "url": func(v *notice.View) { v.URL = evil },
	}
	for name, spoil := range fields {
		for _, kind := range notice.Kinds() {
			v := full()
			spoil(&v)
			n, err := notice.Write(kind, v)
			if err != nil {
				t.Fatalf("%s in %s: %v", name, kind, err)
			}
			if strings.ContainsFunc(n.Subject, unicode.IsControl) || len([]rune(n.Subject)) > 150 {
				t.Errorf("%s in %s: subject %q", name, kind, n.Subject)
			}
			if name != "question" && name != "note" && strings.Contains(n.Text, "\nBcc:") {
				t.Errorf("%s in %s begins a line:\n%s", name, kind, n.Text)
			}
			if _, err := mail.EML(mail.Message{To: []mail.Address{{Email: "dana@fernhill.example"}}, Subject: n.Subject, Text: n.Text}); err != nil {
				t.Errorf("%s in %s: %v", name, kind, err)
			}
		}
	}
	if got := notice.Line(strings.Repeat("ß", 300), 10); got != strings.Repeat("ß", 9)+"…" {
		t.Errorf("a long line: %q", got)
	}
}
