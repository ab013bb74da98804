package readiness

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/govalues/decimal"

	"homecase/cite"
	"homecase/content"
	"homecase/day"
)

// Answers is the readiness group of a case file: what the person does in a
// week, where it can be done, and what is there to do it with.
type Answers struct {
	// DutiesOrigin says where the hours come from: a task log is measured, a guess is an assumption.
	DutiesOrigin cite.Origin `json:"duties_origin,omitzero"`
	// Duties lists what you do in an ordinary week, with hours. Five to ten lines are enough.
	Duties []Duty `json:"duties"`
	// WorkingDays is how many days a week you work, 5 when left out. Part-timers write their own number.
	WorkingDays int `json:"working_days,omitempty"`
	// Tenure is how long you have been in this job.
	Tenure *Tenure `json:"tenure,omitempty"`
	// EmployerRule is the employer's rule about time served before home days, if there is one.
	EmployerRule EmployerRule `json:"employer_rule,omitzero"`
	// Unsupervised holds one to three examples of good work that nobody checked.
	Unsupervised []Example `json:"unsupervised,omitempty"`
	// Trust is about you and your boss. Only you see it.
	Trust Trust `json:"trust,omitzero"`
	// Career is about promotion and being seen. Only you see it.
	Career Career `json:"career,omitzero"`
	// RightForMe asks whether home is a good place for you to work. Only you see it.
	RightForMe RightForMe `json:"right_for_me,omitzero"`
	// Colleagues is about the people who stay in the office.
	Colleagues Colleagues `json:"colleagues,omitzero"`
	// HomeOffice is the check of your place at home in seven items.
	HomeOffice HomeOffice `json:"home_office,omitzero"`
	// Company is what the employer provides already.
	Company Company `json:"company,omitzero"`
	// Safety is your own safety check of the place where you would work.
	Safety *Safety `json:"safety,omitempty"`
}

// Duty is one thing the person does in a week.
type Duty struct {
	// Name is what you call this part of your work, such as Bank reconciliations.
	Name string `json:"name"`
	// Hours is how many hours of an ordinary week it takes.
	Hours float64 `json:"hours"`
	// Where it can be done: home, home_with_change, office or not_sure. Not sure counts as office until you decide.
	Where Where `json:"where"`
	// Binds says how office work is tied to days: daily (every day), weekly (a day others set), any (whenever you are in) or not_sure, which counts as daily.
	Binds Binding `json:"binds,omitempty"`
	// Tests are the three questions that decide where a duty can be done.
	Tests Tests `json:"tests,omitzero"`
	// Conditions names those of the fifteen location conditions that tie this duty, such as handling. A tied duty counts as office.
	Conditions []ConditionID `json:"conditions,omitempty"`
	// Change lists what would have to change, for home_with_change: access, equipment, video_link, digital_paper, other or not_sure.
	Change []Change `json:"change,omitempty"`
	// Cost is what the change would cost once, lowest to highest.
	Cost *Cost `json:"cost,omitempty"`
	// CoveredBy names who takes this duty on a home day, when somebody must. Ask them before you name them.
	CoveredBy string `json:"covered_by,omitempty"`
}

// Tests are the three questions about one duty.
type Tests struct {
	// Thing: does it use something that is only in the office?
	Thing Answer `json:"thing,omitempty"`
	// People: do people have to be in the same room for it to work?
	People Answer `json:"people,omitempty"`
	// Data: does it use data that must not leave the building?
	Data Answer `json:"data,omitempty"`
}

// Tenure is time in the job: the first day, or years and months.
type Tenure struct {
	// Since is your first day in this job. It is exact, so it is better than years and months.
	Since day.Date `json:"since,omitzero"`
	// Years is the full years in this job.
	Years int `json:"years,omitempty"`
	// Months is the months on top of the years, 0 to 11.
	Months int `json:"months,omitempty"`
}

// EmployerRule is the employer's rule about time served.
type EmployerRule struct {
	// Exists says whether there is such a rule: yes, no or unknown. Unknown adds a question for HR.
	Exists Answer `json:"exists,omitempty"`
	// Months is how many months in the job the rule asks for.
	Months *int `json:"months,omitempty"`
	cite.Origin
}

// Example is one piece of good work that nobody checked.
type Example struct {
	// Text says what you did, what came of it and how anyone can tell, in at most 400 characters.
	Text string `json:"text"`
	// Date is when, as 2026, 2026-06 or 2026-06-30.
	Date When `json:"date,omitempty"`
	// Who would agree that it was so. Ask them before you name them.
	Who string `json:"who,omitempty"`
}

// Trust holds four statements about the person and the boss. Private.
type Trust struct {
	// LeavesMeToIt: my boss gives me work and leaves me to do it.
	LeavesMeToIt Answer `json:"leaves_me_to_it,omitempty"`
	// TellsEarly: I tell my boss early when something will be late or wrong.
	TellsEarly Answer `json:"tells_early,omitempty"`
	// KnowsMyWork: my boss could say what I finished last week.
	KnowsMyWork Answer `json:"knows_my_work,omitempty"`
	// TalksEasily: the two of us can talk about how work is going without strain.
	TalksEasily Answer `json:"talks_easily,omitempty"`
}

// Career holds what home days may cost or need. Private.
type Career struct {
	// PromotionSoon: do you want a promotion in the next year?
	PromotionSoon Answer `json:"promotion_soon,omitempty"`
	// SeenByDeciders: do the people who decide about you see your work when you are not in the room?
	SeenByDeciders Answer `json:"seen_by_deciders,omitempty"`
	// OthersDidWell: has anybody who works from home been promoted here?
	OthersDidWell Answer `json:"others_did_well,omitempty"`
}

// RightForMe asks whether home suits the person. Private.
type RightForMe struct {
	// AloneAllDay: I can work well for a whole day without company.
	AloneAllDay Answer `json:"alone_all_day,omitempty"`
	// StartsUnasked: I start in the morning without anybody waiting for me.
	StartsUnasked Answer `json:"starts_unasked,omitempty"`
	// StopsOnTime: I can stop in the evening and leave work alone.
	StopsOnTime Answer `json:"stops_on_time,omitempty"`
	// HomeAgrees: the people I live with know and agree.
	HomeAgrees Answer `json:"home_agrees,omitempty"`
	// CareArranged: care for children or others is arranged in working hours.
	CareArranged Answer `json:"care_arranged,omitempty"`
	// SeesPeople: I see enough people outside work.
	SeesPeople Answer `json:"sees_people,omitempty"`
}

// Colleagues is about the people who stay in the office.
type Colleagues struct {
	// UnderstandMyJob: do they know what you do and what they can ask of you?
	UnderstandMyJob Answer `json:"understand_my_job,omitempty"`
	// NoExtraWork: can you be at home without extra work for them?
	NoExtraWork Answer `json:"no_extra_work,omitempty"`
	// CanReachMe: have you agreed how they reach you on a home day?
	CanReachMe Answer `json:"can_reach_me,omitempty"`
	// SameChance: could they ask for the same, by the same rules?
	SameChance Answer `json:"same_chance,omitempty"`
}

// HomeOffice is the place at home in seven items. Each is have, can_get, no or
// not_sure, alone or with cost, note and photo.
type HomeOffice struct {
	// Door: a place with a door that shuts, or one that is yours in working hours.
	Door Item `json:"door,omitzero"`
	// DeskAndChair: a desk, and a chair that can be adjusted.
	DeskAndChair Item `json:"desk_and_chair,omitzero"`
	// Computer: a computer that may be used for this work.
	Computer Item `json:"computer,omitzero"`
	// Phone: a way to take calls in private.
	Phone Item `json:"phone,omitzero"`
	// Connection: an internet line good enough for a video call.
	Connection Item `json:"connection,omitzero"`
	// Backup: what you use when the line fails, such as a phone's hotspot.
	Backup Item `json:"backup,omitzero"`
	// RemoteAccess: the way into the company's systems from home.
	RemoteAccess Item `json:"remote_access,omitzero"`
	// VisitWelcome: may your boss come and look at the place?
	VisitWelcome Answer `json:"visit_welcome,omitempty"`
}

// Item is one of the seven. In a file it is a state, or a group with a state.
type Item struct {
	// State is have, can_get, no or not_sure.
	State State `json:"state"`
	// Cost is what it would cost once, lowest to highest.
	Cost *Cost `json:"cost,omitempty"`
	// Note is one line the reader of the packet may see.
	Note string `json:"note,omitempty"`
	// Photo is the path of a JPEG or PNG beside the case file. Keep faces and family things out of it.
	Photo string `json:"photo,omitempty"`
	// PhotoDate is the day the photo was added. After a year it is worth looking at again.
	PhotoDate day.Date `json:"photo_date,omitzero"`
}

// UnmarshalNode reads "have" as well as {state: have, …}.
func (i *Item) UnmarshalNode(n content.Node) error {
	if s, ok := n.Scalar(); ok {
		return i.State.UnmarshalText([]byte(s))
	}
	type plain Item
	var p plain
	n.Into(&p)
	*i = Item(p)
	return nil
}

// MarshalNode writes the short form where nothing is lost.
func (i Item) MarshalNode() any {
	if i.Cost == nil && i.Note == "" && i.Photo == "" && i.PhotoDate.IsZero() && i.State != "" {
		return i.State
	}
	type plain Item
	return plain(i)
}

// Company is what the employer provides already. Each is yes, can_get, no,
// not_needed or not_sure, alone or with a note and the one who said so.
type Company struct {
	// Laptop: a computer of the company that may leave the building.
	Laptop Provision `json:"laptop,omitzero"`
	// VPN: a safe way into the systems from outside.
	VPN Provision `json:"vpn,omitzero"`
	// Phone: calls reach you wherever you are.
	Phone Provision `json:"phone,omitzero"`
	// Documents: the documents you need are files, not paper.
	Documents Provision `json:"documents,omitzero"`
	// Meetings: people can join the meetings you are in from elsewhere.
	Meetings Provision `json:"meetings,omitzero"`
}

// Provision is one thing the company provides or does not.
type Provision struct {
	// State is yes, can_get, no, not_needed or not_sure.
	State Provided `json:"state"`
	// Note is one line, such as how to order it.
	Note string `json:"note,omitempty"`
	// Source is who said so.
	Source string `json:"source,omitempty"`
}

// UnmarshalNode reads "yes" as well as {state: yes, …}.
func (p *Provision) UnmarshalNode(n content.Node) error {
	if s, ok := n.Scalar(); ok {
		return p.State.UnmarshalText([]byte(s))
	}
	type plain Provision
	var v plain
	n.Into(&v)
	*p = Provision(v)
	return nil
}

// MarshalNode writes the short form where nothing is lost.
func (p Provision) MarshalNode() any {
	if p.Note == "" && p.Source == "" && p.State != "" {
		return p.State
	}
	type plain Provision
	return plain(p)
}

// Safety is the person's own check of the place, by the list that ships.
type Safety struct {
	// Checked is the day on which you went through the list.
	Checked day.Date `json:"checked,omitzero"`
	// Open lists the items that are not right yet, by id.
	Open []string `json:"open,omitempty"`
}

// Cost is a one-off amount of money in the currency of the case.
type Cost struct {
	// Low is the least it could be.
	Low Amount `json:"low"`
	// Likely is what you expect.
	Likely Amount `json:"likely"`
	// High is the most it could be.
	High Amount `json:"high"`
	cite.Origin
}

// Amount is an exact amount without a currency.
type Amount struct{ decimal.Decimal }

// UnmarshalText reads 45 or 45.50.
func (a *Amount) UnmarshalText(b []byte) error {
	d, err := decimal.Parse(strings.TrimSpace(string(b)))
	if err != nil {
		return fmt.Errorf("%q is not an amount: write it like 45 or 45.50", clip(string(b), 40))
	}
	a.Decimal = d
	return nil
}

// When is a year, a month or a day.
type When string

var whenShape = regexp.MustCompile(`^\d{4}(-\d{2}(-\d{2})?)?$`)

// UnmarshalText reads 2026, 2026-06 or 2026-06-30 and refuses what does not exist.
func (w *When) UnmarshalText(b []byte) error {
	s := string(b)
	if !whenShape.MatchString(s) {
		return fmt.Errorf("%q is not a time written like 2026, 2026-06 or 2026-06-30", clip(s, 40))
	}
	if _, err := time.Parse("2006-01-02"[:len(s)], s); err != nil {
		return fmt.Errorf("%s is not in the calendar", s)
	}
	*w = When(s)
	return nil
}

// First returns the first day of the time meant, the zero Date when unknown.
func (w When) First() day.Date {
	if w == "" {
		return day.Date{}
	}
	t, err := time.Parse("2006-01-02"[:min(len(w), 10)], string(w))
	if err != nil {
		return day.Date{}
	}
	return day.Of(t)
}

// Shared returns the answers as others may see them: without trust, career and
// whether home is right for the person.
func (a Answers) Shared() Answers {
	a.Trust, a.Career, a.RightForMe = Trust{}, Career{}, RightForMe{}
	return a
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
