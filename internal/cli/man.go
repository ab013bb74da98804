package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"homecase/ops"
)

func manCommand(w World) *cobra.Command {
	return &cobra.Command{
		Use: "man DIR", Short: "Write a manual page for each command",
		Long: `Writes one manual page for each command into a folder, such as
homecase-packet-build.1. Read one with: man ./homecase-packet-build.1`,
		Args: exactly("DIR"),
		RunE: func(c *cobra.Command, args []string) error {
			var files []ops.File
			for _, page := range everyCommand(c.Root()) {
				files = append(files, ops.File{Name: manName(page) + ".1", Data: []byte(manPage(page, w.Version))})
			}
			if err := ops.WriteFiles(args[0], files); err != nil {
				return err
			}
			for _, f := range files {
				fmt.Fprintln(c.OutOrStdout(), filepath.Join(args[0], f.Name))
			}
			return nil
		},
	}
}

// everyCommand lists a command and all below it that a person may call.
func everyCommand(c *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			list = append(list, everyCommand(sub)...)
		}
	}
	return list
}

func manName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manPage writes one page in the man macros. It has no date, so that the same
// program writes the same page.
func manPage(c *cobra.Command, version string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line(".TH %q 1 \"\" %q \"homecase manual\"", strings.ToUpper(manName(c)), "homecase "+roff(version))
	line(".SH NAME\n%s \\- %s", roff(manName(c)), roff(lowerFirst(c.Short)))
	line(".SH SYNOPSIS\n.B %s", roff(c.UseLine()))
	line(".SH DESCRIPTION\n%s", roff(c.Long))
	flags := c.NonInheritedFlags()
	if flags.HasAvailableFlags() {
		line(".SH OPTIONS")
		flags.VisitAll(func(f *pflag.Flag) { line("%s", manFlag(f)) })
	}
	line(".SH EXIT STATUS\n0 fine, 1 failed, 2 wrong use or input, 3 findings.")
	var see []string
	if p := c.Parent(); p != nil {
		see = append(see, manName(p))
	}
	for _, sub := range everyCommand(c)[1:] {
		if sub.Parent() == c {
			see = append(see, manName(sub))
		}
	}
	for i, s := range see {
		see[i] = ".BR " + roff(s) + " (1)"
	}
	if len(see) > 0 {
		line(".SH SEE ALSO\n%s", strings.Join(see, " ,\n"))
	}
	return b.String()
}

func manFlag(f *pflag.Flag) string {
	name := "--" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", " + name
	}
	kind, usage := pflag.UnquoteUsage(f)
	if kind != "" {
		name += " " + kind
	}
	return ".TP\n.B " + roff(name) + "\n" + roff(usage)
}

func lowerFirst(s string) string {
	if s == "" || len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// roff escapes text: a backslash and a minus as they are typed, and no line
// that begins with the mark of a macro.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
