package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/testscript"
)

type scriptCommand = func(*testscript.TestScript, bool, []string)

// commands are what the scripts can do beside running homecase.
func commands() map[string]scriptCommand {
	return map[string]scriptCommand{
		"rows": writeRows, "mode": checkMode, "history": history,
		"exits": exits, "edit": edit, "big": big, "nul": nul, "narrow": narrow, "same": same,
	}
}

// edit copies a file with one text put in place of another, both as Go writes
// them inside quotes: edit FROM TO OLD NEW.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: edit FROM TO OLD NEW")
	}
	old, err := strconv.Unquote(`"` + args[2] + `"`)
	ts.Check(err)
	fresh, err := strconv.Unquote(`"` + args[3] + `"`)
	ts.Check(err)
	text, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	if !strings.Contains(string(text), old) {
		ts.Fatalf("%s does not hold %q", args[0], old)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(strings.Replace(string(text), old, fresh, 1)), 0o644))
}

// big writes a file of that many megabytes: big FILE 50.
func big(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Repeat([]byte("# 15 characters\n"), n<<16), 0o644))
}

// nul writes a file with a NUL byte: nul FILE.
func nul(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("version: 1\nperson: {name: \"A\x00B\"}\n"), 0o644))
}

// narrow fails where the last answer has a line of over 80 characters.
func narrow(ts *testscript.TestScript, _ bool, _ []string) {
	for _, line := range strings.Split(ts.ReadFile("stdout"), "\n") {
		if n := utf8.RuneCountInString(line); n > 80 {
			ts.Fatalf("a line of %d characters: %s", n, line)
		}
	}
}

// same fails unless two folders hold the same files, byte for byte: same A B.
func same(ts *testscript.TestScript, neg bool, args []string) {
	first, second := ts.MkAbs(args[0]), ts.MkAbs(args[1])
	list, err := os.ReadDir(first)
	ts.Check(err)
	other, err := os.ReadDir(second)
	ts.Check(err)
	differ := ""
	if len(list) != len(other) || len(list) == 0 {
		differ = "the number of files"
	}
	for _, f := range list {
		a, err := os.ReadFile(filepath.Join(first, f.Name()))
		ts.Check(err)
		b, err := os.ReadFile(filepath.Join(second, f.Name()))
		if err != nil || !bytes.Equal(a, b) {
			differ = f.Name()
		}
	}
	if (differ != "") != neg {
		ts.Fatalf("%s and %s: %q differs, and wanted to differ is %v", args[0], args[1], differ, neg)
	}
}
