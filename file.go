package homecase

import (
	"errors"

	"homecase/content"
	"homecase/fault"
)

// upgrades turns a document of version n into one of version n+1, in memory.
// An upgrade may rename and move keys; it never drops one.
var upgrades = []func(*content.Tree){
	0: fromPreview,
}

// fromPreview upgrades the preview format, in which duties were called tasks
// and a job was called a title.
func fromPreview(t *content.Tree) {
	t.Rename([]string{"readiness", "tasks"}, "duties")
	t.Rename([]string{"person", "title"}, "job")
	t.Rename([]string{"boss", "title"}, "job")
}

// Decode reads a case file of this or an older version. It returns every
// problem found, each with its place.
func Decode(name string, text []byte) (*Case, error) {
	return decode(name, text, (*content.Tree).Decode)
}

// DecodeDraft reads a case that is still being written: what is missing may be
// missing, and Problems tells what it lacks.
func DecodeDraft(name string, text []byte) (*Case, error) {
	return decode(name, text, (*content.Tree).DecodeDraft)
}

func decode(name string, text []byte, into func(*content.Tree, any) error) (*Case, error) {
	t, err := content.Parse(name, text)
	if err != nil {
		return nil, err
	}
	v, ok := t.Int("version")
	switch {
	case !ok:
		return nil, fault.List{fault.New(fault.Invalid, "HC-CASE-08", "This file does not say which version of the case format it is.").At(t.Place("version")).Then("Write version: %d on its first line.", Version)}
	case v > Version:
		return nil, fault.List{fault.New(fault.Invalid, "HC-CASE-09", "This case is in format version %d and this homecase knows versions up to %d.", v, Version).At(t.Place("version")).Then("Open it with a newer homecase. Nothing was changed.")}
	case v < 0:
		return nil, fault.List{fault.New(fault.Invalid, "HC-CASE-10", "There is no format version %d.", v).At(t.Place("version"))}
	}
	for ; v < Version; v++ {
		upgrades[v](t)
		t.SetInt("version", v+1)
	}
	c := new(Case)
	if err := into(t, c); err != nil {
		return nil, err
	}
	return c, nil
}

// Problems lists everything a finished case may not have, each under the path
// of its field.
func (c *Case) Problems() (fault.List, error) {
	text, err := c.Encode()
	if err != nil {
		return nil, err
	}
	var list fault.List
	if _, err := decode("", text, (*content.Tree).DecodeAll); err != nil && !errors.As(err, &list) {
		return nil, err
	}
	return list, nil
}

// Load reads a case file from the disk.
func Load(path string) (*Case, error) {
	text, err := content.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Decode(path, text)
}

// Encode writes a case as its file.
func (c *Case) Encode() ([]byte, error) { return content.Encode(c) }

// Save writes the case so that a crash leaves the old file or the new one.
func (c *Case) Save(path string) error {
	text, err := c.Encode()
	if err != nil {
		return err
	}
	return content.WriteFile(path, text)
}
