package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"homecase/fault"
	"homecase/share"
)

// lookAt is a token to look at. part is what is asked for besides where its case
// stands: nothing, the whole link, or the link and its page.
type lookAt struct{ org, token, part string }

const (
	partLink = "link"
	partPage = "page"
)

// looked is what was found: nothing but the head where no more was asked for.
type looked struct {
	head string // empty for a link that ended
	link share.OpenLink
	page []byte
}

func noLink() error { return fault.New(fault.Missing, "HC-STORE-48", "There is no such link here.") }

func (o *Office) look(ctx context.Context, org, token, part string) (*looked, error) {
	if noKey(org, token) {
		return nil, noLink()
	}
	found, err := o.looks.ask(ctx, lookAt{org, token, part}, o.lookAll)
	if err == nil && found.head == "" {
		return nil, noLink()
	}
	return &found, err
}

// LinkByToken returns where a token's hash leads. A link that ended leads nowhere.
func (o *Office) LinkByToken(ctx context.Context, org, tokenHash string) (*share.OpenLink, error) {
	found, err := o.look(ctx, org, tokenHash, partLink)
	if err != nil {
		return nil, err
	}
	return &found.link, nil
}

// HeadByToken returns the hash of the last line of the case that a token leads to.
func (o *Office) HeadByToken(ctx context.Context, org, tokenHash string) (string, error) {
	found, err := o.look(ctx, org, tokenHash, "")
	if err != nil {
		return "", err
	}
	return found.head, nil
}

// PageByToken is LinkByToken with the page kept for the link.
func (o *Office) PageByToken(ctx context.Context, org, tokenHash string) (*share.OpenLink, []byte, error) {
	found, err := o.look(ctx, org, tokenHash, partPage)
	if err != nil {
		return nil, nil, err
	}
	return &found.link, found.page, nil
}

// lookTime is the longest that links are looked for.
const lookTime = 10 * time.Second

// lookAll looks at links.
func (o *Office) lookAll(all []lookAt) ([]looked, error) {
	size := roundedUp(len(all))
	args := make([]any, 0, 3*size)
	for i := range size {
		var at lookAt // no token beyond those that are asked for
		if i < len(all) {
			at = all[i]
		}
		args = append(args, at.org, at.token, at.part)
	}
	ctx, stop := context.WithTimeout(context.Background(), lookTime) // whoever asked first may have gone
	defer stop()
	found := make([]looked, len(all))
	err := o.Read(ctx, func(db *sql.DB) error {
		rows, err := db.QueryContext(ctx, looks[size], args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var i int
			var head, id, link, key sql.NullString
			var n, made sql.NullInt64
			var page []byte
			if err := rows.Scan(&i, &head, &id, &link, &key, &n, &made, &page); err != nil {
				return err
			}
			if i >= len(found) {
				continue
			}
			found[i] = looked{head: head.String, page: page}
			if id.Valid {
				found[i].link = share.OpenLink{Link: link.String, Head: share.Head{Case: id.String, Key: key.String, N: n.Int64, Hash: head.String, At: fromUnix(made.Int64)}}
			}
		}
		return rows.Err()
	})
	return found, err
}

// looks are the statements that look at some links at once, by how many. Every
// value is found by a whole key for each token, so that no database is led to look
// through an organisation before it has counted its rows.
var looks = selectLooks()

func selectLooks() map[int]string {
	const (
		link = "(SELECT %s FROM links l WHERE l.org_id = k.org_id AND l.token_hash = k.token_hash AND l.ended IS NULL)"
		last = "(SELECT h.%s FROM lines h WHERE h.org_id = l.org_id AND h.case_id = l.case_id ORDER BY h.n DESC LIMIT 1)"
		key  = "(SELECT c.person_key FROM cases c WHERE c.org_id = l.org_id AND c.id = l.case_id)"
		page = "(SELECT p.content FROM pages p WHERE p.org_id = k.org_id AND p.token_hash = k.token_hash)"
	)
	columns := []string{"k.i", fmt.Sprintf(link, fmt.Sprintf(last, "hash"))}
	for _, value := range []string{"l.case_id", "l.link_id", key, fmt.Sprintf(last, "n"), fmt.Sprintf(last, "made")} {
		columns = append(columns, "CASE WHEN k.part <> '' THEN "+fmt.Sprintf(link, value)+" END")
	}
	columns = append(columns, "CASE WHEN k.part = '"+partPage+"' THEN "+page+" END")
	all := map[int]string{}
	for n := 1; n <= mostAtOnce; n++ {
		size := roundedUp(n)
		tokens := make([]string, size)
		for i := range tokens {
			tokens[i] = fmt.Sprintf("(%d, $%d, $%d, $%d)", i, 3*i+1, 3*i+2, 3*i+3)
		}
		all[size] = "WITH k(i, org_id, token_hash, part) AS (VALUES " + strings.Join(tokens, ", ") + ")\nSELECT " + strings.Join(columns, ",\n    ") + "\nFROM k"
	}
	return all
}

const (
	putPage = `
INSERT INTO pages (org_id, token_hash, case_id, document, form, head, content)
SELECT org_id, token_hash, case_id, $4, $5, $6, $7 FROM links WHERE org_id = $1 AND token_hash = $2 AND case_id = $3 AND ended IS NULL
ON CONFLICT (org_id, token_hash) DO UPDATE SET document = EXCLUDED.document, form = EXCLUDED.form, head = EXCLUDED.head, content = EXCLUDED.content`
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
// the page along, or leaves none to be written.
func (o *Office) KeepPage(ctx context.Context, org string, p share.Page) error {
	if noKey(org, p.Token, p.Case, p.Form, p.Head) || p.Document != "" && noKey(p.Document) {
		return noLink()
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
