// Package cli is the command line: noun, then verb. Each command parses, calls
// one op and shows the result. The answer goes to standard output, everything
// else to standard error, and the exit code says what happened.
//
//	0  fine
//	1  failed: homecase or the machine could not do it
//	2  the command or its input is wrong, and the message says where
//	3  findings: not ready, a difference, a number without a source
//
// The package holds no rules and no arithmetic.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"homecase/fault"
	"homecase/ops"
)

// World is what the command line may touch. Tests give their own.
type World struct {
	Stdout, Stderr io.Writer
	Stdin          io.Reader
	Desk           *ops.Desk
	Version        string
	Terminal       bool // standard error is a terminal: progress may be shown
	Rooms          Rooms
	Offices        Offices
}

// The exit codes.
const (
	ExitFine = iota
	ExitFailed
	ExitUsage
	ExitFindings
)

// Main runs one command and returns its exit code.
func Main(ctx context.Context, args []string, w World) int {
	root := command(w)
	root.SetArgs(args)
	root.SetOut(w.Stdout)
	root.SetErr(w.Stderr)
	root.SetIn(w.Stdin)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return ExitFine
	}
	w.show(err)
	return exitCode(err)
}

// findings is the quiet error of a command that already said what it found.
type findings struct{}

func (findings) Error() string { return "" }

// usage marks an error in how the command was called.
type usage struct{ error }

func exitCode(err error) int {
	var f findings
	var u usage
	switch {
	case errors.As(err, &f):
		return ExitFindings
	case errors.As(err, &u):
		return ExitUsage
	}
	switch fault.KindOf(err) {
	case fault.Finding:
		return ExitFindings
	case fault.Invalid, fault.Missing, fault.Forbidden:
		return ExitUsage
	}
	return ExitFailed
}

// show writes an error for a person: one line a fault, the hint below. Where
// somebody looks it is wrapped; elsewhere a line stays a line for other tools.
func (w World) show(err error) {
	var list fault.List
	var one *fault.Error
	switch {
	case err.Error() == "":
	case errors.As(err, &list):
		for _, f := range list {
			w.showFault(f)
		}
	case errors.As(err, &one):
		w.showFault(one)
	default:
		w.tell(fmt.Sprintf("homecase: %s", strings.TrimSuffix(err.Error(), ".")))
	}
}

// tell writes one message to standard error.
func (w World) tell(line string) {
	if w.Terminal {
		line = wrap(line, 2)
	}
	fmt.Fprintln(w.Stderr, line)
}

func (w World) showFault(f *fault.Error) {
	at := f.Place.String()
	if at != "" {
		at += ": "
	}
	w.tell(fmt.Sprintf("homecase: %s%s (%s)", at, f.Say, f.Code))
	if f.Next != "" {
		w.tell("  " + f.Next)
	}
}

// command builds the whole tree.
func command(w World) *cobra.Command {
	root := &cobra.Command{
		Use:   "homecase",
		Short: "Make a sourced, honest case for working from home",
		Long: `homecase takes one person from "I would like to work from home" to an agreed,
tested and growing arrangement. Everything stays on this computer.

Without a command it opens your workspace in the browser.

Exit codes: 0 fine, 1 failed, 2 wrong use or input, 3 findings.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       w.Version,

		SuggestionsMinimumDistance: 2,
		Args:                       none,
	}
	browse := browseFlags(root)
	root.RunE = func(c *cobra.Command, _ []string) error { return w.browse(c, *browse) }
	root.SetVersionTemplate("homecase {{.Version}}\n")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage{fmt.Errorf("%s; see %q", flagWords(err), c.CommandPath()+" --help")}
	})
	root.CompletionOptions.HiddenDefaultCmd = false
	root.AddCommand(caseCommands(w)...)
	root.AddCommand(workspaceCommands(w)...)
	root.AddCommand(packetCommand(w), recordCommand(w), letterCommand(w), savingsCommand(w), concernCommand(w), evidenceCommand(w), policyCommand(w), pitchCommand(w), readinessCommand(w), trialCommand(w), serveCommand(w), versionCommand(w), manCommand(w))
	narrow(root)
	return root
}

// narrow keeps the help of every command within the width of a page.
func narrow(root *cobra.Command) {
	root.SetUsageTemplate(strings.NewReplacer(
		".LocalFlags.FlagUsages ", fmt.Sprintf(".LocalFlags.FlagUsagesWrapped %d ", columns),
		".InheritedFlags.FlagUsages ", fmt.Sprintf(".InheritedFlags.FlagUsagesWrapped %d ", columns),
		"for more information about a command.", "for more about a command.",
	).Replace(root.UsageTemplate()))
	for _, c := range everyCommand(root) {
		c.Long = fold(c.Long)
	}
}

// group is a noun: it only holds verbs.
func group(use, short string, verbs ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Long: short + ".", Args: none, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.SuggestionsMinimumDistance = 2
	c.AddCommand(verbs...)
	return c
}

// flagWords takes the machinery out of a message about a flag: --made:
// 2026-02-30 is not a day of the calendar.
func flagWords(err error) string {
	s := err.Error()
	if _, rest, ok := strings.Cut(s, "\" for \""); ok && strings.HasPrefix(s, "invalid argument ") {
		if name, why, ok := strings.Cut(rest, "\" flag: "); ok {
			return name + ": " + why
		}
	}
	return s
}

func none(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		if near := c.SuggestionsFor(args[0]); len(near) > 0 {
			return usage{fmt.Errorf("there is no %q here; did you mean %q?", args[0], c.CommandPath()+" "+near[0])}
		}
		return usage{fmt.Errorf("there is no %q here; see %q", args[0], c.CommandPath()+" --help")}
	}
	return nil
}

// exactly wants these arguments, by name.
func exactly(names ...string) cobra.PositionalArgs {
	return between(len(names), names...)
}

// between wants at least least of these arguments.
func between(least int, names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < least {
			return usage{fmt.Errorf("%s is missing; see %q", names[len(args)], c.CommandPath()+" --help")}
		}
		if len(args) > len(names) {
			return usage{fmt.Errorf("%q is one argument too many; see %q", args[len(names)], c.CommandPath()+" --help")}
		}
		return nil
	}
}

// printJSON writes v as the whole answer.
func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func jsonFlag(c *cobra.Command) *bool {
	return c.Flags().Bool("json", false, "print the answer as JSON (docs/json.md)")
}

// working tells on standard error what is being done once it takes over a
// second, and only where somebody looks.
func (w World) working(what string) (stop func()) {
	if !w.Terminal {
		return func() {}
	}
	timer := time.AfterFunc(time.Second, func() { fmt.Fprintf(w.Stderr, "homecase: %s…\n", what) })
	return func() { timer.Stop() }
}

func versionCommand(w World) *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the version", Long: "Prints the version of this homecase. A packet names the version that made it.", Args: none, RunE: func(c *cobra.Command, _ []string) error {
		_, err := fmt.Fprintf(c.OutOrStdout(), "homecase %s\n", w.Version)
		return err
	}}
}
