package ops_test

import (
	"context"
	"crypto/rand"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"homecase"
	"homecase/day"
	"homecase/fault"
	"homecase/ops"
	"homecase/plan"
	"homecase/share"
)

// The link's e-mail carries the meeting of the edition where the person asks for it,
// with its METHOD in its type (RFC 6047, 2.4); plain text stays first and short.
func TestTheLinkIsMailedWithTheMeeting(t *testing.T) {
	b := newBureau(t)
	b.published(t, "case-1", nil)
	b.posted(t)
	raw := []byte("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
	send := func(link string, e ops.LinkEmail) error {
		token, err := share.NewToken(rand.Reader, b.org.ID)
		if err != nil {
			t.Fatal(err)
		}
		return b.try(t, "case-1", share.Linking{Key: b.id(), Link: link, Token: share.HashToken(token), Reader: "Dana"}, func(x *share.Exchange, a *share.Append) error {
			return b.MailLink(context.Background(), b.org.ID, token, e)(x, a)
		})
	}
	if err := send("link-2", ops.LinkEmail{To: "dana@fernhill.example", Meeting: true}); fault.CodeOf(err) != "HC-NOTICE-29" {
		t.Errorf("an edition without a meeting: %v", err)
	}
	doc := []byte("another document")
	for media, data := range map[string][]byte{"text/calendar": raw, "application/json": doc} {
		if err := b.Store.PutBlob(t.Context(), b.org.ID, "case-1", share.Blob{Hash: share.Hash(data), Media: media, Bytes: data, Made: b.at}, share.Room{}); err != nil {
			t.Fatal(err)
		}
	}
	b.act(t, "case-1", share.Publication{Key: b.id(), Edition: 2, Title: "A trial", Lang: "en-GB", Document: share.Hash(doc),
		Files: []share.File{{Name: "meeting.ics", Media: "text/calendar", SHA256: share.Hash(raw), Bytes: int64(len(raw))}}}, nil)
	for _, with := range []bool{false, true} {
		if err := send("link-"+map[bool]string{false: "3", true: "4"}[with], ops.LinkEmail{To: "dana@fernhill.example", Meeting: with}); err != nil {
			t.Fatal(err)
		}
		got := b.posted(t)
		m := got[len(got)-1]
		has := slices.Contains(m.Files, "meeting.ics text/calendar; charset=utf-8; method=REQUEST; name=meeting.ics")
		if has != with || len(strings.Fields(m.Text)) > 90 {
			t.Errorf("asked for the meeting: %v, sent %q with\n%s", with, m.Files, m.Text)
		}
		b.at = b.at.Add(2 * time.Hour)
	}
}

// A copy of a yes carries the days that were agreed.
func TestACopyCarriesTheDays(t *testing.T) {
	b := newBureau(t)
	_, open := b.published(t, "case-1", nil)
	b.act(t, "case-1", decide(b, open, share.Agreed), nil)
	raw := []byte("BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n")
	if err := b.MailCopy(t.Context(), b.org.ID, open, "dana@fernhill.example", raw); err != nil {
		t.Fatal(err)
	}
	got := b.posted(t)
	if len(got) != 1 || !slices.Contains(got[0].Files, "meeting.ics text/calendar; charset=utf-8; method=PUBLISH; name=meeting.ics") {
		t.Errorf("%+v", got)
	}
}

// A talk that is moved is the same one in a calendar, later in sequence; the talk
// of the next ask is another one (RFC 5545, 3.8.4.7 and 3.8.7.4).
func TestAMovedTalkIsTheSameTalk(t *testing.T) {
	text, err := os.ReadFile("../examples/accounts-one-day.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := homecase.Decode("case.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	meeting := func(now time.Time, on string) map[string]string {
		t.Helper()
		c.Plan.Talk = &plan.Talk{Date: day.Must(on), Time: "10:30", Minutes: 30}
		d := &ops.Desk{Now: func() time.Time { return now }, Random: rand.Reader, Getenv: func(string) string { return "" }}
		_, file, err := d.Meeting(c)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, m := range regexp.MustCompile(`(?m)^(UID|SEQUENCE|DTSTAMP|METHOD|DTSTART;TZID=[^:]*):(.*)\r$`).FindAllStringSubmatch(string(file), -1) {
			out[m[1]] = m[2]
		}
		return out
	}
	first := meeting(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), "2026-12-02")
	moved := meeting(time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), "2026-12-04")
	if first["UID"] == "" || first["UID"] != moved["UID"] || first["SEQUENCE"] == moved["SEQUENCE"] || first["DTSTAMP"] == moved["DTSTAMP"] || first["DTSTART;TZID=Europe/London"] != "20261202T103000" {
		t.Errorf("the talk is %v, and moved %v", first, moved)
	}
	c.Plan.At = "one_day"
	if next := meeting(time.Date(2027, 4, 1, 9, 0, 0, 0, time.UTC), "2027-04-12"); next["UID"] == first["UID"] {
		t.Error("the talk of the next ask takes the place of the first")
	}
}
