package draw

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"homecase/packet"
)

func tick(at float64, ref, s string) packet.Tick {
	return packet.Tick{At: at, Label: packet.Span{Text: s, Ref: packet.Ref(ref)}}
}

func spans(ref, number, rest string) []packet.Span {
	return []packet.Span{{Text: number, Ref: packet.Ref(ref)}, {Text: rest}}
}

// charts has each chart with every label it can carry.
func charts() map[string]packet.Chart {
	axis := packet.Axis{Min: -1000, Max: 3000, Ticks: []packet.Tick{tick(-1000, "a0", "−£1,000"), tick(0, "a1", "£0"), tick(3000, "a2", "£3,000")}}
	return map[string]packet.Chart{
		"windows": packet.Windows{Days: []packet.Window{{Name: "Mon", Place: "Home", Lit: packet.FillHome}, {Name: "Tue", Place: "One of these", Lit: packet.FillPale}, {Name: "Wed", Place: "Office", Lit: packet.FillOffice}}},
		"hours":   packet.HoursBar{Parts: []packet.HoursPart{{Hours: 8, Label: spans("h1", "8", " asked"), Fill: packet.FillHome}, {Hours: 3, Label: spans("h2", "3", " with a change"), Fill: packet.FillChange}, {Hours: .5, Label: spans("h3", "½", " left"), Fill: packet.FillPale}, {Hours: 11, Label: spans("h4", "11", " office"), Fill: packet.FillOffice}}},
		"dots":    packet.Dots{Axis: axis, Values: []float64{-400, -1, 0, 1, 5, 900, 950, 1000, 2999, 4000}, Middle: tick(900, "m", "about £900")},
		"tornado": packet.Tornado{Axis: axis, Likely: tick(100, "l", "£100"), Zero: tick(0, "z", "£0"), Rows: []packet.TornadoRow{
			{Name: packet.Span{Text: "Overtime"}, Notes: []packet.Text{{{Spans: spans("n", "20", " hours")}}}, Low: -800, High: 2980, LowLabel: packet.Span{Text: "−£800", Ref: "lo"}, HighLabel: packet.Span{Text: "£2,980", Ref: "hi"}},
			{Name: packet.Span{Text: "Turned"}, Low: 500, High: 50, LowLabel: packet.Span{Text: "£500", Ref: "lo2"}, HighLabel: packet.Span{Text: "£50", Ref: "hi2"}}}},
		"marks":      packet.DayMarks{Axis: packet.Axis{Min: 6, Max: 17, Ticks: []packet.Tick{tick(8, "t8", "8"), tick(16, "t16", "16")}}, Home: []float64{10, 12, 12}, Office: []float64{8, 9, 9.5, 16}, HomeLabel: spans("hl", "3", " home days"), OfficeMark: spans("ol", "4", " office days"), HomeMean: tick(11.3, "hm", "mean 11.3"), OfficeMean: tick(7, "om", "mean 7")},
		"difference": packet.Difference{Axis: packet.Axis{Min: -3, Max: 3, Ticks: []packet.Tick{tick(0, "d0", "0")}}, Estimate: tick(.9, "e", "+0.9"), Low: tick(-.4, "dl", "−0.4"), High: tick(2.9, "dh", "+2.9"), Limit: tick(-2, "li", "Limit −2"), BetterIsHigher: true, WorseLabel: "Worse", Unit: "items a day"},
		"open":       packet.Difference{Axis: packet.Axis{Min: -3, Max: 3}, Estimate: tick(.9, "e", "+0.9"), Low: tick(math.Inf(-1), "dl", "no end"), High: tick(2, "dh", "+2"), Limit: tick(2, "li", "Limit +2"), LowOpen: true},
		"none":       packet.Difference{Axis: packet.Axis{Min: -3, Max: 3}, Limit: tick(-2, "li", "Limit −2"), BetterIsHigher: true, NotComputable: "Fewer than five home days are logged, so there is no range to show."},
		"diary":      packet.Diary{Days: []string{"Mon", "Tue"}, Weeks: []packet.DiaryWeek{{Label: spans("w1", "1", ""), Days: []packet.DiaryDay{{Fill: packet.FillHome, Text: spans("x1", "11", ""), Now: true}, {Fill: packet.FillNone, Text: []packet.Span{{Text: "leave"}}}}}}},
		"verdicts":   packet.Verdicts{Names: []string{"Worse", "Cannot tell yet", "Clearly as good"}, Current: 1},
		"timeline":   packet.Timeline{Weeks: 8, Length: 8.4, Fill: packet.FillPale, Above: spans("ab", "8", " weeks"), Moments: []packet.Moment{{At: 0, Label: spans("m1", "11", " January")}, {At: 8.4, Label: spans("m2", "11", " March")}}, Each: []packet.Span{{Text: "a note every Friday"}}},
		"endless":    packet.Timeline{Length: math.NaN(), Fill: packet.FillHome, Moments: []packet.Moment{{At: math.Inf(1), Label: spans("m3", "11", " January")}}},
		"years":      packet.Timeline{Weeks: 1 << 40, Moments: []packet.Moment{{At: -1}}},
	}
}

func sheets() map[string]Sheet {
	return map[string]Sheet{"screen": Screen(), "print": Print(354, 1, nil), "large": Print(360, 1.4, nil), "tiny": Print(60, 1, nil)}
}

// The marks drawn are those of the chart, in its own reading order.
func TestMarksKeepTheirOrder(t *testing.T) {
	for name, c := range charts() {
		want := packet.Document{Head: []packet.Block{packet.Figure{Chart: c}}}.Marks(packet.Shows{})
		for on, s := range sheets() {
			var got []packet.Mark
			for _, o := range Lay(c, s).Ops {
				for _, sp := range o.Text {
					if sp.Ref != "" {
						got = append(got, packet.Mark{Ref: sp.Ref, Text: sp.Text})
					}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s on %s: %s", name, on, diff)
			}
		}
	}
}

// The SVG is well-formed, fluid, hidden from assistive technology, without
// inline styles, and carries every mark as data-ref.
func TestSVG(t *testing.T) {
	for name, c := range charts() {
		var b bytes.Buffer
		if err := SVG(&b, c, "fig-"+name); err != nil {
			t.Fatal(err)
		}
		s := b.String()
		d := xml.NewDecoder(&b)
		refs := 0
		for {
			tok, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", name, err, s)
			}
			if el, ok := tok.(xml.StartElement); ok {
				for _, a := range el.Attr {
					switch a.Name.Local {
					case "viewBox", "style":
						t.Errorf("%s: has %s", name, a.Name.Local)
					case "data-ref":
						refs++
					}
				}
			}
		}
		want := len(packet.Document{Head: []packet.Block{packet.Figure{Chart: c}}}.Marks(packet.Shows{}))
		if refs != want || !strings.HasPrefix(s, `<svg class="plot" width="100%" height="`) || !strings.Contains(s, `aria-hidden="true"`) || strings.Contains(s, "role=") || strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
			t.Errorf("%s: %d refs, want %d:\n%s", name, refs, want, s)
		}
	}
}

func TestSVGEscapes(t *testing.T) {
	c := packet.HoursBar{Parts: []packet.HoursPart{{Hours: 1, Label: []packet.Span{{Text: `<script>"&`, Ref: `"><b`}}, Fill: packet.FillChange}}}
	var b bytes.Buffer
	if err := SVG(&b, c, `"><i`); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "<b", `"><i`} {
		if strings.Contains(b.String(), bad) {
			t.Errorf("%s is not escaped:\n%s", bad, b.String())
		}
	}
}

// Twenty results are twenty dots; those below zero are hollow and stand left of zero, the others right of it.
func TestDotsDoNotMixGainAndLoss(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		axis := packet.Axis{Min: rapid.Float64Range(-5000, 0).Draw(t, "min"), Max: rapid.Float64Range(1, 9000).Draw(t, "max")}
		values := rapid.SliceOfN(rapid.Float64Range(-6000, 10000), 1, 40).Draw(t, "values")
		p := Lay(packet.Dots{Axis: axis, Values: values}, Print(354, 1, nil))
		zero := newScale(axis).at(0).Share
		dots, losses := 0, 0
		for _, o := range p.Ops {
			if o.Shape != Circle {
				continue
			}
			dots++
			if o.Class == Loss {
				losses++
				if o.X.Share > zero && axis.Min < -1 && axis.Max/-axis.Min < 15 {
					t.Fatalf("a loss stands at %g, right of zero at %g", o.X.Share, zero)
				}
			}
			if o.Y-o.R < 0 || o.Y+o.R > p.Height {
				t.Fatalf("a dot leaves the picture: %+v of %g", o, p.Height)
			}
		}
		below := 0
		for _, v := range values {
			if v < 0 {
				below++
			}
		}
		if dots != len(values) || losses != below {
			t.Fatalf("%d dots and %d losses, want %d and %d", dots, losses, len(values), below)
		}
	})
}

// No two texts of a chart touch, on the narrowest screen and on paper.
func TestLabelsDoNotCollide(t *testing.T) {
	check := func(t interface {
		Errorf(string, ...any)
	}, name string, p Picture, s Sheet) {
		type area struct{ x, x2, y, y2 float64 }
		var areas []area
		var texts []string
		for _, o := range p.Ops {
			if o.Shape != Text || Plain(o.Text) == "" {
				continue
			}
			w, x := s.measure(o.Text, o.Size, o.Bold), o.X.Of(s.width())
			switch o.Anchor {
			case Middle:
				x -= w / 2
			case End:
				x -= w
			}
			areas, texts = append(areas, area{x, x + w, o.Y - .7*s.Type[o.Size], o.Y + .2*s.Type[o.Size]}), append(texts, Plain(o.Text))
		}
		for i, a := range areas {
			for k, b := range areas[:i] {
				if a.x < b.x2-.5 && b.x < a.x2-.5 && a.y < b.y2-.5 && b.y < a.y2-.5 {
					t.Errorf("%s: %q and %q collide", name, texts[i], texts[k])
				}
			}
		}
	}
	for name, c := range charts() {
		for _, on := range []string{"screen", "print", "large"} {
			if name == "diary" && on == "screen" { // a page sets the diary as a table
				continue
			}
			s := sheets()[on]
			check(t, name+" on "+on, Lay(c, s), s)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		axis := packet.Axis{Min: -10, Max: 10}
		for i := range rapid.IntRange(0, 9).Draw(t, "ticks") {
			axis.Ticks = append(axis.Ticks, tick(rapid.Float64Range(-10, 10).Draw(t, "at"), fmt.Sprint(i), rapid.SampledFrom([]string{"0", "−£1,000", "about 12.5"}).Draw(t, "label")))
		}
		c := packet.Difference{Axis: axis, Estimate: tick(rapid.Float64Range(-10, 10).Draw(t, "e"), "e", "+0.9 a day"), Low: tick(rapid.Float64Range(-10, 0).Draw(t, "l"), "l", "−9.5"), High: tick(rapid.Float64Range(0, 10).Draw(t, "h"), "h", "+9.5"), Limit: tick(rapid.Float64Range(-10, 10).Draw(t, "m"), "m", "Limit"), BetterIsHigher: rapid.Bool().Draw(t, "up"), WorseLabel: "Worse"}
		for _, s := range []Sheet{Screen(), Print(354, 1, nil)} {
			check(t, "difference", Lay(c, s), s)
			check(t, "dots", Lay(packet.Dots{Axis: axis, Values: []float64{1}, Middle: tick(3, "x", "about £1,100")}, s), s)
		}
	})
}

// Broken numbers make no picture worse than an empty one.
func TestOddValuesDoNotPanic(t *testing.T) {
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1, 1e300, 1e-300}
	value := rapid.SampledFrom(odd)
	rapid.Check(t, func(t *rapid.T) {
		v := func() float64 { return value.Draw(t, "v") }
		axis := packet.Axis{Min: v(), Max: v(), Ticks: []packet.Tick{tick(v(), "a", "1")}}
		for _, c := range []packet.Chart{
			packet.HoursBar{Parts: []packet.HoursPart{{Hours: v()}, {Hours: v()}}}, packet.Dots{Axis: axis, Values: []float64{v(), v()}, Middle: tick(v(), "m", "1")},
			packet.Tornado{Axis: axis, Likely: tick(v(), "l", "1"), Zero: tick(v(), "z", "0"), Rows: []packet.TornadoRow{{Low: v(), High: v()}}},
			packet.DayMarks{Axis: axis, Home: []float64{v()}, Office: []float64{v(), v()}, HomeMean: tick(v(), "h", "1")},
			packet.Difference{Axis: axis, Estimate: tick(v(), "e", "1"), Low: tick(v(), "l", "1"), High: tick(v(), "h", "1"), Limit: tick(v(), "m", "1")},
			packet.Windows{}, packet.Diary{Weeks: []packet.DiaryWeek{{Days: make([]packet.DiaryDay, 9)}}}, packet.Verdicts{Current: 7}, nil,
		} {
			for _, s := range []Sheet{Screen(), Print(354, 1, nil)} {
				p := Lay(c, s)
				for _, o := range p.Ops {
					for _, n := range []float64{o.X.Of(354), o.X2.Of(354), o.Y, o.Y2, o.R, p.Height} {
						if math.IsNaN(n) || math.IsInf(n, 0) {
							t.Fatalf("%T draws at %g: %+v", c, n, o)
						}
					}
				}
				if err := p.SVG(io.Discard, "x"); err != nil {
					t.Fatal(err)
				}
			}
		}
		Bar(packet.Bar{From: v(), To: v(), Max: v()}, Screen())
	})
}

// A bar starts at zero and ends at its value; hatching is defined where it is used.
func TestBarIsToScale(t *testing.T) {
	p := Bar(packet.Bar{To: 9, Max: 12, Fill: packet.FillChange}, Screen())
	i := slices.IndexFunc(p.Ops, func(o Op) bool { return o.Class == Change })
	if i < 0 || p.Ops[i].X.Share != 0 || p.Ops[i].X2.Share != .75 {
		t.Errorf("%+v", p.Ops)
	}
	var b bytes.Buffer
	if err := p.SVG(&b, "duty"); err != nil || !strings.Contains(b.String(), `id="duty-hatch"`) || !strings.Contains(b.String(), `fill="url(#duty-hatch)"`) {
		t.Errorf("%v %s", err, b.String())
	}
}

func BenchmarkSVG(b *testing.B) {
	c := charts()["dots"]
	for b.Loop() {
		if err := SVG(io.Discard, c, "x"); err != nil {
			b.Fatal(err)
		}
	}
}
