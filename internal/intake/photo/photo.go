// Package photo takes a picture of a home office and keeps the picture alone:
// no place, no camera, no time, nothing but pixels. It refuses what is not a
// JPEG or PNG, what is too large to be a photo, and files whose header promises
// more pixels than it is safe to unpack.
package photo

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // a screenshot or an edited photo
	"io"

	"github.com/bep/imagemeta"

	"homecase/fault"
)

// Limits of what is accepted, and the longest side of what is kept.
const (
	MaxBytes  = 25 << 20
	MaxPixels = 50_000_000
	Longest   = 1600
	quality   = 85
)

// Photo is a cleaned picture.
type Photo struct {
	JPEG          []byte
	Width, Height int
}

// Clean reads a JPEG or PNG, turns it upright, makes it at most Longest pixels
// on its longer side and writes it anew without any metadata.
func Clean(name string, data []byte) (Photo, error) {
	place := fault.Place{File: name}
	if len(data) > MaxBytes {
		return Photo{}, fault.New(fault.Invalid, "HC-PHOTO-01", "This picture is larger than %d MB.", MaxBytes>>20).At(place).Then("Save a smaller copy and use that.")
	}
	if isHEIC(data) {
		return Photo{}, fault.New(fault.Invalid, "HC-PHOTO-02", "This picture is in the HEIC form that phones use.").At(place).Then("Export it as JPEG: on a phone, choose Most Compatible in the camera's settings, or send it to yourself by e-mail.")
	}
	config, form, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || form != "jpeg" && form != "png" {
		return Photo{}, fault.New(fault.Invalid, "HC-PHOTO-03", "This is not a JPEG or PNG picture.").At(place).Because(err)
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > MaxPixels/config.Height {
		return Photo{}, fault.New(fault.Invalid, "HC-PHOTO-04", "This picture has more than %d million pixels.", MaxPixels/1_000_000).At(place).Then("Save a smaller copy and use that.")
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return Photo{}, fault.New(fault.Invalid, "HC-PHOTO-05", "This picture is damaged and cannot be shown whole.").At(place).Because(err)
	}
	img = upright(shrink(img), orientation(data, form))
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		return Photo{}, fault.New(fault.Internal, "HC-PHOTO-06", "This picture cannot be written.").At(place).Because(err)
	}
	return Photo{out.Bytes(), img.Bounds().Dx(), img.Bounds().Dy()}, nil
}

// isHEIC looks at the brand of an ISO media file.
func isHEIC(data []byte) bool {
	if len(data) < 12 || string(data[4:8]) != "ftyp" {
		return false
	}
	switch string(data[8:12]) {
	case "heic", "heix", "hevc", "heim", "heis", "mif1", "msf1", "avif":
		return true
	}
	return false
}

// orientation reads the EXIF orientation, 1 when there is none. Nothing else
// of the metadata is looked at.
func orientation(data []byte, form string) int {
	kind := imagemeta.JPEG
	if form == "png" {
		kind = imagemeta.PNG
	}
	turn := 1
	_, err := imagemeta.Decode(imagemeta.Options{
		R:               bytes.NewReader(data),
		ImageFormat:     kind,
		Sources:         imagemeta.EXIF,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool { return t.Tag == "Orientation" },
		HandleTag: func(t imagemeta.TagInfo) error {
			if v, ok := t.Value.(uint16); ok && v >= 1 && v <= 8 {
				turn = int(v)
			}
			return nil
		},
		Warnf: func(string, ...any) {},
	})
	if err != nil {
		return 1
	}
	return turn
}

// shrink averages whole boxes of pixels, which keeps straight edges straight.
func shrink(src image.Image) image.Image {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	long := max(w, h)
	if long <= Longest {
		return src
	}
	nw, nh := max(1, w*Longest/long), max(1, h*Longest/long)
	dst := image.NewRGBA(image.Rect(0, 0, nw, nh))
	for y := range nh {
		y0, y1 := b.Min.Y+y*h/nh, b.Min.Y+(y+1)*h/nh
		for x := range nw {
			x0, x1 := b.Min.X+x*w/nw, b.Min.X+(x+1)*w/nw
			dst.SetRGBA(x, y, average(src, x0, y0, x1, y1))
		}
	}
	return dst
}

func average(src image.Image, x0, y0, x1, y1 int) color.RGBA {
	var r, g, b, n uint64
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			pr, pg, pb := rgb(src, x, y)
			r, g, b, n = r+pr, g+pg, b+pb, n+1
		}
	}
	return color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255}
}

// rgb returns a pixel on white, so that transparent pictures do not turn black.
func rgb(src image.Image, x, y int) (r, g, b uint64) {
	if s, ok := src.(*image.YCbCr); ok {
		c := s.YCbCrAt(x, y)
		cr, cg, cb := color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
		return uint64(cr), uint64(cg), uint64(cb)
	}
	pr, pg, pb, pa := src.At(x, y).RGBA()
	white := 0xffff - pa
	return uint64(pr+white) >> 8, uint64(pg+white) >> 8, uint64(pb+white) >> 8
}

// upright applies an EXIF orientation (CIPA DC-008, tag 274).
func upright(src image.Image, turn int) image.Image {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	ow, oh := w, h
	if turn >= 5 {
		ow, oh = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, ow, oh))
	for y := range h {
		for x := range w {
			r, g, bl := rgb(src, b.Min.X+x, b.Min.Y+y)
			tx, ty := x, y
			switch turn {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			dst.SetRGBA(tx, ty, color.RGBA{uint8(r), uint8(g), uint8(bl), 255})
		}
	}
	return dst
}

// Read is Clean for a stream.
func Read(name string, r io.Reader) (Photo, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return Photo{}, fault.New(fault.Invalid, "HC-PHOTO-07", "This picture cannot be read.").At(fault.Place{File: name}).Because(err)
	}
	return Clean(name, data)
}
