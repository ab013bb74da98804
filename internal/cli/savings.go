package cli

import (
	"fmt"
	"io"
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
together. The same file and seed give the same numbers on any machine.`,
		Args: exactly("FILE"),
	}
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
			return printJSON(c.OutOrStdout(), r)
		}
		showEstimate(c.OutOrStdout(), r)
		return nil
	}
	return c
}

func showEstimate(out io.Writer, r savings.Report) {
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
			fmt.Fprintf(out, "  %-44s %.0f in 100; %d of %d inputs are assumptions\n", "  Chance of a loss", t.BelowZero*100, t.Assumptions.Assumed, t.Assumptions.Of)
		}
	}
	for _, o := range r.LeftOut {
		fmt.Fprintln(out, wrap("\nLeft out: "+o.Name+". "+o.Why, 4))
	}
	for _, f := range r.Findings {
		fmt.Fprintln(out, wrap("\n"+string(f.Code)+": "+f.Say+" "+f.Next, 4))
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
	c := &cobra.Command{Use: "lines", Short: "List the catalogue of savings lines with their inputs", Args: none}
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
					fmt.Fprintf(c.OutOrStdout(), "  %-24s %s\n", l.ID, wrap(strings.Repeat(" ", 27)+l.Words, 27)[27:])
				}
			}
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
	sets := c.Flags().StringArray("set", nil, "input=value, such as price_per_day=4; may be given more than once")
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
