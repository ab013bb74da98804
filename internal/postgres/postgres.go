// Package postgres keeps offices in PostgreSQL 15 to 18. Many processes may open
// the same database at once: tables are made under a lock, and whatever two of
// them write at the same time, one writes first.
//
// The package refuses a server that is too old, read-only or does not keep text
// as UTF-8, and tables that are newer than the program. A lost connection is
// tried again for some seconds. A change whose outcome is not known is looked up
// before it is made again, or said to be in doubt. Statements and migrations are
// those of package sqlstore.
//
//	office, err := postgres.Open(ctx, "postgres://homecase@db.example/homecase", postgres.Options{})
//	if err != nil {
//		return err
//	}
//	defer office.Close()
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"homecase/fault"
	"homecase/internal/sqlstore"
	"homecase/share"
)

// Options are for programs that need other than the usual.
type Options struct {
	// Migrations are the steps to today's tables; nil for those of package sqlstore.
	Migrations fs.FS
	// Conns is how many connections are open at most; 0 for 16.
	Conns int
	// Answer is how long the server may leave a statement without a word; 0 for 25
	// seconds. Making tables takes as long as it takes.
	Answer time.Duration
}

// Office is the store of offices in a database. It is safe for many goroutines,
// and many processes may have the database open.
type Office struct {
	*sqlstore.Office
	marks *marks
}

var _ share.Store = (*Office)(nil)

const (
	usualConns = 16
	idleTime   = 5 * time.Minute
	// lifetime lets connections go to a server that took another's place.
	lifetime = 30 * time.Minute
	// tries wait 5 seconds in all: as long as a server takes to come back by itself.
	tries = 10
	// oldest is the oldest server the statements are tried on.
	oldest = 150000
)

// Open opens the database at an address, such as postgres://user@host/database,
// and brings its tables up to date. Of several hosts in it the one that takes
// changes is used.
func Open(ctx context.Context, dsn string, opts Options) (*Office, error) {
	config, err := parse(dsn)
	if err != nil {
		return nil, err
	}
	if opts.Migrations == nil {
		if opts.Migrations, err = sqlstore.OfficeMigrations(); err != nil {
			return nil, err
		}
	}
	if opts.Conns <= 0 {
		opts.Conns = usualConns
	}
	if opts.Answer <= 0 {
		opts.Answer = answerTime
	}
	// Whoever makes tables holds the lock by one connection and works on another.
	maker := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(durable))
	if err := errors.Join(prepare(ctx, maker, opts.Migrations), maker.Close()); err != nil {
		return nil, explain(config, err)
	}
	patient(config, opts.Answer)
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(durable))
	db.SetMaxOpenConns(opts.Conns)
	db.SetMaxIdleConns(opts.Conns)
	db.SetConnMaxIdleTime(idleTime)
	db.SetConnMaxLifetime(lifetime)
	o := &Office{marks: newMarks(config)}
	d := dialect(config)
	d.Mark = o.marks.ask
	o.Office = sqlstore.NewOffice(db, d)
	return o, nil
}

// Close lets go of the database.
func (o *Office) Close() error {
	o.marks.close()
	return o.Office.Close()
}

// parse reads an address. What it says of a wrong one holds no password.
func parse(dsn string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil || strings.TrimSpace(dsn) == "" {
		return nil, fault.New(fault.Invalid, "HC-STORE-60", "This is not the address of a PostgreSQL database.").
			Then("Write it as postgres://user@host:5432/database.")
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "homecase"
	}
	if config.ValidateConnect == nil && hosts(config) > 1 {
		config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	patient(config, 0)
	return config, nil
}

// hosts counts the servers of an address; one may be tried with and without TLS.
func hosts(config *pgx.ConnConfig) int {
	type server struct {
		host string
		port uint16
	}
	all := map[server]bool{{config.Host, config.Port}: true}
	for _, f := range config.Fallbacks {
		all[server{f.Host, f.Port}] = true
	}
	return len(all)
}

// durable makes a commit wait for the disk where the server was set not to, and
// lets go of what a process holds that was cut off in the middle. Statements are
// planned once a connection: each finds its rows by a key, whatever the values.
func durable(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, `
SELECT set_config('synchronous_commit', 'on', FALSE) WHERE current_setting('synchronous_commit') = 'off'
UNION ALL
SELECT set_config('idle_in_transaction_session_timeout', '60s', FALSE)
UNION ALL
SELECT set_config('plan_cache_mode', 'force_generic_plan', FALSE) FROM pg_settings WHERE name = 'plan_cache_mode'`)
	return err
}

// prepare looks at the server and brings the tables up to date.
func prepare(ctx context.Context, db *sql.DB, migrations fs.FS) error {
	if err := inspect(ctx, db); err != nil {
		return err
	}
	newest, err := sqlstore.NewestVersion(migrations)
	if err != nil {
		return err
	}
	version, err := versionOf(ctx, db)
	switch {
	case err != nil:
		return err
	case version > newest:
		return fault.New(fault.Invalid, "HC-STORE-21", "This database has version %d, and this homecase knows versions up to %d.", version, newest).
			Then("Open it with a newer homecase. Nothing was changed.")
	case version == newest:
		return nil
	}
	return migrate(ctx, db, migrations)
}

// inspect refuses a server that cannot keep an office.
func inspect(ctx context.Context, db *sql.DB) error {
	var name, encoding string
	var number int
	var replica, readOnly bool
	err := db.QueryRowContext(ctx, `
SELECT version(), CAST(current_setting('server_version_num') AS INTEGER), current_setting('server_encoding'),
    pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'`).Scan(&name, &number, &encoding, &replica, &readOnly)
	switch {
	case err != nil:
		return err
	case strings.HasPrefix(name, "PostgreSQL") && number < oldest:
		return fault.New(fault.Invalid, "HC-STORE-61", "This server is PostgreSQL %d, and homecase needs %d or newer.", number/10000, oldest/10000).
			Then("Use a newer server. Nothing was changed.")
	case encoding != "UTF8":
		return fault.New(fault.Invalid, "HC-STORE-62", "This database keeps text as %s.", encoding).
			Then("Make one with: CREATE DATABASE homecase ENCODING 'UTF8' TEMPLATE template0.")
	case replica || readOnly:
		return readOnlyFault()
	}
	return nil
}

// versionOf is the version of the tables as they are, 0 where there are none.
func versionOf(ctx context.Context, db *sql.DB) (version int64, err error) {
	var there bool
	if err := db.QueryRowContext(ctx, `SELECT to_regclass('goose_db_version') IS NOT NULL`).Scan(&there); err != nil || !there {
		return 0, err
	}
	err = db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&version)
	return version, err
}

// Of processes that start together one makes the tables and the others wait. One
// that dies in the middle is waited for as long as its lease.
const (
	lockPause = 250 * time.Millisecond
	lockTries = 1200 // 5 minutes
)

func migrate(ctx context.Context, db *sql.DB, migrations fs.FS) error {
	quiet := slog.New(slog.DiscardHandler)
	locker, err := lock.NewPostgresTableLocker(lock.WithTableLockTimeout(lockPause, lockTries),
		lock.WithTableRetryPolicy(func(err error) bool { var refused *pgconn.PgError; return !errors.As(err, &refused) || again(err) }),
		lock.WithTableLogger(quiet))
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, migrations,
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(quiet), goose.WithLocker(locker))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}
