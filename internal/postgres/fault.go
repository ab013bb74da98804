package postgres

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"homecase/fault"
	"homecase/internal/sqlstore"
)

// dialect is what sqlstore needs to know of PostgreSQL.
func dialect(config *pgx.ConnConfig) sqlstore.Dialect {
	return sqlstore.Dialect{
		Again:   again,
		Doubt:   doubt,
		Explain: func(err error) *fault.Error { return known(config, err) },
		Orphan:  func(err error) bool { return state(err) == "23503" },
		Taken:   func(err error) bool { return state(err) == "23505" },
		Tries:   tries,
	}
}

// state is the SQLSTATE of an error, "" where the server did not say it.
func state(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// The SQLSTATEs by what they mean here (PostgreSQL, appendix A). 40003 and 08007
// say that the outcome is not known; CockroachDB does.
var (
	unknownOutcome = []string{"40003", "08007"}
	// 0A000 is a statement that was prepared before the tables changed.
	worthATry  = []string{"40001", "40P01", "40003", "08007", "57P01", "57P02", "57P03", "53300", "0A000"}
	loginFault = []string{"28P01", "28000"}
)

// again tells whether the same may succeed on another try.
func again(err error) bool {
	if code := state(err); code != "" {
		return slices.Contains(worthATry, code) || strings.HasPrefix(code, "08")
	}
	return lost(err) && !hangs(err)
}

// hangs tells whether a server gave no answer though it can be reached.
func hangs(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }

// lost tells whether the server was not reached, or no longer.
func lost(err error) bool {
	var network net.Error
	var number syscall.Errno
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, pgconn.ErrConnClosed) || pgconn.SafeToRetry(err) || errors.As(err, &number) || errors.As(err, &network)
}

// doubt tells whether a commit that ended like this may have been made: the
// server did not say no before the connection was gone. What pgx 5.12 calls safe
// to try again is not believed: of a COMMIT whose answer was lost it says so too,
// because by the time it looks the connection is closed.
func doubt(err error) bool {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.SeverityUnlocalized != "ERROR" || slices.Contains(unknownOutcome, e.Code)
	}
	return !errors.Is(err, driver.ErrBadConn) && lost(err)
}

// explain turns an error into a fault, if it is none yet.
func explain(config *pgx.ConnConfig, err error) error {
	var f *fault.Error
	if errors.As(err, &f) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if f := known(config, err); f != nil {
		return f
	}
	return fault.New(fault.Internal, "HC-STORE-11", "The database refused this. Nothing was changed.").Because(err)
}

func readOnlyFault() *fault.Error {
	return fault.New(fault.Invalid, "HC-STORE-63", "This server takes no changes: it is a replica, or set to be read only. Nothing was changed.").
		Then("Give the address of the primary. With several hosts in the address homecase finds it by itself.")
}

// known says what errors of PostgreSQL, and of the way to it, mean to a person.
func known(config *pgx.ConnConfig, err error) *fault.Error {
	say := func(kind fault.Kind, code fault.Code, sentence string, args ...any) *fault.Error {
		return fault.New(kind, code, sentence, args...).Because(err)
	}
	switch code := state(err); {
	case slices.Contains(loginFault, code):
		return say(fault.Forbidden, "HC-STORE-64", "PostgreSQL refused the login of %q.", config.User).
			Then("Check the user and the password in the address, and pg_hba.conf on the server.")
	case code == "3D000":
		return say(fault.Invalid, "HC-STORE-65", "There is no database %q on this server.", config.Database).
			Then("Make it with: createdb %s.", config.Database)
	case code == "25006":
		return readOnlyFault().Because(err)
	case code == "42501":
		return say(fault.Forbidden, "HC-STORE-66", "The user %q may not do this in the database. Nothing was changed.", config.User).
			Then("Make the user the owner of the database: ALTER DATABASE %s OWNER TO %s.", config.Database, config.User)
	case code == "42P07":
		return say(fault.Invalid, "HC-STORE-67", "This database has tables of another program.").
			Then("Give the office a database of its own. Nothing was changed.")
	case code == "53100":
		return say(fault.Invalid, "HC-STORE-68", "The disk of the database is full. Nothing was changed.").Then("Free some space and try again.")
	case code == "53300":
		return say(fault.Away, "HC-STORE-69", "PostgreSQL has no connection left for homecase. Nothing was changed.").
			Then("Raise max_connections on the server, or let fewer programs use it.")
	case code == "57P03":
		return say(fault.Away, "HC-STORE-70", "PostgreSQL is starting or stopping. Nothing was changed.").Then("Try again in a moment.")
	case code == "" && untrusted(err):
		return say(fault.Forbidden, "HC-STORE-71", "The certificate of the database server is not trusted. Nothing was changed.").
			Then("Check sslmode and sslrootcert in the address.")
	case hangs(err):
		return say(fault.Away, "HC-STORE-73", "The database at %s gave no answer in time.", where(config)).
			Then("Look what PostgreSQL is waiting for: a disk, a lock, or a replica.")
	case again(err):
		return say(fault.Away, "HC-STORE-72", "The database at %s does not answer. Nothing was changed.", where(config)).
			Then("Check that PostgreSQL runs there and can be reached.")
	}
	return nil
}

func untrusted(err error) bool {
	var verify *tls.CertificateVerificationError
	var host x509.HostnameError
	var authority x509.UnknownAuthorityError
	return errors.As(err, &verify) || errors.As(err, &host) || errors.As(err, &authority)
}

// where names the server of an address.
func where(config *pgx.ConnConfig) string {
	if strings.HasPrefix(config.Host, "/") {
		return config.Host
	}
	return net.JoinHostPort(config.Host, fmt.Sprint(config.Port))
}
