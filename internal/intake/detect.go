package intake

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"

	"homecase/fault"
	"homecase/internal/intake/activitywatch"
	"homecase/internal/intake/clockify"
	"homecase/internal/intake/github"
	"homecase/internal/intake/gitlog"
	"homecase/internal/intake/harvest"
	"homecase/internal/intake/ics"
	"homecase/internal/intake/input"
	"homecase/internal/intake/jira"
	"homecase/internal/intake/kimai"
	"homecase/internal/intake/rescuetime"
	"homecase/internal/intake/sheet"
	"homecase/internal/intake/solidtime"
	"homecase/internal/intake/table"
	"homecase/internal/intake/timeoff"
	"homecase/internal/intake/timewarrior"
	"homecase/internal/intake/toggl"
	"homecase/internal/intake/wakatime"
)

// headBytes is how much of a file is looked at to recognise it, headRows how
// many lines of a table.
const (
	headBytes = 64 << 10
	headRows  = 5
)

// tables recognises tables by their headings, the most particular first.
var tables = []struct {
	id   string
	fits func(sheet.Header) bool
}{
	{solidtime.Source, solidtime.Fits}, {toggl.Source, toggl.Fits}, {clockify.Source, clockify.Fits}, {kimai.Source, kimai.Fits},
	{harvest.Source, harvest.Fits}, {rescuetime.Source, rescuetime.Fits}, {timeoff.Source, timeoff.Fits}, {wakatime.Source, wakatime.FitsTable},
	{jira.Source, jira.Fits}, {table.Source, table.Fits},
}

// documents recognises JSON by the names in its beginning, the most particular first.
var documents = []struct {
	id   string
	fits func([]byte) bool
}{
	{rescuetime.Source, rescuetime.FitsJSON}, {timewarrior.Source, timewarrior.Fits}, {activitywatch.Source, activitywatch.Fits},
	{github.Source, github.Fits}, {wakatime.Source, wakatime.Fits},
}

// Detect recognises a source by its content.
func Detect(in *input.Input) (string, error) {
	if in.Dir != "" {
		for _, name := range []string{".git", "HEAD"} {
			if _, err := os.Stat(filepath.Join(in.Dir, name)); err == nil {
				return gitlog.Source, nil
			}
		}
		return "", unknown(in, nil)
	}
	if _, ok := in.Workbook(); !ok {
		text, err := in.Text()
		if err != nil {
			return "", err
		}
		head := make([]byte, headBytes)
		n, err := io.ReadFull(text, head)
		if fault.CodeOf(err) != "" {
			return "", err
		}
		head = bytes.TrimSpace(head[:n])
		switch {
		case len(head) == 0:
			return "", fault.New(fault.Invalid, "HC-INTAKE-20", "This file is empty.").At(fault.Place{File: in.Name})
		case ics.Fits(head):
			return ics.Source, nil
		case head[0] == '{' || head[0] == '[':
			for _, d := range documents {
				if d.fits(head) {
					return d.id, nil
				}
			}
			return "", unknown(in, nil)
		}
	}
	return detectTable(in)
}

func detectTable(in *input.Input) (string, error) {
	rows, err := sheet.Open(in, Options{}.Record())
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for range headRows {
		cells, line, err := rows.Next()
		var bad *sheet.Bad
		if errors.As(err, &bad) {
			return "", fault.New(fault.Invalid, "HC-INTAKE-21", "The first line of this file cannot be read as headings: it is too long or its quotation marks do not close.").At(fault.Place{File: in.Name, Line: line})
		}
		if err != nil {
			if fault.CodeOf(err) != "" {
				return "", err
			}
			break
		}
		h := sheet.NewHeader(cells, line)
		for _, t := range tables {
			if t.fits(h) && (t.id != table.Source || line == 1) {
				return t.id, nil
			}
		}
	}
	return "", unknown(in, nil)
}

func unknown(in *input.Input, err error) error {
	return fault.New(fault.Invalid, "HC-INTAKE-52", "What this is was not recognised.").At(fault.Place{File: in.Name}).
		Then("Name the source, one of homecase evidence sources. A plain table needs a column of dates.").Because(err)
}
