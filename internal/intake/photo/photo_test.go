package photo_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"homecase/fault"
	"homecase/internal/intake/photo"
)

// corner makes a picture whose top left quarter is red and whose rest is white.
func corner(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{255, 255, 255, 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{255, 0, 0, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

// withEXIF puts an EXIF block with orientation and a GPS latitude behind the JPEG's start.
func withEXIF(t *testing.T, img image.Image, turn uint16) []byte {
	t.Helper()
	var raw bytes.Buffer
	if err := jpeg.Encode(&raw, img, nil); err != nil {
		t.Fatal(err)
	}
	le := binary.LittleEndian
	tiff := []byte("II*\x00\x08\x00\x00\x00")
	tiff = le.AppendUint16(tiff, 2)
	entry := func(tag, typ uint16, n, v uint32) {
		tiff = le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(tiff, tag), typ), n), v)
	}
	entry(274, 3, 1, uint32(turn)) // Orientation
	entry(0x8825, 4, 1, 38)        // GPS block at 8+2+24+4
	tiff = le.AppendUint32(tiff, 0)
	tiff = le.AppendUint16(tiff, 1)
	entry(1, 2, 2, 'N') // GPSLatitudeRef
	tiff = le.AppendUint32(tiff, 0)
	app := append([]byte("Exif\x00\x00"), tiff...)
	out := []byte{0xff, 0xd8, 0xff, 0xe1}
	out = binary.BigEndian.AppendUint16(out, uint16(len(app)+2))
	out = append(out, app...)
	return append(out, raw.Bytes()[2:]...)
}

// Where the red corner must be after turning, by the table of CIPA DC-008.
func TestTurnsUprightAndForgets(t *testing.T) {
	for turn, want := range map[uint16]image.Point{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}} {
		in := withEXIF(t, corner(64, 32), turn)
		p, err := photo.Clean("a.jpg", in)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(p.JPEG, []byte("Exif")) || bytes.Contains(p.JPEG, []byte("GPS")) {
			t.Errorf("turn %d: metadata is still there", turn)
		}
		if wantW := map[bool]int{true: 32, false: 64}[turn >= 5]; p.Width != wantW {
			t.Errorf("turn %d: width %d, want %d", turn, p.Width, wantW)
		}
		out, err := jpeg.Decode(bytes.NewReader(p.JPEG))
		if err != nil {
			t.Fatal(err)
		}
		x, y := p.Width/4+want.X*p.Width/2, p.Height/4+want.Y*p.Height/2
		if r, g, _, _ := out.At(x, y).RGBA(); r < 0xc000 || g > 0x4000 {
			t.Errorf("turn %d: the red corner is not at %v", turn, want)
		}
	}
}

func TestShrinks(t *testing.T) {
	var raw bytes.Buffer
	if err := png.Encode(&raw, corner(3200, 1000)); err != nil {
		t.Fatal(err)
	}
	p, err := photo.Clean("a.png", raw.Bytes())
	if err != nil || p.Width != 1600 || p.Height != 500 {
		t.Errorf("got %d × %d, %v", p.Width, p.Height, err)
	}
}

func TestRefusals(t *testing.T) {
	bomb := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x86\xa0\x00\x01\x86\xa0\x08\x02\x00\x00\x00")
	bomb = binary.BigEndian.AppendUint32(bomb, crc32.ChecksumIEEE(bomb[12:29]))
	var half bytes.Buffer
	if err := jpeg.Encode(&half, corner(64, 64), nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		in   []byte
		want fault.Code
	}{
		{"text", []byte("this is not a photo"), "HC-PHOTO-03"},
		{"empty", nil, "HC-PHOTO-03"},
		{"gif", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "HC-PHOTO-03"},
		{"heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "HC-PHOTO-02"},
		{"ten thousand million pixels", bomb, "HC-PHOTO-04"},
		{"cut short", half.Bytes()[:half.Len()-40], "HC-PHOTO-05"},
		{"large", make([]byte, photo.MaxBytes+1), "HC-PHOTO-01"},
	} {
		if _, err := photo.Clean("x", c.in); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	var raw bytes.Buffer
	if err := jpeg.Encode(&raw, corner(8, 8), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(raw.Bytes())
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<16 {
			return
		}
		if p, err := photo.Clean("x", b); err == nil && (p.Width <= 0 || len(p.JPEG) == 0) {
			t.Error("an empty picture was accepted")
		}
	})
}
