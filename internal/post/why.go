package post

import (
	"embed"
	"errors"
	"strings"

	"homecase/content"
)

//go:embed data/why.yaml
var files embed.FS

// words are the sentences that say why a message did not arrive.
type words struct {
	Status   map[string]string `json:"status"`
	Steps    map[string]string `json:"steps"`
	Returned string            `json:"returned"`
	Again    string            `json:"again"`
	Over     string            `json:"over"`
}

func readWords() (*words, error) {
	w := &words{}
	return w, content.DecodeShipped(files, "internal/post", "data/why.yaml", w)
}

// byStatus is the sentence of a status code; empty where there is none.
func (w *words) byStatus(state string) string {
	if !isStatus(state) {
		return ""
	}
	_, detail, _ := strings.Cut(state, ".")
	if s, ok := w.Status[detail]; ok {
		return s
	}
	subject, _, _ := strings.Cut(detail, ".")
	return w.Status[subject]
}

// why says in plain words why a message was not taken. What a server says in its
// own words is not shown: it may hold anything.
func (w *words) why(err error) string {
	var r *Refusal
	if !errors.As(err, &r) {
		return w.Steps["connect"]
	}
	if r.Step == "receiver" || r.Step == "message" {
		if r.Code == 0 {
			return w.Steps["greet"] // the server went away without a word
		}
		if s := w.byStatus(r.State); s != "" {
			return s
		}
	}
	return w.Steps[r.Step]
}
