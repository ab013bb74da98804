package cli

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"homecase/savings"
)

func savingsCommand(w World) *cobra.Command {
	return group("savings", "What home days save and cost", savingsEstimate(w), savingsLines(), savingsLine())
}

func savingsEstimate(w World) *cobra.Command {
	c := &cobra.Command{
		Use: "estimate FILE", Short: "Estimate what home days save and cost, in three ledgers",
		Long: `Draws every input from its range and prints three ledgers that are never added
together. The same file and seed give the same numbers on any machine. Exit code 3
when a number has no source or a rule of the model stops the packet.`,
		Args: exactly("FILE"),
	}
	c.ValidArgsFunction = caseFiles
	seed := c.Flags().Uint64("seed", 0, "use this seed in place of the case's own")
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		own := seed
		if !c.Flags().Changed("seed") {
			own = nil
		}
		stop := w.working("drawing")
		r, err := w.Desk.Estimate(args[0], own)
		stop()
		if err != nil {
			return err
		}
		if *asJSON {
			err = printJSON(c.OutOrStdout(), r)
		} else {
			showEstimate(c.OutOrStdout(), r)
		}
		if err == nil && slices.ContainsFunc(r.Findings, func(f savings.Finding) bool { return f.Stops }) {
			return findings{}
		}
		return err
	}
	return c
}

func showEstimate(out io.Writer, r savings.Report) {
	if r.Points == 0 {
		fmt.Fprintln(out, wrap("This case has no money lines yet. Put some under money; homecase savings lines lists what there is.", 0))
		return
	}
	fmt.Fprintf(out, "Seed %d, %d scrambles of %d points. Amounts in %s a year.\n", r.Seed, r.Scrambles, r.Points, r.Currency)
	for _, l := range r.Ledgers {
		if len(l.Lines) == 0 {
			continue
		}
		fmt.Fprintf(out, "\n%s\n", l.Name)
		fmt.Fprintf(out, "  %-44s %10s %10s %10s\n", "", "5 %", "50 %", "95 %")
		for _, line := range l.Lines {
			name := line.Name
			if !line.Counted {
				name += " (not counted)"
			}
			fmt.Fprintf(out, "  %-44s %10.4g %10.4g %10.4g\n", clip(name, 44), line.Quantiles.P5, line.Quantiles.P50, line.Quantiles.P95)
		}
		for _, t := range l.Totals {
			fmt.Fprintf(out, "  %-44s %10g %10g %10g\n", clip("Total: "+t.Name, 44), t.Rounded.P5, t.Rounded.P50, t.Rounded.P95)
			fmt.Fprintf(out, "    Chance of a loss: %s. %d of %d inputs are assumptions.\n", ofHundred(t.BelowZero), t.Assumptions.Assumed, t.Assumptions.Of)
		}
	}
	for _, o := range r.LeftOut {
		fmt.Fprintln(out, "\n"+wrap("Left out: "+o.Name+". "+o.Why, 4))
	}
	for _, f := range r.Findings {
		fmt.Fprintln(out, "\n"+wrap(string(f.Code)+": "+f.Say+" "+f.Next, 4))
	}
}

// ofHundred writes a chance as a count of 100, and never as none or all.
func ofHundred(p float64) string {
	switch n := math.Round(p * 100); {
	case n < 1:
		return "under 1 in 100"
	case n > 99:
		return "over 99 in 100"
	default:
		return fmt.Sprintf("%.0f in 100", n)
	}
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// catalogue is what "savings lines --json" prints.
type catalogue struct {
	Lines      []savings.Line `json:"lines"`
	Parameters []savings.Spec `json:"parameters"`
	Rules      []savings.Rule `json:"rules"`
}

func savingsLines() *cobra.Command {
	c := &cobra.Command{Use: "lines", Short: "List the catalogue of savings lines with their inputs", Args: none,
		Long: `Lists every line of the catalogue by its ledger: its id, its formula in words, and
the inputs of its own with their units. Inputs that lines share, such as
weeks_per_year, stand at the end.`}
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		var all catalogue
		var err error
		if all.Lines, err = savings.Catalogue(); err != nil {
			return err
		}
		if all.Parameters, err = savings.Parameters(); err != nil {
			return err
		}
		if all.Rules, err = savings.Rules(); err != nil {
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), all)
		}
		for _, ledger := range savings.Ledgers() {
			fmt.Fprintf(c.OutOrStdout(), "%s\n", ledger.Name())
			for _, l := range all.Lines {
				if l.Ledger == ledger {
					fmt.Fprintln(c.OutOrStdout(), row("  "+string(l.ID), 27, l.Words))
					for _, in := range l.Inputs {
						fmt.Fprintln(c.OutOrStdout(), row("", 29, in.Name+", "+in.Unit.String()))
					}
				}
			}
		}
		fmt.Fprintln(c.OutOrStdout(), "Shared inputs")
		for _, p := range all.Parameters {
			fmt.Fprintln(c.OutOrStdout(), row("  "+p.Name, 27, p.Words+"; "+p.Unit.String()))
		}
		return nil
	}
	return c
}

func savingsLine() *cobra.Command {
	c := &cobra.Command{
		Use: "line ID", Short: "Compute one line exactly, and print formula, inputs and result",
		Long: `Computes one line of the catalogue with the values you give, so that any published
example can be checked. Inputs and their units are listed by "homecase savings lines".`,
		Args: exactly("ID"),
	}
	c.ValidArgsFunction = firstOf(lineIDs)
	sets := c.Flags().StringArray("set", nil, "`input=value`, such as price_per_day=4; may be given more than once")
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		values := map[string]string{}
		for _, s := range *sets {
			name, value, ok := strings.Cut(s, "=")
			if !ok || name == "" {
				return usage{fmt.Errorf("--set %q must be input=value", s)}
			}
			values[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
		r, err := savings.LineValue(args[0], values)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), r)
		}
		showLine(c.OutOrStdout(), r)
		return nil
	}
	return c
}

func showLine(out io.Writer, r savings.LineResult) {
	fmt.Fprintf(out, "%s (%s)\n%s\n%s\n", r.Name, r.Ledger.Name(), r.Words, r.Formula)
	for _, in := range r.Inputs {
		from := ""
		if in.Default {
			from = "catalogue: " + in.Source
		}
		fmt.Fprintf(out, "  %-24s %s %s  %s\n", in.Name, in.Value, in.Unit, from)
	}
	fmt.Fprintf(out, "= %s\n= %s %s %s\n", r.Working, r.Result, r.Unit, r.Period)
	for _, n := range r.Notes {
		fmt.Fprintln(out, wrap("  "+n, 2))
	}
}
