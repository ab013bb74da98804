package web_test

import (
	"context"
	"encoding/json"
	"testing"

	"homecase/day"
)

// recorded are the pages whose GET writes one thing: that a file left the
// pages. Each has its reason.
var recorded = map[string]string{
	"/files/{name}":        "a file of the packet goes to the downloads: it is noted before a byte goes",
	"/packet/reminder.ics": "a reminder goes to the downloads",
}

// Reading a page changes nothing: no revision, no logged day, no picture, no
// departure, and not which case lies open. Twice, since a first visit might.
func TestGetNeverWrites(t *testing.T) {
	for _, d := range stands(t) {
		before := d.everything(t)
		for range 2 {
			for _, a := range d.addresses(t) {
				if recorded[a.route] == "" {
					d.get(t, a.path)
				}
			}
			if d.everything(t) == before {
				continue
			}
			for _, a := range d.addresses(t) { // which one is it?
				before = d.everything(t)
				if recorded[a.route] != "" {
					continue
				}
				d.get(t, a.path)
				if after := d.everything(t); after != before {
					t.Errorf("%s: GET %s changed the store:\n%s\nbefore:\n%s", d.name, a.path, after, before)
				}
			}
			if !t.Failed() {
				t.Errorf("%s: reading every page once changed the store", d.name)
			}
		}
	}
}

// everything is what the store holds, in words to compare.
func (d *desk) everything(t testing.TB) string {
	t.Helper()
	ctx := context.Background()
	must := func(v any, err error) any {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	cases, err := d.Store.Cases(ctx)
	must(nil, err)
	all := []any{cases, must(d.Store.Current(ctx)), must(d.Store.Departures(ctx, ""))}
	for _, c := range cases {
		all = append(all, must(d.Store.History(ctx, c.ID, 0, 0)), must(d.Store.Log(ctx, c.ID, day.Date{}, day.Date{})), must(d.Store.Case(ctx, c.ID)))
	}
	text, err := json.Marshal(all)
	must(nil, err)
	return string(text)
}
