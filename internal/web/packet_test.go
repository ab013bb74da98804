package web_test

import (
	"context"
	"net/http"
	"regexp"
	"testing"
	"time"

	"homecase"
	"homecase/ops"
)

// madePacket makes every file of a packet.
func madePacket(t testing.TB, d *desk) {
	t.Helper()
	alter(t, d, func(_ *homecase.Case, course *homecase.Course) { course.Visit(homecase.TaskCheck, homecase.Answered) })
	o, err := d.Current(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.MakePacket(context.Background(), o.ID, ops.BuildOptions{Only: append(ops.Formats(), ops.ExtraFormats()...)}); err != nil {
		t.Fatal(err)
	}
}

// unmadePacket asks for a packet of a case that names a photo nobody kept.
func unmadePacket(t testing.TB, d *desk) {
	t.Helper()
	alter(t, d, func(c *homecase.Case, course *homecase.Course) {
		course.Visit(homecase.TaskCheck, homecase.Answered)
		c.Readiness.HomeOffice.Door.Photo = "door.jpg"
	})
	d.make(t, "only=one-page.pdf")
}

// working is the mark of a page that goes on by itself.
var working = regexp.MustCompile(`http-equiv="refresh"`)

// make asks for a packet and waits until the work has ended.
func (d *desk) make(t testing.TB, form string) {
	t.Helper()
	if status, body := d.ask(t, http.MethodPost, "/packet", form); status != http.StatusSeeOther {
		t.Fatalf("POST /packet answers %d: %s", status, firstWords(body))
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		status, body := d.get(t, "/packet/making")
		if status == http.StatusSeeOther || status == http.StatusOK && !working.MatchString(body) {
			return
		}
	}
	t.Fatal("the packet is still being made after a minute")
}
