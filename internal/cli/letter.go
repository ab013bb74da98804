package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"homecase"
	"homecase/content"
	"homecase/ops"
)

func letterCommand(w World) *cobra.Command {
	return group("letter", "Write one of the small letters from the case",
		letterList(w),
		letterKind(w, homecase.ProjectDay, "Ask openly for one day at home",
			"Asks your boss for one day at home for one piece of work. Give the work and the\nday: neither is in the case file.", projectFlags),
		letterKind(w, homecase.Thanks, "Say thank you after the talk",
			"Thanks your boss for the talk, and repeats what was agreed when it was a yes.\nDate it with --on: a talk that has not been held is not thanked for.", nil),
		letterKind(w, homecase.NotNow, "Answer a \"not now\" with thanks, the worry and a day",
			"Thanks your boss for a \"not now\", with the worry, what you do about it, and the\nday on which you come back to it.", nil),
		letterKind(w, homecase.HRQuestion, "Ask Human Resources what is unknown",
			"Asks Human Resources about the rules that the case does not know, and the\nquestions that only they can answer.", nil),
		letterKind(w, homecase.HRRequest, "Make a request under a law that asks for private reasons",
			"Makes a request under the law of your place, to Human Resources alone: where the\nlaw is for people with listed reasons, or asks for yours. It holds exactly what the\nlaw asks for. Without --reasons it has a line to write on by hand. Your reasons are\nread for this letter and kept nowhere else.", requestFlags),
		letterKind(w, homecase.Reference, "Ask a colleague who already works from home",
			"Asks a colleague of the case file how it went, and whether you may name them.", referenceFlags),
		letterKind(w, homecase.NextRung, "Ask for the next rung after a trial that opens it",
			"Asks for the next rung of the ladder. The verdict is computed from the logged\ndays; where it opens nothing the letter is refused, exit code 3.", rungFlags))
}

func projectFlags(c *cobra.Command, o *ops.LetterOptions) {
	c.Flags().StringVar(&o.Project, "project", "", "the piece of work, such as \"the supplier file\"")
	c.Flags().Var(dateFlag{&o.ProjectDate}, "day", "the day at home, as 2026-12-08")
}

func requestFlags(c *cobra.Command, o *ops.LetterOptions) {
	c.Flags().StringVar(&o.Law, "law", "", "the law to ask under, such as IE-FW, where several fit")
	c.Flags().StringVar(&o.Reasons, "reasons", "", "a text file with your reasons, in your own words")
}

func referenceFlags(c *cobra.Command, o *ops.LetterOptions) {
	c.Flags().StringVar(&o.To, "to", "", "the colleague's name, where the case names several")
}

func rungFlags(c *cobra.Command, o *ops.LetterOptions) {
	c.Flags().StringVar(&o.Days, "days", "", "the trial's logged days, a CSV file")
	c.Flags().StringVar(&o.Plan, "plan", "", "the trial's plan file; left out, the case itself")
}

// letterKind is the command of one letter.
func letterKind(w World, kind homecase.NoteKind, short, long string, flags func(*cobra.Command, *ops.LetterOptions)) *cobra.Command {
	var o ops.LetterOptions
	var out string
	c := &cobra.Command{
		Use: string(kind) + " FILE", Short: short,
		Long: long + "\n\nA letter that lacks something is refused, and every missing slot is named. You\nread it and send it; homecase sends nothing.",
		Args: exactly("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := w.Desk.Letter(kind, args[0], out, o)
			if err != nil {
				return err
			}
			if out == "" {
				_, err = c.OutOrStdout().Write(text)
				return err
			}
			if err := content.WriteFile(out, text); err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), out)
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "write to this file: .txt, .docx or .eml")
	c.Flags().Var(dateFlag{&o.On}, "on", "the day the letter is dated; left out, the case's own")
	if flags != nil {
		flags(c, &o)
	}
	return c
}

func letterList(w World) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the small letters, when each is right and what it needs",
		Long: "Lists the small letters, with when each is right, what it needs and what does not\nbelong in it.", Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			all, err := w.Desk.Letters()
			if err != nil {
				return err
			}
			showLetters(c.OutOrStdout(), all)
			return nil
		},
	}
}

func showLetters(out io.Writer, all []homecase.NoteInfo) {
	for i, n := range all {
		if i > 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "%s (to %s)\n", n.ID, n.To)
		fmt.Fprintln(out, wrap("  "+n.When, 2))
		for _, s := range n.Needs {
			fmt.Fprintln(out, wrap("  Needs "+s.Slot+": "+s.What, 4))
		}
		var avoid []string
		for _, a := range n.Avoid {
			avoid = append(avoid, lowerFirst(a))
		}
		fmt.Fprintln(out, wrap("  Leave out: "+strings.Join(avoid, "; ")+".", 4))
	}
}
