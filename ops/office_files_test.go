package ops

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"strings"
	"testing"

	"homecase/fault"
	"homecase/packet"
	"homecase/share"
)

const word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

func jpegOf(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, w, h)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// with puts a segment behind the first two bytes of a JPEG.
func with(data []byte, marker byte, payload string) []byte {
	seg := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(payload)+2))
	return append(append(append([]byte{}, data[:2]...), append(seg, payload...)...), data[2:]...)
}

// sized rewrites the height and width that a JPEG's frame header claims (ITU-T
// T.81, B.2.2: length, precision, lines, samples).
func sized(t *testing.T, data []byte, w, h uint16) []byte {
	t.Helper()
	out := append([]byte{}, data...)
	i := bytes.Index(out, []byte{0xff, 0xc0})
	if i < 0 {
		t.Fatal("no frame header")
	}
	binary.BigEndian.PutUint16(out[i+5:], h)
	binary.BigEndian.PutUint16(out[i+7:], w)
	return out
}

func zipOf(t *testing.T, parts map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range parts {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// claims is a zip whose list says that its one part has so many bytes.
func claims(t *testing.T, size uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	data := []byte("small")
	f, err := z.CreateRaw(&zip.FileHeader{Name: "word/document.xml", Method: zip.Store, CRC32: crc32.ChecksumIEEE(data), CompressedSize64: uint64(len(data)), UncompressedSize64: size})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// lies is a zip whose list says less than its part unpacks to.
func lies(t *testing.T) []byte {
	t.Helper()
	var packed, b bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 50<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&b)
	f, err := z.CreateRaw(&zip.FileHeader{Name: "word/document.xml", Method: zip.Deflate, CompressedSize64: uint64(packed.Len()), UncompressedSize64: 50_000})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(packed.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A file is what its type says, of a sane size, and nothing that swells, runs or
// tells more than it shows.
func TestCheckFile(t *testing.T) {
	many := map[string][]byte{}
	for i := range maxParts + 1 {
		many[strings.Repeat("a", i%200+1)+string(rune('a'+i/200))] = nil
	}
	photo := jpegOf(t, 40, 30)
	noise := make([]byte, 1<<20) // does not shrink, so that the whole grows by less than 200 times
	rand.NewChaCha8([32]byte{}).Read(noise)
	for name, c := range map[string]struct {
		media string
		data  []byte
		code  fault.Code
	}{
		"a PDF":                    {"application/pdf", []byte("%PDF-1.7"), ""},
		"no PDF":                   {"application/pdf", []byte("<script>"), "HC-API-22"},
		"a calendar":               {"text/calendar", []byte("BEGIN:VCALENDAR\r\n"), ""},
		"no calendar":              {"text/calendar", []byte("<html>"), "HC-API-22"},
		"a page":                   {"text/html", []byte("<html>"), "HC-API-22"},
		"a drawing":                {"image/svg+xml", []byte("<svg>"), "HC-API-22"},
		"a type with a parameter":  {"application/pdf; charset=x", []byte("%PDF-1.7"), "HC-API-22"},
		"nothing":                  {"application/pdf", nil, "HC-API-21"},
		"too much":                 {"application/pdf", append([]byte("%PDF-"), make([]byte, share.MaxBlob)...), "HC-API-21"},
		"JSON":                     {"application/json", []byte(`{"a":[1,2]}`), ""},
		"no JSON":                  {"application/json", []byte(`{"a":`), "HC-API-23"},
		"two of JSON":              {"application/json", []byte(`{} {}`), "HC-API-23"},
		"JSON of 64 levels":        {"application/json", []byte(strings.Repeat("[", 64) + strings.Repeat("]", 64)), ""},
		"JSON of 65 levels":        {"application/json", []byte(strings.Repeat("[", 65) + strings.Repeat("]", 65)), "HC-API-23"},
		"JSON of 9,000 levels":     {"application/json", []byte(strings.Repeat("[", 9000) + strings.Repeat("]", 9000)), "HC-API-23"},
		"a photo":                  {"image/jpeg", photo, ""},
		"no photo":                 {"image/jpeg", []byte("\x89PNG\r\n"), "HC-API-24"},
		"half a photo's head":      {"image/jpeg", photo[:20], "HC-API-24"},
		"a photo of 4 gigapixels":  {"image/jpeg", sized(t, photo, 65000, 65000), "HC-API-24"},
		"a photo that tells where": {"image/jpeg", with(photo, 0xe1, "Exif\x00\x00GPS"), "HC-API-25"},
		"a photo with a comment":   {"image/jpeg", with(photo, 0xfe, "taken at home"), "HC-API-25"},
		"a photo with a thumbnail": {"image/jpeg", with(photo, 0xe2, "MPF\x00"), "HC-API-25"},
		"a Word file":              {word, zipOf(t, map[string][]byte{"word/document.xml": []byte("<w/>")}), ""},
		"no Word file":             {word, []byte("PK\x03\x04 and then nothing"), "HC-API-26"},
		"an empty zip":             {word, zipOf(t, nil), "HC-API-26"},
		"a zip bomb":               {word, zipOf(t, map[string][]byte{"word/document.xml": make([]byte, 100<<20)}), "HC-API-26"},
		"a zip that claims":        {word, claims(t, 1<<40), "HC-API-26"},
		"a zip beyond measure":     {word, zipOf(t, map[string][]byte{"word/a.bin": noise, "word/b.xml": make([]byte, maxUnpacked)}), "HC-API-26"},
		"a zip that says less":     {word, lies(t), "HC-API-26"},
		"a zip of many parts":      {word, zipOf(t, many), "HC-API-26"},
		"a part outside":           {word, zipOf(t, map[string][]byte{"../../evil": []byte("x")}), "HC-API-26"},
		"a part at the root":       {word, zipOf(t, map[string][]byte{"/etc/passwd": []byte("x")}), "HC-API-26"},
		"a macro":                  {word, zipOf(t, map[string][]byte{"word/vbaProject.bin": []byte("x")}), "HC-API-26"},
	} {
		if err := checkFile(c.media, c.data); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v (%s), want %s", name, err, fault.CodeOf(err), c.code)
		}
	}
}

// A document is one that a reader can be shown, and its photos are only photos.
func TestCheckDocument(t *testing.T) {
	doc := func(jpeg []byte) []byte {
		raw, err := packet.Encode(packet.Document{Kind: packet.Page, Lang: "en-GB", Title: "T", Sections: []packet.Section{{ID: "desk", Label: "Desk", Level: 2, Blocks: []packet.Block{
			packet.Photo{ID: "desk", JPEG: jpeg, Width: 40, Height: 30, Alt: packet.Plain("The desk.")},
		}}}})
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	photo := jpegOf(t, 40, 30)
	for name, c := range map[string]struct {
		raw  []byte
		code fault.Code
	}{
		"a document":              {doc(photo), ""},
		"a photo that tells more": {doc(with(photo, 0xe1, "Exif\x00\x00")), "HC-API-25"},
		"another form":            {append([]byte(" "), doc(photo)...), "HC-API-29"},
		"a number out of nothing": {bytes.Replace(doc(photo), []byte("The desk."), []byte("The 7 desks"), 1), "HC-API-29"},
		"no document":             {[]byte(`{}`), "HC-API-29"},
		"of another format":       {bytes.Replace(doc(photo), []byte("homecase document 1"), []byte("homecase document 0"), 1), "HC-API-29"},
	} {
		if err := checkDocument(c.raw); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v (%s), want %s", name, err, fault.CodeOf(err), c.code)
		}
	}
}

func FuzzCheckFile(f *testing.F) {
	for _, m := range share.Media() {
		f.Add(m, []byte("%PDF-"))
		f.Add(m, []byte("PK\x03\x04"))
		f.Add(m, []byte{0xff, 0xd8, 0xff, 0xe0, 0, 4})
		f.Add(m, []byte(`{"a":[]}`))
	}
	f.Fuzz(func(t *testing.T, media string, data []byte) {
		if err := checkFile(media, data); err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v", err)
		}
	})
}
