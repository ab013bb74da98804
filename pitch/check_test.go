package pitch

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// rulesOf lists the rules of findings.
func rulesOf(fs []Finding) []string {
	out := []string{}
	for _, f := range fs {
		out = append(out, f.Rule)
	}
	return out
}

func check(t *testing.T, name, text string, o Options) []Finding {
	t.Helper()
	fs, err := Check([]File{{Name: name, Data: []byte(text)}}, o)
	if err != nil {
		t.Fatal(err)
	}
	return fs
}

func TestPlace(t *testing.T) {
	fs := check(t, "a.txt", "Dear Dana,\n\nÄhem. I will quit unless\nyou agree.\n", Options{})
	if len(fs) != 1 {
		t.Fatalf("findings: %v", rulesOf(fs))
	}
	// Line 3 begins with "Ähem. " (6 characters, 7 bytes), so the words begin in column 7.
	if f := fs[0]; f.Line != 3 || f.Column != 7 || f.Text != "I will quit unless" || f.File != "a.txt" || f.Severity != Warning {
		t.Errorf("finding: %+v", f)
	}
}

func TestJSONKeys(t *testing.T) {
	b, err := json.Marshal(Finding{})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"rule":"","category":"","severity":"","file":"","line":0,"column":0,"text":"","why":"","source":"","suggestion":""}`
	if string(b) != want {
		t.Errorf("keys: %s", b)
	}
}

func TestFactsFillSlots(t *testing.T) {
	fs := check(t, "a.txt", "I am far more productive at home.", Options{Facts: map[string]string{"measure": "invoices closed a day", "period": "March to May"}})
	if len(fs) != 1 || !strings.Contains(fs[0].Suggestion, "invoices closed a day") || !strings.Contains(fs[0].Suggestion, "March to May") || strings.ContainsAny(fs[0].Suggestion, "{}|") {
		t.Errorf("suggestion: %+v", fs)
	}
}

// TestLetters holds two whole letters to the findings a careful reader would make.
func TestLetters(t *testing.T) {
	for _, c := range []struct {
		file string
		want []Category // besides good ones
		good []Category
	}{
		{"letter-good.md", nil, []Category{GoodTrial, GoodAccountability}},
		{"letter-weak.txt", []Category{Care, Comparison, KnownFalse, MissingAccountability, MissingConcerns, MissingDates, MissingExit, MissingThanks, MissingTrial, Overpromise, Personal, Reading, Ultimatum, Unpaid, Unsupported, Vague}, nil},
	} {
		b, err := os.ReadFile("testdata/" + c.file)
		if err != nil {
			t.Fatal(err)
		}
		found, good := map[Category]bool{}, map[Category]bool{}
		for _, f := range check(t, c.file, string(b), Options{}) {
			if f.Severity == Good {
				good[f.Category] = true
			} else {
				found[f.Category] = true
			}
			if f.Why == "" || f.Source == "" || f.Suggestion == "" {
				t.Errorf("%s: a finding says too little: %+v", c.file, f)
			}
		}
		if diff := cmp.Diff(sorted(c.want), keys(found)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.file, diff)
		}
		if diff := cmp.Diff(sorted(c.good), keys(good)); diff != "" {
			t.Errorf("%s, good (-want +got):\n%s", c.file, diff)
		}
	}
}

func sorted(cs []Category) []Category {
	out := append([]Category{}, cs...)
	slices.Sort(out)
	return out
}

func keys(m map[Category]bool) []Category {
	out := []Category{}
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// TestPromisedFigures: a figure about others needs its source beside a promise too.
func TestPromisedFigures(t *testing.T) {
	for text, want := range map[string]bool{
		"Eight in ten firms already allow it, and I promise you will never notice.": true,
		"I promise to close 40 cases a week.":                                       false,
	} {
		if got := slices.Contains(Label(text), Unsupported); got != want {
			t.Errorf("%q is called unsupported: %v", text, got)
		}
	}
}

// TestNoisyNeighbours: work on the house next door compares nobody.
func TestNoisyNeighbours(t *testing.T) {
	if got := Label("Since my neighbours are renovating and the 7.12 is never on time, I would like to work from home on Wednesdays."); slices.Contains(got, Comparison) {
		t.Errorf("found %v", got)
	}
}

// TestOrdinaryWords: words that also serve deceit, in sentences that hide nothing.
func TestOrdinaryWords(t *testing.T) {
	for text, want := range map[string]bool{
		"VPN places are in use by the payroll team.":                             false,
		"Since the update it logs me out at noon.":                               false,
		"You'd be a fool to think your graduates don't compare rents.":           false,
		"If you do your homework you will at least know who decides.":            false,
		"The agreement is void if the employee moves abroad without telling HR.": false,
		"I would be lying if I told you nothing would change.":                   false,
		"My brother clocks me out at five, and I am long gone.":                  true,
		"I will lie to my manager about the hours.":                              true,
		"I could move abroad without telling HR.":                                true,
		"All VPN places are in use from eight to ten.":                           false,
		"We have forty VPN licences and sixty people.":                           false,
		"Two jobs for the printer are waiting on my desk.":                       false,
		"We owe the printer for two jobs.":                                       false,
		"All of the staff have a badge.":                                         false,
		"I handed in my badge when I moved to Leeds.":                            false,
		"I have made up my mind to ask for one day a week.":                      false,
		"I'd use a VPN so that it looks as if I were in the office.":             true,
		"I have two jobs, and my boss must not find out.":                        true,
		"Tom can badge me in on Mondays, and nobody will know.":                  true,
		"I made up a doctor's appointment and finished the report at home.":      true,
	} {
		if got := slices.Contains(Label(text), Deception); got != want {
			t.Errorf("%q is called deception: %v", text, got)
		}
	}
}

// finds tells whether a text has a finding of the category.
func finds(t *testing.T, text string, c Category) bool {
	t.Helper()
	found, err := Check([]File{{Name: "request.txt", Data: []byte(text)}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(found, func(f Finding) bool { return f.Category == c })
}

// TestStrangersLetter: what a reader of somebody else's letter would see in it, and what not.
func TestStrangersLetter(t *testing.T) {
	for _, c := range []struct {
		text     string
		category Category
		found    bool
	}{
		{"Studies prove that people at home never take sick days.", Deception, false},
		{"Studies prove that people at home are 40% more productive and never take sick days.", Unpaid, false},
		{"I would never take sick days at home.", Unpaid, true},
		{"I could take a sick day and work from home in secret.", Deception, true},
		{"The input that moves the result most is paid overtime hours that would not be needed in a year.", Unpaid, false},
		{"Overtime at home I would never claim.", Unpaid, true},
		{"Overtime pay would not be needed, I would do it for free.", Unpaid, true},
		{"Extra pay for overtime hours would not be needed.", Unpaid, true},
		{"No lunches for me: I work through lunch.", Unpaid, true},
		{"My output rose, with no long lunches.", Unpaid, false},
		{"Do you work when you are ill?", Unpaid, false},
		{"Working when ill", Unpaid, false},
		{"I am happy working when ill.", Unpaid, true},
		{"She needs to know that she is fired.", Deception, false},
		{"My boss will never know that I left at three.", Deception, true},
		{"I could go to Spain; nobody would know where I am.", Deception, true},
		{"Nobody yet knows what will happen to those who work at home.", Deception, false},
		{"I'd make up the whole story about a sick child and stay at home.", Deception, true},
		{"Place, people and technology make up a virtual office.", Deception, false},
		{"Laura in marketing does it and she does half of what I do.", Comparison, true},
		{"I would do half of what I do on Mondays at home.", Comparison, false},
		{"I really need an answer by Friday.", Ultimatum, true},
		{"Could you let me have an answer by Friday?", Ultimatum, false},
		{"Customers need an answer by Friday, and they get it.", Ultimatum, false},
	} {
		if got := finds(t, c.text, c.category); got != c.found {
			t.Errorf("%q: %s is found: %v", c.text, c.category, got)
		}
	}
}

// TestWayBack: whoever says when it stops has said how it ends.
func TestWayBack(t *testing.T) {
	const rest = " I publish the rotas by ten as now, and the duty phone is on divert from six to two. On 11 March we look at the numbers together. " +
		"I published 51 of 52 rotas on time last year, and you find the list of them in the folder of the depot. " +
		"I would begin on 4 February with one Wednesday, and then four more of them. Thank you for reading this."
	for text, asked := range map[string]bool{
		"If the drivers wait longer than they do now, we stop.": false,
		"If the drivers wait longer than they do now, we talk.": true,
	} {
		if got := finds(t, text+rest, MissingExit); got != asked {
			t.Errorf("%q: a missing way back is found: %v", text, got)
		}
	}
}

// TestOneDay: a request for one day ends by itself, one for a day of each week does not.
func TestOneDay(t *testing.T) {
	const rest = " The reconciliation of February needs a quiet day. I keep my usual hours, and you can reach me by phone and by chat. " +
		"Anna is at the front desk and knows where the keys are. The post is opened by her too, and the invoices that came are on my desk. " +
		"I send you the finished reconciliation at five, with the list of what is still open. Thank you."
	for text, asked := range map[string]bool{
		"May I work from home on Thursday 12 March?":                   false,
		"Could I work from home tomorrow, while the boiler is mended?": false,
		"I'd like to work at home this Friday to finish the audit.":    false,
		"I'd like to start working from home on Monday 12 January.":    true,
		"I'd like to work from home every Friday.":                     true,
		"May I work from home on Thursdays?":                           true,
	} {
		for _, c := range []Category{MissingTrial, MissingExit, MissingConcerns} {
			if got := finds(t, text+rest, c); got != asked {
				t.Errorf("%q: %s is found: %v", text, c, got)
			}
		}
	}
}

// TestDenied: who says that something is not so claims, promises and threatens nothing.
func TestDenied(t *testing.T) {
	for text, not := range map[string]Category{
		"I'm not sure that the work would get better at home.":   Vague,
		"I don't claim that I would be more productive.":         Vague,
		"I can't promise that everything will go perfectly.":     Overpromise,
		"We do not believe that there will be no errors at all.": Overpromise,
		"I'm not looking for another job.":                       Ultimatum,
		"You don't owe me anything for the extra shifts.":        Ultimatum,
		"She resigned in May and we still look for somebody.":    Ultimatum,
	} {
		if slices.Contains(Label(text), not) {
			t.Errorf("%q is called %s", text, not)
		}
	}
}

// TestOwnWords: sentences that a packet is built with threaten and promise nothing.
func TestOwnWords(t *testing.T) {
	for _, text := range []string{
		"With HR, not settled.",
		"It stays open, and I am not using it now.",
		"You are welcome to see it.",
		"You can just reply: agree, change it, or not now.",
		"Nothing is paid to me, so there is nothing to tax.",
		"No. My work has no availability target.",
		"Probably at least as good",
	} {
		if got := Label(text); len(got) > 0 {
			t.Errorf("%q is called %v", text, got)
		}
	}
}

func TestSwitchedOffWithReason(t *testing.T) {
	text := "<!-- homecase: off ultimatum-leave because Dana asked for the plain truth -->\nI will quit unless you agree.\n\nI will quit unless you agree.\n"
	fs := check(t, "a.md", text, Options{})
	if len(fs) != 1 || fs[0].Line != 4 {
		t.Errorf("off for its own paragraph only: %+v", fs)
	}
	fs = check(t, "a.md", "<!-- homecase: off ultimatum-leave -->\nI will quit unless you agree.\n", Options{})
	if diff := cmp.Diff([]string{"ultimatum-leave", "off-without-reason"}, rulesOf(fs)); diff != "" {
		t.Errorf("without a reason it stays on (-want +got):\n%s", diff)
	}
}

func TestOwnRules(t *testing.T) {
	own := "rules:\n  - id: ultimatum-leave\n    off: because we are friends\n  - id: vague-gain\n    severity: hint\n  - id: our-jargon\n    category: vague\n    when: leverage ..2 synergies\n    why: Nobody knows what it means.\n    source: house style\n    suggestion: Say what you do.\n"
	fs := check(t, "a.txt", "I will quit unless you agree. We leverage great synergies.\n", Options{Own: []byte(own)})
	if diff := cmp.Diff([]string{"our-jargon"}, rulesOf(fs)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, bad := range map[string]string{
		"an unknown rule":        "rules:\n  - id: no-such-rule\n    off: because\n",
		"a warning made error":   "rules:\n  - id: vague-gain\n    severity: error\n",
		"a class that is not":    "rules:\n  - id: vague-gain\n    when: a @nonsense\n",
		"a bracket left open":    "rules:\n  - id: vague-gain\n    when: a [b\n",
		"a category that is not": "rules:\n  - id: x\n    category: rude\n    when: a\n",
	} {
		if _, err := Check(nil, Options{Own: []byte(bad)}); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestMarkdownIsRead(t *testing.T) {
	text := "# Plan\n\n```\nI will quit unless you agree.\n```\n\n`I will quit unless you agree.` and [more](http://example.org/i-will-quit-unless-you-agree)\n\n<!-- I will quit\nunless you agree. -->\n\n- I will quit unless you agree.\n"
	fs := check(t, "a.md", text, Options{})
	if len(fs) != 1 || fs[0].Line != 12 || fs[0].Column != 3 {
		t.Errorf("only the list item is prose: %+v", fs)
	}
}

func TestWords(t *testing.T) {
	fs, err := CheckWords("packet", []string{"Tuesday at home", "I am far more\nproductive at home."}, Options{})
	if err != nil || len(fs) != 1 || fs[0].Line != 2 {
		t.Errorf("%v %+v", err, fs)
	}
}

// archive packs one file into a zip.
func archive(t testing.TB, name, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const word = `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` +
	`<w:p><w:r><w:t>Dear Dana,</w:t></w:r></w:p><w:p><w:r><w:t xml:space="preserve">I will </w:t></w:r><w:del><w:r><w:delText>not </w:delText></w:r></w:del><w:r><w:t>quit unless you agree.</w:t></w:r></w:p></w:body></w:document>`

func TestDOCX(t *testing.T) {
	fs, err := Check([]File{{Name: "a.docx", Data: archive(t, "word/document.xml", word)}}, Options{})
	if err != nil || len(fs) != 1 || fs[0].Line != 2 || fs[0].Column != 1 || fs[0].Category != Ultimatum {
		t.Errorf("%v %+v", err, fs)
	}
	bomb := archive(t, "word/document.xml", strings.Repeat(" ", 5<<20))
	for name, data := range map[string][]byte{
		"a bomb": bomb, "another archive": archive(t, "x.txt", "x"), "no archive": []byte("hello"), "cut short": archive(t, "word/document.xml", word)[:200],
		"deep": archive(t, "word/document.xml", strings.Repeat("<a>", 5000)), "broken XML": archive(t, "word/document.xml", "<w:p><w:t>I</x"),
	} {
		if _, err := Check([]File{{Name: "a.docx", Data: data}}, Options{}); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func TestEML(t *testing.T) {
	mail := "From: a@example.org\r\nSubject: =?utf-8?q?Homeworking?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nDear Dana,\r\n\r\nI=E2=80=99ll quit unl=\r\ness you agree.\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>I&#39;ll quit unless you agree.</p>\r\n--b--\r\n"
	fs := check(t, "a.eml", mail, Options{})
	if len(fs) != 1 || fs[0].Line != 3 || fs[0].Text != "I’ll quit unless" {
		t.Errorf("plain part: %+v", fs)
	}
	html := "From: a@example.org\r\nContent-Type: text/html; charset=windows-1252\r\n\r\n<style>p{}</style><p>Dear Dana</p><p>I\x92ll quit unless you agree.</p>\r\n"
	if fs := check(t, "a.eml", html, Options{}); len(fs) != 1 || fs[0].Category != Ultimatum {
		t.Errorf("HTML part: %+v", fs)
	}
	for _, bad := range []string{"", "no header at all", "Content-Type: image/png\r\n\r\nx"} {
		if _, err := Check([]File{{Name: "a.eml", Data: []byte(bad)}}, Options{}); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestRefusals(t *testing.T) {
	for name, data := range map[string][]byte{"NUL": []byte("a\x00b"), "too large": bytes.Repeat([]byte("a "), MaxBytes/2+1)} {
		if _, err := Check([]File{{Name: "a.txt", Data: data}}, Options{}); err == nil {
			t.Errorf("%s was read", name)
		}
	}
}

func TestSARIF(t *testing.T) {
	fs := check(t, "my letter.txt", "I will quit unless you agree. We could try it for six weeks.\n", Options{})
	b, err := SARIF(fs)
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID, Level, Kind string
				RuleIndex           int
				Locations           []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine, StartColumn int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(b, &log); err != nil {
		t.Fatal(err)
	}
	r := log.Runs[0]
	if log.Version != "2.1.0" || len(r.Results) != 2 || r.Results[0].Level != "warning" || r.Results[1].Level != "none" || r.Results[1].Kind != "pass" ||
		r.Tool.Driver.Rules[r.Results[1].RuleIndex].ID != r.Results[1].RuleID || r.Results[0].Locations[0].PhysicalLocation.ArtifactLocation.URI != "my%20letter.txt" {
		t.Errorf("%s", b)
	}
	if empty, err := SARIF(nil); err != nil || !bytes.Contains(empty, []byte(`"results": []`)) {
		t.Errorf("%s %v", empty, err)
	}
}

func TestGrade(t *testing.T) {
	// By hand: 100 words, 5 sentences, 140 syllables: .39·20 + 11.8·1.4 − 15.59 = 7.8 + 16.52 − 15.59 = 8.73.
	if g := Grade(100, 5, 140); g < 8.729 || g > 8.731 {
		t.Errorf("grade %.3f", g)
	}
	hard := strings.Repeat("The organisational considerations regarding telecommuting necessitate comprehensive interdepartmental communication. ", 20)
	if fs := check(t, "a.txt", hard, Options{}); !slices.Contains(rulesOf(fs), "reading-grade") {
		t.Errorf("hard words: %v", rulesOf(fs))
	}
	long := strings.Repeat("and we met ", 12) + "then.\n"
	if fs := check(t, "a.txt", long, Options{}); !slices.Contains(rulesOf(fs), "long-sentence") {
		t.Errorf("long sentence: %v", rulesOf(fs))
	}
}

// TestPartsAgree holds the parts of a long text to a reading in one go.
func TestPartsAgree(t *testing.T) {
	var b strings.Builder
	for b.Len() < 3*partBytes {
		b.WriteString("I will quit unless you agree. The desk is free.\n\nWe could try it for six weeks.\n\n")
	}
	fs := check(t, "a.txt", b.String(), Options{Fragment: true})
	want := 2 * strings.Count(b.String(), "quit")
	if len(fs) != want {
		t.Errorf("%d findings, want %d", len(fs), want)
	}
	if !slices.IsSortedFunc(fs, func(a, b Finding) int { return a.Line - b.Line }) {
		t.Error("not in order")
	}
}

// TestHostileTextIsNotSlow reads what makes patterns work hardest.
func TestHostileTextIsNotSlow(t *testing.T) {
	for _, unit := range []string{"if i quit ", "more productive ", "i ", "not ", "really ", "a.", "'", "—", "1,", "- x\n", "not really just also i will always be available ", "zzzz"} {
		text := strings.Repeat(unit, 200_000/len(unit))
		start := time.Now()
		check(t, "a.md", text, Options{})
		if d := time.Since(start); d > 3*time.Second {
			t.Errorf("%q takes %v for 200 KB", unit, d)
		}
	}
}
