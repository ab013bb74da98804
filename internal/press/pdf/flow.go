package pdf

// box is a piece of a page that is never broken.
type box struct {
	before  float64 // space above, dropped at the top of a page
	height  float64
	base    float64 // from its top to its first base line; zero when it has none
	glue    bool    // stays on the page of the next box
	newPage bool
	head    *box   // drawn again when a page starts with this box
	dest    string // the section that starts here
	rule    bool   // a hairline across both columns stands above
	draw    func(p *pen, x, y float64)
}

// placed is a box with its page and its top.
type placed struct {
	*box
	page  int
	y     float64
	again bool // a repeated head
}

// flow sets boxes under each other, page by page. Boxes glued together move
// together; a chain longer than a page breaks where it has to.
func flow(boxes []*box, top, bottom float64) []placed {
	var out []placed
	page, y := 0, top
	for i := 0; i < len(boxes); {
		n, h := chain(boxes[i:], y == top)
		if h > bottom-top { // cannot be kept together anywhere
			n, h = chain([]*box{{before: boxes[i].before, height: boxes[i].height, head: boxes[i].head}}, y == top)
		}
		if y > top && (boxes[i].newPage || y+h > bottom) {
			page, y = page+1, top
			continue
		}
		for _, b := range boxes[i : i+n] {
			if y > top {
				y += b.before
			} else if b.head != nil {
				out = append(out, placed{b.head, page, y, true})
				y += b.head.height
			}
			out = append(out, placed{b, page, y, false})
			y += b.height
		}
		i += n
	}
	return out
}

// chain is how many boxes are glued from the first on, and their height.
func chain(boxes []*box, atTop bool) (n int, h float64) {
	for n < len(boxes) {
		if n > 0 || !atTop {
			h += boxes[n].before
		}
		if n == 0 && atTop && boxes[0].head != nil {
			h += boxes[0].head.height
		}
		h += boxes[n].height
		n++
		if !boxes[n-1].glue {
			break
		}
	}
	return n, h
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
