package homecase_test

import (
	"path/filepath"
	"strconv"
	"testing"

	"homecase"
	"homecase/concern"
	"homecase/packet"
)

// The packet prints every question that its first page counts, and the pages of
// the case list the same ones: also one that does not apply, and the one that is
// raised when most of the money is assumed.
func TestThePacketListsWhatItCounts(t *testing.T) {
	files, err := filepath.Glob("examples/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	composed := 0
	for _, file := range files {
		c, err := homecase.Load(file)
		if err != nil {
			continue // a plan, or the days of a trial
		}
		c.Answer("C09", concern.Reply{State: concern.NotApplicable})
		shared := c.Shared()
		report, err := shared.EstimateForPages()
		if err != nil {
			t.Fatal(file, err)
		}
		edition, err := homecase.Compose(shared, homecase.Options{Version: "test", Money: &report})
		if err != nil {
			t.Logf("%s has no packet: %v", file, err)
			continue
		}
		composed++
		views, err := c.Questions(&report)
		if err != nil {
			t.Fatal(err)
		}
		printed := 0
		for _, s := range edition.Full.Sections {
			for _, b := range s.Blocks {
				if _, ok := b.(packet.Question); ok {
					printed++
				}
			}
		}
		total := ""
		for _, e := range edition.Record.Numbers {
			if e.Ref == "questions.total" {
				total = e.Printed
			}
		}
		if printed != len(views) || total != strconv.Itoa(printed) {
			t.Errorf("%s: the packet prints %d questions and counts %s; the pages list %d", file, printed, total, len(views))
		}
	}
	if composed < 3 {
		t.Errorf("%d examples have a packet", composed)
	}
}
