package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"homecase/day"
	"homecase/fault"
	"homecase/internal/intake"
	"homecase/ops"
)

func importCommand(w World) *cobra.Command {
	var o ops.ImportOptions
	var measure string
	c := &cobra.Command{
		Use: "import SOURCE PATH [CASE]", Short: "Count an export of your own records, without its private part",
		Long: `Reads an export of the records you keep already and turns it into counts per day:
finished work, hours, and home or office where the export says so. SOURCE is one
that homecase evidence sources lists, or auto.
With CASE the counts are written into the case file; no other line of it changes.
--dry-run shows every count that would be kept and every field that is dropped.`,
		Args: between(2, "SOURCE", "PATH", "CASE"),
	}
	f := c.Flags()
	f.BoolVar(&o.DryRun, "dry-run", false, "show what would be kept and dropped, and write nothing")
	f.StringVar(&o.Zone, "tz", "", "the zone of your days, such as Europe/London")
	f.StringVar(&o.DateOrder, "date-order", "", "dmy or mdy: how to read 03/04/2026")
	f.StringVar(&o.Author, "author", "", "whose rows count, where an export holds several people's")
	f.StringVar(&o.Part, "part", "", "a name, where several exports of one kind add up")
	f.StringVar(&o.Columns.Date, "date-column", "", "of a table: the heading of the dates")
	f.StringVar(&o.Columns.Value, "value-column", "", "of a table: the heading of the numbers")
	f.StringVar(&measure, "measure", "", "of a table: what the numbers count, such as items")
	f.StringVar(&o.Columns.Place, "place-column", "", "of a table: the heading of home or office")
	complete(c, "date-order", "dmy", "mdy")
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		o.Columns.Measure = intake.Measure(measure)
		file := ""
		if len(args) > 2 {
			file = args[2]
		}
		stop := w.working("reading " + args[1])
		got, err := w.Desk.ImportEvidence(c.Context(), args[0], args[1], file, o)
		stop()
		if err != nil {
			if fault.CodeOf(err) == "HC-INTAKE-28" {
				w.showColumns(c, args[1], o)
			}
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), got)
		}
		showImport(c.OutOrStdout(), got, o.DryRun)
		if got.Source == "table" && o.Columns.Date == "" { // the columns were guessed: let the person see
			w.showColumns(c, args[1], o)
		}
		if file == "" && !o.DryRun {
			w.tell("Nothing was stored: name a case file to keep these counts.")
		}
		return nil
	}
	return c
}

// showColumns helps to say which column is which. No cell is shown.
func (w World) showColumns(c *cobra.Command, path string, o ops.ImportOptions) {
	page, err := w.Desk.MatchColumns(c.Context(), path, o)
	if err != nil {
		return
	}
	fmt.Fprintln(w.Stderr, "The columns of this table, with what they hold:")
	for _, col := range page.Columns {
		fmt.Fprintln(w.Stderr, row("  "+col.Name, 34, fmt.Sprintf("%s, %.0f%% filled", col.Holds, 100*col.Filled)))
	}
	if s := page.Suggest; s.Date != "" {
		likely := "Likely:"
		for _, f := range []struct{ flag, v string }{{"date-column", s.Date}, {"value-column", s.Value}, {"measure", string(s.Measure)}, {"place-column", s.Place}} {
			if f.v != "" {
				likely += fmt.Sprintf(" --%s %q", f.flag, f.v)
			}
		}
		fmt.Fprintln(w.Stderr, wrap(likely, 2))
	} else {
		fmt.Fprintln(w.Stderr, "Say which is which: --date-column, --value-column, --measure, --place-column.")
	}
}

func showImport(out io.Writer, got *ops.Imported, every bool) {
	fmt.Fprintf(out, "%s: %d rows read, %d days.\n", got.Source, got.Rows, got.Days)
	if got.Author != "" {
		fmt.Fprintln(out, wrap("Whose work is counted: "+got.Author, 2))
	}
	fmt.Fprintln(out, "\nKept")
	if every {
		for _, k := range got.Kept {
			fmt.Fprintln(out, strings.TrimRight(fmt.Sprintf("  %s  %-14s %10s  %s", k.Date, k.Measure, hours(k.Value), k.Place), " "))
		}
	} else {
		showKept(out, got.Kept)
	}
	fmt.Fprintln(out, "\nDropped, and never stored")
	names := got.DroppedFields
	if len(names) == 0 {
		names = got.Never
	}
	fmt.Fprintln(out, "  "+wrapAt(strings.Join(names, ", "), 2, 2))
	for i, x := range got.Warnings {
		if i == 0 {
			fmt.Fprintln(out, "\nMind")
		}
		text := x.Text
		if x.Line > 0 && !strings.Contains(text, fmt.Sprint(x.Line)) {
			text = fmt.Sprintf("line %d: %s", x.Line, text)
		}
		fmt.Fprintln(out, wrap("  - "+text, 4))
	}
	if s := got.Stored; s != nil {
		fmt.Fprintln(out, "\n"+wrap(stored(s, every), 0))
		if s.Changed > 0 {
			fmt.Fprintln(out, wrap("The name is given with --part NAME.", 0))
		}
	}
}

// stored says what became of the counts.
func stored(s *ops.Stored, dry bool) string {
	if s.Nothing() {
		return "Nothing changes: the case holds these counts already."
	}
	text := fmt.Sprintf("Written into the case as %s: %d counts are new, %d were there already, %d changed.", s.ID, s.New, s.Same, s.Changed)
	if dry {
		text = fmt.Sprintf("Would be written into the case as %s: %d counts are new, %d are there already, %d change.", s.ID, s.New, s.Same, s.Changed)
	}
	if len(s.Replaces) > 0 {
		text += " It holds all of " + strings.Join(s.Replaces, ", ") + " and takes its place."
	}
	return text
}

// showKept sums each measure.
func showKept(out io.Writer, kept []intake.Kept) {
	type sum struct {
		days        map[day.Date]bool
		first, last day.Date
		total       float64
	}
	var order []intake.Measure
	by := map[intake.Measure]*sum{}
	for _, k := range kept {
		s := by[k.Measure]
		if s == nil {
			s = &sum{days: map[day.Date]bool{}, first: k.Date}
			by[k.Measure] = s
			order = append(order, k.Measure)
		}
		s.days[k.Date], s.last, s.total = true, k.Date, s.total+k.Value
	}
	for _, m := range order {
		s := by[m]
		fmt.Fprintf(out, "  %-14s %10s on %d days, %s to %s\n", m, hours(s.total), len(s.days), s.first, s.last)
	}
}

func sourcesCommand(w World) *cobra.Command {
	c := &cobra.Command{
		Use: "sources", Short: "List the exports that can be imported, and what is kept of each", Args: none,
		Long: `Lists the exports that homecase reads, where each is found, what is kept of it and
what is dropped; and the measures that can be counted.`,
	}
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		all, err := w.Desk.EvidenceSources()
		if err != nil {
			return err
		}
		out := c.OutOrStdout()
		if *asJSON {
			return printJSON(out, all)
		}
		for _, s := range all.Sources {
			keeps := make([]string, len(s.Keeps))
			for i, m := range s.Keeps {
				keeps[i] = string(m)
			}
			fmt.Fprintln(out, row(s.ID, 15, s.Name+". "+s.Reads+"."))
			for _, line := range []struct{ head, text string }{{"found", s.How}, {"kept", strings.Join(keeps, ", ")}, {"dropped", strings.Join(s.Drops, ", ")}, {"place", s.Place}, {"mind", s.Note}} {
				if line.text != "" {
					fmt.Fprintln(out, row("", 15, line.head+": "+line.text))
				}
			}
			if s.Unverified {
				fmt.Fprintln(out, row("", 15, "unverified: this format was recalled, not read in a source"))
			}
		}
		fmt.Fprintln(out, "\nMeasures")
		for _, m := range all.Measures {
			fmt.Fprintln(out, row(string(m.Measure), 15, m.Means))
		}
		return nil
	}
	return c
}

func undoCommand(w World) *cobra.Command {
	return &cobra.Command{
		Use: "undo ID CASE", Short: "Take an import out of a case",
		Long: `Takes everything one import brought out of the case file again, and what was taken
from it: the measure, what is usual of it, results. No other line of the file
changes. The ids stand under facts.imports.`,
		Args: exactly("ID", "CASE"),
		RunE: func(c *cobra.Command, args []string) error {
			gone, err := w.Desk.UndoImport(args[0], args[1])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "Taken out: %s, %d counts from %s to %s.\n", gone.ID, len(gone.Days), gone.From, gone.Until)
			if also := gone.Also(); also != "" && err == nil {
				_, err = fmt.Fprintf(c.OutOrStdout(), "With it went %s.\n", also)
			}
			return err
		},
	}
}

func baselineCommand(w World) *cobra.Command {
	var o ops.BaselineOptions
	c := &cobra.Command{
		Use: "baseline CASE", Short: "Say what a day usually holds, and which measure to choose",
		Long: `Reads the imported counts of a case: the usual amount a day, its spread, its weekday
pattern, and how many days the trial of this case would need with each measure. It
tells what meetings take, and changes that are larger than luck explains.
--write puts the best measure into the case; no other line changes.`,
		Args: exactly("CASE"), ValidArgsFunction: caseFiles,
	}
	c.Flags().IntVar(&o.Weeks, "weeks", ops.DefaultWeeks, "how many weeks up to the last record tell the usual amount")
	c.Flags().Var(dateFlag{&o.After}, "after", "compare the weeks after this day with those before")
	c.Flags().BoolVar(&o.Write, "write", false, "put the suggested measure into the case")
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if o.Weeks < 1 || o.Weeks > 520 {
			return usage{errors.New("--weeks: between 1 and 520")}
		}
		stop := w.working("computing the baseline")
		b, err := w.Desk.BaselineOfEvidence(args[0], o)
		stop()
		if b == nil {
			return err
		}
		if *asJSON {
			err = errors.Join(err, printJSON(c.OutOrStdout(), b))
		} else {
			showBaseline(c.OutOrStdout(), b)
		}
		return err
	}
	return c
}

func showFacts(out io.Writer, b *ops.EvidenceBaseline) {
	var facts []string
	for _, f := range b.Facts {
		facts = append(facts, f.Text)
	}
	list(out, "Facts about meetings and interruptions", facts)
}

func showBaseline(out io.Writer, b *ops.EvidenceBaseline) {
	if b.Suggest == nil { // too few days: what the record says all the same
		showFacts(out, b)
		return
	}
	fmt.Fprintf(out, "%s to %s\n\n", b.From, b.Until)
	fmt.Fprintf(out, "%-30s %6s %8s %8s %7s %12s\n", "", "days", "usual", "spread", "lag 1", "days needed")
	for _, m := range b.Measures {
		needed := "–"
		if m.DaysNeeded != nil {
			needed = fmt.Sprint(*m.DaysNeeded)
		} else if m.ClearlyIfEqual != nil {
			needed = "over 2600"
		}
		lag := "–"
		if m.Lag1 != nil {
			lag = fmt.Sprintf("%.2f", *m.Lag1)
		}
		fmt.Fprintf(out, "%-30s %6d %8.3g %8.3g %7s %12s\n", fmt.Sprintf("%s (%s)", m.Measure, m.Source), m.Days, m.Mean, m.ResidualSD, lag, needed)
		var days []string
		for _, d := range m.Weekdays {
			days = append(days, fmt.Sprintf("%s %.3g", d.Weekday, d.Mean))
		}
		fmt.Fprintf(out, "  %s\n", strings.Join(days, ", "))
	}
	list(out, "Too little", b.Refused)
	fmt.Fprintf(out, "\n%s\n", wrap(fmt.Sprintf("Best: %s (%s). %s", b.Best, b.Source, b.Why), 2))
	showFacts(out, b)
	var changes []string
	for _, x := range b.Changes {
		changes = append(changes, x.Text+" "+x.Meaning)
	}
	list(out, "Larger than luck explains", changes)
	list(out, "Not shown, and why", b.NotShown)
	list(out, "Mind", b.Notes)
	if s := b.Suggest; s.Written {
		fmt.Fprintln(out, "\nWritten into the case.")
	} else {
		fmt.Fprintf(out, "\nTo paste into the case (usual under trial is only for a plan file):\n\n%s", s.Paste)
	}
}

func hoursCommand(w World) *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: "hours CASE", Short: "Write your hours by week, without the private part",
		Long: `Writes home days, office days, hours and hours in meetings by week: one page as PDF,
or every week as CSV. There is no title, project or name in it.`,
		Args: exactly("CASE"), ValidArgsFunction: caseFiles,
		RunE: func(c *cobra.Command, args []string) error {
			if file == "" {
				return usage{fmt.Errorf("--out FILE is missing; see %q", c.CommandPath()+" --help")}
			}
			weeks, err := w.Desk.HoursReport(args[0], file)
			if err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), file)
			fmt.Fprintf(c.ErrOrStderr(), "%d weeks.\n", weeks)
			return nil
		},
	}
	c.Flags().StringVar(&file, "out", "", "the file to write, ending in .pdf or .csv")
	return c
}
