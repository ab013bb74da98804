package ops

import (
	"bytes"
	"encoding/csv"
	"path/filepath"
	"strconv"
	"strings"

	"homecase"
	"homecase/content"
	"homecase/evidence"
	"homecase/fault"
	"homecase/internal/intake"
	"homecase/internal/press/pdf"
)

// HoursReport writes the hours of a case by week, without the private part: one
// page as PDF, or every week as CSV. It says how many weeks were written.
func (d *Desk) HoursReport(path, out string) (weeks int, err error) {
	ending := strings.ToLower(filepath.Ext(out))
	if ending != ".pdf" && ending != ".csv" {
		return 0, fault.New(fault.Invalid, codeHoursOut, "Hours cannot be written as %q.", filepath.Base(out)).Then("Choose a name that ends in .pdf or .csv.")
	}
	c, err := homecase.Load(path)
	if err != nil {
		return 0, err
	}
	w := c.Facts.WorkWeeks()
	text := hoursTable(w)
	if ending == ".pdf" {
		if text, err = d.hoursPage(c); err != nil {
			return 0, placed(path, err)
		}
	} else if len(w.Weeks) == 0 {
		_, err := c.HoursReport(dayOf(d), nil) // refuses in the same words
		return 0, placed(path, err)
	}
	return len(w.Weeks), content.WriteFile(out, text)
}

func (d *Desk) hoursPage(c *homecase.Case) ([]byte, error) {
	sources, err := intake.Sources()
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, s := range sources {
		name := s.Name
		if rest, ok := strings.CutPrefix(name, "A "); ok {
			name = "a " + rest
		}
		names[s.ID] = name
	}
	doc, err := c.HoursReport(dayOf(d), names)
	if err != nil {
		return nil, err
	}
	sheet, err := paper("", c.Place.Country)
	if err != nil {
		return nil, err
	}
	created, err := d.createdOn(dayOf(d))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = pdf.Write(&out, doc, pdf.Options{Paper: pdf.Paper(sheet), Created: created})
	return out.Bytes(), err
}

// hoursTable has a row for each week; an empty cell is not known.
func hoursTable(w evidence.WorkWeeks) []byte {
	var out bytes.Buffer
	t := csv.NewWriter(&out)
	_ = t.Write([]string{"week", "home_days", "office_days", "both_days", "hours", "meeting_hours"})
	number := func(v *float64) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'f', 2, 64)
	}
	for _, x := range w.Weeks {
		_ = t.Write([]string{x.Monday.String(), strconv.Itoa(x.Home), strconv.Itoa(x.Office), strconv.Itoa(x.Both), number(x.Hours), number(x.Meetings)})
	}
	t.Flush() // into memory: it cannot fail
	return out.Bytes()
}
