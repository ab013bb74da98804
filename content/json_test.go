package content_test

import (
	"encoding/json"
	"testing"

	"homecase/content"
)

// JSON writes what the library does.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`null`, `""`, `{}`, `[]`, `[[],{}]`, `{"a":[1,-2.5e9,true,null],"b \"{[,:]}\\":{"c":"é < \\"}}`, `[{"a":{}},[[""]]]`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var v any
		if json.Unmarshal([]byte(s), &v) != nil {
			v = s
		}
		for _, indent := range []string{"", " ", "\t"} {
			want, err := json.MarshalIndent(v, "", indent)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := content.JSON(v, indent); err != nil || string(got) != string(want) {
				t.Fatalf("got %s, %v, want %s", got, err, want)
			}
		}
	})
}

func TestJSONRefusesWhatTheLibraryRefuses(t *testing.T) {
	if _, err := content.JSON(make(chan int), " "); err == nil {
		t.Error("a channel was written")
	}
}
