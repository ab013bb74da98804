package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"homecase/internal/cli"
	"homecase/internal/web/webtest"
	"homecase/ops"
)

// The scripts run the program as a person does. Its clock stands still: CLOCK
// says when, and 24 November 2026 where it says nothing. Where AHEAD says by how
// much it differs from the computer's, it goes on.
func TestMain(m *testing.M) {
	testscript.Main(browsing{m}, map[string]func(){"homecase": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		desk := &ops.Desk{Now: scriptClock(), Getenv: os.Getenv, Random: rand.Reader, Version: "test"}
		os.Exit(cli.Main(ctx, os.Args[1:], cli.World{
			Stdout: os.Stdout, Stderr: os.Stderr, Stdin: os.Stdin, Version: "test",
			Desk: desk, Rooms: rooms{desk, slog.New(slog.DiscardHandler)}, Offices: offices{desk, os.Stderr},
		}))
	}})
}

func scriptClock() func() time.Time {
	if s := os.Getenv("AHEAD"); s != "" {
		ahead, err := time.ParseDuration(s)
		if err != nil {
			panic(err)
		}
		return func() time.Time { return time.Now().Add(ahead) }
	}
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	if s := os.Getenv("CLOCK"); s != "" {
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			panic(err)
		}
		now = t
	}
	return func() time.Time { return now }
}

// browsing runs tests with a browser at hand.
type browsing struct{ m *testing.M }

func (b browsing) Run() int { return webtest.Main(b.m) }

func TestScripts(t *testing.T) {
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(e *testscript.Env) error {
			e.Setenv("EXAMPLES", examples)
			return nil
		},
		Cmds: commands(),
	})
}

// writeRows appends numbered days to a file: rows FILE N.
func writeRows(ts *testscript.TestScript, _ bool, args []string) {
	n := 0
	for _, c := range args[1] {
		n = n*10 + int(c-'0')
	}
	f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_APPEND|os.O_WRONLY, 0o644)
	ts.Check(err)
	defer f.Close()
	on := time.Date(1700, 1, 1, 0, 0, 0, 0, time.UTC)
	for range n {
		_, err := f.WriteString(on.Format(time.DateOnly) + ",office,office,7\n")
		ts.Check(err)
		on = on.AddDate(0, 0, 1)
	}
}

// exits runs a program and wants this exit code: exits 3 homecase trial plan FILE.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	got := 0
	var failed *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &failed) {
		got = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if want := args[0]; fmt.Sprint(got) != want {
		ts.Fatalf("exit code %d, want %s", got, want)
	}
}

// checkMode fails unless a file is readable by its owner alone: mode FILE.
func checkMode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := info.Mode().Perm(); got != 0o600 {
		ts.Fatalf("%s has mode %o", args[0], got)
	}
}
