package postgres_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"homecase/fault"
	"homecase/internal/postgres"
	"homecase/internal/postgres/pgtest"
)

// With SCRAM-SHA-256 (RFC 7677) the password gets in from the address, the
// environment or a file, and nobody gets in without it or by another. Neither a
// refusal nor the server's log holds a password.
func TestThePasswordIsAskedForBySCRAM(t *testing.T) {
	s := pgtest.New(t, pgtest.Installed(t)[0], "fsync=off", "log_min_messages=debug1", "log_connections=on")
	s.Exec(t, "SET password_encryption = 'scram-sha-256'; CREATE ROLE ana LOGIN PASSWORD 'right-word-secret'")
	s.Exec(t, "DO $$ BEGIN ASSERT (SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'ana'); END $$")
	s.Exec(t, "CREATE DATABASE office OWNER ana")
	s.Write(t, "pg_hba.conf", "local all ana scram-sha-256\n")
	s.Exec(t, "SELECT pg_reload_conf()")
	dsn := with(t, s.Address("office"), "user", "ana")
	file := filepath.Join(t.TempDir(), "pgpass")
	if err := os.WriteFile(file, []byte("*:*:*:ana:right-word-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	opens := func(how, dsn string) {
		t.Helper()
		o, err := postgres.Open(t.Context(), dsn, postgres.Options{})
		if err != nil {
			t.Errorf("%s: %v", how, err)
			return
		}
		defer o.Close()
		if err := o.Ping(t.Context()); err != nil {
			t.Errorf("%s: %v", how, err)
		}
	}
	opens("by the address", with(t, dsn, "password", "right-word-secret"))
	t.Setenv("PGPASSWORD", "right-word-secret")
	opens("by the environment", dsn)
	t.Setenv("PGPASSWORD", "")
	opens("by a file", with(t, dsn, "passfile", file))
	for how, dsn := range map[string]string{
		"without":         with(t, dsn, "passfile", "/none"),
		"by another":      with(t, dsn, "password", "wrong-word-secret"),
		"by an empty one": with(t, with(t, dsn, "passfile", "/none"), "password", ""),
		"by another user": with(t, with(t, dsn, "user", "bo"), "password", "right-word-secret"),
	} {
		t.Run(how, func(t *testing.T) { refused(t, dsn, fault.Forbidden, "HC-STORE-64", "pg_hba.conf") })
	}
	if log := s.Log(t); strings.Contains(log, "wrong-word-secret") || !strings.Contains(log, "scram-sha-256") {
		t.Errorf("the server's log tells a password, or nobody was asked by SCRAM")
	}
}
