package draw

import (
	"sort"

	"homecase/packet"
)

// label is a text that wants to stand at a place in a row.
type label struct {
	at    At
	spans []packet.Span
	size  Size
	bold  bool
	class Class
}

// gap is the least space between two labels of a row, as a share of the size of type.
const gap = .8

// rows sets labels in as few rows as need be, without two touching: each
// stands below its place, is pushed inward at the edges, and moves to the next
// row when its neighbour is in the way. The operations come in the order of
// the labels. The result is the number of rows used.
func (s Sheet) rows(labels []label, y float64) ([]Op, int) {
	order := make([]int, len(labels))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool {
		return labels[order[a]].at.Of(s.width()) < labels[order[b]].at.Of(s.width())
	})
	ops, used := make([]Op, len(labels)), []float64{}
	for _, i := range order {
		l := labels[i]
		w, x := s.measure(l.spans, l.size, l.bold), l.at.Of(s.width())
		anchor, place, left := Middle, l.at, x-w/2
		if left < 0 { // too near an edge to be centred
			anchor, place, left = Start, share(0), 0
		} else if x+w/2 > s.width() {
			anchor, place, left = End, share(1), s.width()-w
		}
		row := 0
		for row < len(used) && used[row] > left {
			row++
		}
		if row == len(used) {
			used = append(used, 0)
		}
		used[row] = left + w + gap*s.Type[l.size]
		ops[i] = text(l.class, place, y+float64(row)*s.row(), anchor, l.size, l.spans...)
		ops[i].Bold = l.bold
	}
	return ops, len(used)
}

// ticks sets the labels of an axis below it.
func (s Sheet) ticks(a packet.Axis, sc scale, y float64) ([]Op, int) {
	var labels []label
	for _, t := range a.Ticks {
		labels = append(labels, label{at: sc.at(t.At), spans: []packet.Span{t.Label}, class: Muted})
	}
	return s.rows(labels, y)
}

// beside sets a text next to a line, on the side where it fits.
func (s Sheet) beside(class Class, x At, y float64, size Size, spans []packet.Span) Op {
	pad := .4 * s.Type[size]
	if x.Of(s.width())+pad+s.measure(spans, size, false) > s.width() {
		return text(class, x.plus(-pad), y, End, size, spans...)
	}
	return text(class, x.plus(pad), y, Start, size, spans...)
}
