package evidence

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"homecase/content"
)

type labelled struct {
	Text string   `json:"text"`
	Want []string `json:"want"`
	Note string   `json:"note,omitempty"`
}

func quotes(t testing.TB) []labelled {
	t.Helper()
	b, err := os.ReadFile("testdata/quotes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Quotes []labelled `json:"quotes"`
	}
	if err := content.Decode("quotes.yaml", b, &file); err != nil {
		t.Fatal(err)
	}
	return file.Quotes
}

func kinds(ps []Problem) []string {
	out := []string{}
	for _, p := range ps {
		out = append(out, strings.TrimSpace(string(p.Kind)+" "+string(p.Study)))
	}
	return out
}

// Every labelled sentence, true and false, gets exactly its label.
func TestCheckQuoteAgreesWithLabels(t *testing.T) {
	all := quotes(t)
	if len(all) < 60 {
		t.Fatalf("%d labelled sentences, want at least 60", len(all))
	}
	for _, q := range all {
		ps, err := CheckQuote(q.Text)
		if err != nil {
			t.Fatal(err)
		}
		if q.Want == nil {
			q.Want = []string{}
		}
		if d := cmp.Diff(q.Want, kinds(ps)); d != "" {
			t.Errorf("%s\n%s", q.Text, d)
			for _, p := range ps {
				t.Log(p.Say)
			}
		}
		for _, p := range ps {
			if p.Say == "" || p.Next == "" || p.Sentence == "" || strings.ContainsAny(p.Say+p.Next, "{}") {
				t.Errorf("%s: a problem must say what is wrong and what to write: %+v", q.Text, p)
			}
		}
	}
}

// The held-out set says how the checker does on sentences it was not made for.
func TestCheckQuoteOnHeldOutSentences(t *testing.T) {
	b, err := os.ReadFile("testdata/quotes-held-out.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Quotes []labelled `json:"quotes"`
	}
	if err := content.Decode("quotes-held-out.yaml", b, &file); err != nil {
		t.Fatal(err)
	}
	right := 0
	for _, q := range file.Quotes {
		ps, err := CheckQuote(q.Text)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(append([]string{}, q.Want...), kinds(ps)); d != "" {
			t.Logf("misses: %s\n%s", q.Text, d)
			continue
		}
		right++
	}
	t.Logf("%d of %d held-out sentences agree", right, len(file.Quotes))
	if float64(right) < .85*float64(len(file.Quotes)) {
		t.Errorf("only %d of %d held-out sentences agree", right, len(file.Quotes))
	}
}
