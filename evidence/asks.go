package evidence

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"homecase/fault"
)

// Ask is a question worth putting to a colleague who works from home.
type Ask struct {
	ID  string `json:"id"`
	Ask string `json:"ask"`
	Why string `json:"why"`
}

// Letter is a short text to send, with {slots} to fill.
type Letter struct {
	ID      string   `json:"id"`
	To      string   `json:"to"`
	When    string   `json:"when"` // what makes it useful
	Subject string   `json:"subject"`
	Lines   []string `json:"lines"`
}

type asks struct {
	Questions []Ask    `json:"questions"`
	Letters   []Letter `json:"letters"`
}

var asked = sync.OnceValues(func() (asks, error) {
	var a asks
	err := read("asks.yaml", &a)
	return a, err
})

// Questions returns the five questions for a colleague who works from home.
func Questions() ([]Ask, error) {
	a, err := asked()
	return a.Questions, err
}

// Letters returns the short texts to HR and to colleagues.
func Letters() ([]Letter, error) {
	a, err := asked()
	return a.Letters, err
}

// FindLetter returns one letter, or a fault of kind Missing.
func FindLetter(id string) (Letter, error) {
	all, err := Letters()
	if err != nil {
		return Letter{}, err
	}
	if i := slices.IndexFunc(all, func(l Letter) bool { return l.ID == id }); i >= 0 {
		return all[i], nil
	}
	return Letter{}, fault.New(fault.Missing, "HC-EVID-04", "There is no letter %q.", clip(id))
}

var slot = regexp.MustCompile(`\{([a-z_]+)\}`)

// Fill puts values into the slots of subject and lines, and returns the slots
// left empty: such a letter is not ready to send.
func (l Letter) Fill(values map[string]string) (Letter, []string) {
	var missing []string
	fill := func(s string) string {
		return slot.ReplaceAllStringFunc(s, func(m string) string {
			name := m[1 : len(m)-1]
			if v := strings.TrimSpace(values[name]); v != "" {
				return v
			}
			if !slices.Contains(missing, name) {
				missing = append(missing, name)
			}
			return m
		})
	}
	out := l
	out.Subject, out.Lines = fill(l.Subject), make([]string, len(l.Lines))
	for i, line := range l.Lines {
		out.Lines[i] = fill(line)
	}
	return out, missing
}
