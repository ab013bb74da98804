// Package github reads issues and pull requests: `gh issue list --json` and
// `gh pr list --json`, pages of the REST API as `gh api --paginate` joins them,
// and searches. It keeps issues closed as completed and pull requests merged,
// per day. Titles, bodies, labels and people are not kept; closing without
// finishing, and somebody else's work, is not counted.
package github

import (
	"bytes"
	"context"
	"time"

	"homecase/day"
	"homecase/internal/intake/input"
	"homecase/internal/intake/jsonwalk"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/tally"
)

// Source is the name of the source.
const Source = "github"

// Fits recognises the beginning of an export.
func Fits(head []byte) bool {
	has := func(s string) bool { return bytes.Contains(head, []byte(s)) }
	return has(`"closedAt"`) || has(`"mergedAt"`) || has(`"closed_at"`) || has(`"merged_at"`) ||
		has(`"html_url"`) && has("github") || has(`"stateReason"`) || has("https://api.github.com")
}

// thing is an issue or a pull request while it is read.
type thing struct {
	closed, merged       sheet.Moment
	isClosed, isMerged   bool
	badClosed, badMerged bool
	numbered, known      bool // it is an issue or pull request at all; when it closed is told
	pull, undone         bool
	id, author, assignee []byte
	assignees            int
}

type reader struct {
	j             *jsonwalk.Reader
	t             *tally.Tally
	issues, pulls *tally.People
	seen          *tally.Seen
	open, undone  int
	again, nobody int
	login         []byte
	thing         thing
	field, person func([]byte) error
	pullField     func([]byte) error
	assignee      func() error
	blind         int
}

// Read reads an export.
func Read(ctx context.Context, in *input.Input, o tally.Options) (tally.Result, error) {
	t := tally.New(Source, o)
	r := &reader{t: t, issues: tally.NewPeople(o.Author), pulls: tally.NewPeople(o.Author), seen: tally.NewSeen()}
	r.field, r.person, r.pullField, r.assignee = r.thingField, r.loginField, r.mergedField, r.oneAssignee
	err := jsonwalk.Read(ctx, in, t, func(j *jsonwalk.Reader) error {
		r.j = j
		return r.value()
	})
	if err != nil {
		return tally.Result{}, err
	}
	if err := r.end(in.Name, o); err != nil {
		return tally.Result{}, err
	}
	return t.Result(), nil
}

func (r *reader) end(file string, o tally.Options) error {
	if r.open > 0 {
		r.t.Warn(0, "%d are still open and are not counted.", r.open)
	}
	if r.undone > 0 {
		r.t.Warn(0, "%d were closed without being finished and are not counted.", r.undone)
	}
	if r.again > 0 {
		r.t.Warn(0, "%d stand in the file more than once and count once.", r.again)
	}
	r.seen.Warn(r.t)
	if r.nobody > 0 {
		r.t.Warn(0, "%d closed issues were given to nobody, so they are not counted as yours.", r.nobody)
	}
	if r.blind > 0 {
		r.t.Warn(0, "%d entries do not say when they were closed. Ask gh for closedAt, or mergedAt, too.", r.blind)
	}
	if r.t.Rows() == 30 {
		r.t.Warn(0, "There are exactly 30 entries, which is where gh stops by itself. Export again with --limit 1000.")
	}
	if err := r.issues.Fault(file, "closed issues"); err != nil && !(o.Author != "" && r.pulls.Own > 0) {
		return err
	}
	if err := r.pulls.Fault(file, "merged pull requests"); err != nil && !(o.Author != "" && r.issues.Own > 0) {
		return err
	}
	return nil
}

func (r *reader) value() error {
	b, err := r.j.Peek()
	switch {
	case err != nil:
		return err
	case b == '[':
		return r.j.Array(r.value)
	case b == '{':
		outer := r.thing
		r.thing = thing{}
		if err := r.j.Object(r.field); err != nil {
			return err
		}
		r.close()
		r.thing = outer
		return nil
	}
	return r.j.Skip()
}

func (r *reader) thingField(key []byte) (err error) {
	i := &r.thing
	switch string(key) {
	case "items", "response", "nodes", "edges", "node", "search", "repository", "issues", "pullRequests", "viewer", "data":
		return r.value()
	case "number":
		i.numbered = true
	case "closedAt", "closed_at":
		i.known = true
		i.closed, i.isClosed, i.badClosed, err = r.when()
		return err
	case "mergedAt", "merged_at":
		i.known, i.pull = true, true
		i.merged, i.isMerged, i.badMerged, err = r.when()
		return err
	case "pull_request":
		i.pull = true
		return r.j.ObjectOrSkip(r.pullField)
	case "additions", "headRefName", "mergeable", "merge_commit_sha", "isDraft", "mergedBy":
		i.pull = true
	case "stateReason", "state_reason":
		text, err := r.j.Text()
		i.undone = bytes.EqualFold(text, []byte("not_planned")) || bytes.EqualFold(text, []byte("duplicate"))
		return err
	case "url", "node_id":
		text, err := r.j.Text()
		i.id = append(i.id[:0], text...)
		r.t.DropKey("", key)
		return err
	case "author", "user":
		r.t.DropKey("", key)
		r.login = r.login[:0]
		err := r.j.ObjectOrSkip(r.person)
		i.author = append([]byte(nil), r.login...)
		return err
	case "assignees":
		r.t.DropKey("", key)
		return r.j.ArrayOrSkip(r.assignee)
	}
	r.t.DropKey("", key)
	return r.j.Skip()
}

// when reads a moment that may be null.
func (r *reader) when() (m sheet.Moment, ok, bad bool, err error) {
	b, err := r.j.Peek()
	if err != nil {
		return m, false, false, err
	}
	m, ok, err = r.j.Moment()
	return m, ok, b == '"' && !ok, err
}

func (r *reader) loginField(key []byte) error {
	if string(key) != "login" {
		return r.j.Skip()
	}
	text, err := r.j.Text()
	r.login = append(r.login[:0], text...)
	return err
}

func (r *reader) mergedField(key []byte) (err error) {
	if string(key) != "merged_at" {
		return r.j.Skip()
	}
	i := &r.thing
	i.known = true
	i.merged, i.isMerged, i.badMerged, err = r.when()
	return err
}

func (r *reader) oneAssignee() error {
	r.login = r.login[:0]
	if err := r.j.ObjectOrSkip(r.person); err != nil {
		return err
	}
	i := &r.thing
	if i.assignees++; i.assignees == 1 {
		i.assignee = append([]byte(nil), r.login...)
	}
	if r.issues.Asked() && r.issues.Is(r.login) {
		i.assignee = append([]byte(nil), r.login...)
	}
	return nil
}

// close counts an object that was read whole, when it is an issue or a pull request.
func (r *reader) close() {
	i := r.thing
	if !i.known && !i.numbered {
		return // a page, a person, a container
	}
	r.t.Row()
	switch {
	case !i.known:
		r.blind++
	case i.badClosed || i.badMerged:
		r.t.Warn(r.j.Line(), "The date of closing cannot be read.")
	case i.pull && i.isMerged:
		if r.seen.Again(i.id) {
			r.again++
		} else if r.pulls.Mine(i.author) {
			r.add(i.merged, tally.PullRequests)
		}
	case i.pull && i.isClosed, i.undone && i.isClosed:
		r.undone++
	case !i.isClosed:
		r.open++
	case r.seen.Again(i.id):
		r.again++
	case i.assignees == 0 && r.issues.Asked():
		r.nobody++
	case i.assignees == 0, r.issues.Mine(i.assignee):
		r.add(i.closed, tally.Items)
	}
}

func (r *reader) add(m sheet.Moment, measure tally.Measure) {
	r.t.Add(day.Of(r.t.Local(m.In(time.UTC))), measure, tally.Unknown, 1)
}
