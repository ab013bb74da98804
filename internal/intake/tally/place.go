package tally

import (
	"embed"
	"strings"
	"sync"
	"unicode"

	"homecase/content"
)

//go:embed data/places.yaml data/windows.yaml
var data embed.FS

// marks are the words by which people mark a day at home or in the office.
type marks struct {
	Home   []string `json:"home"`
	Office []string `json:"office"`
	Source string   `json:"source"`
}

var places = sync.OnceValues(func() (map[string]Place, error) {
	raw, err := data.ReadFile("data/places.yaml")
	if err != nil {
		return nil, err
	}
	var m marks
	if err := content.Decode("places.yaml", raw, &m); err != nil {
		return nil, err
	}
	words := map[string]Place{}
	for _, w := range m.Home {
		words[bare(w)] = Home
	}
	for _, w := range m.Office {
		words[bare(w)] = Office
	}
	return words, nil
})

// bare keeps the letters and digits of a mark, in lower case with single spaces.
func bare(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return ' '
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// PlaceOf tells where a mark says that the work is done. Only a whole mark
// counts: "home" does, "take the cat home" does not.
func PlaceOf(mark []byte) Place {
	if len(mark) == 0 || len(mark) > 60 {
		return Unknown
	}
	words, err := places()
	if err != nil {
		return Unknown
	}
	return words[bare(Text(mark))]
}

// PlaceOfList looks for a mark in a list of tags separated by commas or
// semicolons. Tags that contradict each other say nothing.
func PlaceOfList(tags []byte) Place {
	found := Unknown
	for len(tags) > 0 {
		tag := tags
		if i := strings.IndexAny(string(tags), ",;|"); i >= 0 {
			tag, tags = tags[:i], tags[i+1:]
		} else {
			tags = nil
		}
		if p := PlaceOf(tag); p != Unknown {
			if found != Unknown && found != p {
				return Unknown
			}
			found = p
		}
	}
	return found
}

// Marks finds the place of tags and remembers the tags it has seen, which in
// most files are few.
type Marks struct{ memo map[string]Place }

// Of returns the place that a list of tags names.
func (m *Marks) Of(tags []byte) Place {
	if len(tags) == 0 {
		return Unknown
	}
	if p, ok := m.memo[string(tags)]; ok {
		return p
	}
	p := PlaceOfList(tags)
	if m.memo == nil {
		m.memo = map[string]Place{}
	}
	if len(m.memo) < 1000 && len(tags) < 200 {
		m.memo[string(tags)] = p
	}
	return p
}
