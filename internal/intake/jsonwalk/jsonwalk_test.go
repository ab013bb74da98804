package jsonwalk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// value reads everything there is, the long way.
func value(j *Reader) (any, error) {
	b, err := j.Peek()
	if err != nil {
		return nil, err
	}
	switch {
	case b == '{':
		m := map[string]any{}
		err := j.Object(func(key []byte) error {
			k := string(key)
			v, err := value(j)
			m[k] = v
			return err
		})
		return m, err
	case b == '[':
		l := []any{}
		err := j.Array(func() error {
			v, err := value(j)
			l = append(l, v)
			return err
		})
		return l, err
	case b == '"':
		s, err := j.String()
		return string(s), err
	case b == 't' || b == 'f':
		return j.Bool()
	case b == 'n':
		return nil, j.Skip()
	}
	v, _, err := j.Number()
	return v, err
}

const sample = `{"a": [1, -2.5e3, "x\"y\\", "\u00e9\n", true, false, null, {}, []], "b": {"c": {"d": "` + "é" + `"}}, "": "tail\\"}`

func TestReadsLikeTheLibrary(t *testing.T) {
	var want any
	if err := json.Unmarshal([]byte(sample), &want); err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]io.Reader{"whole": strings.NewReader(sample), "byte by byte": iotest.OneByteReader(strings.NewReader(sample))} {
		got, err := value(New(r))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestSkipsEverything(t *testing.T) {
	j := New(iotest.OneByteReader(strings.NewReader(sample + "\n [1]")))
	if err := j.Skip(); err != nil {
		t.Fatal(err)
	}
	if b, err := j.Peek(); err != nil || b != '[' || j.Line() != 2 {
		t.Errorf("%q on line %d, %v", b, j.Line(), err)
	}
}

func TestBrokenTextSaysWhere(t *testing.T) {
	for text, cut := range map[string]bool{`{"a":1`: true, `{"a"`: true, `["x`: true, "[1\n,2\n": true, `{"a" 1}`: false, `[1 2]`: false, `{1:2}`: false, `["\x"]`: false, `[,]`: false,
		strings.Repeat("[", 300): false} {
		_, err := value(New(strings.NewReader(text)))
		var b *Broken
		if !errors.As(err, &b) || b.Cut != cut {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func TestLongStrings(t *testing.T) {
	long := `["` + strings.Repeat("x", 3<<20) + `", 7]`
	j := New(strings.NewReader(long))
	n := 0
	err := j.Array(func() error {
		if n++; n == 1 {
			return j.Skip()
		}
		v, ok, err := j.Number()
		if !ok || v != 7 {
			t.Error(v, ok)
		}
		return err
	})
	if err != nil || n != 2 {
		t.Error(n, err)
	}
	if _, err := value(New(strings.NewReader(long))); err == nil {
		t.Error("three megabytes were read as a name")
	}
}

// FuzzWalk compares with encoding/json: what it accepts is read the same here,
// and skipping consumes exactly as much as reading.
func FuzzWalk(f *testing.F) {
	for _, s := range []string{sample, "[1,2]", `{"a":"\ud83d\ude00"}`, "null", "-0.1e-5", `[{"x":[{}]}]`, "[[", `"\\\""`, "{\"a\":\n1}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		valid := json.Valid(data)
		got, err := value(New(iotest.HalfReader(bytes.NewReader(data))))
		j := New(bytes.NewReader(data))
		skipErr := j.Skip()
		if !valid || bytes.Count(data, []byte("[")) > MaxDepth || bytes.Count(data, []byte("{")) > MaxDepth {
			return
		}
		if err != nil || skipErr != nil {
			t.Fatalf("%q: %v, %v", data, err, skipErr)
		}
		if _, err := j.Peek(); !errors.Is(err, io.EOF) {
			t.Fatalf("%q: skipping stopped early: %v", data, err)
		}
		if bytes.ContainsAny(data, `\`) || bytes.ContainsAny(data, "0123456789") || !json.Valid([]byte(fmt.Sprintf("%q", data))) && !bytes.Equal(data, bytes.ToValidUTF8(data, nil)) {
			return // escapes of half pairs, huge numbers and broken UTF-8 are read otherwise on purpose
		}
		var want any
		if err := json.Unmarshal(data, &want); err == nil && bytes.Equal(data, bytes.ToValidUTF8(data, nil)) && !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: got %v, want %v", data, got, want)
		}
	})
}
