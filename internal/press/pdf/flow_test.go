package pdf

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// rows are boxes of equal height.
func rows(n int, high float64) []*box {
	out := make([]*box, n)
	for i := range out {
		out[i] = &box{height: high}
	}
	return out
}

func join(parts ...[]*box) []*box { return slices.Concat(parts...) }

// Where pages end on a sheet of 100 points, counted by hand in boxes.
func TestPages(t *testing.T) {
	head := &box{height: 5}
	tall := func(n int) []*box { // a table of rows of ten points that repeats its head
		t := rows(n, 10)
		for _, b := range t {
			b.head = head
		}
		whole(t, 100)
		return t
	}
	glued := func(n int) []*box { b := rows(n, 10); glue(b); return b }
	start := func(b []*box) []*box { b[0].newPage = true; return b }
	section := func(b []*box) []*box { b[0].cost = costSection; return b }
	for _, c := range []struct {
		name  string
		boxes []*box
		want  []int
	}{
		{"nothing to break", rows(10, 10), []int{10}},
		{"pages are filled", rows(25, 10), []int{10, 20, 25}},
		{"a part that starts a page", join(rows(3, 10), start(rows(4, 10))), []int{3, 7}},
		{"glue holds", join(rows(8, 10), glued(4)), []int{8, 12}},
		{"a chain that no page holds breaks", glued(14), []int{10, 14}},
		{"a box taller than a page has one of its own", join(rows(2, 10), rows(1, 130), rows(2, 10)), []int{2, 3, 5}},
		// 6 and 5 rows with a head: the first page is left 40 points short rather than the table cut
		{"a table stays whole", join(rows(6, 10), tall(5)), []int{6, 11}},
		// 14 rows and heads do not fit: the rows break, and each page counts its repeated head
		{"a table longer than a page", tall(14), []int{9, 14}},
		// of two near ends the one before a section is taken
		{"a page likes to start with a section", join(rows(9, 10), section(rows(9, 10))), []int{9, 18}},
		// one box too many: the last page gets more than that one
		{"no stub at the end", rows(21, 10), []int{9, 18, 21}},
	} {
		if got := pages(c.boxes, 100); !slices.Equal(got, c.want) {
			t.Errorf("%s: pages end after %v, want %v", c.name, got, c.want)
		}
	}
}

// Whatever the boxes are: each is placed once and in order, none runs out of
// its page unless it is taller than one, and a box asked to start a page does.
func TestFlowPlacesAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const top, bottom = 20.0, 120.0
		n := rapid.IntRange(1, 60).Draw(t, "n")
		boxes := make([]*box, n)
		head := &box{height: 7}
		for i := range boxes {
			boxes[i] = &box{
				before: rapid.Float64Range(0, 15).Draw(t, "before"), height: rapid.Float64Range(0, 40).Draw(t, "height"), glue: rapid.Bool().Draw(t, "glue"),
				newPage: i > 0 && rapid.IntRange(0, 9).Draw(t, "new") == 0, cost: rapid.Float64Range(-6, 60).Draw(t, "cost"),
			}
			if rapid.IntRange(0, 3).Draw(t, "head") == 0 {
				boxes[i].head = head
			}
			if rapid.IntRange(0, 30).Draw(t, "tall") == 0 {
				boxes[i].height = 150
			}
		}
		next, page, y := 0, 0, top
		for _, p := range flow(boxes, top, bottom) {
			if p.page != page {
				if p.page != page+1 {
					t.Fatalf("from page %d to %d", page, p.page)
				}
				page, y = p.page, top
			}
			if p.y < y-1e-9 {
				t.Fatalf("box %d lies over the one before it", next)
			}
			y = p.y + p.height
			if p.again {
				continue
			}
			if p.box != boxes[next] {
				t.Fatalf("box %d is not the next", next)
			}
			if y > bottom+1e-3 && p.height <= bottom-top-head.height {
				t.Fatalf("box %d ends at %g", next, y)
			}
			if first := p.y == top || p.head != nil && p.y == top+p.head.height; p.newPage && !first {
				t.Fatalf("box %d does not start its page", next)
			}
			next++
		}
		if next != n {
			t.Fatalf("%d of %d boxes", next, n)
		}
	})
}
