package docx

import (
	"fmt"
	"strings"

	"homecase/internal/press/draw"
	"homecase/internal/press/opc"
	"homecase/packet"
)

// figure writes a chart, the sentence that carries its finding as caption and
// as alternative text, and the table behind it.
func (b *body) figure(f packet.Figure) {
	alt := f.Alt.String()
	switch c := f.Chart.(type) {
	case packet.Windows: // its cells say in words what the sentence says
		b.week(c, alt)
		return
	case packet.Diary:
		b.diary(c, alt)
	case packet.Verdicts:
		b.verdicts(c)
	case nil:
	default:
		sheet := draw.Print(width/20, 1.06, measure)
		if picture := draw.Lay(f.Chart, sheet); picture.Height > 0 {
			b.para("Figure", "", b.picture(picture, sheet, alt))
		}
	}
	b.para("Caption", "", b.sentences(f.Alt, ""))
	if f.Data != nil {
		b.table(*f.Data)
	}
}

// measure estimates the width of text in Calibri, whose letters are on
// average half as wide as the type is high.
func measure(s string, size draw.Size, bold bool) float64 {
	points := [3]float64{9, 10, 12.2}[min(size, 2)]
	if bold {
		points *= 1.04
	}
	return .52 * points * float64(len([]rune(s)))
}

func (b *body) bar(bar packet.Bar, alt string, cell int) string {
	sheet := draw.Print(max(float64(cell)/20-10, 10), 1, measure)
	return b.picture(draw.Bar(bar, sheet), sheet, alt)
}

// spoken is an alternative text; Word's checker and readers who hear the
// document want one even where nobody wrote any.
func spoken(alt, otherwise string) string {
	if strings.TrimSpace(alt) == "" {
		return opc.Escape(otherwise)
	}
	return opc.Escape(alt)
}

// emu converts points to the unit of DrawingML.
func emu(points float64) int { return int(points*12700 + .5) }

// picture draws with Word's own shapes, grouped, so that the chart is sharp at
// any size and is one thing to a reader who hears it.
func (b *body) picture(p draw.Picture, sheet draw.Sheet, alt string) string {
	var shapes strings.Builder
	for _, op := range p.Ops {
		if op.Only == "narrow" {
			continue
		}
		b.shape(&shapes, op, sheet)
	}
	cx, cy := emu(sheet.Width), emu(p.Height)
	return fmt.Sprintf(`<w:r><mc:AlternateContent><mc:Choice Requires="wpg"><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%[1]d" cy="%[2]d"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr id="%[3]d" name="Chart %[3]d" descr="%[4]s"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"><wpg:wgp><wpg:cNvGrpSpPr/><wpg:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[1]d" cy="%[2]d"/><a:chOff x="0" y="0"/><a:chExt cx="%[1]d" cy="%[2]d"/></a:xfrm></wpg:grpSpPr>`, cx, cy, b.id(), spoken(alt, "Chart")) +
		shapes.String() + `</wpg:wgp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice></mc:AlternateContent></w:r>`
}

// paint is how a class of the drawing looks on paper.
type paint struct {
	fill, back string // back makes a hatch of fill on back
	line       string
	weight     float64
	dash       bool
}

func paints(c draw.Class) paint {
	switch c {
	case draw.Home:
		return paint{fill: "FFC24B", line: "8A5600", weight: 1}
	case draw.Pale:
		return paint{fill: "FFF3D9", line: "8A5600", weight: 1}
	case draw.Change:
		return paint{fill: "8A5600", back: "FFF3D9", line: "8A5600", weight: 1}
	case draw.Office:
		return paint{fill: "587082", line: "587082", weight: 1}
	case draw.OfficePale:
		return paint{fill: "EEF2F4", line: "587082", weight: 1}
	case draw.Low:
		return paint{fill: "D5E6EA", line: "0F4C5C", weight: 1}
	case draw.High, draw.Chosen:
		return paint{fill: "0F4C5C", line: "0F4C5C", weight: 1}
	case draw.Loss:
		return paint{fill: "FBE6E4", line: "B3261E", weight: 1.5}
	case draw.Zone:
		return paint{fill: "FBE6E4"}
	case draw.None:
		return paint{line: "66797F", weight: .8, dash: true}
	case draw.Halo:
		return paint{fill: "FFF3D9"}
	case draw.Now:
		return paint{line: "10242B", weight: 1.5}
	case draw.Axis, draw.Underline:
		return paint{line: "66797F", weight: .7}
	case draw.Zero:
		return paint{line: "10242B", weight: .8, dash: true}
	case draw.Point:
		return paint{fill: "10242B", line: "FFFFFF", weight: 1}
	}
	return paint{line: "10242B", weight: 1}
}

func (b *body) shape(out *strings.Builder, op draw.Op, sheet draw.Sheet) {
	if op.Shape == draw.Text {
		b.label(out, op, op.X.Of(sheet.Width), sheet)
		return
	}
	f := op.Frame(sheet)
	if f.Empty() {
		return
	}
	b.wsp(out, "", f.Flip, f.X, f.Y, f.W, f.H, f.Form, look(paints(op.Class), f.Form), `<wps:bodyPr/>`)
}

// look writes fill and outline.
func look(p paint, form string) string {
	fill := `<a:noFill/>`
	switch {
	case form == "line" || p.fill == "":
	case p.back != "":
		fill = `<a:pattFill prst="wdUpDiag"><a:fgClr><a:srgbClr val="` + p.fill + `"/></a:fgClr><a:bgClr><a:srgbClr val="` + p.back + `"/></a:bgClr></a:pattFill>`
	default:
		fill = `<a:solidFill><a:srgbClr val="` + p.fill + `"/></a:solidFill>`
	}
	line := `<a:ln><a:noFill/></a:ln>`
	if p.line != "" {
		dash := ""
		if p.dash {
			dash = `<a:prstDash val="sysDash"/>`
		}
		line = fmt.Sprintf(`<a:ln w="%d"><a:solidFill><a:srgbClr val="%s"/></a:solidFill>%s</a:ln>`, emu(p.weight), p.line, dash)
	}
	return fill + line
}

func (b *body) wsp(out *strings.Builder, box, flip string, x, y, w, h float64, form, look, inner string) {
	n := b.id()
	fmt.Fprintf(out, `<wps:wsp><wps:cNvPr id="%d" name="Shape %d"/><wps:cNvSpPr%s/><wps:spPr><a:xfrm%s><a:off x="%d" y="%d"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="%s"><a:avLst/></a:prstGeom>%s</wps:spPr>%s</wps:wsp>`,
		n, n, box, flip, emu(x), emu(y), emu(w), emu(h), form, look, inner)
}

// label writes text as a box without edges that stands on the text's line.
func (b *body) label(out *strings.Builder, op draw.Op, x float64, sheet draw.Sheet) {
	size := sheet.Type[min(int(op.Size), len(sheet.Type)-1)]
	w := max(measure(draw.Plain(op.Text), op.Size, op.Bold)*1.15+8, 12)
	h := size * 1.45
	style := "ChartText"
	switch op.Anchor {
	case draw.Middle:
		x, style = x-w/2, "ChartTextCentre"
	case draw.End:
		x, style = x-w, "ChartTextEnd"
	}
	var runs strings.Builder
	for _, s := range op.Text {
		props := ""
		if op.Bold || op.Class == draw.Strong || s.Strong {
			props += `<w:b/>`
		}
		switch op.Class {
		case draw.Muted:
			props += `<w:color w:val="46585F"/>`
		case draw.OnChosen:
			props += `<w:color w:val="FFFFFF"/>`
		}
		if op.Size != draw.Small {
			props += fmt.Sprintf(`<w:sz w:val="%[1]d"/><w:szCs w:val="%[1]d"/>`, int(size*2+.5))
		}
		if props != "" {
			props = `<w:rPr>` + props + `</w:rPr>`
		}
		runs.WriteString(`<w:r>` + props + `<w:t xml:space="preserve">` + opc.Escape(s.Text) + `</w:t></w:r>`)
	}
	b.wsp(out, ` txBox="1"`, "", max(x, 0), op.Y-size*.95, w, h, "rect", look(paint{}, "rect"),
		`<wps:txbx><w:txbxContent>`+paragraph(style, runs.String())+`</w:txbxContent></wps:txbx><wps:bodyPr rot="0" vert="horz" wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></wps:bodyPr>`)
}

// photo writes a picture with its sentence as alternative text and caption.
func (b *body) photo(p packet.Photo) {
	if p.Width <= 0 || p.Height <= 0 || len(p.JPEG) == 0 {
		b.para("Caption", "", b.sentences(p.Alt, ""))
		return
	}
	name := fmt.Sprintf("photo%d.jpg", len(b.media)+1)
	b.media = append(b.media, opc.Part{Name: "word/media/" + name, Data: p.JPEG})
	rel := b.relation("image", "media/"+name, false)
	w := min(float64(width)/20, 270)
	h := w * float64(p.Height) / float64(p.Width)
	if h > 360 {
		w, h = w*360/h, 360
	}
	b.para("Figure", "", fmt.Sprintf(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%[1]d" cy="%[2]d"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr id="%[3]d" name="Photo %[3]d" descr="%[4]s"/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="%[3]d" name="Photo %[3]d" descr="%[4]s"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="%[5]s"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[1]d" cy="%[2]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`, emu(w), emu(h), b.id(), spoken(p.Alt.String(), "Photo"), rel))
	b.para("Caption", "", b.sentences(p.Alt, ""))
}
