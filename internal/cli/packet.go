package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"homecase/ops"
)

func packetCommand(w World) *cobra.Command {
	return group("packet", "Build a packet, or check one you were given", buildCommand(w), verifyCommand(w))
}

func buildCommand(w World) *cobra.Command {
	var out string
	var o ops.BuildOptions
	c := &cobra.Command{
		Use: "build FILE", Short: "Build the packet in every format",
		Long: "Builds the packet from a case file:\n  " + strings.Join(ops.Formats()[:4], " ") + "\n  " + strings.Join(ops.Formats()[4:], " ") + `
Only when asked for by name: ` + strings.Join(ops.ExtraFormats(), " ") + `
(the draft of an agreement, and six slides with notes for a talk).
--with agreement puts the draft behind packet.pdf and packet.docx as well.
All files are made or none. A case that is not ready, or a number without a
source, makes no packet; exit code 3.`,
		Args: exactly("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			stop := w.working("building the packet")
			built, err := w.Desk.BuildPacket(c.Context(), args[0], o)
			stop()
			if err != nil {
				return err
			}
			if err := ops.WriteFiles(out, built.Files); err != nil {
				return err
			}
			for _, f := range built.Files {
				fmt.Fprintln(c.OutOrStdout(), filepath.Join(out, f.Name))
			}
			return built.Findings.OrNil()
		},
	}
	c.Flags().StringVar(&out, "out", "packet", "the folder to write into")
	c.Flags().StringVar(&o.Paper, "paper", "", "a4 or letter; left out, the country's own")
	c.Flags().StringSliceVar(&o.Only, "only", nil, "build only these files, such as one-page.pdf,letter.docx")
	c.Flags().StringSliceVar(&o.With, "with", nil, "put this behind the packet as an appendix: agreement")
	complete(c, "with", ops.Appendices()...)
	complete(c, "paper", "a4", "letter")
	complete(c, "only", ops.Formats()...)
	c.ValidArgsFunction = caseFiles
	c.Flags().BoolVar(&o.Large, "large-print", false, "set the PDFs in 14 point")
	return c
}

func verifyCommand(w World) *cobra.Command {
	var asJSON *bool
	c := &cobra.Command{
		Use: "verify FILE", Short: "Recompute every number of a packet and name each that differs",
		Long: `Reads one-page.pdf, packet.pdf or packet.html, computes every number again from
the working attached to it, and compares it with what is printed. That proves that
the file agrees with its inputs, not that the inputs are true. Exit code 3 when
something differs.`,
		Args: exactly("FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			stop := w.working("recomputing the packet")
			v, err := w.Desk.Verify(args[0])
			stop()
			if err != nil {
				return err
			}
			if *asJSON {
				err = printJSON(c.OutOrStdout(), v)
			} else {
				showVerification(c, v)
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

func showVerification(c *cobra.Command, v *ops.Verification) {
	out := c.OutOrStdout()
	if v.OK {
		fmt.Fprintf(out, "All %d numbers agree.\n%s\n", v.Numbers, wrap(v.Proves, 0))
		return
	}
	fmt.Fprintf(out, "%d of the differences are listed; %d numbers were compared.\n", len(v.Differences), v.Numbers)
	for _, d := range v.Differences {
		fmt.Fprintf(out, "  %s: printed %q, recomputed %q\n", d.Where, d.Printed, d.Recomputed)
	}
}
