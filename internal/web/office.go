package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"homecase"
	"homecase/cite"
	"homecase/fault"
	"homecase/readiness"
)

// officeRow is one of the seven items as it is shown.
type officeRow struct {
	field
	Item                 string
	Note                 string
	CostLow, CostLikely  string
	CostHigh, CostSource string
	Said                 string // the note and the cost, while the fold is closed
	Open                 bool   // the fold with cost and note
	Photo                string
	State                string // in words, for the picture
}

type officeView struct {
	Rows    []officeRow
	Visit   field
	Errors  []field
	From    string
	Sign    string // of the currency
	Boss    string
	Told    []string // the states, in words
	Company string
}

// officeItem is the item of that id; nil where there is none.
func officeItem(c *homecase.Case, id string) *readiness.Item {
	h := &c.Readiness.HomeOffice
	return map[string]*readiness.Item{
		"door": &h.Door, "desk_and_chair": &h.DeskAndChair, "computer": &h.Computer, "phone": &h.Phone,
		"connection": &h.Connection, "backup": &h.Backup, "remote_access": &h.RemoteAccess,
	}[id]
}

func officeStates() []option {
	return []option{{Value: "have", Label: "Have"}, {Value: "can_get", Label: "Can get"}, {Value: "no", Label: "No"}, {Value: "not_sure", Label: "Not sure"}}
}

func showOffice(v *visit) error {
	a := newAnswers()
	for _, p := range officeIDs() {
		it := officeItem(v.kase(), p)
		a.Set(p, string(it.State))
		a.Set(p+"-note", it.Note)
		if it.Cost != nil {
			a.Set(p+"-low", it.Cost.Low.String())
			a.Set(p+"-likely", it.Cost.Likely.String())
			a.Set(p+"-high", it.Cost.High.String())
			a.Set(p+"-source", it.Cost.Source)
		}
	}
	a.Set("visit", string(v.kase().Readiness.HomeOffice.VisitWelcome))
	return v.office(http.StatusOK, a)
}

func officeIDs() []string {
	return []string{"door", "desk_and_chair", "computer", "phone", "connection", "backup", "remote_access"}
}

func (v *visit) office(status int, a answers) error {
	questions, err := readiness.Questions("home_office")
	if err != nil {
		return err
	}
	view := officeView{From: v.from(), Boss: v.boss(), Sign: v.kase().Locale().Currency, Company: taskAddress[homecase.TaskCompany]}
	said := map[string]string{"have": "Have", "can_get": "Can get", "no": "No", "not_sure": "Not sure", "": "Not asked yet"}
	for _, q := range questions {
		r := officeRow{Item: q.ID, Note: a.Get(q.ID + "-note"), State: said[a.Get(q.ID)]}
		r.field = field{ID: "f-" + q.ID, Name: q.ID, Kind: "inline", Label: q.Ask, Hint: q.Why, Error: a.bad[q.ID]}
		for i, o := range officeStates() {
			o.ID, o.On = r.ID+"-"+itoa(i+1), o.Value == a.Get(q.ID)
			r.Options = append(r.Options, o)
		}
		r.CostLow, r.CostLikely, r.CostHigh, r.CostSource = a.Get(q.ID+"-low"), a.Get(q.ID+"-likely"), a.Get(q.ID+"-high"), a.Get(q.ID+"-source")
		r.Open = r.Error != ""
		it := officeItem(v.kase(), q.ID)
		kept, err := v.photoKept(q.ID, it)
		if err != nil {
			return err
		}
		if kept {
			r.Photo = "/photos/" + q.ID
		}
		r.Said = v.officeSaid(it, kept)
		if r.Error != "" {
			view.Errors = append(view.Errors, field{ID: r.Options[0].ID, Error: r.Error})
		}
		view.Rows = append(view.Rows, r)
		view.Told = append(view.Told, officeNames[q.ID]+": "+lowerFirst(r.State))
	}
	view.Visit = field{ID: "f-visit", Name: "visit", Kind: "inline", Label: v.say(v.s.label("office-visit"))}
	for i, o := range []option{{Value: "yes", Label: "Yes"}, {Value: "no", Label: "No"}, {Value: "not_sure", Label: "Not sure"}} {
		o.ID, o.On = "f-visit-"+itoa(i+1), o.Value == a.Get("visit")
		view.Visit.Options = append(view.Visit.Options, o)
	}
	return v.show(status, "office", page{Title: "Check your home office", Tab: "case", Back: "/case", Error: len(view.Errors) > 0}, view)
}

// officeSaid is what the case has of an item besides its state, in one line.
func (v *visit) officeSaid(it *readiness.Item, kept bool) string {
	said := []string{it.Note}
	if it.Cost != nil {
		said = append(said, v.say(v.s.label("office-cost"), "{low}", it.Cost.Low.String(), "{high}", it.Cost.High.String())+" "+v.kase().Locale().Currency)
	}
	switch {
	case kept:
		said = append(said, v.s.label("office-photo")+", "+v.photoDay(it))
	case it.Photo != "":
		said = append(said, v.s.label("office-photo-gone"))
	}
	return upperFirst(joinWords(said...))
}

// photoDay says when a photo was added. Photos from before that was kept have no date.
func (v *visit) photoDay(it *readiness.Item) string {
	if it.PhotoDate.IsZero() {
		return v.s.label("photo-undated")
	}
	return v.say(v.s.label("photo-dated"), "{date}", v.date(it.PhotoDate))
}

// photoKept says whether the picture that the case names is here: a case that came
// as a file brings the name alone.
func (v *visit) photoKept(id string, it *readiness.Item) (bool, error) {
	if it.Photo == "" {
		return false, nil
	}
	_, err := v.s.work.Store.Picture(v.ctx(), v.open.ID, id)
	if fault.KindOf(err) == fault.Missing {
		return false, nil
	}
	return err == nil, err
}

// officeNames are the seven in a word or two.
var officeNames = map[string]string{
	"door": "Door", "desk_and_chair": "Desk and chair", "computer": "Computer", "phone": "Phone",
	"connection": "Connection", "backup": "Backup", "remote_access": "Remote access",
}

// saveOffice keeps the seven answers; what was left open stays open.
func saveOffice(v *visit) error {
	a := answers{v.form(), map[string]string{}}
	try := *v.kase()
	v.takeOffice(a, &try)
	if len(a.bad) == 0 {
		problems, err := try.Problems()
		if err != nil {
			return err
		}
		for _, f := range problems {
			for _, id := range officeIDs() {
				if under(f.Place.Path, "readiness.home_office."+id) {
					a.refuse(id, "%s: %s", officeNames[id], f.Say)
				}
			}
		}
	}
	if len(a.bad) > 0 {
		return v.office(http.StatusUnprocessableEntity, a)
	}
	err := v.change("Checked the home office", func(c *homecase.Case, course *homecase.Course) error {
		v.takeOffice(answers{v.form(), map[string]string{}}, c)
		course.Visit(homecase.TaskOffice, homecase.Answered)
		return nil
	})
	if err != nil {
		return err
	}
	if item, ok := strings.CutPrefix(v.form().Get("do"), "photo-"); ok && slices.Contains(officeIDs(), item) {
		return v.seeOther("/case/ready/office/" + item + "/photo")
	}
	return v.leave(homecase.TaskOffice)
}

func (v *visit) takeOffice(a answers, c *homecase.Case) {
	for _, id := range officeIDs() {
		it := officeItem(c, id)
		if given := a.Get(id); given == "" || slices.ContainsFunc(officeStates(), func(o option) bool { return o.Value == given }) {
			it.State = readiness.State(given)
		}
		it.Note = a.line(id + "-note")
		if len([]rune(it.Note)) > 200 {
			a.refuse(id, "%s: a note has at most 200 characters", officeNames[id])
		}
		it.Cost = v.takeCost(a, id, it.Cost)
	}
	if given := readiness.Answer(a.Get("visit")); given == readiness.Yes || given == readiness.No || given == readiness.NotSure {
		c.Readiness.HomeOffice.VisitWelcome = given
	}
}

// takeCost reads three amounts; one alone stands for all three.
func (v *visit) takeCost(a answers, id string, was *readiness.Cost) *readiness.Cost {
	low, likely, high := a.line(id+"-low"), a.line(id+"-likely"), a.line(id+"-high")
	if low == "" && likely == "" && high == "" {
		return nil
	}
	first := firstOf(likely, low, high)
	cost := &readiness.Cost{Origin: cite.Origin{Kind: cite.Assumption, Source: "My estimate", Date: v.today()}}
	for _, f := range []struct {
		to   *readiness.Amount
		text string
	}{{&cost.Low, firstOf(low, first)}, {&cost.Likely, first}, {&cost.High, firstOf(high, first)}} {
		n, err := readNumber(f.text)
		if err != nil || n < 0 || f.to.UnmarshalText([]byte(formatNumber(n))) != nil {
			a.refuse(id, "%s: a cost must be a number, like 140", officeNames[id])
			return nil
		}
	}
	if cost.High.Cmp(cost.Low.Decimal) < 0 || cost.Likely.Cmp(cost.Low.Decimal) < 0 || cost.High.Cmp(cost.Likely.Decimal) < 0 {
		a.refuse(id, "%s: the lowest cost must be less than the highest", officeNames[id])
		return nil
	}
	if source := a.line(id + "-source"); source != "" {
		cost.Origin = cite.Origin{Kind: cite.Published, Source: source, Date: v.today()}
		if was != nil && was.Source == source {
			cost.Origin = was.Origin
		}
	} else if was != nil && was.Kind == cite.Assumption {
		cost.Origin = was.Origin
	}
	return cost
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

type photoView struct {
	Item, Name, Action string
	Named, Kept        bool // by the case, and here
	Boss, Day          string
	Errors, Bad        []field // of the page, and of the photo
	On                 field   // the day it was added
}

func showPhoto(v *visit) error { return v.photo(http.StatusOK, "") }

func (v *visit) photo(status int, bad string) error { return v.photoPage(status, bad, newAnswers()) }

func (v *visit) photoPage(status int, bad string, a answers) error {
	id := v.r.PathValue("item")
	it := officeItem(v.kase(), id)
	if it == nil {
		return errNoPage
	}
	kept, err := v.photoKept(id, it)
	if err != nil {
		return err
	}
	view := photoView{Item: id, Name: officeNames[id], Named: it.Photo != "", Kept: kept, Boss: v.boss(), Action: "/case/ready/office/" + id + "/photo"}
	if bad != "" {
		view.Bad = []field{{ID: "f-photo", Error: bad}}
		view.Errors = view.Bad
	}
	if it.Photo != "" {
		view.Day = upperFirst(v.photoDay(it)) + "."
		view.On = field{ID: "f-on", Name: "on", Kind: "date", Label: v.s.label("photo-on"), Value: a.Get("on"), Error: a.bad["on"], Width: 14}
		if view.On.Value == "" && !it.PhotoDate.IsZero() {
			view.On.Value = it.PhotoDate.String()
		}
		if view.On.Error != "" {
			view.Errors = append(view.Errors, view.On)
		}
	}
	return v.show(status, "photo", page{Title: "Add a photo: " + lowerFirst(view.Name), Tab: "case", Back: "/case/ready/office", Error: len(view.Errors) > 0}, view)
}

// savePhoto keeps the pixels of a picture and nothing else of it.
func savePhoto(v *visit) error {
	id := v.r.PathValue("item")
	if officeItem(v.kase(), id) == nil {
		return errNoPage
	}
	if !strings.HasPrefix(v.r.Header.Get("Content-Type"), "multipart/") {
		return v.datePhoto(id)
	}
	file, head, e := v.r.FormFile("photo")
	var large *http.MaxBytesError
	switch {
	case errors.As(e, &large):
		return v.photo(http.StatusUnprocessableEntity, "This file is too large for a photo")
	case e != nil || head.Size == 0:
		return v.photo(http.StatusUnprocessableEntity, "Choose a photo")
	}
	defer file.Close()
	err := v.s.work.SetPhoto(v.ctx(), v.open.ID, id, head.Filename, file)
	var one *fault.Error
	if errors.As(err, &one) && one.Kind == fault.Invalid {
		return v.photo(http.StatusUnprocessableEntity, strings.TrimSpace(one.Say+" "+one.Next))
	}
	if err != nil {
		return err
	}
	return v.seeOther("/case/ready/office")
}

// datePhoto says when a photo was added.
func (v *visit) datePhoto(id string) error {
	a := answers{v.form(), map[string]string{}}
	on := a.date("on", v.s.label("photo-day"))
	switch {
	case a.bad["on"] != "":
	case on.IsZero():
		a.refuse("on", "%s", v.s.label("photo-on-missing"))
	case on.After(v.today()):
		a.refuse("on", "%s", v.s.label("photo-on-future"))
	}
	if len(a.bad) > 0 {
		return v.photoPage(http.StatusUnprocessableEntity, "", a)
	}
	err := v.change("Said when a photo was added", func(c *homecase.Case, _ *homecase.Course) error { return c.DatePhoto(id, on) })
	if err != nil {
		return err
	}
	return v.seeOther("/case/ready/office")
}

// askPhotoOut asks before a photo is erased: it is the one thing in a case that
// cannot be had back.
func askPhotoOut(v *visit) error {
	id := v.r.PathValue("item")
	it := officeItem(v.kase(), id)
	if it == nil || it.Photo == "" {
		return errNoPage
	}
	kept, err := v.photoKept(id, it)
	if err != nil {
		return err
	}
	view := photoView{Item: id, Name: officeNames[id], Named: true, Kept: kept, Boss: v.boss(), Action: "/case/ready/office/" + id + "/photo/out"}
	return v.ok("photo-out", page{Title: "Take the photo out: " + lowerFirst(view.Name), Tab: "case", Back: "/case/ready/office/" + id + "/photo"}, view)
}

// takePhotoOut erases a photo.
func takePhotoOut(v *visit) error {
	id := v.r.PathValue("item")
	if officeItem(v.kase(), id) == nil {
		return errNoPage
	}
	if err := v.s.work.SetPhoto(v.ctx(), v.open.ID, id, "", nil); err != nil {
		return err
	}
	return v.seeOther("/case/ready/office")
}

// servePhoto shows a picture that was kept.
func servePhoto(v *visit) error {
	jpeg, err := v.s.work.Store.Picture(v.ctx(), v.open.ID, v.r.PathValue("item"))
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "image/jpeg")
	_, _ = v.w.Write(jpeg) // the browser is gone: nobody is left to tell
	return nil
}
