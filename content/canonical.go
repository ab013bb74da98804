package content

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Canonical writes a value as canonical JSON: keys in order of the alphabet, no
// spaces, shortest numbers, no characters escaped for HTML. Two values that mean
// the same have the same bytes.
func Canonical(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write canonical JSON: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var tree any
	if err := dec.Decode(&tree); err != nil {
		return nil, fmt.Errorf("write canonical JSON: %w", err)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(tree); err != nil { // maps are written in key order
		return nil, fmt.Errorf("write canonical JSON: %w", err)
	}
	return bytes.TrimSpace(out.Bytes()), nil
}
