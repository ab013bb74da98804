package pdf

import (
	"math"
	"slices"
)

// box is a piece of a page that is never broken.
type box struct {
	before  float64 // space above, dropped at the top of a page
	height  float64
	base    float64 // from its top to its first base line; zero when it has none
	glue    bool    // stays on the page of the next box
	newPage bool
	cost    float64 // of a page that starts here; below zero where a page likes to start
	head    *box    // drawn again when a page starts with this box
	dest    string  // the section that starts here
	rule    bool    // a hairline across both columns stands above
	draw    func(p *pen, x, y float64)
}

// placed is a box with its page and its top.
type placed struct {
	*box
	page  int
	y     float64
	again bool // a repeated head
}

// What makes a page worse, on one scale: a page left empty altogether costs
// 100, one left half empty 25.
const (
	costPage    = 20.0  // each page
	costStub    = 60.0  // a last page with next to nothing on it
	stub        = .3    // how full a last page is when that no longer counts
	costGlue    = 200.0 // a break among boxes glued together that no page can hold
	costSection = -6.0  // a page likes to start with a section,
	costHeading = -2.0  // or with a part of one
	costInside  = 3.0   // and not inside a paragraph,
	costAnswer  = 6.0   // an answer,
	costShort   = 10.0  // or a section of less than half a page
)

// flow sets boxes under each other, on pages whose breaks together cost least.
// Boxes glued together stand on one page; a chain that no page can hold breaks
// where it costs least.
func flow(boxes []*box, top, bottom float64) []placed {
	var out []placed
	from := 0
	for page, to := range pages(boxes, bottom-top) {
		y := top
		for i, b := range boxes[from:to] {
			switch {
			case i > 0:
				y += b.before
			case b.head != nil:
				out = append(out, placed{b.head, page, y, true})
				y += b.head.height
			}
			out = append(out, placed{b, page, y, false})
			y += b.height
		}
		from = to
	}
	return out
}

// pages returns where the pages end: the cheapest way to every possible page
// end is kept, from the first box on.
func pages(boxes []*box, room float64) []int {
	n := len(boxes)
	ends, tight := breaks(boxes, room)
	type way struct {
		cost float64
		from int
	}
	best := make([]way, n+1)
	for i := range best {
		best[i].cost = math.Inf(1)
	}
	best[0].cost = 0
	for i := range n {
		if math.IsInf(best[i].cost, 1) {
			continue
		}
		used := 0.0
		for j := i; j < n; j++ {
			if j > i {
				used += boxes[j].before
			} else if boxes[j].head != nil {
				used += boxes[j].head.height
			}
			used += boxes[j].height
			if j > i && (used > room+1e-6 || boxes[j].newPage) {
				break
			}
			if to := j + 1; ends[to] {
				cost := best[i].cost + pageCost(used/room, to == n || boxes[to].newPage)
				if to < n && !boxes[to].newPage {
					cost += boxes[to].cost
					if tight[to] {
						cost += costGlue
					}
				}
				if cost < best[to].cost {
					best[to] = way{cost, i}
				}
			}
		}
	}
	var out []int
	for to := n; to > 0; to = best[to].from {
		out = append(out, to)
	}
	slices.Reverse(out)
	return out
}

// pageCost is what a page costs by how full it is. The last one, or one before
// a part that starts a page, may be short and not next to empty.
func pageCost(full float64, last bool) float64 {
	if last {
		return costPage + costStub*max(0, stub-full)/stub
	}
	empty := max(0, 1-full)
	return costPage + 100*empty*empty
}

// breaks tells before which boxes a page may end, and which of these ends are
// inside a chain that no page can hold.
func breaks(boxes []*box, room float64) (ends, tight []bool) {
	n := len(boxes)
	ends, tight = make([]bool, n+1), make([]bool, n+1)
	for i := 0; i < n; {
		to, h := i+1, boxes[i].height
		if boxes[i].head != nil {
			h += boxes[i].head.height
		}
		for ; to < n && boxes[to-1].glue && !boxes[to].newPage; to++ {
			h += boxes[to].before + boxes[to].height
		}
		ends[to] = true
		for k := i + 1; k < to && h > room; k++ {
			ends[k], tight[k] = true, true
		}
		i = to
	}
	return ends, tight
}

// apart makes a page cost more that starts inside these boxes.
func apart(boxes []*box, cost float64) {
	for _, b := range boxes[min(1, len(boxes)):] {
		b.cost += cost
	}
}

// whole makes a page cost more that starts inside a table or a figure, the
// more so the less of a page it takes.
func whole(boxes []*box, room float64) {
	switch h := height(boxes); {
	case h <= .5*room:
		apart(boxes, 60)
	case h <= room:
		apart(boxes, 30)
	default:
		apart(boxes, costInside)
	}
}

// glue keeps all boxes but the last with their next.
func glue(boxes []*box) {
	for i := 0; i+1 < len(boxes); i++ {
		boxes[i].glue = true
	}
}

// pair keeps the first two lines and the last two lines of a paragraph
// together, so that none stands alone on a page.
func pair(boxes []*box) {
	n := len(boxes)
	apart(boxes, costInside)
	if n <= 3 {
		glue(boxes)
		return
	}
	boxes[0].glue, boxes[n-2].glue = true, true
}

func height(boxes []*box) float64 {
	h := 0.0
	for _, b := range boxes {
		h += b.before + b.height
	}
	return h
}
