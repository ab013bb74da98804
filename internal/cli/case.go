package cli

import (
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/spf13/cobra"

	"homecase"
	"homecase/ops"
	"homecase/readiness"
)

func caseCommands(w World) []*cobra.Command {
	return []*cobra.Command{newCommand(w), checkCommand(w), schemaCommand()}
}

func newCommand(w World) *cobra.Command {
	var job, country string
	c := &cobra.Command{
		Use: "new FILE", Short: "Write a case file to start from",
		Long: `Writes a case file with a comment at each field. Nothing is overwritten.
With --job the duties of a common job are put in, without hours: only you know those.`,
		Args: exactly("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := w.Desk.New(args[0], ops.NewOptions{Job: job, Country: country}); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s\n", args[0])
			fmt.Fprintf(c.ErrOrStderr(), "Fill in what you know, then run: homecase check %s\n", args[0])
			return nil
		},
	}
	c.Flags().StringVar(&job, "job", "", "your job title, such as \"accounts assistant\"")
	c.Flags().StringVar(&country, "country", "GB", "the two-letter code of the country you work in")
	return c
}

func checkCommand(w World) *cobra.Command {
	var asJSON *bool
	c := &cobra.Command{
		Use: "check FILE", Short: "Say whether the case is ready, with every reason",
		Long: `Says whether the work, the place at home and the rules are ready for the days you
ask for, and what to do first. Exit code 3 when the answer is not "ready".`,
		Args: exactly("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			checked, err := w.Desk.Check(args[0])
			if err != nil {
				return err
			}
			if *asJSON {
				err = printJSON(c.OutOrStdout(), checked)
			} else {
				showChecked(c.OutOrStdout(), checked)
			}
			if err == nil && checked.Word != readiness.Ready {
				return findings{}
			}
			return err
		},
	}
	asJSON = jsonFlag(c)
	c.ValidArgsFunction = caseFiles
	return c
}

// verdictWords are the three verdicts as a heading.
func verdictWords(v *ops.Checked) string {
	switch v.Word {
	case readiness.Ready:
		return "Ready"
	case readiness.ReadyForLess:
		return fmt.Sprintf("Ready for less: the work supports %s a week, and you ask for %s", readiness.Days(v.DaysSupported), readiness.Days(v.DaysAsked))
	}
	if !v.OpensOn.IsZero() {
		return "Not yet: ask again from " + v.OpensOn.String()
	}
	return "Not yet"
}

// hours writes 29 or 37.5.
func hours(f float64) string { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }

func showChecked(out io.Writer, v *ops.Checked) {
	fmt.Fprintf(out, "%s\n", verdictWords(v))
	fmt.Fprintf(out, "%s of %s hours a week can be done at home. Certainty: %s.\n\n", hours(v.Hours.Portable()), hours(v.Hours.Total()), v.Certainty)
	titles := map[readiness.Effect]string{readiness.Closes: "Closed", readiness.Limits: "Limits", readiness.Uncertain: "Not known", readiness.First: "First", readiness.Supports: "Supports", readiness.Notes: "Note"}
	for _, r := range v.Reasons {
		fmt.Fprintln(out, wrap(fmt.Sprintf("%-9s %s", titles[r.Effect], r.Say), 10))
		fmt.Fprintln(out, wrap(fmt.Sprintf("%-9s [%s; %s]", "", r.Rule, r.Source), 10))
	}
	if len(v.Next) > 0 {
		fmt.Fprintln(out, "\nNext")
		for i, n := range v.Next {
			fmt.Fprintln(out, wrap(fmt.Sprintf("%2d. %s", i+1, n), 4))
		}
	}
	for _, f := range v.CheckThis {
		fmt.Fprintln(out, "\n"+wrap("Check this: "+f.Say, 4))
	}
	if len(v.Private) > 0 {
		fmt.Fprintln(out, "\nOnly you see this")
		for _, a := range v.Private {
			fmt.Fprintln(out, wrap("  - "+a.Do, 4))
		}
	}
}

func schemaCommand() *cobra.Command {
	return &cobra.Command{Use: "schema", Short: "Print the JSON Schema of the case file", Long: "Prints the JSON Schema of the case file, so that an editor can complete and check it.", Args: none, RunE: func(c *cobra.Command, _ []string) error {
		_, err := c.OutOrStdout().Write(homecase.Schema())
		return err
	}}
}
