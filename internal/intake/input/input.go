// Package input opens what a person hands in: a plain file, or one inside a
// zip or gzip, in UTF-8, UTF-16 or Windows-1252, and reads it again from the
// start as often as a reader asks. It unpacks in small pieces and refuses what
// unpacks to far more than a record of work can be; nothing is unpacked to disk.
package input

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"homecase/content"
	"homecase/fault"
)

// The limits of an archive beyond its size: small ones may unpack to free
// bytes, larger ones to ratio times their packed size. Logs full of repeats
// reach about a hundred to one; deflate's own bound is 1032 to 1.
const (
	free  = 64 << 20
	ratio = 200
)

// Input is a file that can be read again and again.
type Input struct {
	Name   string
	Dir    string // set instead when the path is a folder
	at     io.ReaderAt
	size   int64
	limit  int64
	closer io.Closer
}

// Open opens a file or folder. Close it.
func Open(name string, limit int64) (*Input, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, content.OpenFault(name, err)
	}
	if info.IsDir() {
		return &Input{Name: name, Dir: name}, nil
	}
	if !info.Mode().IsRegular() {
		return nil, fault.New(fault.Invalid, "HC-INTAKE-01", "This is not a file.").At(fault.Place{File: name}).Then("Save the export to a file first.")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, content.OpenFault(name, err)
	}
	return &Input{Name: name, at: f, size: info.Size(), limit: limit, closer: f}, nil
}

// Bytes is an input that is already in memory.
func Bytes(name string, data []byte) *Input {
	return At(name, bytes.NewReader(data), int64(len(data)))
}

// Limit returns the input with another limit of what it may unpack to.
func (in *Input) Limit(n int64) *Input { c := *in; c.limit = n; return &c }

// Close closes the file.
func (in *Input) Close() error {
	if in.closer == nil {
		return nil
	}
	return in.closer.Close()
}

// Size returns the bytes of the file as it lies there, packed or not.
func (in *Input) Size() int64 { return in.size }

func (in *Input) raw() io.Reader { return io.NewSectionReader(in.at, 0, in.size) }

func (in *Input) refuse(code fault.Code, say string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, code, say, args...).At(fault.Place{File: in.Name})
}

// Workbook returns the bytes of an XLSX file and true, or false when it is none.
func (in *Input) Workbook() (io.Reader, bool) {
	if in.Dir != "" || !in.starts("PK") {
		return nil, false
	}
	z, err := zip.NewReader(in.at, in.size)
	if err != nil {
		return nil, false
	}
	for _, f := range z.File {
		if strings.EqualFold(f.Name, "xl/workbook.xml") {
			return in.raw(), true
		}
	}
	return nil, false
}

func (in *Input) starts(magic string) bool {
	head := make([]byte, len(magic))
	n, err := in.at.ReadAt(head, 0)
	return n == len(magic) && (err == nil || errors.Is(err, io.EOF)) && string(head) == magic
}

// Text returns the text, unpacked and in UTF-8 or Windows-1252, without a byte order mark.
func (in *Input) Text() (io.Reader, error) {
	if in.Dir != "" {
		return nil, in.refuse("HC-INTAKE-02", "This is a folder.").Then("Name a file, or use source git for a repository.")
	}
	r, err := in.unpacked()
	if err != nil {
		return nil, err
	}
	head, err := beginning(r)
	whole := io.MultiReader(bytes.NewReader(head), r)
	switch {
	case errors.Is(err, io.EOF):
		whole = bytes.NewReader(head)
	case errors.Is(err, io.ErrUnexpectedEOF):
		whole = io.MultiReader(bytes.NewReader(head), failing{err})
	case err != nil:
		return nil, in.damaged(err)
	}
	switch {
	case in.packed() && (bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte{0x1f, 0x8b})):
		return nil, in.refuse("HC-INTAKE-05", "This archive holds another archive.").Then("Unpack it and name the file you want.")
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		_, err := io.CopyN(io.Discard, whole, 3)
		return whole, err
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}) || zeros(head) == 1:
		return transform.NewReader(whole, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()), nil
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}) || zeros(head) == 0:
		return transform.NewReader(whole, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder()), nil
	case bytes.IndexByte(head, 0) >= 0:
		return nil, in.refuse("HC-INTAKE-03", "This is not a text file or a workbook.").Then("Export as CSV, JSON, XLSX or iCalendar and use that.")
	}
	return whole, nil
}

// beginning reads the first bytes and says why there are no more.
func beginning(r io.Reader) (head []byte, err error) {
	head = make([]byte, 4096)
	n := 0
	for n < len(head) && err == nil {
		var k int
		k, err = r.Read(head[n:])
		n += k
	}
	return head[:n], err
}

// failing is what is left of a file that was cut off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// zeros tells on which side the zero bytes of UTF-16 text without a mark lie, -1 for none.
func zeros(head []byte) int {
	var n [2]int
	for i, b := range head {
		if b == 0 {
			n[i&1]++
		}
	}
	for side := range 2 {
		if half := len(head) / 2; half >= 4 && n[side]*10 > half*7 && n[1-side] == 0 {
			return side
		}
	}
	return -1
}

func (in *Input) packed() bool { return in.starts("PK\x03\x04") || in.starts("\x1f\x8b") }

func (in *Input) damaged(err error) error {
	if fault.CodeOf(err) != "" {
		return err
	}
	return in.refuse("HC-INTAKE-04", "This file cannot be unpacked or read.").Then("Export it again.").Because(err)
}

func (in *Input) unpacked() (io.Reader, error) {
	switch {
	case in.starts("\x1f\x8b"):
		z, err := gzip.NewReader(in.raw())
		if err != nil {
			return nil, in.damaged(err)
		}
		return &bounded{r: z, in: in, packed: in.size}, nil
	case in.starts("PK\x03\x04") || in.starts("PK\x05\x06"):
		return in.unzipped()
	}
	return in.raw(), nil
}

func (in *Input) unzipped() (io.Reader, error) {
	z, err := zip.NewReader(in.at, in.size)
	if err != nil {
		return nil, in.refuse("HC-INTAKE-04", "This zip file is cut off or damaged: its list of contents at the end is missing.").Then("Download or export it again.").Because(err)
	}
	var found []*zip.File
	for _, f := range z.File {
		base := path.Base(f.Name)
		if f.FileInfo().Mode().Type() == fs.ModeDir || strings.HasSuffix(f.Name, "/") || strings.HasPrefix(f.Name, "__MACOSX/") || strings.HasPrefix(base, ".") {
			continue
		}
		found = append(found, f)
	}
	switch {
	case len(found) == 0:
		return nil, in.refuse("HC-INTAKE-06", "This archive is empty.")
	case len(found) > 1:
		return nil, in.refuse("HC-INTAKE-06", "This archive holds %d files.", len(found)).Then("Unpack it and name the one you want.")
	case found[0].Flags&1 != 0:
		return nil, in.refuse("HC-INTAKE-06", "This archive has a password.").Then("Unpack it and name the file inside.")
	}
	r, err := found[0].Open()
	if err != nil {
		return nil, in.damaged(err)
	}
	return &bounded{r: r, in: in, packed: int64(min(found[0].CompressedSize64, uint64(in.size)))}, nil
}

// bounded stops an archive that unpacks to too much.
type bounded struct {
	r      io.Reader
	in     *Input
	packed int64
	n      int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	if b.n > b.in.limit || b.n > free && b.n > ratio*b.packed {
		return 0, b.in.refuse("HC-INTAKE-07", "This archive unpacks to more than a record of work can be: %d MB so far from %d KB.", b.n>>20, b.packed>>10).
			Then("Unpack it yourself and name the file inside, if you trust it.")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		// a damaged checksum or a cut-off stream: what came before is good
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// At is an input that lies somewhere else, of a known size.
func At(name string, at io.ReaderAt, size int64) *Input {
	return &Input{Name: name, at: at, size: size, limit: 4 << 30}
}
