package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"homecase/fault"
	"homecase/ops"
)

func tree(t *testing.T) []*cobra.Command {
	t.Helper()
	root := command(World{Version: "test", Desk: &ops.Desk{}})
	root.InitDefaultCompletionCmd()
	return everyCommand(root)
}

// aids are commands that ask nothing of a case, so that no other door needs them.
var aids = []string{"version", "man", "serve.example-config", "completion.bash", "completion.fish", "completion.powershell", "completion.zsh"}

// TestEveryVerbIsOffered holds the command line to ops.All: each verb has a
// command of its name, and no command does what is no verb.
func TestEveryVerbIsOffered(t *testing.T) {
	var leaves []string
	for _, c := range tree(t) {
		if !c.HasAvailableSubCommands() {
			path := strings.TrimPrefix(c.CommandPath(), "homecase ")
			leaves = append(leaves, strings.ReplaceAll(path, " ", "."))
		}
	}
	var verbs []string
	for _, v := range ops.All() {
		verbs = append(verbs, v.Name)
		if !slices.Contains(leaves, v.Name) {
			t.Errorf("no command asks %s", v.Name)
		}
		if v.Says == "" {
			t.Errorf("%s does not say what it does", v.Name)
		}
	}
	for _, name := range leaves {
		if !slices.Contains(verbs, name) && !slices.Contains(aids, name) {
			t.Errorf("the command %s asks no verb of ops", name)
		}
	}
}

// TestHelpIsThereAndNarrow reads the help of every command.
func TestHelpIsThereAndNarrow(t *testing.T) {
	for _, c := range tree(t) {
		path := c.CommandPath()
		if strings.HasPrefix(path, "homecase completion") {
			continue // cobra's own words
		}
		if c.Use == "" || c.Short == "" || c.Long == "" {
			t.Errorf("%s: use %q, short %q, long %q", path, c.Use, c.Short, c.Long)
		}
		if strings.HasSuffix(c.Short, ".") || utf8.RuneCountInString(c.Short) > 72 {
			t.Errorf("%s: the short help is a heading: %q", path, c.Short)
		}
		args := append(strings.Fields(path)[1:], "--help")
		out, errs, code := run(args...)
		if code != ExitFine || errs != "" || !strings.Contains(out, "Usage:") {
			t.Errorf("%s --help: exit %d, stderr %q", path, code, errs)
		}
		for _, line := range strings.Split(out, "\n") {
			if utf8.RuneCountInString(line) > columns {
				t.Errorf("%s --help is wider than %d columns: %q", path, columns, line)
			}
		}
	}
}

// TestManualPages writes them all and looks for what roff would misread.
func TestManualPages(t *testing.T) {
	dir := t.TempDir()
	if _, errs, code := run("man", dir); code != ExitFine {
		t.Fatal(code, errs)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.1"))
	if err != nil || len(pages) < 20 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{".TH ", ".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH EXIT STATUS", ".SH SEE ALSO"} {
			if !bytes.Contains(text, []byte(want)) {
				t.Errorf("%s has no %s", filepath.Base(page), want)
			}
		}
	}
}

func TestRoffEscapes(t *testing.T) {
	for in, want := range map[string]string{
		"a-b":           `a\-b`,
		`C:\x`:          `C:\ex`,
		".hidden\n'two": "\\&.hidden\n\\&'two",
		"one\ntwo":      "one\ntwo",
	} {
		if got := roff(in); got != want {
			t.Errorf("roff(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	in := "one\ntwo\n  kept  as it is\n\nthree"
	if got := fold(in); got != "one two\n  kept  as it is\n\nthree" {
		t.Errorf("%q", got)
	}
}

func TestWrap(t *testing.T) {
	long := strings.Repeat("word ", 40)
	for _, c := range []struct {
		name, got string
		lines     int
	}{
		{"text", wrap(long, 4), 3}, // 200 characters: 80, 76 and the rest
		{"short", wrap("word", 4), 1},
		{"nothing", wrap("", 4), 1},
		{"a name that fits", row("C01", 7, long), 3},
		{"a name that does not fit", row("a name longer than its column", 7, "word"), 2},
		{"one word wider than the page", wrap("see "+strings.Repeat("x", 90)+" there", 2), 3},
	} {
		lines := strings.Split(c.got, "\n")
		if len(lines) != c.lines {
			t.Errorf("%s: %d lines, want %d:\n%s", c.name, len(lines), c.lines, c.got)
		}
		for _, l := range lines {
			if utf8.RuneCountInString(l) > columns && strings.Contains(strings.TrimSpace(l), " ") {
				t.Errorf("%s: a line of %d characters: %q", c.name, utf8.RuneCountInString(l), l)
			}
		}
	}
	if got := row("E01", 5, "text"); got != "E01  text" {
		t.Errorf("row: %q", got)
	}
}

// TestMessagesWrapWhereSomebodyLooks keeps one line a message for other tools,
// and folds it on a terminal.
func TestMessagesWrapWhereSomebodyLooks(t *testing.T) {
	long := fault.New(fault.Invalid, "HC-TEST-01", "%s", strings.TrimSpace(strings.Repeat("word ", 40))).At(fault.Place{File: "case.yaml", Line: 3, Column: 4}).Then("Do this.")
	for _, terminal := range []bool{false, true} {
		var errs bytes.Buffer
		World{Stderr: &errs, Terminal: terminal}.show(long)
		lines := strings.Split(strings.TrimRight(errs.String(), "\n"), "\n")
		if want := map[bool]int{false: 2, true: 5}[terminal]; len(lines) != want {
			t.Errorf("terminal %v: %d lines, want %d:\n%s", terminal, len(lines), want, errs.String())
		}
		if !strings.HasPrefix(lines[0], "homecase: case.yaml:3:4: word") || lines[len(lines)-1] != "  Do this." {
			t.Errorf("terminal %v:\n%s", terminal, errs.String())
		}
	}
}

func TestExitCodes(t *testing.T) {
	for kind, want := range map[fault.Kind]int{
		fault.Internal: ExitFailed, fault.Invalid: ExitUsage, fault.Missing: ExitUsage, fault.Forbidden: ExitUsage, fault.Finding: ExitFindings, fault.Conflict: ExitFailed,
	} {
		if got := exitCode(fault.New(kind, "HC-TEST-01", "x")); got != want {
			t.Errorf("kind %v: exit %d, want %d", kind, got, want)
		}
	}
	if got := exitCode(context.Canceled); got != ExitFailed {
		t.Errorf("cancelled: exit %d", got)
	}
}
