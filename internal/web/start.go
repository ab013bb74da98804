package web

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"homecase"
	"homecase/day"
	"homecase/packet"
	"homecase/plan"
	"homecase/policy"
)

// startBinders are the first questions: who, what, when.
func startBinders() map[string]binder {
	return map[string]binder{
		"you":   {fill: fillYou, take: takeYou, next: afterYou},
		"place": {fill: fillPlace, take: takePlace, options: placeOptions, shape: placeFields, instead: onePlace},
		"ask":   {fill: fillAsk, take: takeAsk, aside: (*visit).windowsAside},
		"day":   {fill: fillDay, take: takeDay, shape: dayFields, words: dayWords, instead: everyDay, aside: (*visit).windowsAside},
		"trial": {fill: fillTrial, take: takeTrial, options: trialLengths},
	}
}

func fillYou(v *visit, a answers) {
	c := v.kase()
	a.Set("name", c.Person.Name)
	a.Set("job", c.Person.Job)
	a.Set("boss", c.Boss.Name)
	a.Set("country", c.Place.Country)
}

func takeYou(_ *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	c.Person.Name, c.Person.Job, c.Boss.Name = a.line("name"), a.line("job"), a.line("boss")
	if country := a.line("country"); country != c.Place.Country {
		c.Place, c.Currency = policy.Place{Country: country}, ""
	}
}

// afterYou asks for the part of a country where the law differs within it.
func afterYou(v *visit) string {
	if v.divided() && v.kase().Place.Part == "" {
		return "/start/place"
	}
	return "/start/ask"
}

// divided tells that the law differs within the person's country.
func (v *visit) divided() bool {
	_, divided := v.s.words["place"].Say[v.kase().Place.Country]
	return divided
}

// onePlace leads past the question in a country with one law.
func onePlace(v *visit) string {
	if v.divided() {
		return ""
	}
	return "/start/you"
}

// placeFields leaves out what the law of the country does not turn on.
func placeFields(v *visit, fields []fieldWords) []fieldWords {
	country := v.kase().Place.Country
	return slices.DeleteFunc(slices.Clone(fields), func(f fieldWords) bool {
		return f.Name == "city" && country != "US" || f.Name == "federal" && country != "US" && country != "CA"
	})
}

func fillPlace(v *visit, a answers) {
	p := v.kase().Place
	a.Set("part", p.Part)
	a.Set("city", p.City)
	a.Set("federal", string(p.Federal))
}

func takePlace(_ *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	c.Place.Part = a.line("part")
	if a.Has("city") { // not every country is asked
		c.Place.City = a.line("city")
	}
	if a.Has("federal") {
		c.Place.Federal = policy.Federal(a.line("federal"))
	}
}

// placeOptions are the parts of the person's country.
func placeOptions(v *visit, _ string) ([]option, error) {
	out := []option{{Label: "Select"}}
	for _, part := range strings.Split(v.s.words["place"].Say[v.kase().Place.Country], "; ") {
		if id, name, ok := strings.Cut(part, "="); ok {
			out = append(out, option{Value: id, Label: name})
		}
	}
	return out, nil
}

func fillAsk(v *visit, a answers) {
	if d := v.kase().Plan.Days; d > 0 {
		a.Set("days", formatNumber(d))
	}
}

func takeAsk(_ *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	c.Plan.Days = 1
	if n, err := strconv.Atoi(a.line("days")); err == nil {
		c.Plan.Days = float64(n)
	}
	if n := c.Plan.HomeDaysAWeek(); len(c.Plan.Wish) > n { // no more days are wished for than are asked for
		c.Plan.Wish = slices.Clone(c.Plan.Wish[:n])
	}
}

// dayFields lets who asks for several days name several.
func dayFields(v *visit, fields []fieldWords) []fieldWords {
	if v.kase().Plan.HomeDaysAWeek() > 1 {
		fields[0].Kind = "checks"
	}
	return fields
}

func dayWords(v *visit) []string {
	n := v.kase().Plan.HomeDaysAWeek()
	if n <= 1 {
		return []string{"{day-suits}", "day suits", "{most}", ""}
	}
	return []string{"{day-suits}", "days suit", "{most}", " " + v.say(v.s.words["day"].Say["most"], "{n}", itoa(n))}
}

// everyDay leads past the question where every day is asked for.
func everyDay(v *visit) string {
	if v.kase().Plan.HomeDaysAWeek() >= len(day.Working()) {
		return "/start/trial"
	}
	return ""
}

func fillDay(v *visit, a answers) {
	p := v.kase().Plan
	switch {
	case len(p.Wish) > 0:
		for _, w := range p.Wish[:max(1, min(len(p.Wish), p.HomeDaysAWeek()))] {
			a.Add("day", w.String())
		}
	case p.Choice == plan.Boss:
		a.Set("day", "boss")
	}
}

func takeDay(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	c.Plan.Wish = nil
	for _, w := range day.Working() {
		if slices.Contains(a.Values["day"], w.String()) {
			c.Plan.Wish = append(c.Plan.Wish, w)
		}
	}
	switch n := max(1, c.Plan.HomeDaysAWeek()); {
	case len(c.Plan.Wish) > n:
		a.refuse("day", "%s", v.say(v.s.words["day"].Say["too-many"], "{n}", itoa(n)))
	case len(c.Plan.Wish) > 0 && slices.Contains(a.Values["day"], "boss"):
		a.refuse("day", "%s", v.say(v.s.words["day"].Say["both"]))
	}
	if c.Plan.Choice == "" {
		c.Plan.Choice = plan.Lottery
	}
}

func weekday(s string) (day.Weekday, bool) {
	for _, w := range day.Working() {
		if w.String() == s {
			return w, true
		}
	}
	return 0, false
}

// usualStart is a Monday six weeks from now: time to ask, and to be answered. It
// is not in the weeks of Christmas and New Year, when few offices are full.
func usualStart(today day.Date) day.Date {
	start := today.Add(42).Monday()
	for _, year := range []int{start.Year - 1, start.Year} {
		if first := day.On(year, 12, 25); !start.Before(first.Monday()) && start.Before(day.On(year+1, 1, 2)) {
			start = day.On(year+1, 1, 1).Add(7).Monday()
		}
	}
	return start
}

func fillTrial(v *visit, a answers) {
	p := v.kase().Plan
	a.Set("weeks", "8")
	if p.Weeks > 0 {
		a.Set("weeks", strconv.Itoa(p.Weeks))
	}
	a.Set("start", usualStart(v.today()).String())
	if !p.Start.IsZero() {
		a.Set("start", p.Start.String())
	}
	a.Set("choice", string(plan.Lottery))
	if p.Choice != "" {
		a.Set("choice", string(p.Choice))
	}
	for _, w := range day.Working() {
		if len(p.Allowed) > 0 && !slices.Contains(p.Allowed, w) {
			a.Add("never", w.String())
		}
	}
}

func takeTrial(v *visit, a answers, c *homecase.Case, _ *homecase.Course) {
	p, before := &c.Plan, c.Spoken()
	defer follow(a, c, before)
	if n, err := strconv.Atoi(a.line("weeks")); err == nil {
		p.Weeks = n
	}
	if start := a.date("start", "The first day"); !start.IsZero() {
		if !start.After(v.today()) {
			a.refuse("start", "Start date must be after today")
		}
		p.Start = start
	}
	p.Allowed = nil
	for _, w := range day.Working() {
		if !slices.Contains(a.Values["never"], w.String()) {
			p.Allowed = append(p.Allowed, w)
		}
	}
	switch {
	case len(p.Allowed) == 0:
		a.refuse("never", "Leave at least one day that can be a home day")
	case len(p.Allowed) == len(day.Working()):
		p.Allowed = nil
	}
	if w := a.line("choice"); w != "" {
		p.Choice = plan.Choice(w)
	}
	if p.Choice == plan.Fixed && len(p.Wish) == 0 {
		a.refuse("choice", "You have picked no day yet. Choose another way, or go back and pick a day")
	}
	if !p.Start.IsZero() && p.Weeks > 0 {
		p.DecideOn = p.DecisionDay()
	}
}

// follow writes suggested promises and ready answers anew after the plan has changed, so that none
// names a day that is no longer agreed.
func follow(a answers, c *homecase.Case, before homecase.Spoken) {
	if err := c.Follow(before); err != nil {
		a.refuse("start", "The suggested promises and answers cannot be read")
	}
}

// trialLengths says for each length how many home days it has and, once the
// person's measure is known, how small a change it can show.
func trialLengths(v *visit, _ string) ([]option, error) {
	var out []option
	for _, weeks := range []int{2, 4, 8, 12} {
		home := weeks * v.kase().Plan.HomeDaysAWeek()
		o := option{Value: strconv.Itoa(weeks), Label: strconv.Itoa(weeks) + " weeks", Hint: v.say(v.s.label("trial-days"), "{days}", strconv.Itoa(home))}
		change, err := v.s.work.SmallestChange(v.open, weeks)
		switch {
		case err != nil:
			return nil, err
		case home < 5:
			o.Hint += " " + v.s.label("trial-too-short")
		case change > 0:
			o.Hint += " " + v.say(v.s.label("trial-shows"), "{change}", strconv.FormatFloat(change, 'g', 2, 64), "{unit}", v.kase().Facts.Measure.Unit)
		case weeks == 8:
			o.Hint += " " + v.s.label("trial-usual")
		}
		out = append(out, o)
	}
	return out, nil
}

// windowsAside shows the week as it is asked for.
func (v *visit) windowsAside() (template.HTML, error) {
	p, err := v.preview()
	if err != nil {
		return "", err
	}
	return v.s.part("windows-aside", struct {
		Week packet.Chart
		Boss string
	}{p.Week, v.boss()})
}
