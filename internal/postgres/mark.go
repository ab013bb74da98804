package postgres

import (
	"context"
	"errors"
	"regexp"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// marks asks PostgreSQL which transactions it holds for done. Whatever commits is
// in progress before and is not afterwards, or begins and ends in between: either
// way pg_current_snapshot says something else, with all 64 bits of the numbers.
// What takes no number changes nothing that is kept here.
//
// A server that crashed, or a replica that took its place, may give a number to
// another transaction. So a mark holds for one session of one server, which neither
// outlives: the session has a name of its own, and where a pooler hands the
// statement to another session, the mark has another name or none.
type marks struct {
	config *pgx.ConnConfig

	mu   sync.Mutex
	conn *pgx.Conn        // nil where there is none
	next <-chan time.Time // tells when another connection is tried; nil for never
}

// A mark is a shortcut: it is not waited for as other answers are.
const (
	markTime  = time.Second
	markPause = time.Second
)

const (
	markName    = "homecase_mark" // of the statement
	nameSession = `SELECT set_config('homecase.session', CAST(gen_random_uuid() AS TEXT), FALSE)`
	selectMark  = `SELECT current_setting('homecase.session', TRUE) || ' ' || CAST(pg_current_snapshot() AS TEXT)`
	// A table of another server, or of many, changes without a transaction of this one.
	selectOrdinary = `
SELECT version(), pg_is_in_recovery() OR EXISTS (SELECT 1 FROM pg_foreign_table) OR EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')`
)

// ordinary is the version of a server that is PostgreSQL itself: others answer too,
// by the numbers of something else.
var ordinary = regexp.MustCompile(`^PostgreSQL \d+(\.\d+|devel|beta\d+|rc\d+)? (\([^)]*\) )?on `)

func newMarks(config *pgx.ConnConfig) *marks {
	own := config.Copy()
	own.ConnectTimeout = markTime
	patient(own, markTime)
	now := make(chan time.Time)
	close(now)
	return &marks{config: own, next: now}
}

// ask returns the server's mark as it is now, empty where it cannot be told.
func (m *marks) ask() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	select {
	case <-m.next:
		m.let()
		m.open()
	default:
	}
	if m.conn == nil {
		return ""
	}
	answer := m.conn.PgConn().ExecPrepared(context.Background(), markName, nil, nil, nil).Read()
	if answer.Err != nil {
		m.let()
		m.next = time.After(markPause)
		return ""
	}
	return string(answer.Rows[0][0]) // NULL where the session is another one
}

// open opens a session for marks, where the server has them.
func (m *marks) open() {
	ctx, stop := context.WithTimeout(context.Background(), markTime)
	defer stop()
	m.next = time.After(markPause)
	c, err := pgx.ConnectConfig(ctx, m.config)
	if err != nil {
		return // whoever looks without a mark is told why
	}
	m.conn = c
	var version string
	var other bool
	_, named := c.Exec(ctx, nameSession)
	_, prepared := c.Prepare(ctx, markName, selectMark)
	err = errors.Join(named, prepared, c.QueryRow(ctx, selectOrdinary).Scan(&version, &other))
	if err == nil {
		m.next = time.After(lifetime)
	}
	if err != nil || other || !ordinary.MatchString(version) {
		m.let()
	}
}

// let lets go of the connection.
func (m *marks) let() {
	if m.conn == nil {
		return
	}
	ctx, stop := context.WithTimeout(context.Background(), markTime)
	defer stop()
	_ = m.conn.Close(ctx) // nothing was asked that would be lost
	m.conn = nil
}

func (m *marks) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.let()
	m.next = nil
}
