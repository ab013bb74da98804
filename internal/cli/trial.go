package cli

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"homecase/day"
	"homecase/ops"
	"homecase/trial"
)

func trialCommand(w World) *cobra.Command {
	return group("trial", "A trial with home days drawn by lot: plan, draw, analyse, pool",
		trialPlan(w), trialDraw(w), trialReplay(w), trialAnalyse(w), trialTest(w), trialPool(w), trialPanel(w))
}

func trialPlan(w World) *cobra.Command {
	c := &cobra.Command{
		Use: "plan PLAN.yaml", Short: "Say what a trial can show before it starts",
		Long: `Prints the odds of each verdict, the precision, the number of possible schedules
and the smallest p-value they allow, with warnings. PLAN.yaml is a plan or a case.
Exit code 3 when fewer than 20 schedules are possible.`,
		Args: exactly("PLAN.yaml"),
	}
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		p, err := w.Desk.PlanTrial(args[0])
		if err != nil {
			return err
		}
		if *asJSON {
			err = printJSON(c.OutOrStdout(), p)
		} else {
			showOdds(c.OutOrStdout(), p)
		}
		if err == nil && p.TooFew() {
			return findings{}
		}
		return err
	}
	return c
}

func trialDraw(w World) *cobra.Command {
	var o ops.DrawOptions
	c := &cobra.Command{
		Use: "draw PLAN.yaml", Short: "Draw the home days and freeze the plan",
		Long: `Publishes the hash of the plan and of a secret number, the nonce; mixes in a word
that your boss gives afterwards; draws; and writes the record of it at the end of the
plan, or beside a case. The nonce stays in a file beside it that only you can read,
until the end. No day beyond next week is shown: run the command again on Friday.
Exit code 3 when fewer than 20 schedules are possible.`,
		Args: exactly("PLAN.yaml"),
	}
	c.Flags().StringVar(&o.Nonce, "nonce", "", "use this nonce, in hexadecimal, and keep no file of it")
	c.Flags().StringVar(&o.Word, "word", "", "the boss's word; left out, it is asked for")
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		o.Ask = func(p trial.Commitment) (string, error) { return askWord(c, p) }
		d, err := w.Desk.DrawTrial(args[0], o)
		if err != nil {
			return err
		}
		for _, s := range d.Warnings {
			fmt.Fprintln(c.ErrOrStderr(), wrap("homecase: "+s, 2))
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), d)
		}
		showDraw(c.OutOrStdout(), d)
		return nil
	}
	return c
}

// askWord shows the two hashes and reads the boss's word from standard input.
func askWord(c *cobra.Command, p trial.Commitment) (string, error) {
	fmt.Fprintf(c.ErrOrStderr(), "Plan:  %s\nNonce: %s\nShow both to your boss, then enter a word of your boss's choice: ", p.Plan, p.Nonce)
	line, err := bufio.NewReader(io.LimitReader(c.InOrStdin(), 4096)).ReadString('\n')
	fmt.Fprintln(c.ErrOrStderr())
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("read the word: %w", err)
	}
	return strings.TrimSpace(line), nil
}

func trialReplay(w World) *cobra.Command {
	var nonce, word string
	c := &cobra.Command{
		Use: "replay PLAN.yaml", Short: "Repeat a draw from its nonce",
		Long: `Repeats the draw and compares it with the hashes that were published. PLAN.yaml is
the frozen plan, a case, or the report itself (report.pdf or report.html), whose days
are then compared as well. Exit code 3 when something differs.`,
		Args: exactly("PLAN.yaml"),
	}
	c.Flags().StringVar(&nonce, "nonce", "", "the nonce, in hexadecimal")
	c.Flags().StringVar(&word, "word", "", "the boss's word, where the plan holds no record of a draw")
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if nonce == "" {
			return usage{fmt.Errorf("--nonce is missing; see %q", c.CommandPath()+" --help")}
		}
		r, err := w.Desk.ReplayTrial(args[0], nonce, word)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), r)
		}
		showReplay(c.OutOrStdout(), r)
		return nil
	}
	return c
}

func trialAnalyse(w World) *cobra.Command {
	var o ops.AnalyseOptions
	var at, report, through string
	c := &cobra.Command{
		Use: "analyse PLAN.yaml DAYS.csv", Short: "Say what the logged days show",
		Long: `Compares home and office days by the lottery that the plan describes, and says in
one of five verdicts what the days show. DAYS.csv has the columns
date,assigned,place,value; further columns are further measures. With --report the
report, the Friday note and the analysis are written into a folder. A verdict is no
finding: the exit code is 0.`,
		Args: exactly("PLAN.yaml", "DAYS.csv"),
	}
	c.Flags().StringVar(&report, "report", "", "write "+strings.Join(ops.ReportFiles(), ", ")+" into this folder")
	c.Flags().StringVar(&at, "at", "", "test these margins too, such as 2,1,0")
	c.Flags().StringVar(&o.Nonce, "nonce", "", "check the draw with this nonce, in hexadecimal")
	c.Flags().StringVar(&through, "through", "", "the last day so far; left out, it is today")
	c.Flags().StringVar(&o.Paper, "paper", "", "a4 or letter; left out, the country's own")
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		if at != "" {
			o.At = strings.Split(at, ",")
			for i := range o.At {
				o.At[i] = strings.TrimSpace(o.At[i])
			}
		}
		if through != "" {
			if o.Through, err = day.Parse(through); err != nil {
				return usage{fmt.Errorf("--through: %w", err)}
			}
		}
		stop := w.working("comparing schedules")
		r, files, err := analyse(c, w, args, report, o)
		stop()
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), r)
		}
		showReport(c.OutOrStdout(), r)
		for _, f := range files {
			fmt.Fprintln(c.OutOrStdout(), filepath.Join(report, f.Name))
		}
		return nil
	}
	return c
}

func analyse(c *cobra.Command, w World, args []string, report string, o ops.AnalyseOptions) (*trial.Report, []ops.File, error) {
	if report == "" {
		r, err := w.Desk.AnalyseTrial(args[0], args[1], o)
		return r, nil, err
	}
	files, r, err := w.Desk.ReportTrial(c.Context(), args[0], args[1], o)
	if err == nil {
		err = ops.WriteFiles(report, files)
	}
	return r, files, err
}
