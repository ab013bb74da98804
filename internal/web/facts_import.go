package web

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"homecase"
	"homecase/evidence"
	"homecase/fault"
	"homecase/internal/intake"
	"homecase/ops"
)

// importScreens count a person's own records: a file comes in, the counts are
// shown, and then they are kept or thrown away.
func importScreens() []screen {
	return []screen{
		{path: "/case/facts/import", get: func(v *visit) error { return v.imports(http.StatusOK, importForm{}) }, post: saveImports},
		{path: "/case/facts/import/check", get: showCounts, post: decideCounts},
	}
}

// importForm is the form as it was sent, and what it lacks.
type importForm struct {
	Source, Zone, Order, Author, Part      string
	Date, Value, Measure, Place, Person    string
	Error, Next                            string
	AskOrder, AskAuthor, AskZone, AskMatch bool
	Page                                   intake.Page
}

// Open tells whether one of the further questions has to be answered.
func (f importForm) Open() bool { return f.AskOrder || f.AskAuthor || f.AskZone || f.Part != "" }

type importsView struct {
	Form     importForm
	Errors   []field
	Sources  []option
	Orders   []option
	Measures []option
	Rows     []importRow
	Records  *recordsView
	From     string
}

type importRow struct{ ID, Name, Part, Days, On string }

func (v *visit) imports(status int, f importForm) error {
	if f.Zone == "" {
		f.Zone = v.s.label("zone-" + v.kase().Place.Country)
	}
	all, err := v.s.work.EvidenceSources()
	if err != nil {
		return err
	}
	view := importsView{Form: f, From: v.from()}
	view.Sources = append(view.Sources, option{Value: intake.Auto, Label: v.s.label("import-auto"), On: f.Source == intake.Auto})
	names := map[string]string{}
	for _, s := range all.Sources {
		names[s.ID] = s.Name
		if s.ID != "git" { // a repository is a folder
			view.Sources = append(view.Sources, option{Value: s.ID, Label: s.Name, Hint: s.How, On: f.Source == s.ID})
		}
	}
	for _, o := range []string{"", "dmy", "mdy"} {
		view.Orders = append(view.Orders, option{Value: o, Label: v.s.label("import-order-" + o), On: f.Order == o})
	}
	for _, m := range all.Measures {
		if m.Kind != intake.Where && m.Kind != intake.Away {
			view.Measures = append(view.Measures, option{Value: string(m.Measure), Label: upperFirst(m.Name), On: f.Measure == string(m.Measure)})
		}
	}
	l := v.kase().Locale()
	for _, m := range v.kase().Facts.Imports {
		view.Rows = append(view.Rows, importRow{m.ID, names[m.Source], m.Part, l.Date(m.From) + " to " + l.Date(m.Until), l.Date(m.ImportedOn)})
	}
	if f.Error != "" {
		view.Errors = []field{{ID: "file", Error: f.Error}}
	}
	if view.Records, err = v.recordsView(); err != nil {
		return err
	}
	return v.show(status, "imports", page{Title: "Count your own records", Tab: "case", Back: "/case/facts/results", Error: f.Error != "", Wide: true}, view)
}

// saveImports takes a file in, undoes an import or takes the measure over.
func saveImports(v *visit) error {
	if strings.HasPrefix(v.r.Header.Get("Content-Type"), "multipart/") {
		return v.takeExport()
	}
	switch v.form().Get("do") {
	case "undo":
		return v.undoImport(v.form().Get("import"))
	case "measure":
		b, err := v.records()
		if err != nil {
			return err
		}
		if b == nil || b.Suggest == nil || string(b.Best) != v.form().Get("best") {
			return v.seeOther("/case/facts/import") // the records changed in the meantime
		}
		err = v.remove("Took the measure from your records", func(c *homecase.Case, course *homecase.Course) error {
			course.Visit(homecase.TaskMeasure, homecase.Answered)
			return b.UseMeasure(c)
		})
		if err != nil {
			return err
		}
		return v.seeOther("/case/facts/measure")
	}
	return v.seeOther("/case/facts/import")
}

// undoImport takes an import out with what was taken from it; the page that follows
// offers to undo that.
func (v *visit) undoImport(id string) error {
	before := v.open.Revision
	open, err := v.s.work.UndoImport(v.ctx(), v.open, id)
	if err != nil {
		return err
	}
	v.open, v.took = open, before
	return v.seeOther("/case/facts/import")
}

// takeExport counts a file. What it lacks is asked on the same page; the file
// has to be chosen again, because nothing of it is kept.
func (v *visit) takeExport() error {
	u, err := v.export()
	a := answers{v.form(), map[string]string{}}
	f := importForm{
		Source: a.line("source"), Zone: a.line("zone"), Order: a.line("order"), Author: a.line("author"), Part: a.line("part"),
		Date: a.line("date"), Value: a.line("value"), Measure: a.line("measure"), Place: a.line("place"), Person: a.line("person"),
	}
	if err == nil {
		o := ops.ImportOptions{Zone: f.Zone, DateOrder: f.Order, Author: f.Author, Part: f.Part}
		o.Columns = intake.Columns{Date: f.Date, Value: f.Value, Measure: intake.Measure(f.Measure), Place: f.Place, Person: f.Person}
		if a.line("do") == "columns" {
			err = fault.New(fault.Invalid, codeNoColumn, "Say which column is which.")
		} else {
			_, err = v.s.work.CountExport(v.ctx(), v.open, f.Source, u, o)
		}
		if code := fault.CodeOf(err); code == codeNoColumn || code == codeUnknown {
			o.Columns = intake.Columns{}
			if p, e := v.s.work.UploadedColumns(v.ctx(), u, o); e == nil && len(p.Columns) > 0 {
				f.AskMatch, f.Page, f.Source = true, p, "table"
				f.suggest(p.Suggest)
			}
		}
	}
	var one *fault.Error
	if errors.As(err, &one) && one.Kind != fault.Internal {
		return v.imports(http.StatusUnprocessableEntity, f.ask(v, one))
	}
	if err != nil {
		return err
	}
	return v.seeOther("/case/facts/import/check")
}

// Codes of package intake that a page answers with a question.
const (
	codeZone     fault.Code = "HC-INTAKE-10"
	codePeople   fault.Code = "HC-INTAKE-11"
	codeNobody   fault.Code = "HC-INTAKE-12"
	codeOrder    fault.Code = "HC-INTAKE-22"
	codeBothWays fault.Code = "HC-INTAKE-23"
	codeNoColumn fault.Code = "HC-INTAKE-28"
	codeUnknown  fault.Code = "HC-INTAKE-52"
)

// ask turns a refusal into a question of the page.
func (f importForm) ask(v *visit, refused *fault.Error) importForm {
	f.Error = strings.TrimSuffix(refused.Say, ".")
	f.Next = v.s.label("import-next-" + string(refused.Code))
	if f.Next == "" && !strings.Contains(refused.Next, "--") && !strings.Contains(refused.Next, "homecase evidence") {
		f.Next = refused.Next
	}
	switch refused.Code {
	case codeZone:
		f.AskZone = true
	case codePeople, codeNobody:
		f.AskAuthor = true
	case codeOrder, codeBothWays:
		f.AskOrder = true
	}
	return f
}

// suggest fills in which column is which, as far as it can be guessed.
func (f *importForm) suggest(c intake.Columns) {
	for _, x := range []struct {
		to  *string
		say string
	}{{&f.Date, c.Date}, {&f.Value, c.Value}, {&f.Measure, string(c.Measure)}, {&f.Place, c.Place}, {&f.Person, c.Person}} {
		if *x.to == "" {
			*x.to = x.say
		}
	}
}

// export is the file of the form. It stays in memory and goes with the request.
func (v *visit) export() (ops.Upload, error) {
	f, name, err := v.upload("file")
	if fault.CodeOf(err) == "HC-WEB-20" {
		return ops.Upload{}, fault.New(fault.Invalid, "HC-WEB-27", "This file has more than 64 MB.").Then("Export fewer months, or close homecase and type: homecase evidence import auto FILE CASE")
	}
	if err != nil {
		return ops.Upload{}, err
	}
	at, ok := f.(io.ReaderAt)
	seeker, seeks := f.(io.Seeker)
	if !ok || !seeks {
		return ops.Upload{}, errors.New("an upload that cannot be read twice")
	}
	size, err := seeker.Seek(0, io.SeekEnd)
	return ops.Upload{Name: name, At: at, Size: size}, err
}

// countsView is what would be kept, before it is.
type countsView struct {
	*ops.Waiting
	Source   string
	Totals   []countTotal
	Years    []string
	Year     string
	Months   []countMonth
	Dropped  []string
	Warnings []string
}

type countTotal struct{ Name, Days, Total, Span string }

type countMonth struct{ Month, Name, Days string }

func showCounts(v *visit) error {
	c, err := v.s.work.WaitingExport(v.open)
	if fault.KindOf(err) == fault.Missing {
		return v.seeOther("/case/facts/import")
	}
	if err != nil {
		return err
	}
	all, err := v.s.work.EvidenceSources()
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, m := range all.Measures {
		names[string(m.Measure)] = m.Name
	}
	view := countsView{Waiting: c}
	for _, s := range all.Sources {
		if s.ID == c.Source {
			view.Source = s.Name
		}
	}
	view.Dropped = slices.Concat(c.Never, c.DroppedFields)
	if c.Page != nil { // of a plain table every heading is known
		view.Dropped = c.DroppedFields
	}
	for _, w := range c.Warnings {
		text := w.Text
		if w.Line > 0 {
			text = "Line " + itoa(w.Line) + ": " + lowerFirst(text)
		}
		view.Warnings = append(view.Warnings, text)
	}
	view.sum(v, c.Days(), names)
	return v.ok("counts", page{Title: "What would be kept", Tab: "case", Back: "/case/facts/import", Wide: true}, view)
}

// sum writes the totals of all days, and the days of one year as they are.
func (view *countsView) sum(v *visit, days []evidence.DayCount, names map[string]string) {
	l := v.kase().Locale()
	view.Year = v.r.URL.Query().Get("year")
	var measures []string
	for _, d := range days {
		if !slices.Contains(measures, d.Measure) {
			measures = append(measures, d.Measure)
		}
		if y := itoa(d.Date.Year); !slices.Contains(view.Years, y) {
			view.Years = append(view.Years, y)
		}
	}
	if !slices.Contains(view.Years, view.Year) && len(view.Years) > 0 {
		view.Year = view.Years[len(view.Years)-1]
	}
	for _, m := range measures {
		total, n, months := 0.0, 0, []string{}
		var first, last evidence.DayCount
		lines := map[string][]string{}
		for _, d := range days {
			if d.Measure != m {
				continue
			}
			if n++; n == 1 {
				first = d
			}
			total, last = total+d.Value, d
			if itoa(d.Date.Year) != view.Year {
				continue
			}
			month := d.Date.Month.String() + " " + view.Year
			if !slices.Contains(months, month) {
				months = append(months, month)
			}
			line := "day " + itoa(d.Date.Day) + ": " + l.Number(d.Value, 2)
			if d.Place != "" {
				line += " " + string(d.Place)
			}
			lines[month] = append(lines[month], line)
		}
		view.Totals = append(view.Totals, countTotal{upperFirst(names[m]), itoa(n), l.Number(total, 1), l.Date(first.Date) + " to " + l.Date(last.Date)})
		for _, month := range months {
			view.Months = append(view.Months, countMonth{month, names[m], strings.Join(lines[month], ", ")})
		}
	}
}

// decideCounts keeps the counts that were shown, or throws them away.
func decideCounts(v *visit) error {
	id := v.form().Get("id")
	if v.form().Get("do") != "keep" {
		v.s.work.ThrowAway(id)
		return v.seeOther("/case/facts/import")
	}
	open, err := v.s.work.KeepExport(v.ctx(), v.open, id)
	if fault.CodeOf(err) == "HC-OPS-47" {
		return v.seeOther("/case/facts/import/check") // shows the newer counts, or the form
	}
	if err != nil {
		return err
	}
	v.open = open
	return v.seeOther("/case/facts/import")
}
