package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"homecase/content"
	"homecase/fault"
	"homecase/internal/sqlstore"
)

// The application ids in a file's header: "home" and "hoff" in ASCII.
const (
	workspaceMark = 0x686f6d65
	officeMark    = 0x686f6666
)

// durable is how every connection to the store works: a commit is on the disk
// when it returns (also on a Mac, whose fsync alone does not wait for the disk);
// what is deleted is overwritten; nothing goes to the system's temporary folder.
var durable = []string{
	"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "fullfsync(1)", "checkpoint_fullfsync(1)",
	"foreign_keys(1)", "secure_delete(1)", "temp_store(MEMORY)", "trusted_schema(0)", "cell_size_check(1)",
}

// address is a path as the driver takes it. A transaction takes its lock at the
// start, so that it fails there or not at all.
func address(path, mode string, pragmas []string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/… becomes file:///C:/…
	}
	q := url.Values{"mode": {mode}, "_txlock": {"immediate"}, "_pragma": pragmas}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode(), OmitHost: true}).String()
}

// inspect refuses a database that is damaged, not ours or newer than the
// program. An empty file is a database without tables.
func inspect(ctx context.Context, path string, f form) error {
	if err := plausible(path); err != nil {
		return damaged(path, err)
	}
	return withFile(ctx, address(path, readMode(path), []string{"busy_timeout(5000)"}), path, func(c *sql.Conn) error {
		return examine(ctx, c, path, "quick_check", f)
	})
}

// plausible finds what SQLite takes for an empty database or fills up with
// zeros: a file that was cut off inside a page. A log or journal beside it may
// still mend that, so there SQLite decides alone.
func plausible(path string) error {
	for _, suffix := range []string{"-wal", "-journal"} {
		if info, err := os.Stat(path + suffix); err == nil && info.Size() > 0 {
			return nil
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	header := make([]byte, 18)
	if _, err := io.ReadFull(f, header); err != nil || string(header[:16]) != "SQLite format 3\x00" {
		return fmt.Errorf("it does not begin as a database: %q", header[:16])
	}
	page := int64(binary.BigEndian.Uint16(header[16:])) // https://sqlite.org/fileformat.html, section 1.3.2
	if page == 1 {
		page = 65536
	}
	if page == 0 || info.Size()%page != 0 {
		return fmt.Errorf("%d bytes are no whole pages of %d", info.Size(), page)
	}
	return nil
}

// readMode is how a database is opened to be looked at: for reading, so that
// its log stays as it is, unless a journal must be rolled back first.
func readMode(path string) string {
	if info, err := os.Stat(path + "-journal"); err == nil && info.Size() > 0 {
		return "rw"
	}
	return "ro"
}

// withFile runs do on the only connection to a database file.
func withFile(ctx context.Context, dsn, path string, do func(*sql.Conn) error) error {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return explain(path, err)
	}
	defer db.Close()
	c, err := db.Conn(ctx)
	if err != nil {
		return explain(path, err)
	}
	defer c.Close()
	if err := do(c); err != nil {
		return explain(path, err)
	}
	return nil
}

// examine is inspect on a connection, with the check that is named.
func examine(ctx context.Context, c *sql.Conn, path, check string, f form) error {
	var mark, tables, foreign, version int64
	var versions bool
	err := c.QueryRowContext(ctx, `
SELECT COUNT(*), COUNT(*) FILTER (WHERE type IN ('trigger', 'view')), COALESCE(MAX(name = 'goose_db_version'), FALSE)
FROM sqlite_schema`).Scan(&tables, &foreign, &versions)
	if err != nil {
		return err
	}
	if err := c.QueryRowContext(ctx, "PRAGMA application_id").Scan(&mark); err != nil {
		return err
	}
	if tables > 0 && mark != f.mark || foreign > 0 {
		return fault.New(fault.Invalid, "HC-STORE-23", "This database was not made by homecase.").At(fault.Place{File: path}).
			Then("Move it elsewhere, or name another folder. Nothing was changed.")
	}
	if versions {
		if err := c.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version); err != nil {
			return err
		}
	}
	if version > f.newest {
		return fault.New(fault.Invalid, "HC-STORE-21", "This database has version %d, and this homecase knows versions up to %d.", version, f.newest).
			At(fault.Place{File: path}).Then("Open it with a newer homecase. Nothing was changed.")
	}
	return sound(ctx, c, check, path)
}

// sound runs one of SQLite's own checks.
func sound(ctx context.Context, c *sql.Conn, check, path string) error {
	rows, err := c.QueryContext(ctx, "PRAGMA "+check)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var said string
		if err := rows.Scan(&said); err != nil {
			return err
		}
		if said != "ok" {
			return damaged(path, errors.New(said))
		}
	}
	return rows.Err()
}

func damaged(path string, err error) *fault.Error {
	return fault.New(fault.Invalid, "HC-STORE-22", "The database is damaged.").At(fault.Place{File: path}).
		Then(wayBack(path)).Because(err)
}

func wayBack(path string) string {
	if filepath.Base(path) == officeName {
		return "Stop the server, move the file elsewhere and put your newest copy in its place."
	}
	return "Bring back your newest backup with: homecase restore BACKUP. The damaged file is kept beside it."
}

// dialect is what sqlstore needs to know of SQLite.
func dialect(path string) sqlstore.Dialect {
	return sqlstore.Dialect{
		Again:   func(err error) bool { return code(err) == lib.SQLITE_BUSY || code(err) == lib.SQLITE_LOCKED },
		Explain: func(err error) *fault.Error { return known(path, err) },
		Orphan:  func(err error) bool { return fullCode(err) == lib.SQLITE_CONSTRAINT_FOREIGNKEY },
		Taken: func(err error) bool {
			return fullCode(err) == lib.SQLITE_CONSTRAINT_UNIQUE || fullCode(err) == lib.SQLITE_CONSTRAINT_PRIMARYKEY
		},
	}
}

// code is SQLite's primary result code of an error, 0 where it is not SQLite's.
func code(err error) int { return fullCode(err) & 0xff }

func fullCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// explain turns an error about a database file into a fault, if it is none yet.
func explain(path string, err error) error {
	var f *fault.Error
	if errors.As(err, &f) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if f := known(path, err); f != nil {
		return f
	}
	return fault.New(fault.Internal, "HC-STORE-11", "The database refused this. Nothing was changed.").At(fault.Place{File: path}).Because(err)
}

// known says what SQLite's own errors mean to a person.
func known(path string, err error) *fault.Error {
	say := func(kind fault.Kind, code fault.Code, sentence string) *fault.Error {
		return fault.New(kind, code, "%s", sentence).At(fault.Place{File: path}).Because(err)
	}
	switch code(err) {
	case lib.SQLITE_FULL:
		return say(fault.Invalid, "HC-STORE-24", "The disk is full. Nothing was changed.").Then("Free some space and try again.")
	case lib.SQLITE_READONLY, lib.SQLITE_PERM, lib.SQLITE_CANTOPEN, lib.SQLITE_AUTH:
		return say(fault.Forbidden, "HC-STORE-25", "You may not write here. Nothing was changed.").Then("Check who owns the folder and its files.")
	case lib.SQLITE_IOERR:
		return say(fault.Invalid, "HC-STORE-26", "The disk did not take or give the data. Nothing was changed.").Then("Check the disk and its free space, then try again.")
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return damaged(path, err)
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return held(err).At(fault.Place{File: path})
	}
	return nil
}

func held(err error) *fault.Error {
	return fault.New(fault.Conflict, "HC-STORE-29", "Another program holds the database. Nothing was changed.").Then("Close it and try again.").Because(err)
}

// copyFile copies a file into a new one for its owner alone, on the disk when
// it returns.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return content.OpenFault(from, err)
	}
	defer in.Close()
	if info, err := in.Stat(); err != nil || !info.Mode().IsRegular() {
		return notBackup(from, fmt.Errorf("not a regular file: %w", err))
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return content.WriteFault(to, err)
	}
	err = private(to, 0o600) // whatever the umask made of it
	if err == nil {
		_, err = io.Copy(out, in)
	}
	if err == nil {
		err = out.Sync()
	}
	if err := errors.Join(err, out.Close()); err != nil {
		return content.WriteFault(to, err)
	}
	return nil
}
