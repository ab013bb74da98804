package homecase

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"homecase/day"
	"homecase/fault"
	"homecase/trial"
)

// maxKey keeps an id well inside what a database can index.
const maxKey = 200

// CheckKey refuses an id that not every engine can keep.
func CheckKey(key string) error {
	if key == "" || len(key) > maxKey || !plainText(key) {
		return fault.New(fault.Invalid, "HC-STORE-01", "An id has 1 to %d bytes of plain text.", maxKey)
	}
	return nil
}

// plainText tells whether every engine can keep a text: UTF-8 without a zero byte.
func plainText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// CheckTexts refuses words that not every engine can keep.
func CheckTexts(texts ...string) error {
	for _, s := range texts {
		if !plainText(s) {
			return fault.New(fault.Invalid, "HC-STORE-02", "This holds bytes that are not text.").Then("Write it in UTF-8, without zero bytes.")
		}
	}
	return nil
}

// CheckTime refuses a time that does not fit into microseconds.
func CheckTime(t time.Time) error {
	if y := t.UTC().Year(); y < 1 || y > 9999 {
		return fault.New(fault.Invalid, "HC-STORE-03", "The year %d is outside the calendar of a store.", y)
	}
	return nil
}

// Check refuses what not every engine can keep; it is no judge of the case.
func (k Kept) Check() error {
	if err := CheckKey(k.ID); err != nil {
		return err
	}
	if err := CheckTime(k.At); err != nil {
		return err
	}
	return CheckTexts(k.Title, string(k.Text), k.Did)
}

// Check refuses what not every engine can keep.
func (d Departure) Check() error {
	if err := CheckKey(d.ID); err != nil {
		return err
	}
	if d.Case != "" {
		if err := CheckKey(d.Case); err != nil {
			return err
		}
	}
	if err := CheckTime(d.At); err != nil {
		return err
	}
	return CheckTexts(d.What, d.To, d.SHA256)
}

// EncodeEntry writes a logged day for a store. It refuses a day that is not in
// the calendar and what could not be read back.
func EncodeEntry(e trial.Entry) ([]byte, error) {
	if !inCalendar(e.Date) || !e.Logged.IsZero() && !inCalendar(e.Logged) {
		return nil, fault.New(fault.Invalid, "HC-STORE-04", "A logged day has a date that is not in the calendar.")
	}
	texts := []string{string(e.Planned), string(e.Place), e.Why, e.Note, e.Remark}
	for name := range e.More {
		texts = append(texts, name)
	}
	if err := CheckTexts(texts...); err != nil {
		return nil, err
	}
	text, err := json.Marshal(e)
	if err != nil {
		return nil, fault.New(fault.Invalid, "HC-STORE-05", "%s has a value that is not a number.", e.Date).Because(err)
	}
	if _, err := DecodeEntry(text); err != nil {
		return nil, fault.New(fault.Invalid, "HC-STORE-07", "%s has a place that is neither home nor office.", e.Date).Because(err)
	}
	return text, nil
}

// inCalendar tells whether a day exists and is written with a year of four digits.
func inCalendar(d day.Date) bool {
	back, err := day.Parse(d.String())
	return err == nil && back == d
}

// DecodeEntry reads a logged day, strictly.
func DecodeEntry(text []byte) (trial.Entry, error) {
	var e trial.Entry
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil {
		return trial.Entry{}, fault.New(fault.Internal, "HC-STORE-06", "A logged day cannot be read.").Because(err)
	}
	return e, nil
}
