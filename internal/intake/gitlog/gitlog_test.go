package gitlog

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"homecase/fault"
	"homecase/internal/intake/input"
	"homecase/internal/intake/tally"
)

// commit is one commit of a made-up history.
type commit struct {
	name, mail, when string // when as git writes it: seconds and zone
}

// repository makes a history with git fast-import.
func repository(t testing.TB, commits []commit) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	run := func(stdin string, args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir}, args...)...)
		cmd.Stdin = strings.NewReader(stdin)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	run("", "init", "-q", "-b", "main")
	var b strings.Builder
	for i, c := range commits {
		fmt.Fprintf(&b, "commit refs/heads/main\nmark :%d\nauthor %s <%s> %s\ncommitter X <x@x> %s\ndata 6\nSECRET\n", i+1, c.name, c.mail, c.when, c.when)
		if i > 0 {
			fmt.Fprintf(&b, "from :%d\n", i)
		}
		b.WriteString("\n")
	}
	run(b.String(), "fast-import", "--quiet", "--force")
	return dir
}

func open(t testing.TB, dir string) *input.Input {
	t.Helper()
	in, err := input.Open(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// 1767654000 is 5 January 2026, 23:00 UTC: already the sixth in Berlin.
var history = []commit{
	{"Jo", "jo@example.org", "1767654000 +0100"}, {"Jo B", "JO@example.org", "1767654060 +0100"}, {"Anna SECRET", "anna@example.org", "1767654000 +0100"},
	{"Jo", "old@example.org", "1767604000 +0000"},
}

func TestOnlyOnePersonsCommits(t *testing.T) {
	dir := repository(t, history)
	for _, c := range []struct {
		name, author, zone string
		want               map[string]float64
	}{
		{"the clock of the commit", "jo@example.org", "", map[string]float64{"2026-01-06": 2}},
		{"another zone", "jo@example.org", "America/New_York", map[string]float64{"2026-01-05": 2}},
		{"two addresses", "jo@example.org,old@example.org", "", map[string]float64{"2026-01-05": 1, "2026-01-06": 2}},
		{"by name", "Jo", "", map[string]float64{"2026-01-05": 1, "2026-01-06": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := tally.Options{Author: c.author}
			if c.zone != "" {
				o.TZ, _ = tally.Zone(c.zone)
			}
			r, err := Read(context.Background(), open(t, dir), o)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]float64{}
			for _, k := range r.Kept {
				got[k.Date.String()] = k.Value
			}
			if d := cmp.Diff(c.want, got); d != "" || r.Rows != 4 || r.Author != c.author {
				t.Errorf("%s %+v", d, r)
			}
			if out, err := json.Marshal(r); err != nil || strings.Contains(string(out), "SECRET") || strings.Contains(strings.ToLower(string(out)), "anna") {
				t.Errorf("%s, %v", out, err)
			}
		})
	}
}

func TestConfiguredAddress(t *testing.T) {
	dir := repository(t, history)
	if out, err := exec.Command("git", "-C", dir, "config", "user.email", "anna@example.org").CombinedOutput(); err != nil {
		t.Fatal(string(out))
	}
	r, err := Read(context.Background(), open(t, dir), tally.Options{})
	if err != nil || r.Author != "anna@example.org" || len(r.Kept) != 1 || r.Kept[0].Value != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestRefusals(t *testing.T) {
	dir := repository(t, history)
	if _, err := Read(context.Background(), open(t, dir), tally.Options{Author: "nobody"}); fault.CodeOf(err) != "HC-INTAKE-44" {
		t.Error(err)
	}
	for name, dir := range map[string]string{"no repository": t.TempDir(), "no commits": repository(t, nil)} {
		if _, err := Read(context.Background(), open(t, dir), tally.Options{Author: "x"}); fault.CodeOf(err) != "HC-INTAKE-45" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The issue asks for 100,000 commits in under three seconds; the bound here is
// loose for busy machines.
func TestHundredThousandCommits(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 100,000 commits")
	}
	var many []commit
	for i := range 100_000 {
		many = append(many, commit{"Jo", "jo@example.org", fmt.Sprintf("%d +0000", 1_600_000_000+i*900)})
	}
	dir := repository(t, many)
	start := time.Now()
	r, err := Read(context.Background(), open(t, dir), tally.Options{Author: "jo@example.org"})
	took := time.Since(start)
	if err != nil || r.Rows != 100_000 || took > 10*time.Second {
		t.Errorf("%d rows in %v, %v", r.Rows, took, err)
	}
	t.Logf("100,000 commits in %v", took)
}

func FuzzLine(f *testing.F) {
	f.Add([]byte("1767654000 +0100\x00jo@example.org\x00Jo\n"))
	f.Add([]byte("\x00\x00\n99999999999 -9999\x00a\x00b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ta := tally.New(Source, tally.Options{})
		if err := count(ta, tally.NewPeople("jo"), strings.NewReader(string(data))); err != nil {
			t.Fatal(err)
		}
		ta.Result()
	})
}
