//go:build !linux

package pgtest

import (
	"errors"
	"os/exec"
)

// user is whom a server runs as.
type user struct{}

// Elsewhere nothing is found to start, so that none of these is reached.
func unprivileged() (*user, error) {
	return nil, errors.New("PostgreSQL is started for tests on Linux alone")
}
func (*user) own(string) error  { return nil }
func detach(*exec.Cmd, *user)   {}
func killAll(int, string) error { return errors.New("PostgreSQL is started for tests on Linux alone") }
