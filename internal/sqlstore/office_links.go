package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"time"

	"homecase/fault"
	"homecase/share"
)

// Every page of a reader begins with its token. Those that ask while the
// database answers others are asked together next, in one statement: under load
// a statement serves many readers, and at rest nobody waits.
type lookups struct {
	mu      sync.Mutex
	waiting []*lookup
	running int
}

// lookup is one token that somebody waits for.
type lookup struct {
	at   tokenAt
	done chan struct{} // closed once found and err are set
	link *share.OpenLink
	err  error
}

type tokenAt struct{ org, hash string }

// At most two statements are under way, of at most mostAtOnce tokens each, and
// none longer than lookupTime.
const (
	sideBySide = 2
	mostAtOnce = 16
	lookupTime = 10 * time.Second
)

// LinkByToken returns where a token's hash leads. A link that ended leads nowhere.
func (o *Office) LinkByToken(ctx context.Context, org, tokenHash string) (*share.OpenLink, error) {
	if noKey(org, tokenHash) {
		return nil, noLink()
	}
	l := &lookup{at: tokenAt{org, tokenHash}, done: make(chan struct{})}
	o.links.mu.Lock()
	o.links.waiting = append(o.links.waiting, l)
	if o.links.running < sideBySide {
		o.links.running++
		go o.lookUp()
	}
	o.links.mu.Unlock()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.done:
	}
	if l.err == nil && l.link == nil {
		return nil, noLink()
	}
	return l.link, l.err
}

func noLink() error { return fault.New(fault.Missing, "HC-STORE-48", "There is no such link here.") }

// lookUp answers whoever waits until nobody does.
func (o *Office) lookUp() {
	for {
		o.links.mu.Lock()
		n := min(len(o.links.waiting), mostAtOnce)
		if n == 0 {
			o.links.running--
			o.links.mu.Unlock()
			return
		}
		now := o.links.waiting[:n:n]
		o.links.waiting = o.links.waiting[n:]
		o.links.mu.Unlock()
		found, err := o.linksAt(now)
		for _, l := range now {
			if l.err = err; err == nil {
				if link, ok := found[l.at]; ok {
					l.link = &link
				}
			}
			close(l.done)
		}
	}
}

// linksAt reads where tokens lead. Their number is rounded up, so that the
// database knows the few statements there are.
func (o *Office) linksAt(all []*lookup) (map[tokenAt]share.OpenLink, error) {
	size := 1
	for size < len(all) {
		size *= 2
	}
	var args []any
	for i := range size {
		at := all[min(i, len(all)-1)].at
		args = append(args, at.org, at.hash)
	}
	ctx, stop := context.WithTimeout(context.Background(), lookupTime) // whoever asked first may have gone
	defer stop()
	var found map[tokenAt]share.OpenLink
	err := o.Read(ctx, func(db *sql.DB) error {
		found = map[tokenAt]share.OpenLink{}
		rows, err := db.QueryContext(ctx, selectLinks(size), args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var at tokenAt
			var l share.OpenLink
			if l.Head, err = head(rows.Scan, &l.Link, &at.org, &at.hash); err != nil {
				return err
			}
			found[at] = l
		}
		return rows.Err()
	})
	return found, err
}

// selectLinks asks for some tokens. Each is a statement of its own within the
// whole, and each of its values is found from the link by a key, so that no
// database is led to look through an organisation before it has counted its rows.
func selectLinks(n int) string {
	const last = "(SELECT h.%s FROM lines h WHERE h.org_id = l.org_id AND h.case_id = l.case_id ORDER BY h.n DESC LIMIT 1)"
	one := make([]string, n)
	for i := range one {
		one[i] = fmt.Sprintf(`
SELECT l.case_id, (SELECT c.person_key FROM cases c WHERE c.org_id = l.org_id AND c.id = l.case_id), `+last+`, `+last+`, `+last+`, l.link_id, l.org_id, l.token_hash
FROM links l WHERE l.org_id = $%d AND l.token_hash = $%d AND l.ended IS NULL`, "n", "hash", "made", 2*i+1, 2*i+2)
	}
	return strings.Join(one, "\nUNION ALL")
}
