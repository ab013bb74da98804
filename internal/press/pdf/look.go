package pdf

import (
	"sync"

	"homecase/internal/press/font"
	"homecase/internal/press/pdf/typeface"
	"homecase/packet"
)

// faceID names one of the four cuts we print with.
type faceID int

const (
	sans faceID = iota
	sansBold
	serif
	serifBold
	faceCount
)

// faces are parsed once a process, when the first page is made.
var faces = sync.OnceValues(func() ([faceCount]*typeface.Face, error) {
	var all [faceCount]*typeface.Face
	for i, data := range [faceCount][]byte{font.Sans, font.SansBold, font.Serif, font.SerifSemiBold} {
		f, err := typeface.Parse(data)
		if err != nil {
			return all, err
		}
		all[i] = f
	}
	return all, nil
})

// rgb is a colour of the print palette, as 0xRRGGBB.
type rgb uint32

// The print palette: black on white, the two meaning colours and the two of money.
const (
	ink       rgb = 0x000000
	muted     rgb = 0x3a3a3a
	hairline  rgb = 0xb5b5b5
	axisGray  rgb = 0x66797f
	dusk      rgb = 0x0f4c5c
	duskWash  rgb = 0xd5e6ea
	lamp      rgb = 0xffc24b
	lampDeep  rgb = 0x8a5600
	lampWash  rgb = 0xfff3d9
	slate     rgb = 0x587082
	slateWash rgb = 0xeef2f4
	bad       rgb = 0xb3261e
	badWash   rgb = 0xfbe6e4
	white     rgb = 0xffffff
)

// look is how a run of text is set.
type look struct {
	face   faceID
	size   float64 // points
	track  float64 // points added after each glyph
	colour rgb
}

// style is a look with its line height.
type style struct {
	look
	lead float64
}

func (s style) bold() style {
	switch s.face {
	case sans:
		s.face = sansBold
	case serif:
		s.face = serifBold
	}
	return s
}

const mm = 72 / 25.4

// theme is every measure of a document: paper, grid, type.
type theme struct {
	pageW, pageH             float64
	top, bottom, left, right float64 // margins
	labelW, gutter           float64
	textX, textW             float64 // the text column
	space                    float64 // factor on the space between blocks

	title, ask, body, fact, sub, label, meta, note, cell, head, small style
}

// fitStep tightens a one-page document: space between blocks, line height, type size.
type fitStep struct{ space, lead, size float64 }

// asDrawn is the design without tightening.
func asDrawn() fitStep { return fitStep{1, 1, 1} }

// fitSteps go from the drawn design to the tightest page we would hand over:
// body type at 9.6 points.
func fitSteps() []fitStep {
	return []fitStep{asDrawn(), {.8, 1, 1}, {.62, .985, 1}, {.5, .97, .985}, {.42, .96, .965}, {.36, .95, .945}, {.3, .94, .93}, {.26, .93, .915}}
}

func newTheme(opt Options, kind packet.Kind, step fitStep) theme {
	t := theme{pageW: 595.28, pageH: 841.89, top: 17 * mm, bottom: 15 * mm, left: 22 * mm, labelW: 38 * mm, gutter: 5 * mm, textW: 125 * mm, space: step.space}
	if opt.Paper == Letter {
		t.pageW, t.pageH = 612, 792
	}
	size, lead := step.size, step.lead
	small := size
	if opt.LargePrint {
		size *= 14 / 10.5
		small = 12 / 8.5 // nothing under 12 points
	}
	set := func(f faceID, k, pt, height float64, c rgb) style {
		return style{look{f, pt * k, 0, c}, height * k * lead}
	}
	t.title, t.ask, t.body = set(serif, size, 26, 28.5, ink), set(serif, size, 12.5, 17.5, ink), set(serif, size, 10.5, 14.7, ink)
	t.fact, t.sub = set(serif, size, 13.5, 16.5, ink), set(serifBold, size, 10.5, 14.7, ink)
	t.label, t.meta, t.note = set(sansBold, max(size, small*.95), 9, 12.6, ink), set(sans, small, 8.5, 12, muted), set(sans, small, 8.5, 12, muted)
	t.cell, t.head, t.small = set(sans, small, 9, 12.4, ink), set(sans, small, 8.5, 11.5, muted), set(sans, small, 8, 11, muted)
	t.title.track = -.016 * t.title.size
	t.fact.track = -.006 * t.fact.size
	if opt.LargePrint {
		t.labelW, t.textW = 34*mm, 129*mm
	}
	t.textX = t.left + t.labelW + t.gutter
	if kind == packet.Letter {
		t.left, t.labelW, t.gutter, t.textW = 27*mm, 0, 0, 145*mm
		t.top = 22 * mm
		t.textX = t.left
		t.title, t.body = set(serifBold, size, 11, 15.4, ink), set(serif, size, 11, 15.4, ink)
		t.meta = set(serif, size, 11, 15.4, ink)
	}
	t.right = t.pageW - t.textX - t.textW
	return t
}
