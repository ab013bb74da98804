package readiness

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"homecase/day"
	"homecase/fault"
)

// The limits of what a file may say.
const (
	maxText     = 400 // characters of an example
	maxName     = 80  // characters of a name
	maxNote     = 200 // characters of a note
	maxDuties   = 60
	maxExamples = 3
	weekHours   = 168 // 7 × 24
	oddWeekOver = 80  // hours above which we ask whether it is right
	oddWeekFrom = 10  // hours below which we ask
	maxYears    = 60  // years in one job
)

func refuse(code fault.Code, at, say string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, code, say, args...).At(fault.Place{Path: at})
}

// tooLong refuses text over a limit, and text with control characters.
func tooLong(code fault.Code, at, what, text string, limit int) fault.List {
	if n := utf8.RuneCountInString(text); n > limit {
		return fault.List{refuse(code, at, "%s has %d characters; the limit is %d.", what, n, limit)}
	}
	for _, r := range text {
		if r < ' ' && r != '\n' && r != '\t' {
			return fault.List{refuse(code, at, "%s holds a control character.", what)}
		}
	}
	return nil
}

// Check refuses what cannot be right. What is merely odd is CheckThis's matter.
func (a Answers) Check() fault.List {
	var out fault.List
	switch {
	case len(a.Duties) == 0:
		out = append(out, refuse("HC-DUTY-01", "duties", "List at least one duty with its hours.").Then("Five to ten lines for an ordinary week are enough."))
	case len(a.Duties) > maxDuties:
		out = append(out, refuse("HC-DUTY-02", "duties", "There are %d duties; the limit is %d.", len(a.Duties), maxDuties).Then("Put small ones together."))
	}
	if a.WorkingDays < 0 || a.WorkingDays > 7 {
		out = append(out, refuse("HC-DUTY-03", "working_days", "working_days must be between 1 and 7, not %d.", a.WorkingDays))
	}
	if total := a.total(); total > weekHours {
		out = append(out, refuse("HC-DUTY-04", "duties", "The duties add up to %s hours; a week has %d.", number(total), weekHours).Then("Check the hours of each duty."))
	}
	seen := map[string]int{}
	for i, d := range a.Duties {
		key := strings.ToLower(strings.Join(strings.Fields(d.Name), " "))
		if key == "" {
			continue
		}
		if first, ok := seen[key]; ok {
			out = append(out, refuse("HC-DUTY-05", fmt.Sprintf("duties[%d].name", i), "%q is already duty %d.", d.Name, first+1).Then("Give it another name, or add the hours together."))
			continue
		}
		seen[key] = i
	}
	if len(a.Unsupervised) > maxExamples {
		out = append(out, refuse("HC-READY-01", "unsupervised", "There are %d examples of unsupervised work; give at most %d.", len(a.Unsupervised), maxExamples))
	}
	return out
}

// total adds up the hours.
func (a Answers) total() float64 {
	sum := 0.0
	for _, d := range a.Duties {
		sum += d.Hours
	}
	return sum
}

// Check refuses a duty that cannot be right.
func (d Duty) Check() fault.List {
	var out fault.List
	name := d.Name
	if strings.TrimSpace(name) == "" {
		out = append(out, refuse("HC-DUTY-06", "name", "Give this duty a name."))
		name = "this duty"
	}
	out = append(out, tooLong("HC-DUTY-07", "name", "The name", d.Name, maxName)...)
	out = append(out, tooLong("HC-DUTY-07", "covered_by", "covered_by", d.CoveredBy, maxNote)...)
	switch {
	case d.Hours < 0:
		out = append(out, refuse("HC-DUTY-08", "hours", "Hours for %s cannot be negative.", name))
	case d.Hours == 0:
		out = append(out, refuse("HC-DUTY-08", "hours", "Say how many hours a week %s takes, like 4 or 2.5.", name))
	case d.Hours > weekHours:
		out = append(out, refuse("HC-DUTY-08", "hours", "%s takes %s hours; a week has %d.", name, number(d.Hours), weekHours))
	}
	if d.Where == "" {
		out = append(out, refuse("HC-DUTY-09", "where", "Say where %s can be done: home, home_with_change, office or not_sure.", name))
	}
	if d.Where == HomeWithChange && len(d.Change) == 0 {
		out = append(out, refuse("HC-DUTY-10", "where", "Say what would have to change for %s, or write change: [not_sure].", name))
	}
	if d.Where == Office && d.Binds == "" {
		out = append(out, refuse("HC-DUTY-11", "where", "Say how %s ties you to the office: binds: daily, weekly, any or not_sure.", name))
	}
	if len(d.Change) > 0 && d.Where != HomeWithChange {
		out = append(out, refuse("HC-DUTY-12", "change", "A change belongs to where: home_with_change only."))
	}
	for i, c := range d.Conditions {
		if slices.Contains(d.Conditions[:i], c) {
			out = append(out, refuse("HC-DUTY-13", fmt.Sprintf("conditions[%d]", i), "%s is listed twice.", c))
		}
	}
	for i, c := range d.Change {
		if slices.Contains(d.Change[:i], c) {
			out = append(out, refuse("HC-DUTY-14", fmt.Sprintf("change[%d]", i), "%s is listed twice.", c))
		}
	}
	return out
}

// Check refuses time that cannot be.
func (t Tenure) Check() fault.List {
	var out fault.List
	if t.Years < 0 || t.Months < 0 {
		return append(out, refuse("HC-READY-02", "", "Time in the job cannot be negative."))
	}
	if t.Months > 11 {
		out = append(out, refuse("HC-READY-02", "months", "Months must be 0 to 11; write %d months as %d years and %d months.", t.Months, t.Years+t.Months/12, t.Months%12))
	}
	if t.Years > maxYears {
		out = append(out, refuse("HC-READY-02", "years", "%d years in one job is more than a working life.", t.Years))
	}
	if !t.Since.IsZero() && (t.Years > 0 || t.Months > 0) {
		out = append(out, refuse("HC-READY-03", "since", "Give the first day, or years and months, not both."))
	}
	return out
}

// Check refuses a rule that cannot be.
func (r EmployerRule) Check() fault.List {
	var out fault.List
	if r.Months != nil && (*r.Months < 0 || *r.Months > 12*maxYears) {
		out = append(out, refuse("HC-READY-04", "months", "A rule of %d months cannot be right.", *r.Months))
	}
	if r.Months != nil && r.Exists == No {
		out = append(out, refuse("HC-READY-04", "months", "The rule has months, but exists says no."))
	}
	return out
}

// Check refuses an empty or overlong example.
func (e Example) Check() fault.List {
	if strings.TrimSpace(e.Text) == "" {
		return fault.List{refuse("HC-READY-05", "text", "Write what you did, what came of it and how anyone can tell.")}
	}
	return append(tooLong("HC-READY-05", "text", "This text", e.Text, maxText), tooLong("HC-READY-05", "who", "The name", e.Who, maxName)...)
}

// Check refuses an item without a state, and a photo that cannot be one by its name.
func (i Item) Check() fault.List {
	var out fault.List
	if i.State == "" {
		out = append(out, refuse("HC-READY-06", "state", "Say what there is: have, can_get, no or not_sure."))
	}
	out = append(out, tooLong("HC-READY-06", "note", "The note", i.Note, maxNote)...)
	switch strings.ToLower(path.Ext(i.Photo)) {
	case ".jpg", ".jpeg", ".png":
	case "":
		if i.Photo != "" {
			out = append(out, refuse("HC-READY-07", "photo", "A photo must be a .jpg or .png file."))
		}
	default:
		out = append(out, refuse("HC-READY-07", "photo", "A photo must be a .jpg or .png file, not %s.", clip(path.Ext(i.Photo), 10)))
	}
	return append(out, tooLong("HC-READY-07", "photo", "The photo's path", i.Photo, 300)...)
}

// Check refuses a provision without a state.
func (p Provision) Check() fault.List {
	var out fault.List
	if p.State == "" {
		out = append(out, refuse("HC-READY-08", "state", "Say what the company provides: yes, can_get, no, not_needed or not_sure."))
	}
	out = append(out, tooLong("HC-READY-08", "note", "The note", p.Note, maxNote)...)
	return append(out, tooLong("HC-READY-08", "source", "The source", p.Source, maxNote)...)
}

// Check refuses a cost that is negative or out of order.
func (c Cost) Check() fault.List {
	switch {
	case c.Low.IsNeg():
		return fault.List{refuse("HC-READY-09", "low", "A cost cannot be negative.")}
	case c.Likely.Less(c.Low.Decimal):
		return fault.List{refuse("HC-READY-09", "low", "Lowest must not be above likely.")}
	case c.High.Less(c.Likely.Decimal):
		return fault.List{refuse("HC-READY-09", "high", "Highest must not be below likely.")}
	}
	return nil
}

// Check refuses safety items that are not on the list.
func (s Safety) Check() fault.List {
	items, err := SafetyItems()
	if err != nil {
		return fault.List{fault.New(fault.Internal, "HC-READY-99", "The safety list cannot be read.").Because(err)}
	}
	var out fault.List
	for i, id := range s.Open {
		if !slices.ContainsFunc(items, func(it SafetyItem) bool { return it.ID == id }) {
			out = append(out, refuse("HC-READY-10", fmt.Sprintf("open[%d]", i), "There is no safety item %q.", clip(id, 40)))
		}
	}
	return out
}

// CheckThis lists what is odd but may be right: a page asks "Is this right?"
// and takes yes for an answer. The faults are of kind Finding and stop nothing.
func (a Answers) CheckThis(on day.Date) fault.List {
	var out fault.List
	ask := func(code fault.Code, at, say string, args ...any) {
		out = append(out, fault.New(fault.Finding, code, say, args...).At(fault.Place{Path: at}).Then("Is this right?"))
	}
	switch total := a.total(); {
	case total > oddWeekOver:
		ask("HC-DUTY-21", "duties", "Your week adds up to %s hours.", number(total))
	case total > 0 && total < oddWeekFrom:
		ask("HC-DUTY-21", "duties", "Your week adds up to %s hours only.", number(total))
	}
	for i, d := range a.Duties {
		at := fmt.Sprintf("duties[%d].where", i)
		if d.Where == Home && d.tied() {
			ask("HC-DUTY-22", at, "%s is marked home, but a test or a condition ties it, so it counts as office.", d.Name)
		}
		if d.Where == HomeWithChange && len(d.Conditions) > 0 {
			ask("HC-DUTY-22", at, "A condition ties %s, so it counts as office whatever changes.", d.Name)
		}
		if d.Where == Home && d.Binds != "" {
			ask("HC-DUTY-23", at, "%s is marked home, so binds has no effect.", d.Name)
		}
	}
	if !on.IsZero() {
		if a.Tenure != nil && a.Tenure.Since.After(on) {
			ask("HC-READY-21", "tenure.since", "Your first day in the job, %s, is after the date of the case.", a.Tenure.Since)
		}
		if a.DutiesOrigin.Date.After(on) {
			ask("HC-READY-22", "duties_origin.date", "The hours were measured on %s, after the date of the case.", a.DutiesOrigin.Date)
		}
		for i, e := range a.Unsupervised {
			if e.Date.First().After(on) {
				ask("HC-READY-22", fmt.Sprintf("unsupervised[%d].date", i), "This example is from %s, after the date of the case.", e.Date)
			}
		}
		if a.Safety != nil && a.Safety.Checked.After(on) {
			ask("HC-READY-22", "safety.checked", "The safety check is from %s, after the date of the case.", a.Safety.Checked)
		}
	}
	if a.EmployerRule.Exists == Yes && a.EmployerRule.Source == "" {
		ask("HC-READY-23", "employer_rule", "The employer's rule has no source; say where it is written or who said so.")
	}
	return out
}
