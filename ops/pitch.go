package ops

import (
	"strings"

	"homecase/content"
	"homecase/pitch"
)

// PitchOptions tune a reading of words.
type PitchOptions struct {
	Case  string // a case file whose facts suggestions are made of; may be empty
	Rules string // a file of the person's own rules; may be empty
}

// CheckWords reads files and says which of their words will not help. It never
// stops anything.
func (d *Desk) CheckWords(paths []string, o PitchOptions) ([]pitch.Finding, error) {
	var files []pitch.File
	for _, p := range paths {
		data, err := content.ReadLarge(p, pitch.MaxBytes)
		if err != nil {
			return nil, err
		}
		files = append(files, pitch.File{Name: p, Data: data})
	}
	options := pitch.Options{}
	if o.Case != "" {
		c, err := d.Load(o.Case)
		if err != nil {
			return nil, err
		}
		options.Facts = c.PitchFacts()
	}
	if o.Rules != "" {
		own, err := content.ReadFile(o.Rules)
		if err != nil {
			return nil, err
		}
		options.Own = own
	}
	found, err := pitch.Check(files, options)
	if found == nil {
		found = []pitch.Finding{}
	}
	return found, err
}

// Labels are the categories of one line.
type Labels struct {
	Line       int              `json:"line"`
	Categories []pitch.Category `json:"categories"`
}

// LabelWords reads one sentence a line and labels each.
func (d *Desk) LabelWords(path string) ([]Labels, error) {
	data, err := content.ReadLarge(path, pitch.MaxBytes)
	if err != nil {
		return nil, err
	}
	out := []Labels{}
	for i, line := range lines(data) {
		c := pitch.Label(line)
		if c == nil {
			c = []pitch.Category{}
		}
		out = append(out, Labels{i + 1, c})
	}
	return out, nil
}

// lines splits a text at its line ends; a last line end ends no further line.
func lines(data []byte) []string {
	text := strings.TrimSuffix(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
