package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"homecase/internal/courier"
	"homecase/internal/postgres/pgtest"
	"homecase/ops"
)

// freePort is a port that was free a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// officeConfig writes settings and returns their file, and the address of the office.
func officeConfig(t *testing.T, more string) (file, address string) {
	t.Helper()
	dir, port := t.TempDir(), freePort(t)
	address, file = "http://127.0.0.1:"+port, filepath.Join(dir, "office.yaml")
	text := fmt.Sprintf("version: 1\naddress: %s\nlisten: 127.0.0.1:%s\ndatabase: %s\n%s", address, port, filepath.Join(dir, "d"), more)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, address
}

// beginOffice starts the office and waits until it listens.
func beginOffice(t *testing.T, name, config string, env ...string) (c *exec.Cmd, log *bytes.Buffer) {
	t.Helper()
	c = exec.Command(name, "serve", "--config", config)
	c.Env = append(append(os.Environ(), "CLOCK="+time.Now().UTC().Format(time.DateOnly)), env...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	log = new(bytes.Buffer)
	c.Stderr = log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() }) // it has ended, unless the test failed
	if _, err := io.ReadAtLeast(out, make([]byte, 64), 8); err != nil {
		_ = c.Wait()
		t.Fatalf("the office did not open: %v\n%s", err, log)
	}
	return c, log
}

// ask runs one command and returns what it printed.
func ask(t *testing.T, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, &errs)
	}
	return strings.TrimSpace(string(out))
}

// An office opens, is set up while it runs, pairs a workspace, tells its state,
// stops at a signal, and has kept everything.
func TestOfficeServes(t *testing.T) {
	name := program(t)
	metrics := freePort(t)
	config, address := officeConfig(t, "metrics: 127.0.0.1:"+metrics+"\n")
	server, log := beginOffice(t, name, config)
	if got := fetch(t, address+"/readyz"); got != "ready\n" {
		t.Errorf("the office says %q", got)
	}
	org := ask(t, name, "serve", "org", "add", "Fernhill Ltd", "--config", config)
	invited := ask(t, name, "serve", "invite", "fernhill ltd", "--for", "Ines Moreau", "--config", config)
	at, code, err := ops.ReadInvitation(invited)
	if err != nil || at != address {
		t.Fatalf("the invitation is %q: %v", invited, err)
	}
	// The clock of the test's office stands still on this day at nine.
	today, err := time.Parse(time.DateOnly, time.Now().UTC().Format(time.DateOnly))
	if err != nil {
		t.Fatal(err)
	}
	c, err := courier.New(courier.Options{Address: at, Key: ed25519.NewKeyFromSeed(make([]byte, 32)), Now: func() time.Time { return today }, Sleep: courier.Sleep})
	if err != nil {
		t.Fatal(err)
	}
	paired, err := c.Pair(t.Context(), ops.Pairing{Code: code, Name: "Ines Moreau"})
	if err != nil || paired.Org != org || paired.OrgName != "Fernhill Ltd" {
		t.Fatalf("paired: %+v, %v", paired, err)
	}
	if got := fetch(t, "http://127.0.0.1:"+metrics+"/metrics"); !strings.Contains(got, `homecase_requests_total{method="POST",route="/api/1/pair",status="200"} 1`) {
		t.Errorf("the counters: %.300s", got)
	}
	if res, err := http.Get(address + "/metrics"); err != nil || res.StatusCode != http.StatusNotFound {
		t.Errorf("counters are shown to readers: %v, %v", res, err)
	}
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := server.Wait(); err != nil {
		t.Errorf("the office stopped badly: %v\n%s", err, log)
	}
	if strings.Contains(log.String(), code) || strings.Contains(log.String(), "Ines") || !strings.Contains(log.String(), `"pattern":"/api/1/pair"`) {
		t.Errorf("the log:\n%s", log)
	}
	var orgs []ops.Organisation
	if err := json.Unmarshal([]byte(ask(t, name, "serve", "org", "list", "--json", "--config", config)), &orgs); err != nil || len(orgs) != 1 || orgs[0].ID != org {
		t.Errorf("what was kept: %v, %v", orgs, err)
	}
}

// TestOfficeGuide runs the second and the third of the three lines that
// docs/office.md gives, over a PostgreSQL of the test's own.
func TestOfficeGuide(t *testing.T) {
	guide, err := os.ReadFile("../../docs/office.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(guide), "```\n")
	block, _, _ = strings.Cut(block, "```")
	lines := strings.Split(strings.TrimSpace(block), "\n")
	const database = "'postgres:///homecase?host=/var/run/postgresql'"
	if len(lines) != 3 || !strings.Contains(lines[2], database) || !strings.Contains(lines[1], "127.0.0.1:8480") {
		t.Fatalf("the guide has other lines than the test runs: %q", lines)
	}
	name, dir, port, dsn := program(t), t.TempDir(), freePort(t), pgtest.Start(t)
	env := append(os.Environ(), "PATH="+filepath.Dir(name)+":"+os.Getenv("PATH"))
	sh := func(line string) *exec.Cmd {
		c := exec.Command("sh", "-c", line)
		c.Dir, c.Env = dir, env
		return c
	}
	if out, err := sh(lines[1]).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	// Another port than the guide's may be taken on this machine.
	if out, err := sh("sed -i 's|127.0.0.1:8480|127.0.0.1:" + port + "|; s|^# listen:|listen:|' office.yaml").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	c := sh("exec env " + strings.Replace(lines[2], database, "'"+dsn+"'", 1))
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	c.Stderr = &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() }) // it has ended, unless the test failed
	if _, err := io.ReadAtLeast(out, make([]byte, 64), 8); err != nil {
		_ = c.Wait()
		t.Fatalf("the office did not open: %v\n%s", err, &log)
	}
	if got := fetch(t, "http://127.0.0.1:"+port+"/readyz"); got != "ready\n" {
		t.Errorf("the office says %q", got)
	}
	env = append(env, "HOMECASE_DATABASE="+dsn) // many may have this database open
	if got, err := sh(`homecase serve org add "Fernhill Ltd" --config office.yaml && homecase serve invite "Fernhill Ltd" --for "Ines Moreau" --config office.yaml`).Output(); err != nil || !strings.Contains(string(got), "http://127.0.0.1:"+port+"/invitation#") {
		t.Errorf("%v: %s", err, got)
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("the office stopped badly: %v\n%s", err, &log)
	}
}

// The password of the database stands in no log and in no refusal, whether the
// database lets the office in, refuses it or dies.
func TestTheDatabasesPasswordIsNotTold(t *testing.T) {
	pg := pgtest.New(t, pgtest.Installed(t)[0], "fsync=off")
	pg.Exec(t, "CREATE ROLE ana LOGIN PASSWORD 'a-secret-word'")
	pg.Exec(t, "CREATE DATABASE office OWNER ana")
	pg.Write(t, "pg_hba.conf", "local all ana scram-sha-256\n")
	pg.Exec(t, "SELECT pg_reload_conf()")
	at := func(password string) string {
		return "HOMECASE_DATABASE=" + strings.Replace(pg.Address("office"), "user=postgres", "user=ana&password="+password, 1)
	}
	name := program(t)
	config, address := officeConfig(t, "log: debug\n")
	quiet := func(what, said string) {
		t.Helper()
		for _, word := range []string{"a-secret-word", "another-secret", "postgres://", pg.Socket() + "&"} {
			if strings.Contains(said, word) {
				t.Errorf("%s tells %q:\n%s", what, word, said)
			}
		}
	}
	refused := exec.Command(name, "serve", "--config", config)
	refused.Env = append(os.Environ(), at("another-secret"))
	said, err := refused.CombinedOutput()
	if err == nil || !strings.Contains(string(said), `PostgreSQL refused the login of "ana".`) {
		t.Fatalf("with another password: %v, %s", err, said)
	}
	quiet("a refusal", string(said))
	server, log := beginOffice(t, name, config, at("a-secret-word"))
	if got := fetch(t, address+"/readyz"); got != "ready\n" {
		t.Errorf("the office says %q", got)
	}
	pg.Kill(t)
	quiet("the page of a dead database", fetch(t, address+"/p/"+strings.Repeat("a", 34)))
	if got := fetch(t, address+"/readyz"); got == "ready\n" {
		t.Error("the office is ready without its database")
	} else {
		quiet("the state of a dead database", got)
	}
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = server.Wait() // how it ends without a database is not the matter here
	if !strings.Contains(log.String(), "HC-STORE-72") && !strings.Contains(log.String(), "does not answer") {
		t.Errorf("the log does not say that the database is gone:\n%s", log)
	}
	quiet("the log", log.String())
}
