package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"homecase/fault"
	"homecase/share"
)

// lookAt is a token to look at, and when. part is what is asked for besides where
// its case stands: nothing, the whole link, or the link and its page.
type lookAt struct {
	org, token, part string
	now              int64
}

const (
	partLink = "link"
	partPage = "page"
)

// looked is what was found: nothing but the head where no more was asked for.
type looked struct {
	head string // empty for a link that ended or is over
	link share.OpenLink
	page []byte
}

func noLink() error { return fault.New(fault.Missing, "HC-STORE-48", "There is no such link here.") }

func (o *Office) look(ctx context.Context, org, token, part string, now time.Time) (*looked, error) {
	if noKey(org, token) {
		return nil, noLink()
	}
	found, err := o.looks.ask(ctx, lookAt{org, token, part, unix(now)}, o.lookAll)
	if err == nil && found.head == "" {
		return nil, noLink()
	}
	return &found, err
}

// LinkByToken returns where a token's hash leads at a time. A link that ended, or is over by
// then, leads nowhere.
func (o *Office) LinkByToken(ctx context.Context, org, tokenHash string, now time.Time) (*share.OpenLink, error) {
	found, err := o.look(ctx, org, tokenHash, partLink, now)
	if err != nil {
		return nil, err
	}
	return &found.link, nil
}

// HeadByToken returns the hash of the last line of the case that a token leads to.
func (o *Office) HeadByToken(ctx context.Context, org, tokenHash string, now time.Time) (string, error) {
	found, err := o.look(ctx, org, tokenHash, "", now)
	if err != nil {
		return "", err
	}
	return found.head, nil
}

// PageByToken is LinkByToken with the page kept for the link.
func (o *Office) PageByToken(ctx context.Context, org, tokenHash string, now time.Time) (*share.OpenLink, []byte, error) {
	found, err := o.look(ctx, org, tokenHash, partPage, now)
	if err != nil {
		return nil, nil, err
	}
	return &found.link, found.page, nil
}

// lookTime is the longest that links are looked for.
const lookTime = 10 * time.Second

// lookAll looks at links.
func (o *Office) lookAll(all []lookAt) ([]looked, error) {
	if len(all) == 1 {
		found, err := o.lookOne(all[0])
		return []looked{found}, err
	}
	size := roundedUp(len(all))
	args := make([]any, 0, 3*size+1)
	now := int64(math.MinInt64)
	for i := range size {
		var at lookAt // no token beyond those that are asked for
		if i < len(all) {
			at = all[i]
			now = max(now, at.now) // whoever asked first waited until then
		}
		args = append(args, at.org, at.token, at.part)
	}
	args = append(args, now)
	ctx, stop := context.WithTimeout(context.Background(), lookTime) // whoever asked first may have gone
	defer stop()
	var found []looked
	err := o.Read(ctx, func(db *sql.DB) error {
		found = make([]looked, len(all))
		rows, err := db.QueryContext(ctx, looks()[size], args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var i int
			var where sql.NullString
			var page []byte
			if err := rows.Scan(&i, &where, &page); err != nil {
				return err
			}
			if i >= len(all) || !where.Valid {
				continue
			}
			if found[i] = (looked{head: where.String, page: page}); all[i].part != "" {
				if found[i].link, err = readLink(where.String); err != nil {
					return err
				}
				found[i].head = found[i].link.Hash
			}
		}
		return rows.Err()
	})
	return found, err
}

// lookOne looks at one link, as most are looked at where few read at a time.
func (o *Office) lookOne(at lookAt) (found looked, err error) {
	ctx, stop := context.WithTimeout(context.Background(), lookTime) // whoever asked may have gone
	defer stop()
	err = o.Read(ctx, func(db *sql.DB) error {
		found = looked{}
		var last sql.NullString
		var id string
		err := db.QueryRowContext(ctx, selectLook, at.org, at.token, at.part, at.now).Scan(&last, &id, &found.link.Link, &found.page)
		if errors.Is(err, sql.ErrNoRows) || err == nil && !last.Valid {
			found = looked{}
			return nil
		}
		if err != nil {
			return err
		}
		found.link.Head, _, err = readLast(last.String)
		found.link.Case, found.head = id, found.link.Hash
		return err
	})
	return found, err
}

// badLink is told of a link that the statements did not write.
func badLink() *fault.Error {
	return fault.New(fault.Internal, "HC-STORE-92", "The database tells of a link in words that cannot be read.")
}

// readLast reads what a text begins with: the number, the time and the hash of a
// line. It returns what stands behind them.
func readLast(text string) (last share.Head, rest string, err error) {
	const words = 3
	parts := strings.SplitN(text, " ", words+1)
	if len(parts) < words {
		return last, "", badLink()
	}
	n, bad := strconv.ParseInt(parts[0], 10, 64)
	at, worse := strconv.ParseInt(parts[1], 10, 64)
	if err := errors.Join(bad, worse); err != nil {
		return last, "", badLink().Because(err)
	}
	return share.Head{N: n, At: fromUnix(at), Hash: parts[2]}, strings.Join(parts[words:], ""), nil
}

// readLink reads a whole link as the statement for some writes it: its last line,
// how many characters the case has, the case and the link.
func readLink(text string) (l share.OpenLink, err error) {
	last, rest, err := readLast(text)
	if err != nil {
		return l, err
	}
	chars, rest, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(chars)
	if err != nil {
		return l, badLink().Because(err)
	}
	both := []rune(rest)
	if n < 0 || n > len(both) {
		return l, badLink()
	}
	l.Head, l.Case, l.Link = last, string(both[:n]), string(both[n:])
	return l, nil
}

// selectLook looks at one link. Nothing is read of one that ended or is over.
const selectLook = `
SELECT (SELECT h.n || ' ' || h.made || ' ' || h.hash FROM lines h WHERE h.org_id = l.org_id AND h.case_id = l.case_id ORDER BY h.n DESC LIMIT 1),
    l.case_id, l.link_id,
    CASE WHEN $3 = '` + partPage + `' THEN (SELECT p.content FROM pages p WHERE p.org_id = l.org_id AND p.token_hash = l.token_hash) END
FROM links l WHERE l.org_id = $1 AND l.token_hash = $2 AND l.ended IS NULL AND (l.expires IS NULL OR l.expires > $4)`

// looks are the statements that look at some links at once, by how many. Every
// value is found by a whole key for each token, so that no database is led to look
// through an organisation before it has counted its rows. Nothing is read of a link
// that ended or is over, its page neither, so that it costs what one costs that never
// was. The last value is the time of the look.
var looks = sync.OnceValue(func() map[int]string {
	const (
		holds     = `FROM links l WHERE l.org_id = k.org_id AND l.token_hash = k.token_hash AND l.ended IS NULL AND (l.expires IS NULL OR l.expires > $now)`
		statement = `
SELECT k.i,
    (SELECT (SELECT CASE WHEN k.part = '' THEN h.hash ELSE
            h.n || ' ' || h.made || ' ' || h.hash || ' ' || LENGTH(l.case_id) || ' ' || l.case_id || l.link_id END
        FROM lines h WHERE h.org_id = l.org_id AND h.case_id = l.case_id ORDER BY h.n DESC LIMIT 1)
    ` + holds + `),
    CASE WHEN k.part = '` + partPage + `' AND (SELECT 1 ` + holds + `) = 1
        THEN (SELECT p.content FROM pages p WHERE p.org_id = k.org_id AND p.token_hash = k.token_hash) END
FROM k`
	)
	all := map[int]string{}
	for n := 2; n <= mostAtOnce; n++ {
		size := roundedUp(n)
		if all[size] != "" {
			continue
		}
		tokens := make([]string, size)
		for i := range tokens {
			tokens[i] = fmt.Sprintf("(%d, $%d, $%d, $%d)", i, 3*i+1, 3*i+2, 3*i+3)
		}
		all[size] = "WITH k(i, org_id, token_hash, part) AS (VALUES " + strings.Join(tokens, ", ") + ")" + strings.ReplaceAll(statement, "$now", fmt.Sprintf("$%d", 3*size+1))
	}
	return all
})

const (
	putPage = `
INSERT INTO pages (org_id, token_hash, case_id, document, form, head, content)
SELECT org_id, token_hash, case_id, $4, $5, $6, $7 FROM links WHERE org_id = $1 AND token_hash = $2 AND case_id = $3 AND ended IS NULL
ON CONFLICT (org_id, token_hash) DO UPDATE SET document = EXCLUDED.document, form = EXCLUDED.form, head = EXCLUDED.head, content = EXCLUDED.content`
	noteExpiry = `
UPDATE links SET expires = $4 WHERE org_id = $1 AND token_hash = $2 AND case_id = $3 AND expires IS NULL`
	endPages = `
DELETE FROM pages WHERE org_id = $1 AND case_id = $2
    AND token_hash IN (SELECT l.token_hash FROM links l WHERE l.org_id = $1 AND l.case_id = $2 AND l.link_id IN (%s))`
	selectUnwritten = `
SELECT DISTINCT l.case_id FROM links l
WHERE l.org_id = $1 AND l.case_id > $2 AND l.ended IS NULL AND NOT EXISTS (
    SELECT 1 FROM pages p WHERE p.org_id = l.org_id AND p.token_hash = l.token_hash AND p.form = $3
        AND p.head = (SELECT h.hash FROM lines h WHERE h.org_id = l.org_id AND h.case_id = l.case_id ORDER BY h.n DESC LIMIT 1))
ORDER BY l.case_id LIMIT $4`
)

// KeepPage keeps the page of a link in place of the one before. Its document is a
// key to the file, so that whoever erases a case while its page is written takes
// the page along, or leaves none to be written. A link from before its row told when
// it is over is told so along with its page.
func (o *Office) KeepPage(ctx context.Context, org string, p share.Page) error {
	if noKey(org, p.Token, p.Case, p.Form, p.Head) || p.Document != "" && noKey(p.Document) {
		return noLink()
	}
	if err := times(p.Expires); err != nil {
		return err
	}
	if !p.Expires.IsZero() {
		if _, _, err := o.change(ctx, noteExpiry, org, p.Token, p.Case, unix(p.Expires)); err != nil {
			return err
		}
	}
	document := sql.NullString{String: p.Document, Valid: p.Document != ""}
	missing := fault.New(fault.Missing, "HC-STORE-82", "There is no such document here.")
	n, err := o.put(ctx, missing, putPage, org, p.Token, p.Case, document, p.Form, p.Head, bytes(p.Content))
	if err == nil && n == 0 {
		return noLink()
	}
	return err
}

// Unwritten lists cases behind one, in order, with a link that holds and has no
// page of this form that shows where the case stands.
func (o *Office) Unwritten(ctx context.Context, org, form, after string, limit int) ([]string, error) {
	if noKey(org, form) || limit <= 0 {
		return nil, nil
	}
	return list(ctx, o.handle, func(rows *sql.Rows) (id string, err error) { return id, rows.Scan(&id) }, selectUnwritten, org, after, form, limit)
}
