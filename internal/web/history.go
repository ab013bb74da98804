package web

import (
	"strconv"
	"strings"

	"homecase/fault"
)

// revisionsAPage keeps the page of a long history light.
const revisionsAPage = 50

type historyView struct {
	caseRow
	Rows         []revisionRow
	Older, Newer int // pages; 0 where there is none
}

type revisionRow struct {
	Revision int64
	Did, At  string
	Newest   bool
}

func showHistory(v *visit) error {
	c, err := v.kept()
	if err != nil {
		return err
	}
	pageNo, err := strconv.Atoi(v.r.URL.Query().Get("page"))
	if err != nil || pageNo < 1 || int64(pageNo-1) > (c.Revision-1)/revisionsAPage {
		pageNo = 1
	}
	rows, err := v.s.work.Store.History(v.ctx(), c.ID, c.Revision-int64(pageNo-1)*revisionsAPage, revisionsAPage)
	if err != nil {
		return err
	}
	view := historyView{caseRow: caseRow{ID: c.ID, Title: c.Title}}
	for _, r := range rows {
		view.Rows = append(view.Rows, revisionRow{Revision: r.Revision, Did: r.Did, At: when(r.At), Newest: r.Revision == c.Revision})
	}
	if n := len(rows); n > 0 && rows[n-1].Revision > 1 {
		view.Older = pageNo + 1
	}
	view.Newer = pageNo - 1
	return v.ok("history", page{Title: "History: " + c.Title, Back: "/settings", Wide: true}, view)
}

type revisionView struct {
	caseRow
	revisionRow
	Changes []change
	First   bool
	Whole   bool // the whole file is shown, and not what changed
	Text    []string
}

// change is a line of the case file that came or went.
type change struct {
	Gone bool
	Line string
}

// revision is the number in the address.
func (v *visit) revision() (int64, error) {
	n, err := strconv.ParseInt(v.r.PathValue("revision"), 10, 64)
	if err != nil || n < 1 {
		return 0, errNoPage
	}
	return n, nil
}

func showRevision(v *visit) error {
	c, err := v.kept()
	if err != nil {
		return err
	}
	n, err := v.revision()
	if err != nil {
		return err
	}
	then, err := v.s.work.Store.Revision(v.ctx(), c.ID, n)
	if err != nil {
		return err
	}
	view := revisionView{
		caseRow:     caseRow{ID: c.ID, Title: c.Title},
		revisionRow: revisionRow{Revision: n, Did: then.Did, At: when(then.At), Newest: n == c.Revision},
		First:       n == 1, Whole: v.r.URL.Query().Get("whole") != "",
	}
	if view.Whole {
		view.Text = strings.Split(strings.TrimRight(string(then.Text), "\n"), "\n")
	} else if n > 1 {
		before, err := v.s.work.Store.Revision(v.ctx(), c.ID, n-1)
		if err != nil {
			return err
		}
		view.Changes = changed(string(before.Text), string(then.Text))
	}
	return v.ok("revision", page{Title: view.Did, Back: "/history/" + c.ID, BackTo: "History", Wide: true}, view)
}

// goBack makes the case what it was.
func goBack(v *visit) error {
	c, err := v.kept()
	if err != nil {
		return err
	}
	n, err := v.revision()
	if err != nil {
		return err
	}
	then, err := v.s.work.ReadRevision(v.ctx(), c.ID, n)
	if err != nil {
		return err
	}
	if _, err := v.s.work.GoBack(v.ctx(), c.ID, n, "Went back to "+when(then.At)); err != nil {
		return err
	}
	if _, err := v.s.work.Switch(v.ctx(), c.ID); err != nil {
		return err
	}
	return v.seeOther("/case")
}

// undoView offers to take the newest change back.
type undoView struct {
	Did, To  string
	Revision int64
}

// offerUndo names in an address the revision before something was taken away.
func offerUndo(address string, revision int64) string {
	path, part, _ := strings.Cut(address, "#")
	mark := "?"
	if strings.Contains(path, "?") {
		mark = "&"
	}
	path += mark + "undo=" + strconv.FormatInt(revision, 10)
	if part != "" {
		path += "#" + part
	}
	return path
}

// undoable is what the address offers to take back, as long as nothing was
// changed since.
func (v *visit) undoable() *undoView {
	n, err := strconv.ParseInt(v.r.URL.Query().Get("undo"), 10, 64)
	if err != nil || v.open == nil || n < 1 || v.open.Revision != n+1 {
		return nil
	}
	return &undoView{Did: v.open.Did, To: v.r.URL.Path, Revision: n}
}

// undo takes the newest change back and leads to where it was made.
func undo(v *visit) error {
	n, err := strconv.ParseInt(v.form().Get("revision"), 10, 64)
	if err != nil {
		return fault.New(fault.Invalid, "HC-WEB-25", "This page does not say what to undo.")
	}
	if v.open, err = v.s.work.Undo(v.ctx(), v.open.ID, n); err != nil {
		return err
	}
	to := v.form().Get("to")
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		to = "/case" // leads nowhere else
	}
	return v.seeOther(to)
}

// mostLines is how long a file may be for its changes to be told line by line.
const mostLines = 2000

// changed are the lines that came and went between two texts: what is left of
// them when their longest common subsequence is taken out.
func changed(before, after string) []change {
	a, b := strings.Split(strings.TrimRight(before, "\n"), "\n"), strings.Split(strings.TrimRight(after, "\n"), "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	var out []change
	if len(a) > mostLines || len(b) > mostLines {
		return out
	}
	ids := map[string]int{} // numbers are compared faster than lines
	x, y := numbered(a, ids), numbered(b, ids)
	// common is the length of the longest common subsequence of a[i:] and b[j:]
	// at i*wide+j.
	wide := len(b) + 1
	common := make([]uint16, (len(a)+1)*wide)
	for i := len(a) - 1; i >= 0; i-- {
		row, below := common[i*wide:(i+1)*wide], common[(i+1)*wide:(i+2)*wide]
		for j := len(b) - 1; j >= 0; j-- {
			if x[i] == y[j] {
				row[j] = below[j+1] + 1
			} else {
				row[j] = max(below[j], row[j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && x[i] == y[j]:
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[(i+1)*wide+j] >= common[i*wide+j+1]:
			out = append(out, change{Gone: true, Line: a[i]})
			i++
		default:
			out = append(out, change{Line: b[j]})
			j++
		}
	}
	return out
}

// numbered gives equal lines equal numbers.
func numbered(lines []string, ids map[string]int) []int {
	out := make([]int, len(lines))
	for i, l := range lines {
		if _, ok := ids[l]; !ok {
			ids[l] = len(ids)
		}
		out[i] = ids[l]
	}
	return out
}
