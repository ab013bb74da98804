package content

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// NodeMarshaler is implemented by types that write a YAML shape of their own;
// it is the mirror of Unmarshaler.
type NodeMarshaler interface{ MarshalNode() any }

// Encode writes v as YAML: keys by json tags in declaration order, empty
// omitempty fields left out, two spaces of indent. Decode reads it back.
func Encode(v any) ([]byte, error) {
	n, err := node(reflect.ValueOf(v))
	if err != nil {
		return nil, err
	}
	return write(n)
}

func node(v reflect.Value) (*yaml.Node, error) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return scalar("!!null", "null"), nil
		}
		if _, ok := v.Interface().(encoding.TextMarshaler); !ok {
			return node(v.Elem())
		}
	}
	if m, ok := v.Interface().(NodeMarshaler); ok {
		return node(reflect.ValueOf(m.MarshalNode()))
	}
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		b, err := m.MarshalText()
		if err != nil {
			return nil, fmt.Errorf("write %T: %w", m, err)
		}
		return plain(string(b)), nil
	}
	switch v.Kind() {
	case reflect.Struct:
		return structNode(v)
	case reflect.Slice, reflect.Array:
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for i := range v.Len() {
			c, err := node(v.Index(i))
			if err != nil {
				return nil, err
			}
			n.Content = append(n.Content, c)
		}
		if flat(n) {
			n.Style = yaml.FlowStyle
		}
		return n, nil
	case reflect.Map:
		return mapNode(v)
	case reflect.String:
		n := scalar("!!str", v.String())
		if strings.Contains(v.String(), "\n") {
			n.Style = yaml.LiteralStyle
		}
		return n, nil
	case reflect.Bool:
		return scalar("!!bool", strconv.FormatBool(v.Bool())), nil
	case reflect.Float64, reflect.Float32:
		return scalar("!!float", strconv.FormatFloat(v.Float(), 'g', -1, 64)), nil
	}
	switch {
	case v.CanInt():
		return scalar("!!int", strconv.FormatInt(v.Int(), 10)), nil
	case v.CanUint():
		return scalar("!!int", strconv.FormatUint(v.Uint(), 10)), nil
	}
	return nil, fmt.Errorf("cannot write a %s as YAML", v.Type())
}

func structNode(v reflect.Value) (*yaml.Node, error) {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	if _, ok := v.Interface().(OneLine); ok {
		n.Style = yaml.FlowStyle
	}
	for _, f := range Fields(v.Type()) {
		item := v.FieldByIndex(f.Index)
		if f.OmitEmpty && empty(item) {
			continue
		}
		c, err := node(item)
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, scalar("!!str", f.Name), c)
	}
	return n, nil
}

func mapNode(v reflect.Value) (*yaml.Node, error) {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	for _, k := range keys {
		kn, err := node(k)
		if err != nil {
			return nil, err
		}
		c, err := node(v.MapIndex(k))
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, kn, c)
	}
	return n, nil
}

func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	}
	return v.IsZero()
}

func flat(n *yaml.Node) bool {
	size := 0
	for _, c := range n.Content {
		if c.Kind != yaml.ScalarNode || c.Style == yaml.LiteralStyle {
			return false
		}
		size += len(c.Value) + 2
	}
	return len(n.Content) > 0 && size < 80
}

func scalar(tag, value string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}

// plain writes text that its type will read back: without quotes where it can.
func plain(value string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: value} }
