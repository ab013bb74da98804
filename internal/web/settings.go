package web

import (
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"homecase"
	"homecase/fault"
)

func settingsScreens() []screen {
	toSettings := func(v *visit) error { return v.seeOther("/settings") }
	return []screen{
		{path: "/settings", free: true, get: showSettings},
		{path: "/settings/open", free: true, get: toSettings, post: switchCase},
		{path: "/settings/erase/{case}", free: true, get: askErase, post: eraseCase},
		{path: "/settings/take", free: true, get: toSettings, post: takeFile},
		{path: "/settings/restore", free: true, get: toSettings, post: restoreBackup},
		{path: "/files/case.yaml", get: toSettings, post: saveCaseFile},
		{path: "/files/backup.homecase", free: true, get: toSettings, post: saveBackup},
		{path: "/history/{case}", free: true, get: showHistory},
		{path: "/history/{case}/{revision}", free: true, get: showRevision, post: goBack},
		{path: "/undo", get: toSettings, post: undo},
	}
}

type settingsView struct {
	Cases                  []caseRow
	Open                   bool // a case lies open
	Folder                 string
	CanRestore             bool
	Errors                 []field
	TakeError, RestoreFail string
	Done                   string // what was just done, in a sentence
}

type caseRow struct {
	ID, Title, Changed string
	Current            bool
}

// done are the sentences after an act, by the word in the address.
var settingsDone = map[string]string{"erased": "settings-erased", "restored": "settings-restored"}

func showSettings(v *visit) error {
	return v.settings(http.StatusOK, settingsView{Done: v.s.label(settingsDone[v.r.URL.Query().Get("done")])})
}

func (v *visit) settings(status int, view settingsView) error {
	cases, err := v.s.work.Store.Cases(v.ctx())
	if err != nil {
		return err
	}
	for _, c := range cases {
		view.Cases = append(view.Cases, caseRow{ID: c.ID, Title: c.Title, Changed: when(c.Changed), Current: v.open != nil && v.open.ID == c.ID})
	}
	view.Open, view.Folder, view.CanRestore = v.open != nil, v.s.work.Folder, v.s.work.Restore != nil
	return v.show(status, "settings", page{Title: "Back up and settings", Error: len(view.Errors) > 0, Wide: true}, view)
}

// when is a moment as a person says it.
func when(t time.Time) string { return t.Local().Format("2 January 2006, 15:04") }

func switchCase(v *visit) error {
	if _, err := v.s.work.Switch(v.ctx(), v.form().Get("case")); err != nil {
		return err
	}
	return v.seeOther("/case")
}

// kept finds the case of the address in the list.
func (v *visit) kept() (homecase.CaseInfo, error) {
	cases, err := v.s.work.Store.Cases(v.ctx())
	if err != nil {
		return homecase.CaseInfo{}, err
	}
	for _, c := range cases {
		if c.ID == v.r.PathValue("case") {
			return c, nil
		}
	}
	return homecase.CaseInfo{}, errNoPage
}

type eraseView struct {
	caseRow
	Errors []field
}

func askErase(v *visit) error { return v.erasing(http.StatusOK, eraseView{}) }

func (v *visit) erasing(status int, view eraseView) error {
	c, err := v.kept()
	if err != nil {
		return err
	}
	view.caseRow = caseRow{ID: c.ID, Title: c.Title, Changed: when(c.Changed)}
	return v.show(status, "erase", page{Title: "Erase a case", Back: "/settings", Error: len(view.Errors) > 0, Wide: true}, view)
}

func eraseCase(v *visit) error {
	if v.form().Get("sure") == "" {
		return v.erasing(http.StatusUnprocessableEntity, eraseView{Errors: []field{{ID: "sure", Error: v.s.label("erase-missing")}}})
	}
	if err := v.s.work.Erase(v.ctx(), v.r.PathValue("case")); err != nil {
		return err
	}
	return v.seeOther("/settings?done=erased")
}

// upload is the file of a form; the fault says what is wrong with it.
func (v *visit) upload(name string) (file io.ReadCloser, called string, err error) {
	err = v.r.ParseMultipartForm(maxFile) // in memory: nothing private goes to the system's temporary folder
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, "", fault.New(fault.Invalid, "HC-WEB-20", "This file is too large for the page.").Then("Close homecase and type: homecase restore FILE")
	}
	f, head, err := v.r.FormFile(name)
	if err != nil {
		return nil, "", fault.New(fault.Invalid, "HC-WEB-21", "Select a file.")
	}
	return f, filepath.Base(strings.ReplaceAll(head.Filename, `\`, "/")), nil
}

// takeFile opens a case file as a new case.
func takeFile(v *visit) error {
	f, name, err := v.upload("file")
	if err == nil {
		defer f.Close()
		var text []byte
		if text, err = io.ReadAll(io.LimitReader(f, maxForm+1)); err == nil && len(text) > maxForm {
			err = fault.New(fault.Invalid, "HC-WEB-22", "A case file has at most 1 MB. This is larger.")
		}
		if err == nil && strings.HasPrefix(string(text), "SQLite format 3\x00") {
			err = fault.New(fault.Invalid, "HC-WEB-23", "This is a backup, not a case file.").Then("Use the part below to put a backup back.")
		}
		if err == nil {
			_, err = v.s.work.Take(v.ctx(), name, text)
		}
	}
	if say, ours := saidOf(err); ours {
		return v.settings(http.StatusUnprocessableEntity, settingsView{TakeError: say, Errors: []field{{ID: "take-file", Error: say}}})
	}
	if err != nil {
		return err
	}
	return v.seeOther("/case")
}

// restoreBackup puts a backup in the place of everything.
func restoreBackup(v *visit) error {
	f, _, err := v.upload("file")
	if err == nil {
		defer f.Close()
		if v.r.FormValue("sure") == "" {
			err = fault.New(fault.Invalid, "HC-WEB-24", "%s", v.s.label("restore-missing"))
		} else {
			_, err = v.s.work.PutBack(v.ctx(), f)
		}
	}
	if say, ours := saidOf(err); ours {
		return v.settings(http.StatusUnprocessableEntity, settingsView{RestoreFail: say, Errors: []field{{ID: "restore-file", Error: say}}})
	}
	if err != nil {
		return err
	}
	return v.seeOther("/settings?done=restored")
}

// saidOf is the sentence of a fault that a person can mend.
func saidOf(err error) (say string, ours bool) {
	var list fault.List
	if errors.As(err, &list) && len(list) > 0 {
		err = list[0]
	}
	var one *fault.Error
	if !errors.As(err, &one) || one.Kind == fault.Internal {
		return "", false
	}
	where := ""
	if one.Place.Line > 0 {
		where = "Line " + itoa(one.Place.Line) + ": "
	}
	return strings.TrimSpace(where + one.Say + " " + one.Next), true
}

// saveCaseFile hands the open case out as a file.
func saveCaseFile(v *visit) error {
	return v.handOut(v.open.ID, "case.yaml", "application/yaml; charset=utf-8", v.open.Text())
}

// saveBackup hands everything out as one file.
func saveBackup(v *visit) error {
	data, err := v.s.work.Backup(v.ctx())
	if err != nil {
		return err
	}
	return v.handOut("", "backup.homecase", "application/octet-stream", data)
}

// handOut notes that a file leaves the pages and then writes it.
func (v *visit) handOut(id, name, kind string, data []byte) error {
	if err := v.s.work.Departing(v.ctx(), id, name, v.s.label("left-downloads"), data); err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Length", itoa(len(data)))
	_, _ = v.w.Write(data) // the browser is gone: nobody is left to tell
	return nil
}
