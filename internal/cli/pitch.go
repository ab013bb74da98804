package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"homecase/ops"
	"homecase/pitch"
)

func pitchCommand(w World) *cobra.Command {
	return group("pitch", "The words of a letter, read by a careful colleague", pitchCheck(w), pitchLabel(w))
}

func pitchCheck(w World) *cobra.Command {
	var o ops.PitchOptions
	var sarif bool
	c := &cobra.Command{
		Use: "check FILE...", Short: "Say which words will not help, and what to write instead",
		Long: `Reads plain text, Markdown, Word files and e-mails and names what will not help:
a personal reason, a threat, a claim without a number, a promise nobody can keep,
a figure its source never gave, and what the whole letter leaves out. It stops
nothing; exit code 3 when a finding is an error: a known false claim, deception,
or an offer of unpaid work.`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage{fmt.Errorf("FILE is missing; see %q", c.CommandPath()+" --help")}
			}
			return nil
		},
	}
	c.Flags().StringVar(&o.Case, "case", "", "a case file whose facts go into the suggestions")
	c.Flags().StringVar(&o.Rules, "rules", "", "a file of your own rules, laid over those that ship")
	c.Flags().BoolVar(&sarif, "sarif", false, "print the findings as SARIF 2.1.0")
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		found, err := w.Desk.CheckWords(args, o)
		if err != nil {
			return err
		}
		switch {
		case sarif:
			text, err := pitch.SARIF(found)
			if err != nil {
				return err
			}
			if _, err := c.OutOrStdout().Write(text); err != nil {
				return err
			}
		case *asJSON:
			if err := printJSON(c.OutOrStdout(), found); err != nil {
				return err
			}
		default:
			showWords(c.OutOrStdout(), found)
		}
		if pitch.HasErrors(found) {
			return findings{}
		}
		return nil
	}
	return c
}

// showWords prints findings for a person. A rule says why, and from which source,
// where it is met first; later findings of it point there.
func showWords(out io.Writer, found []pitch.Finding) {
	type said struct{ why, suggestion, at string }
	first := map[string]said{}
	for _, f := range found {
		at := fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
		fmt.Fprintf(out, "%s: %s (%s)\n", at, f.Severity, f.Rule)
		if f.Text != "" {
			fmt.Fprintln(out, wrap("    “"+f.Text+"”", 4))
		}
		if old := first[f.Rule]; old.why == f.Why && old.suggestion == f.Suggestion {
			fmt.Fprintln(out, wrap("    As at "+old.at+".", 4))
			continue
		}
		first[f.Rule] = said{f.Why, f.Suggestion, at}
		fmt.Fprintln(out, wrap("    "+f.Why, 4))
		if f.Suggestion != "" {
			fmt.Fprintln(out, wrap("    Write: "+f.Suggestion, 4))
		}
		if f.Source != "" {
			fmt.Fprintln(out, wrap("    Source: "+f.Source, 4))
		}
	}
	if len(found) == 0 {
		fmt.Fprintln(out, "Nothing to remark.")
	}
}

func pitchLabel(w World) *cobra.Command {
	c := &cobra.Command{
		Use: "label FILE", Short: "Label each line of a file with the categories of its words",
		Long: `Reads one sentence a line, leaves the rules about whole documents out, and prints
the categories of each line.`,
		Args: exactly("FILE"),
	}
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		labels, err := w.Desk.LabelWords(args[0])
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), labels)
		}
		for _, l := range labels {
			fmt.Fprint(c.OutOrStdout(), l.Line)
			for _, category := range l.Categories {
				fmt.Fprint(c.OutOrStdout(), " ", category)
			}
			fmt.Fprintln(c.OutOrStdout())
		}
		return nil
	}
	return c
}
