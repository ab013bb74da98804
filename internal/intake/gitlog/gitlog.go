// Package gitlog counts one person's commits per day with the git program. It
// asks git for nothing but dates and authors, counts merges not at all, and
// forgets everybody else: it cannot rank people. Lines added or removed are not
// counted either; they do not measure work.
package gitlog

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"homecase/day"
	"homecase/fault"
	"homecase/internal/intake/input"
	"homecase/internal/intake/tally"
)

// Source is the name of the source.
const Source = "git"

// program returns a git command that runs nothing a repository asks for: no
// pager, no hooks, no file monitor, no signature checks, no fetching.
func program(ctx context.Context, dir string, args ...string) *exec.Cmd {
	safe := []string{"--no-pager", "--no-optional-locks", "-C", dir, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "log.showSignature=false"}
	cmd := exec.CommandContext(ctx, "git", append(safe, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "GIT_PAGER=cat")
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// Author returns the e-mail that git is configured with in a folder.
func Author(ctx context.Context, dir string) (string, error) {
	out, err := program(ctx, dir, "config", "--get", "user.email").Output()
	mail := strings.TrimSpace(string(out))
	if err != nil || mail == "" {
		return "", fault.New(fault.Invalid, "HC-INTAKE-40", "Git does not know your e-mail address here.").At(fault.Place{File: dir}).
			Then("Say whose commits to count: --author you@example.com").Because(err)
	}
	return mail, nil
}

// Read counts the commits that lead to the current branch's head, by the
// author's date. Without a zone a commit counts on the day its author's clock showed.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	if in.Dir == "" {
		return tally.Result{}, fault.New(fault.Invalid, "HC-INTAKE-41", "A git history is read from a folder.").At(fault.Place{File: in.Name}).Then("Name the folder of the repository.")
	}
	if _, err := exec.LookPath("git"); err != nil {
		return tally.Result{}, fault.New(fault.Missing, "HC-INTAKE-42", "The git program is not on this computer.").Then("Install git, or export your commits another way.").Because(err)
	}
	if o.Author == "" {
		mail, err := Author(ctx, in.Dir)
		if err != nil {
			return tally.Result{}, err
		}
		o.Author = mail
	}
	t := tally.New(Source, o)
	t.Author = o.Author
	for _, f := range []string{"commit message", "author name", "author e-mail", "files", "lines added and removed"} {
		t.Drop(f)
	}
	people := tally.NewPeople(o.Author)
	cmd := program(ctx, in.Dir, "log", "--no-merges", "--no-show-signature", "--format=%ad%x00%aE%x00%aN", "--date=raw", "HEAD", "--")
	var complaint strings.Builder
	cmd.Stderr = &limited{w: &complaint, left: 4096}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return tally.Result{}, fault.New(fault.Internal, "HC-INTAKE-43", "Git could not be started.").Because(err)
	}
	readErr := count(t, people, out)
	if err := errors.Join(readErr, cmd.Wait()); err != nil && t.Rows() == 0 {
		return tally.Result{}, refused(in.Dir, complaint.String(), err)
	} else if err != nil {
		t.Warn(0, "Git stopped before the end of the history. What came before is kept.")
	}
	if err := people.Fault(in.Dir, "commits"); err != nil {
		return tally.Result{}, fault.New(fault.Invalid, "HC-INTAKE-44", "None of the %d commits is by %s.", t.Rows(), tally.Label(o.Author)).At(fault.Place{File: in.Dir}).
			Then("Give the e-mail you commit with: --author you@example.com. Several may be separated by commas.")
	}
	return t.Result(), nil
}

// count reads git's lines: seconds, zone, e-mail, name.
func count(t *tally.Tally, people *tally.People, r io.Reader) error {
	lines := bufio.NewReaderSize(r, 256<<10)
	for n := 1; ; n++ {
		line, err := lines.ReadSlice('\n')
		for errors.Is(err, bufio.ErrBufferFull) {
			line, err = lines.ReadSlice('\n') // a name of a quarter of a megabyte is nobody's
			line = nil
		}
		if len(line) > 0 {
			one(t, people, bytes.TrimSuffix(line, []byte{'\n'}), n)
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}

func one(t *tally.Tally, people *tally.People, line []byte, n int) {
	t.Row()
	when, who, ok := bytes.Cut(line, []byte{0})
	mail, name, _ := bytes.Cut(who, []byte{0})
	sec, zone, _ := bytes.Cut(when, []byte{' '})
	at, err := strconv.ParseInt(string(sec), 10, 64)
	if !ok || err != nil || at < 0 || at > 7_258_118_400 { // the year 2200
		t.Warn(n, "Commit %d has no date of a real year.", n)
		return
	}
	if !people.Mine(mail, name) {
		return
	}
	t.Add(day.Of(t.Local(time.Unix(at, 0).In(offset(zone)))), tally.Commits, tally.Unknown, 1)
}

// offset reads +0200.
func offset(zone []byte) *time.Location {
	v, err := strconv.Atoi(string(zone))
	if err != nil || v < -1500 || v > 1500 {
		return time.UTC
	}
	return time.FixedZone("", (v/100*60+v%100)*60)
}

// refused turns git's complaint into a sentence.
func refused(dir, complaint string, err error) error {
	place := fault.Place{File: dir}
	switch {
	case strings.Contains(complaint, "dubious ownership"):
		return fault.New(fault.Forbidden, "HC-INTAKE-45", "Git refuses this repository because it belongs to somebody else.").At(place).Then("Use your own copy of it.").Because(err)
	case strings.Contains(complaint, "not a git repository"):
		return fault.New(fault.Invalid, "HC-INTAKE-45", "This folder is not a git repository.").At(place).Because(err)
	case strings.Contains(complaint, "unknown revision") || strings.Contains(complaint, "bad revision") || strings.Contains(complaint, "does not have any commits"):
		return fault.New(fault.Invalid, "HC-INTAKE-45", "This repository has no commits yet.").At(place).Because(err)
	}
	return fault.New(fault.Invalid, "HC-INTAKE-45", "Git could not read this repository.").At(place).Because(errors.Join(err, errors.New(complaint)))
}

// limited keeps the beginning of what is written.
type limited struct {
	w    io.Writer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if n := min(len(p), l.left); n > 0 {
		l.left -= n
		if _, err := l.w.Write(p[:n]); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}
