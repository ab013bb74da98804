package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"homecase/content"
	"homecase/ops"
)

func recordCommand(w World) *cobra.Command {
	return group("record", "Check or write the record that a person and an office share", recordVerifyCommand(w), recordExportCommand(w))
}

func recordVerifyCommand(w World) *cobra.Command {
	var asJSON *bool
	c := &cobra.Command{
		Use: "verify FILE", Short: "Check the record that a person and an office share",
		Long: `Reads the record of a case as either side exports it, and checks that each line
follows the one before, that its words are those it was written with, that it is
signed as it must be, and that it was allowed where it stands. Needs neither side
and no network. Exit code 3 when a line does not hold; it is named.`,
		Args: exactly("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			v, err := w.Desk.VerifyRecord(args[0])
			if err != nil {
				return err
			}
			if *asJSON {
				err = printJSON(c.OutOrStdout(), v)
			} else {
				showRecord(c, v)
			}
			if err == nil && !v.OK {
				return findings{}
			}
			return err
		},
	}
	asJSON = jsonFlag(c)
	return c
}

func showRecord(c *cobra.Command, v *ops.RecordVerification) {
	out := c.OutOrStdout()
	if !v.OK {
		fmt.Fprintf(out, "%s\nThe %d before it hold.\n", v.Problem, v.Lines)
		return
	}
	fmt.Fprintf(out, "All %d lines hold.\n", v.Lines)
	if v.Lines > 0 {
		fmt.Fprintf(out, "Case of %s, from %s to %s.\nState: %s\nLast line: %s\n", v.Person, v.First.Format(time.DateOnly), v.Last.Format(time.DateOnly), v.State, v.Head)
	}
	if v.Erased > 0 {
		fmt.Fprintf(out, "The words of %d lines were erased. Their fingerprints are left.\n", v.Erased)
	}
	fmt.Fprintln(out, wrap(v.Proves, 0))
}

func recordExportCommand(w World) *cobra.Command {
	c := &cobra.Command{
		Use: "export", Short: "Write the record of the open case as a file",
		Long: `Writes the record that the open case of the workspace shares with an office, as it
was fetched last, as one file that anybody can check. It holds no key and no link.
"-" writes it to standard output.`,
		Args: none,
	}
	dir := dataFlag(c)
	out := c.Flags().String("out", "record-of-both.json", "the file to write")
	c.RunE = func(c *cobra.Command, _ []string) error {
		return w.room(c.Context(), *dir, func(work *ops.Workspace) error {
			open, err := work.Current(c.Context())
			if err != nil {
				return err
			}
			text, err := work.RecordFile(c.Context(), open.ID)
			if err != nil {
				return err
			}
			if *out == "-" {
				_, err = c.OutOrStdout().Write(text)
				return err
			}
			if err := content.WriteFile(*out, text); err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), *out)
			return err
		})
	}
	return c
}
