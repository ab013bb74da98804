package homecase_test

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"homecase"
	"homecase/content"
	"homecase/policy"
)

// The law data is decoded once and shared, so composing with it changes nothing
// in it: afterwards every pack says what its file says.
func TestComposingLeavesTheLawAsItIs(t *testing.T) {
	for name, c := range cases(t) {
		if _, err := c.Assess(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, compose := range []func(homecase.Shared, homecase.Options) (*homecase.Edition, error){homecase.Compose, homecase.ComposeAgreement} {
			_, _ = compose(c.Shared(), homecase.Options{Version: "test"}) // a refusal has read the law too
		}
		_, _ = c.Note(homecase.HRRequest, homecase.NoteOptions{On: c.Date}) // the same
	}
	heads, err := policy.List()
	if err != nil || len(heads) == 0 {
		t.Fatal(heads, err)
	}
	for _, h := range heads {
		got, err := policy.Show(h.ID)
		if err != nil {
			t.Fatal(err)
		}
		_ = policy.Describe(got) // reads it too
		name := filepath.Join("policy", "data", h.ID+".yaml")
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var want policy.Regime
		if err := content.Decode(name, text, &want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s was changed by those who read it", h.ID)
		}
	}
}
