package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"homecase/ops"
	"homecase/trial"
	"homecase/trial/pool"
)

func showOdds(out io.Writer, p *ops.PlannedTrial) {
	fmt.Fprintf(out, "%s: %d weeks, %d days, %s home days\n", p.Design, p.Weeks, p.Days, hours(p.HomeDays))
	fmt.Fprintf(out, "Possible schedules: %v, so the smallest p-value is %.3g\n", p.NAssignments, p.FloorP)
	if p.SE != nil {
		fmt.Fprintf(out, "Precision: the 90%% interval will be about %.2g wide on each side\n", 1.645**p.SE)
	} else if p.SEInSD != nil {
		fmt.Fprintf(out, "Precision: the 90%% interval will be about %.2g day-to-day SDs wide on each side\n", 1.645**p.SEInSD)
	}
	if p.MDE != nil {
		fmt.Fprintf(out, "Found with 80 in 100 chance: a distance of %.2g from the margin\n", *p.MDE)
	}
	if p.DaysNeeded != nil {
		fmt.Fprintf(out, "For 80 in 100 chance of \"clearly\" if home is equal: %d days\n", *p.DaysNeeded)
	}
	if o := p.Odds.Odds; o != nil {
		fmt.Fprintf(out, "\nOut of 100 such trials, if home is really … %9s %9s %9s\n", "equal", "better", "at limit")
		line := func(name string, a, b, c float64) {
			fmt.Fprintf(out, "  %-41s %9.0f %9.0f %9.0f\n", name, a*100, b*100, c*100)
		}
		e, b, m := o.Equal, o.Better, o.AtMargin
		line("Clearly at least as good", e.Clearly, b.Clearly, m.Clearly)
		line("Probably at least as good", e.Probably, b.Probably, m.Probably)
		line("Cannot tell yet", e.CannotTell, b.CannotTell, m.CannotTell)
		line("Probably worse", e.ProbablyWorse, b.ProbablyWorse, m.ProbablyWorse)
		line("Worse", e.Worse, b.Worse, m.Worse)
	}
	for _, x := range p.Examples {
		fmt.Fprintf(out, "If the measure varies by %.0f%% a day: \"clearly\" %.0f times in 100 when home is equal\n", x.CV*100, x.ClearlyIfEqual*100)
	}
	if len(p.Alternatives) > 0 {
		fmt.Fprintln(out, "\nOther plans, and how often they end in \"clearly\" if home is equal")
		for _, a := range p.Alternatives {
			fmt.Fprintln(out, row(fmt.Sprintf("  %3.0f in 100", a.ClearlyIfEqual*100), 14, a.Text))
		}
	}
	list(out, "Mind", p.Warnings)
	list(out, "Refused", p.Refusals)
	fmt.Fprintf(out, "\nHash of the plan: %s\n", p.Hash)
}

func list(out io.Writer, head string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s\n", head)
	for _, s := range items {
		fmt.Fprintln(out, wrap("  - "+s, 4))
	}
}

func showDraw(out io.Writer, d *ops.DrawnTrial) {
	fmt.Fprintf(out, "Drawn on %s, one of %v schedules.\n", d.On, d.NAssignments)
	fmt.Fprintf(out, "Plan:  %s\nNonce: %s\nWord:  %s\n", d.Plan, d.Nonce, d.Word)
	fmt.Fprintf(out, "Recorded in %s\n", d.PlanFile)
	if d.NonceFile != "" {
		fmt.Fprintf(out, "The nonce is in %s: keep it to yourself until the end.\n", d.NonceFile)
	}
	home := homeDays(d.Days)
	if len(home) > 0 {
		fmt.Fprintf(out, "\nHome days up to the end of next week\n%s", home)
	}
	if d.Hidden > 0 {
		fmt.Fprintf(out, "\n%d days are drawn and not shown yet.\n", d.Hidden)
	}
}

func homeDays(days []trial.Home) string {
	var b strings.Builder
	for _, h := range days {
		if h.Home {
			fmt.Fprintf(&b, "  %s %s\n", h.Date, h.Date.Weekday().Name())
		}
	}
	return b.String()
}

func showReplay(out io.Writer, r *ops.ReplayedTrial) {
	switch {
	case r.Compared > 0:
		fmt.Fprintf(out, "The draw repeats: plan and nonce match their hashes, and %d days of the report are as drawn.\n", r.Compared)
	case r.Checked:
		fmt.Fprintln(out, "The draw repeats: plan and nonce match their published hashes.")
	default:
		fmt.Fprintln(out, "This plan holds no record of a draw, so there is nothing to compare with.")
	}
	fmt.Fprintf(out, "\nHome days\n%s", homeDays(r.Days))
}

func showReport(out io.Writer, r *trial.Report) {
	fmt.Fprintf(out, "%s\n", r.Heading)
	fmt.Fprintln(out, wrap(r.Sentence, 0))
	fmt.Fprintf(out, "\nDays: %d home, %d office. Evidence grade %s. Schedules: %v\n", r.DaysUsed.Home, r.DaysUsed.Office, r.Grade, r.NAssignments)
	if r.Estimate != nil {
		fmt.Fprintf(out, "Home minus office: %.4g", *r.Estimate)
		if i := r.Interval90; i != nil {
			fmt.Fprintf(out, ", 90%% interval %s to %s", end(i[0]), end(i[1]))
		}
		fmt.Fprintln(out)
	}
	if r.PNonInferiority != nil {
		fmt.Fprintf(out, "p at the margin: %.4g. p at equal: %s.\n", *r.PNonInferiority, end(r.PSuperiority))
	}
	for _, at := range slices.Sorted(maps.Keys(r.PAt)) {
		fmt.Fprintf(out, "p at %s: %s\n", at, end(r.PAt[at]))
	}
	if m := r.MoreDays; m != nil && m.N != nil && r.Verdict != nil && *r.Verdict == trial.CannotTell {
		fmt.Fprintf(out, "About %d more days\n", *m.N)
	}
	list(out, "What could mislead", r.Warnings)
}

func end(v *float64) string {
	if v == nil {
		return "open"
	}
	return fmt.Sprintf("%.4g", *v)
}

func showPool(out io.Writer, a *pool.Answer) {
	fmt.Fprintf(out, "%d people, margin %g\n", a.People, a.Margin)
	if a.Verdict != nil {
		fmt.Fprintf(out, "Verdict: %s\n", strings.ReplaceAll(string(*a.Verdict), "_", " "))
	}
	if b := a.Bayes; b != nil {
		fmt.Fprintf(out, "Mean effect %.4g, 95%% interval %.4g to %.4g\n", b.Mean, b.Interval95[0], b.Interval95[1])
		fmt.Fprintf(out, "Chance that the mean is above minus the margin: %.4g\n", b.PAboveMinusMargin)
		fmt.Fprintf(out, "People differ by an SD of %.4g (90%% interval %.4g to %.4g)\n", b.Tau, b.TauInterval90[0], b.TauInterval90[1])
		if b.Share != nil {
			fmt.Fprintf(out, "Share of people at least as good: %.0f%%\n", *b.Share*100)
		}
		if b.Prediction90 != nil {
			fmt.Fprintf(out, "The next person: %.4g to %.4g (90%%)\n", b.Prediction90[0], b.Prediction90[1])
		}
	}
	if l := a.PauleMandel; l != nil {
		fmt.Fprintf(out, "Paule–Mandel with Hartung–Knapp: %.4g, 95%% interval %.4g to %.4g\n", l.Mu, l.Interval95[0], l.Interval95[1])
	}
	list(out, "Mind", a.Warnings)
}
