package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"homecase/fault"
	"homecase/ops"
	"homecase/trial/lottery"
	"homecase/trial/pool"
)

func trialTest(w World) *cobra.Command {
	return group("test", "Run one test by itself, on numbers given or on a CSV file", testExact(), testSignFlip(), testWelch(w))
}

func testExact() *cobra.Command {
	var home, office string
	c := &cobra.Command{
		Use: "exact", Short: "Compare two groups over all ways to divide the values",
		Long: `Counts how many of all ways to divide the values into two groups give a sum of home
values at least, or at most, as large as the one seen. Two-sided p-values are printed
by both conventions: by distance from the mean, and twice the smaller side.`,
		Args: none,
	}
	c.Flags().StringVar(&home, "home", "", "the home values, such as 12,14,13")
	c.Flags().StringVar(&office, "office", "", "the office values, such as 9,11,8")
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if home == "" || office == "" {
			return usage{fmt.Errorf("--home and --office are needed; see %q", c.CommandPath()+" --help")}
		}
		h, err := ops.Numbers("home", home)
		if err != nil {
			return err
		}
		o, err := ops.Numbers("office", office)
		if err != nil {
			return err
		}
		t, err := lottery.Exact(h, o)
		return showTest(c, *asJSON, t, err)
	}
	return c
}

func testSignFlip() *cobra.Command {
	var list string
	c := &cobra.Command{
		Use: "signflip", Short: "Test paired differences over all signs",
		Long: `Counts how many of all choices of signs give a sum at least, or at most, as large as
the one seen. A difference of zero keeps its two equal signs.`,
		Args: none,
	}
	c.Flags().StringVar(&list, "differences", "", "the differences, such as 49,-67,8")
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if list == "" {
			return usage{fmt.Errorf("--differences is needed; see %q", c.CommandPath()+" --help")}
		}
		d, err := ops.Numbers("differences", list)
		if err != nil {
			return err
		}
		t, err := lottery.SignFlip(d)
		return showTest(c, *asJSON, t, err)
	}
	return c
}

func showTest(c *cobra.Command, asJSON bool, t lottery.Test, err error) error {
	if err != nil {
		return fault.New(fault.Invalid, "HC-CLI-01", "This test cannot be done: %s.", err).Because(err)
	}
	if asJSON {
		return printJSON(c.OutOrStdout(), t)
	}
	out := c.OutOrStdout()
	fmt.Fprintf(out, "At least as large: %v of %v, p = %.6g\n", t.CountGE, t.Total, t.PGreater)
	fmt.Fprintf(out, "At most as large:  %v of %v, p = %.6g\n", t.CountLE, t.Total, t.PLess)
	fmt.Fprintf(out, "Two-sided, by distance from the mean: p = %.6g\n", t.PTwoSidedAbs)
	fmt.Fprintf(out, "Two-sided, twice the smaller side:    p = %.6g\n", t.PTwoSidedMin)
	return nil
}

func testWelch(w World) *cobra.Command {
	var o ops.WelchOptions
	c := &cobra.Command{
		Use: "welch", Short: "Compare two groups of a CSV file by Welch's test",
		Long: `Compares the mean of a column between the two groups of another column, row by row.
Rows can be chosen: --where "created_date >= 2018-01-01" --where "days > -1".`,
		Args: none,
	}
	c.Flags().StringVar(&o.File, "csv", "", "the CSV file")
	c.Flags().StringVar(&o.Value, "value", "", "the column with the numbers")
	c.Flags().StringVar(&o.By, "by", "", "the column with the two groups")
	c.Flags().StringArrayVar(&o.Where, "where", nil, "keep rows where \"column op value\", op one of = != < <= > >=; may be given more than once")
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if o.File == "" || o.Value == "" || o.By == "" {
			return usage{fmt.Errorf("--csv, --value and --by are needed; see %q", c.CommandPath()+" --help")}
		}
		a, err := w.Desk.Welch(o)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), a)
		}
		out := c.OutOrStdout()
		fmt.Fprintf(out, "%s by %s: %d of %d rows\n", a.Value, a.By, a.Used, a.Rows)
		fmt.Fprintf(out, "  %-16s n = %d, mean %.6g, SD %.6g\n", clip(a.Groups[0], 16), a.First.N, a.First.Mean, a.First.SD)
		fmt.Fprintf(out, "  %-16s n = %d, mean %.6g, SD %.6g\n", clip(a.Groups[1], 16), a.Second.N, a.Second.Mean, a.Second.SD)
		fmt.Fprintf(out, "First less second: %.6g, 95%% interval %.6g to %.6g\n", a.Estimate, a.Interval95[0], a.Interval95[1])
		fmt.Fprintf(out, "t = %.5g, df = %.6g, p = %.5g (two-sided)\n", a.T, a.DF, a.PTwoSided0)
		return nil
	}
	return c
}

func trialPool(w World) *cobra.Command {
	var o pool.Options
	c := &cobra.Command{
		Use: "pool ESTIMATES.csv", Short: "Pool the trials of many people",
		Long: `Reads person,estimate,variance,df and says how large the effect is on average, how
much people differ, and which share of them is at least as good at home. Nothing is
shown of groups under five people. Fewer than three people have no pooled verdict.`,
		Args: exactly("ESTIMATES.csv"),
	}
	c.Flags().Float64Var(&o.Margin, "margin", 0, "the drop that would not matter, in the unit of the estimates")
	c.Flags().Float64Var(&o.Unit, "unit", 0, "the day-to-day SD in the unit of the estimates; 0 leaves it to the data")
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		stop := w.working("pooling")
		a, err := w.Desk.PoolTrials(args[0], o)
		stop()
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), a)
		}
		showPool(c.OutOrStdout(), a)
		return nil
	}
	return c
}

func trialPanel(w World) *cobra.Command {
	var seed uint64
	var draws int
	c := &cobra.Command{
		Use: "panel PANEL.csv", Short: "Analyse a panel of people over weeks",
		Long: `Reads person,period,treated,post,outcome and computes the effect of home working
with a level for each person and period, errors clustered by person, and a p-value by
drawing the home group again among the same people.`,
		Args: exactly("PANEL.csv"),
	}
	c.Flags().Uint64Var(&seed, "seed", 1, "start the draws of the home group from this seed")
	c.Flags().IntVar(&draws, "draws", 9999, "draw the home group so often")
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		stop := w.working("fitting")
		f, err := w.Desk.Panel(args[0], seed, draws)
		stop()
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), f)
		}
		out := c.OutOrStdout()
		fmt.Fprintf(out, "%d people (%d in the home group), %d periods, %d rows\n", f.People, f.HomePeople, f.Periods, f.Rows)
		fmt.Fprintf(out, "Effect %.6g, SE %.6g (clustered by person), t = %.5g, df = %g, p = %.5g\n", f.Estimate, f.SE, f.T, f.DF, f.P)
		fmt.Fprintf(out, "90%% interval %.6g to %.6g\n", f.Interval90[0], f.Interval90[1])
		if l := f.Lottery; l != nil {
			fmt.Fprintf(out, "By drawing the group again (%d draws): p = %.5g\n", l.Draws, l.PTwoSided)
		}
		for _, s := range f.Warnings {
			fmt.Fprintln(out, wrap("  "+s, 2))
		}
		return nil
	}
	return c
}
