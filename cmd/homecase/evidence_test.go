package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// history makes a git repository with dated commits of two people on the
// workdays of so many weeks up to 20 November 2026: history DIR WEEKS. The first
// person makes 4 to 8 commits a day in a fixed order, the second one.
func history(ts *testscript.TestScript, _ bool, args []string) {
	weeks, err := strconv.Atoi(args[1])
	ts.Check(err)
	var b strings.Builder
	mark := 0
	commit := func(mail string, at time.Time) {
		mark++
		fmt.Fprintf(&b, "commit refs/heads/main\nmark :%d\nauthor Some One <%s> %d +0000\ncommitter Some One <%s> %d +0000\ndata 14\nprivate words\n", mark, mail, at.Unix(), mail, at.Unix())
		if mark > 1 {
			fmt.Fprintf(&b, "from :%d\n", mark-1)
		}
		b.WriteString("\n")
	}
	first := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC).AddDate(0, 0, -7*(weeks-1))
	pattern := []int{6, 4, 7, 5, 8, 5, 6, 7, 6, 4, 8, 6, 5}
	for day := range 5 * weeks {
		at := first.AddDate(0, 0, 7*(day/5)+day%5)
		for i := range pattern[day%len(pattern)] {
			commit("ines@fernhill.example", at.Add(time.Duration(i)*30*time.Minute))
		}
		commit("marek@fernhill.example", at.Add(8*time.Hour))
	}
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o755))
	for _, c := range [][]string{{"init", "-q"}, {"symbolic-ref", "HEAD", "refs/heads/main"}, {"config", "user.email", "ines@fernhill.example"}, {"fast-import", "--quiet"}} {
		cmd := exec.Command("git", c...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir, "GIT_CONFIG_NOSYSTEM=1")
		if c[0] == "fast-import" {
			cmd.Stdin = strings.NewReader(b.String())
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			ts.Fatalf("git %s: %v\n%s", c[0], err, out)
		}
	}
}
