package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"homecase/content"
	"homecase/day"
	"homecase/policy"
)

func concernCommand(w World) *cobra.Command {
	var owner string
	var asJSON *bool
	c := &cobra.Command{
		Use: "list [FILE]", Short: "List the questions a boss may have, with their state in a case",
		Long: `Lists the catalogue of questions with who can answer each. With a case file, lists
the questions of that case with the state of each answer.`,
		Args: between(0, "FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			path := ""
			if len(args) > 0 {
				path = args[0]
			}
			views, err := w.Desk.Concerns(path, owner)
			if err != nil {
				return err
			}
			if *asJSON {
				return printJSON(c.OutOrStdout(), views)
			}
			for _, v := range views {
				text := v.Question + " (" + v.Owners[0].Name() + ")"
				if path != "" {
					text = v.Question + " " + v.Label + "."
				}
				fmt.Fprintln(c.OutOrStdout(), row(string(v.ID), 7, text))
			}
			return nil
		},
	}
	c.Flags().StringVar(&owner, "owner", "", "only questions of this owner, such as hr or it")
	complete(c, "owner", ownerWords()...)
	c.ValidArgsFunction = caseFiles
	asJSON = jsonFlag(c)
	return group("concern", "The questions a boss may have", c)
}

func evidenceCommand(w World) *cobra.Command {
	var tag string
	var asJSON *bool
	c := &cobra.Command{
		Use: "list", Short: "List the library of studies, both sides of it",
		Long: `Lists every study with its result in one sentence. --json adds population, design,
uncertainty, versions, limits and sources.`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			rows, err := w.Desk.Studies(tag)
			if err != nil {
				return err
			}
			if *asJSON {
				return printJSON(c.OutOrStdout(), rows)
			}
			for _, r := range rows {
				fmt.Fprintln(c.OutOrStdout(), row(string(r.ID), 5, r.Short+". "+r.Result))
			}
			return nil
		},
	}
	c.Flags().StringVar(&tag, "for", "", "only studies on this point, such as A-PROD or O-PROMO")
	asJSON = jsonFlag(c)
	return group("evidence", "Your own records, and studies for and against",
		c, sourcesCommand(w), importCommand(w), undoCommand(w), baselineCommand(w), hoursCommand(w))
}

func policyCommand(w World) *cobra.Command {
	return group("policy", "The law on asking to work from home", policyList(), policyShow(), policyDeadlines(w))
}

func policyList() *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List the laws homecase knows", Args: none,
		Long: `Lists the laws on asking to work from home that homecase holds, with the place and
the days on which each is in force. None of this is legal advice.`}
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		heads, err := policy.List()
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), heads)
		}
		_, err = io.WriteString(c.OutOrStdout(), policy.DescribeList(heads))
		return err
	}
	return c
}

func policyShow() *cobra.Command {
	c := &cobra.Command{Use: "show ID", Short: "Show one law: who may ask, how, and what must be answered", Args: exactly("ID"),
		Long: `Shows one law: who may ask, how, by when an answer is due, on which grounds it may
be refused, and what was not verified. homecase policy list has the ids.`}
	c.ValidArgsFunction = firstOf(regimeIDs)
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		r, err := policy.Show(args[0])
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), r)
		}
		_, err = io.WriteString(c.OutOrStdout(), policy.Describe(r))
		return err
	}
	return c
}

func policyDeadlines(w World) *cobra.Command {
	var dates policy.Dates
	c := &cobra.Command{
		Use: "deadlines ID", Short: "Count the deadlines of a law",
		Long: `Counts the deadlines from the dates you know. Days are written 2026-04-06. How
each is counted is printed; what nobody read in the original says "unverified".`,
		Args: exactly("ID"),
	}
	for _, f := range []struct {
		name string
		d    *day.Date
		says string
	}{
		{"made", &dates.Made, "the day the request was sent"}, {"received", &dates.Received, "the day it reached the employer"},
		{"start", &dates.Start, "the day the arrangement is to start"}, {"met", &dates.Met, "the day both sides met about it"},
		{"decided", &dates.Decided, "the day of the employer's decision"}, {"employed", &dates.Employed, "the first day of the employment"},
	} {
		c.Flags().Var(dateFlag{f.d}, f.name, f.says)
	}
	c.Flags().Var(datesFlag{&dates.Previous}, "previous", "the day of an earlier request; may be given more than once")
	c.ValidArgsFunction = firstOf(regimeIDs)
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		t, err := w.Desk.Deadlines(args[0], dates)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), t)
		}
		_, err = io.WriteString(c.OutOrStdout(), policy.DescribeTimetable(t))
		return err
	}
	return c
}

// dateFlag reads a day of the calendar.
type dateFlag struct{ d *day.Date }

func (f dateFlag) String() string {
	if f.d == nil {
		return ""
	}
	return f.d.String()
}
func (f dateFlag) Set(s string) error { return f.d.UnmarshalText([]byte(s)) }
func (dateFlag) Type() string         { return "date" }

// datesFlag reads several days.
type datesFlag struct{ d *[]day.Date }

func (datesFlag) String() string { return "" }
func (f datesFlag) Set(s string) error {
	d, err := day.Parse(s)
	if err == nil {
		*f.d = append(*f.d, d)
	}
	return err
}
func (datesFlag) Type() string { return "date" }

func readinessCommand(w World) *cobra.Command {
	c := &cobra.Command{
		Use: "occupation FILE", Short: "Score occupations by the fifteen conditions of Dingel and Neiman",
		Long: `Reads a CSV with the columns soc,title,physical,handling,machines,vehicles,public,
repair_mech,repair_elec,inspect,email,outdoors_exposed,outdoors_cover,violent,
ppe_common,ppe_special,burns,disease,walking. Scores run from 1 to 5.
An empty cell is not known and counts as not tied.`,
		Args: exactly("FILE"),
	}
	asJSON := jsonFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		f, err := os.Open(args[0])
		if err != nil {
			return content.OpenFault(args[0], err)
		}
		defer f.Close()
		rows, err := w.Desk.Occupations(args[0], f)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(c.OutOrStdout(), rows)
		}
		fmt.Fprintln(c.OutOrStdout(), "soc,teleworkable,failed")
		for _, r := range rows {
			failed := make([]string, len(r.Failed))
			for i, id := range r.Failed {
				failed[i] = string(id)
			}
			fmt.Fprintf(c.OutOrStdout(), "%s,%t,%s\n", r.SOC, r.Teleworkable, strings.Join(failed, " "))
		}
		return nil
	}
	return group("readiness", "Where work can be done", c)
}
