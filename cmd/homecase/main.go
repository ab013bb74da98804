// Command homecase makes a sourced, honest case for working from home, on the
// person's own computer.
package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"homecase/internal/cli"
	"homecase/ops"
)

// version is set by release builds with -ldflags "-X main.version=1.2.3".
var version string

func main() {
	// A command lives for a tenth of a second. The largest collects once, when
	// the draws of the estimate are done with, and prints into their memory:
	// sooner finds less to free, later asks the system for more.
	debug.SetGCPercent(550)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	desk := &ops.Desk{Now: time.Now, Getenv: os.Getenv, Random: rand.Reader, Version: release()}
	w := cli.World{
		Stdout: os.Stdout, Stderr: os.Stderr, Stdin: os.Stdin,
		Desk:     desk,
		Rooms:    rooms{desk, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))},
		Offices:  offices{desk, os.Stderr},
		Version:  release(),
		Terminal: isTerminal(os.Stderr),
	}
	os.Exit(cli.Main(ctx, os.Args[1:], w))
}

// release is the version of this build: the release's own, or the commit's.
func release() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "0.1.0-dev"
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
