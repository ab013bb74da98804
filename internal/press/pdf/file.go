package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
)

// file is a PDF being written: numbered objects, then the table that finds them.
// packing is how hard streams are packed: half the time of the usual level for a twentieth more bytes.
const packing = 3

type file struct {
	objects [][]byte // objects[0] is unused: object numbers start at 1
	packer  *zlib.Writer
}

func newFile() *file { return &file{objects: make([][]byte, 1)} }

// reserve takes a number for an object that is written later.
func (f *file) reserve() int {
	f.objects = append(f.objects, nil)
	return len(f.objects) - 1
}

func (f *file) set(n int, body string) { f.objects[n] = []byte(body) }

func (f *file) add(body string) int {
	n := f.reserve()
	f.set(n, body)
	return n
}

// stream adds a compressed stream; dict holds its further entries.
func (f *file) stream(dict string, data []byte) (int, error) {
	var b bytes.Buffer
	if f.packer == nil {
		// The first flush makes the packer's tables and the reset below clears
		// them: were they read before, each page of them would be fetched twice.
		packer, err := zlib.NewWriterLevel(&b, packing)
		if err == nil {
			err = packer.Flush()
		}
		if err != nil {
			return 0, err
		}
		f.packer = packer
		b.Reset()
	}
	f.packer.Reset(&b)
	if _, err := f.packer.Write(data); err != nil {
		return 0, err
	}
	if err := f.packer.Close(); err != nil {
		return 0, err
	}
	return f.plainStream(dict+" /Filter /FlateDecode", b.Bytes()), nil
}

func (f *file) plainStream(dict string, data []byte) int {
	n := f.reserve()
	head := fmt.Sprintf("<<%s /Length %d>>\nstream\n", strings.TrimSpace(dict), len(data))
	body := make([]byte, 0, len(head)+len(data)+10)
	f.objects[n] = append(append(append(body, head...), data...), "\nendstream"...)
	return n
}

// write puts the objects, the cross-reference table and the trailer out. The
// file's identifier is the hash of its bytes, so equal input gives equal files.
func (f *file) write(w io.Writer, root, info int) error {
	size := 64 + 32*len(f.objects)
	for _, o := range f.objects {
		size += len(o)
	}
	out := make([]byte, 0, size)
	out = append(out, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"...)
	at := make([]int, len(f.objects))
	for i := 1; i < len(f.objects); i++ {
		at[i] = len(out)
		out = strconv.AppendInt(out, int64(i), 10)
		out = append(out, " 0 obj\n"...)
		out = append(out, f.objects[i]...)
		out = append(out, "\nendobj\n"...)
	}
	sum := sha256.Sum256(out)
	table := len(out)
	out = fmt.Appendf(out, "xref\n0 %d\n0000000000 65535 f \n", len(f.objects))
	for _, a := range at[1:] {
		out = fmt.Appendf(out, "%010d 00000 n \n", a)
	}
	out = fmt.Appendf(out, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(f.objects), root, info, sum[:16], sum[:16], table)
	_, err := w.Write(out)
	return err
}

// textString writes a text string: UTF-16 with a byte order mark, in hex.
func textString(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteByte('>')
	return b.String()
}

// byteString writes a literal string of plain bytes, such as a ref or an address.
func byteString(s string) string {
	var b strings.Builder
	b.WriteByte('(')
	for _, c := range []byte(s) {
		switch {
		case c == '(' || c == ')' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, "\\%03o", c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte(')')
	return b.String()
}

// num writes a length in points with at most two decimals.
func num(v float64) string { return string(appendNum(nil, v)) }

func appendNum(b []byte, v float64) []byte {
	start := len(b)
	b = strconv.AppendFloat(b, v, 'f', 2, 64)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	if string(b[start:]) == "-0" {
		b = append(b[:start], '0')
	}
	return b
}
