package page_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/internal/press/page"
	"homecase/internal/press/presstest"
)

func decision() *page.Decision {
	return &page.Decision{Lead: "Your answer on the trial. You can change it later.", Answers: []page.Answer{
		{Label: "Agree", Href: "mailto:ines@fernhill.example?subject=Agreed"}, {Label: "Change it", Href: "mailto:ines@fernhill.example?subject=Change%20it"}, {Label: "Not now", Href: "mailto:ines@fernhill.example?subject=Not%20now"}}}
}

func TestLook(t *testing.T) {
	var b bytes.Buffer
	if err := page.Write(&b, presstest.Packet(), page.Options{Decision: decision(), Ask: func(id string) string { return "mailto:ines@fernhill.example?subject=" + id }}); err != nil {
		t.Fatal(err)
	}
	os.WriteFile("/tmp/look.html", b.Bytes(), 0o644)
	r, err := page.Read(b.Bytes())
	t.Log(r.Stray, err, len(r.Marks), string(r.Working))
	if diff := cmp.Diff(presstest.Packet().Marks(page.Shows()), r.Marks); diff != "" {
		t.Error(diff)
	}
}
