package homecase_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"homecase"
	"homecase/day"
	"homecase/evidence"
	"homecase/fault"
	"homecase/internal/press/pptx"
	"homecase/packet"
	"homecase/plan"
	"homecase/policy"
	"homecase/savings"
)

// sentence is the one of a slide, and the picture that stands with it.
func sentence(t *testing.T, s packet.Section) (string, packet.Figure) {
	t.Helper()
	p, ok := s.Blocks[0].(packet.Para)
	f, pictured := s.Blocks[1].(packet.Figure)
	if !ok || !pictured || p.Style != packet.Ask || len(p.Text) != 1 {
		t.Fatalf("the slide %s has no sentence or no picture", s.ID)
	}
	for _, b := range s.Blocks[2:] {
		if p, ok := b.(packet.Para); !ok || p.Style != packet.Note {
			t.Errorf("the slide %s holds more than one sentence and one picture: %#v", s.ID, b)
		}
	}
	return p.Text.String(), f
}

// cases are the examples and what else an ask can be.
func cases(t *testing.T) map[string]*homecase.Case {
	t.Helper()
	all := map[string]*homecase.Case{}
	files, err := filepath.Glob("examples/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, f := range files {
		all[strings.TrimSuffix(filepath.Base(f), ".yaml")] = load(t, f)
	}
	change := func(name string, edit func(*homecase.Case)) {
		c := load(t, accounts)
		edit(c)
		all[name] = c
	}
	change("half", func(c *homecase.Case) { c.Plan.Days = .5 })
	change("one and a half", func(c *homecase.Case) { c.Plan.Days = 1.5 })
	change("fixed", func(c *homecase.Case) { c.Plan.Choice = plan.Fixed })
	change("boss", func(c *homecase.Case) { c.Plan.Choice = plan.Boss })
	change("standing", func(c *homecase.Case) { c.Plan.Weeks, c.Plan.DecideOn = 0, day.Date{} })
	change("a year", func(c *homecase.Case) { c.Plan.Weeks, c.Plan.DecideOn = 52, day.Date{} })
	change("no money", func(c *homecase.Case) { c.Money = savings.Estimate{} })
	change("no measure", func(c *homecase.Case) { c.Facts.Measure = evidence.Measure{} })
	change("four days", func(c *homecase.Case) { c.Readiness.WorkingDays = 4 })
	change("all days", func(c *homecase.Case) { c.Plan.Days, c.Plan.Allowed = 5, nil })
	change("bare", func(c *homecase.Case) {
		c.Plan.Promises, c.Plan.CheckIns, c.Plan.StopRules, c.Plan.Hours = nil, nil, nil, plan.Hours{}
	})
	all["statutory"] = statutory(t, policy.Place{Country: "GB", Part: "scotland"})
	return all
}

// Every case makes six slides, five without money: each with a title of its
// own, one short sentence that fits at 32 points, one picture and notes.
func TestSlides(t *testing.T) {
	for name, c := range cases(t) {
		t.Run(name, func(t *testing.T) {
			d := compose(t, c).Slides
			if err := d.Validate(); err != nil {
				t.Fatal(err)
			}
			want := "ask same hours money trial need"
			if c.Money.Lines == nil {
				want = "ask same hours trial need"
			}
			var ids []string
			titles := map[string]bool{}
			for _, s := range d.Sections {
				ids = append(ids, s.ID)
				says, f := sentence(t, s)
				if n := len(strings.Fields(says)); n > 20 || n < 4 {
					t.Errorf("%d words: %s", n, says)
				}
				if wrong := regexp.MustCompile(`[{}?|]|0 days|1 days|  `).FindString(says + f.Alt.String()); wrong != "" {
					t.Errorf("%q in %s / %s", wrong, says, f.Alt)
				}
				if titles[s.Label] || s.Label == "" || packet.HasDigit(s.Label) {
					t.Errorf("the title %q", s.Label)
				}
				titles[s.Label] = true
				if len(s.Blocks) < 3 && name != "bare" {
					t.Errorf("the slide %s has no notes", s.ID)
				}
			}
			if got := strings.Join(ids, " "); got != want {
				t.Errorf("slides %s, want %s", got, want)
			}
			var b bytes.Buffer
			if err := pptx.Write(&b, d); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// What slides say, by hand from the case files.
func TestSlidesSay(t *testing.T) {
	all := cases(t)
	for _, c := range []struct{ name, slide, want string }{
		{"accounts-one-day", "ask", "I would like to work from home one day a week for eight weeks."},
		{"accounts-one-day", "same", "Four days a week stay in the office, and my hours are the same at home."},
		{"accounts-one-day", "hours", "Of my 40 hours a week, 29 can be done anywhere, and I ask for 8."},
		{"accounts-one-day", "trial", "It lasts eight weeks, and you can stop it on any day by telling me."},
		{"accounts-one-day", "need", "I need your answer, and one number that we both agree to watch."},
		{"engineer-two-days", "same", "Three days a week stay in the office, and my hours are the same at home."},
		{"half", "same", "Four and a half days a week stay in the office, and my hours are the same at home."},
		{"fixed", "ask", "I would like to work from home on Tuesdays for eight weeks."},
		{"standing", "ask", "I would like to work from home one day a week."},
		{"standing", "trial", "It starts on 11 January 2027, and you can stop it on any day by telling me."},
		{"four days", "same", "Three days a week stay in the office, and my hours are the same at home."},
		{"all days", "same", "My tasks stay the same; only the place changes."},
		{"bare", "same", "Four days a week stay in the office, and my tasks are the same at home."},
		{"no measure", "need", "I need your answer; any of these three helps me."},
		{"statutory", "trial", "It lasts eight weeks, and either of us can end it by the rules."},
	} {
		for _, s := range compose(t, all[c.name]).Slides.Sections {
			if s.ID != c.slide {
				continue
			}
			if says, _ := sentence(t, s); says != c.want {
				t.Errorf("%s, %s: %q, want %q", c.name, c.slide, says, c.want)
			}
		}
	}
}

// The pictures count what the case says: home cells of a week, weeks of the trial.
func TestSlidePictures(t *testing.T) {
	all := cases(t)
	for _, c := range []struct {
		name         string
		columns      int
		home, halves int
		weeks        int
		length       float64
	}{
		{"accounts-one-day", 5, 1, 0, 8, 59. / 7}, // 11 January to 11 March: 59 days
		{"engineer-two-days", 5, 2, 0, 12, 87. / 7},
		{"half", 5, 1, 1, 8, 59. / 7},
		{"one and a half", 5, 2, 1, 8, 59. / 7},
		{"four days", 4, 1, 0, 8, 59. / 7},
		{"all days", 5, 5, 0, 8, 59. / 7},
		{"standing", 5, 1, 0, 0, 0},
		{"a year", 5, 1, 0, 52, 52},
	} {
		for _, s := range compose(t, all[c.name]).Slides.Sections {
			_, f := sentence(t, s)
			switch chart := f.Chart.(type) {
			case packet.Diary:
				home, halves := 0, 0
				for i, d := range chart.Weeks[1].Days {
					if chart.Weeks[0].Days[i].Fill != packet.FillOffice {
						t.Errorf("%s: the week as it is has a home day", c.name)
					}
					if d.Fill == packet.FillHome {
						home++
						if d.Text[0].Text == "Half at home" {
							halves++
						}
					}
				}
				if len(chart.Days) != c.columns || home != c.home || halves != c.halves {
					t.Errorf("%s: %d columns, %d home days, %d halves", c.name, len(chart.Days), home, halves)
				}
			case packet.Timeline:
				if chart.Weeks != c.weeks || chart.Length != c.length {
					t.Errorf("%s: %d weeks, %g long", c.name, chart.Weeks, chart.Length)
				}
			}
		}
	}
}

// The talk says nothing private and changes nothing of the packet's own working.
func TestSlidesStayApart(t *testing.T) {
	c := load(t, accounts)
	const mark = "zqx-private"
	c.Boss.Goals, c.Reasons.Personal, c.Plan.Notes = []string{mark}, []homecase.Personal{{Text: mark}}, mark
	e := compose(t, c)
	all, err := json.Marshal(e.Slides)
	if err != nil || bytes.Contains(all, []byte(mark)) {
		t.Errorf("the slides hold a private word, %v", err)
	}
	if bytes.Contains(e.Full.Working, []byte("slides.")) {
		t.Error("the packet's working holds numbers of the talk")
	}
}

// Hostile words come out as words, or the case is refused with a sentence.
func TestSlidesWithHostileWords(t *testing.T) {
	for _, word := range []string{"<script>alert(1)</script>", "\u202eabc", "👩‍💻", "שלום", strings.Repeat("long ", 200), "{hours.total}", "9 to 5 for 100%"} {
		c := load(t, accounts)
		c.Person.Name, c.Boss.Name, c.Plan.Promises[0].Text, c.Plan.CheckIns[0].What, c.Plan.StopRules[0].Text = word, word, word, word, word
		e, err := homecase.Compose(c.Shared(), homecase.Options{})
		if err != nil {
			if fault.KindOf(err) == fault.Internal {
				t.Errorf("%q: %v", word, err)
			}
			continue
		}
		var b bytes.Buffer
		if err := pptx.Write(&b, e.Slides); err != nil {
			t.Errorf("%q: %v", word, err)
		}
	}
}
