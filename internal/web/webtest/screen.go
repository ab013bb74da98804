package webtest

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"

	"github.com/chromedp/chromedp"

	"homecase/internal/press/presstest"
)

// Screenshot writes what the window shows to docs/screens/name.png, with the
// test flag -update only. Without it, the picture must be there and open:
// letters differ from one machine to the next, so the pictures are not compared.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	root, err := repository()
	if err != nil {
		p.t.Fatal(err)
	}
	file := filepath.Join(root, "docs", "screens", name+".png")
	if presstest.Updating() {
		p.shoot(file)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		p.t.Errorf("%v; the test flag -update draws it", err)
		return
	}
	if _, err := png.Decode(bytes.NewReader(raw)); err != nil {
		p.t.Errorf("docs/screens/%s.png: %v", name, err)
	}
}

func (p *Page) shoot(file string) {
	p.t.Helper()
	raw, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	shot, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		p.t.Fatal(err)
	}
	var small bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, reduce(shot, 32)); err != nil {
		p.t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, small.Bytes(), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// reduce draws the picture with at most that many colours, found by cutting the widest part in half.
func reduce(m image.Image, colours int) *image.Paletted {
	count := map[color.RGBA]int{}
	bounds := m.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[opaque(m.At(x, y))]++
		}
	}
	palette, index := grounds(count, colours/4)
	rest, restIndex := cut(count, colours-len(palette))
	for c, i := range restIndex {
		index[c] = i + uint8(len(palette))
	}
	palette = append(palette, rest...)
	out := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			out.SetColorIndex(x, y, index[opaque(m.At(x, y))])
		}
	}
	return out
}

// grounds takes out the commonest colours as they are: a sheet and the ground
// below it differ by little, and must not become one.
func grounds(count map[color.RGBA]int, most int) (color.Palette, map[color.RGBA]uint8) {
	common := make([]color.RGBA, 0, len(count))
	for c := range count {
		common = append(common, c)
	}
	slices.SortFunc(common, func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], (int(a.R)<<16|int(a.G)<<8|int(a.B))-(int(b.R)<<16|int(b.G)<<8|int(b.B)))
	})
	index := map[color.RGBA]uint8{}
	var palette color.Palette
	for i, c := range common[:min(most, len(common))] {
		palette = append(palette, c)
		index[c] = uint8(i)
		delete(count, c)
	}
	return palette, index
}

func opaque(c color.Color) color.RGBA {
	r, g, b, _ := c.RGBA()
	return color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}
}

// cut parts the colours in the middle of their widest channel until there are
// enough parts, and takes the commonest colour of each, so that grounds stay exact.
func cut(count map[color.RGBA]int, most int) (color.Palette, map[color.RGBA]uint8) {
	all := make([]color.RGBA, 0, len(count))
	for c := range count {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.RGBA) int {
		return (int(a.R)<<16 | int(a.G)<<8 | int(a.B)) - (int(b.R)<<16 | int(b.G)<<8 | int(b.B))
	})
	if len(all) == 0 {
		return nil, nil
	}
	parts := [][]color.RGBA{all}
	for len(parts) < most {
		at, channel, width := -1, 0, 0
		for i, part := range parts {
			for ch := range 3 {
				if w := spread(part, ch); w > width {
					at, channel, width = i, ch, w
				}
			}
		}
		if at < 0 {
			break
		}
		part := parts[at]
		slices.SortStableFunc(part, func(a, b color.RGBA) int { return value(a, channel) - value(b, channel) })
		middle := value(part[0], channel) + width/2
		i := slices.IndexFunc(part, func(c color.RGBA) bool { return value(c, channel) > middle })
		parts[at] = part[:i]
		parts = append(parts, part[i:])
	}
	palette := make(color.Palette, len(parts))
	index := map[color.RGBA]uint8{}
	for i, part := range parts {
		best := part[0]
		for _, c := range part {
			index[c] = uint8(i)
			if count[c] > count[best] {
				best = c
			}
		}
		palette[i] = best
	}
	return palette, index
}

func value(c color.RGBA, channel int) int { return int([3]uint8{c.R, c.G, c.B}[channel]) }

func spread(part []color.RGBA, channel int) int {
	low, high := 255, 0
	for _, c := range part {
		low, high = min(low, value(c, channel)), max(high, value(c, channel))
	}
	return high - low
}
