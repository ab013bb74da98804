package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io/fs"

	"go.yaml.in/yaml/v4"
)

// treeMark begins a tree file. A change of its form changes the mark.
const treeMark = "homecase tree 1\n"

// tags are the kinds of values that shipped YAML holds, by their place.
var tags = []string{"", "!!str", "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq", "!!timestamp"}

// DecodeShipped reads a YAML file that ships inside the program. Beside
// x.yaml may stand x.tree, the same document read beforehand by Compile: it
// saves reading YAML at every start. A tree counts only while it carries the
// hash of the YAML beside it, so a changed file is never read from an old tree.
func DecodeShipped(files fs.ReadFileFS, pkg, name string, v any) error {
	text, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	label := pkg + "/" + name
	if tree, err := files.ReadFile(treeName(name)); err == nil {
		if root, err := load(tree, text); err == nil {
			return (&Tree{name: label, root: root}).Decode(v)
		}
	}
	return Decode(label, text, v)
}

func treeName(name string) string { return name[:len(name)-len(".yaml")] + ".tree" }

// Compile reads a YAML document and writes its tree.
func Compile(name string, text []byte) ([]byte, error) {
	t, err := Parse(name, text)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	out := append([]byte(treeMark), sum[:]...)
	out = binary.AppendUvarint(out, uint64(size(t.root)))
	return writeNode(out, t.root)
}

func size(n *yaml.Node) int {
	total := 1
	for _, c := range n.Content {
		total += size(c)
	}
	return total
}

func writeNode(out []byte, n *yaml.Node) ([]byte, error) {
	tag := -1
	for i, t := range tags {
		if t == n.Tag {
			tag = i
		}
	}
	if tag < 0 {
		return nil, errors.New("a value of the kind " + n.Tag + " cannot be kept in a tree")
	}
	for _, u := range []uint64{uint64(n.Kind), uint64(tag), uint64(n.Line), uint64(n.Column), uint64(len(n.Value))} {
		out = binary.AppendUvarint(out, u)
	}
	out = append(out, n.Value...)
	out = binary.AppendUvarint(out, uint64(len(n.Content)))
	var err error
	for _, c := range n.Content {
		if out, err = writeNode(out, c); err != nil {
			return nil, err
		}
	}
	return out, nil
}

var errTree = errors.New("the tree does not belong to its YAML")

// load reads a tree that Compile wrote of this text.
func load(tree, text []byte) (*yaml.Node, error) {
	rest, ok := bytes.CutPrefix(tree, []byte(treeMark))
	sum := sha256.Sum256(text)
	if !ok || len(rest) < len(sum) || !bytes.Equal(rest[:len(sum)], sum[:]) {
		return nil, errTree
	}
	l := &loader{rest: string(rest[len(sum):])}
	count := l.number()
	if count <= 0 || count > len(rest) {
		return nil, errTree
	}
	l.nodes, l.links = make([]yaml.Node, count), make([]*yaml.Node, 0, count)
	root := l.node()
	if l.bad || len(l.rest) != 0 {
		return nil, errTree
	}
	return root, nil
}

// loader takes a tree apart into nodes that were allocated in one piece. Their
// values are pieces of the one text.
type loader struct {
	rest  string
	nodes []yaml.Node
	links []*yaml.Node
	used  int
	depth int
	bad   bool
}

func (l *loader) number() int {
	var u uint64
	for i := 0; i < len(l.rest) && i < 5; i++ { // five times seven bits hold any number here
		b := l.rest[i]
		u |= uint64(b&0x7f) << (7 * i)
		if b >= 0x80 {
			continue
		}
		if u > 1<<31 {
			break
		}
		l.rest = l.rest[i+1:]
		return int(u)
	}
	l.bad = true
	return 0
}

func (l *loader) node() *yaml.Node {
	if l.bad || l.used >= len(l.nodes) || l.depth > maxDepth {
		l.bad = true
		return nil
	}
	n := &l.nodes[l.used]
	l.used++
	n.Kind = yaml.Kind(l.number())
	tag := l.number()
	n.Line, n.Column = l.number(), l.number()
	length := l.number()
	if l.bad || tag >= len(tags) || length > len(l.rest) {
		l.bad = true
		return nil
	}
	n.Tag, n.Value = tags[tag], l.rest[:length]
	l.rest = l.rest[length:]
	children := l.number()
	if l.bad || children > cap(l.links)-len(l.links) {
		l.bad = true
		return nil
	}
	if children == 0 {
		return n
	}
	first := len(l.links)
	l.links = l.links[:first+children]
	n.Content = l.links[first : first+children : first+children]
	l.depth++
	for i := range n.Content {
		n.Content[i] = l.node()
	}
	l.depth--
	return n
}
