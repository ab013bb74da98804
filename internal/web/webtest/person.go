package webtest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Person works through pages by the words on them, with the mouse or with keys
// alone, and counts what that asks of a person.
type Person struct {
	*Page
	keys  bool
	in    []string // the groups within which things are looked for
	tally *tally
}

// tally is what a person did so far.
type tally struct {
	words   int
	screens []string
}

// Person is somebody with a mouse and a keyboard.
func (p *Page) Person() *Person { return &Person{Page: p, tally: &tally{}} }

// KeyboardPerson is somebody without a mouse: everything is reached with Tab.
func (p *Page) KeyboardPerson() *Person { return &Person{Page: p, keys: true, tally: &tally{}} }

// In is the same person who looks inside a named part of the page only: the
// legend of a group of choices, a row of a table, a form.
func (w *Person) In(group string) *Person {
	inner := *w
	inner.in = append(slices.Clone(w.in), spaced(group))
	return &inner
}

// Words is how many words the person typed.
func (w *Person) Words() int { return w.tally.words }

// Screens is how many different pages with a heading or a form the person saw,
// by path and heading.
func (w *Person) Screens() int { return len(w.tally.screens) }

// Go opens a path of the server.
func (w *Person) Go(path string) {
	w.t.Helper()
	w.Page.Go(path)
	w.look()
}

// look counts the screen the person now sees.
func (w *Person) look() {
	w.t.Helper()
	screen := eval[string](w.Page, `document.querySelector('h1, form') ? location.pathname + ' ' + (document.querySelector('h1')?.innerText ?? '') : ''`)
	if screen != "" && !slices.Contains(w.tally.screens, screen) {
		w.tally.screens = append(w.tally.screens, screen)
	}
}

// typed is what a person types for a value: a date in the order of the place.
const typed = `function(text) {
	const clock = /^(\d\d):(\d\d)$/.exec(text);
	if (this.type === 'time' && clock) { // with the half of the day where the browser asks for it
		const parts = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit'}).formatToParts(new Date(2000, 0, 1, clock[1], clock[2]));
		return parts.filter((p) => p.type !== 'literal').map((p) => p.value).join('');
	}
	const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
	if (this.type !== 'date' || !date) return text;
	const part = {year: date[1], month: date[2], day: date[3]};
	return new Intl.DateTimeFormat().formatToParts().map((p) => part[p.type]).filter(Boolean).join('/');
}`

// Fill types the text into the field with that label, in place of what is there.
func (w *Person) Fill(label, text string) {
	w.t.Helper()
	field := w.find("field", label, "textbox", "searchbox", "spinbutton", "Date", "InputTime", "DateTime", "combobox")
	w.focus(field)
	call(w.Page, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: "a", Code: "KeyA", WindowsVirtualKeyCode: 'A', Modifiers: int64(chromedp.ModifierCtrl), Commands: []string{"selectAll"}})
	call(w.Page, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: "a", Code: "KeyA", WindowsVirtualKeyCode: 'A', Modifiers: int64(chromedp.ModifierCtrl)})
	if text == "" {
		w.press(kb.Delete)
	} else {
		w.press(on[string](w.Page, field, typed, text))
	}
	w.tally.words += len(strings.Fields(text))
	if got := on[string](w.Page, field, "function() { return this.value ?? this.innerText }"); strings.ReplaceAll(got, "\r", "") != text {
		w.t.Fatalf("%s: the field %q holds %q after %q was typed", w.Path(), label, got, text)
	}
}

// Choose takes the radio button with that label, or the option of a list:
// Choose("At home"), In("Currency").Choose("Pound sterling") for a list.
func (w *Person) Choose(label string) {
	w.t.Helper()
	button := w.find("choice", label, "radio", "option")
	if on[string](w.Page, button, "function() { return this.tagName }") == "OPTION" {
		w.option(button, label)
		return
	}
	if !w.keys {
		w.click(button, label)
	} else if !w.checked(button) {
		w.arrow(button, label)
	}
	if !w.checked(button) {
		w.t.Fatalf("%s: %q is not chosen", w.Path(), label)
	}
}

// arrow reaches a radio button as keys do: Tab to its group, then the arrows.
func (w *Person) arrow(button runtime.RemoteObjectID, label string) {
	w.t.Helper()
	at := w.tab(label, func() bool {
		return on[bool](w.Page, button, "function() { const a = document.activeElement; return a === this || a.type === 'radio' && a.name === this.name && a.form === this.form }")
	})
	for range at + 100 {
		if on[bool](w.Page, button, "function() { return document.activeElement === this }") {
			if !w.checked(button) {
				w.press(" ")
			}
			return
		}
		w.press(kb.ArrowDown)
	}
	w.t.Fatalf("%s: the arrow keys do not reach %q", w.Path(), label)
}

// option picks an option of a list with the arrow keys, as a closed list is used.
func (w *Person) option(option runtime.RemoteObjectID, label string) {
	w.t.Helper()
	list := call(w.Page, runtime.CallFunctionOn, runtime.CallFunctionOnParams{ObjectID: option, FunctionDeclaration: "function() { return this.closest('select') }"}).Result.ObjectID
	w.focus(list)
	for range on[int](w.Page, option, "function() { return Math.abs(this.index - this.closest('select').selectedIndex) }") {
		w.press(either(on[bool](w.Page, option, "function() { return this.index > this.closest('select').selectedIndex }"), kb.ArrowDown, kb.ArrowUp))
	}
	if !on[bool](w.Page, option, "function() { return this.selected }") {
		w.t.Fatalf("%s: %q is not chosen in its list", w.Path(), label)
	}
}

// Tick ticks the box with that label; a box that is ticked stays so.
func (w *Person) Tick(label string) { w.t.Helper(); w.box(label, true) }

// Untick takes the tick away.
func (w *Person) Untick(label string) { w.t.Helper(); w.box(label, false) }

func (w *Person) box(label string, want bool) {
	w.t.Helper()
	box := w.find("box", label, "checkbox", "switch")
	if w.checked(box) == want {
		return
	}
	if w.keys {
		w.focus(box)
		w.press(" ")
	} else {
		w.click(box, label)
	}
	if w.checked(box) != want {
		w.t.Fatalf("%s: the box %q did not change", w.Path(), label)
	}
}

// Attach gives a file to the field with that label.
func (w *Person) Attach(label, file string) {
	w.t.Helper()
	path, err := filepath.Abs(file)
	if err != nil {
		w.t.Fatal(err)
	}
	field := w.find("file field", label, "button", "textbox")
	call(w.Page, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, ObjectID: field})
}

// Press presses the button with that name, or opens the fold, and waits for
// what follows.
func (w *Person) Press(name string) {
	w.t.Helper()
	w.act(w.find("button", name, "button", "DisclosureTriangle", "menuitem", "tab"), name, " ")
}

// Follow follows the link with that name and waits for what follows.
func (w *Person) Follow(name string) {
	w.t.Helper()
	w.act(w.find("link", name, "link"), name, kb.Enter)
}

func (w *Person) act(element runtime.RemoteObjectID, name, key string) {
	w.t.Helper()
	fold := on[bool](w.Page, element, "function() { return this.tagName === 'SUMMARY' }")
	moves := w.log.begin()
	if w.keys {
		w.focus(element)
		w.press(key)
	} else {
		w.click(element, name)
	}
	if fold {
		moves = -1 // nothing is fetched
	}
	w.settleAfter(moves)
	w.look()
}

// Has says whether the page shows the words.
func (w *Person) Has(words string) bool {
	w.t.Helper()
	return strings.Contains(spaced(w.Text()), spaced(words))
}

func (w *Person) checked(element runtime.RemoteObjectID) bool {
	w.t.Helper()
	return on[bool](w.Page, element, "function() { return this.checked ?? this.ariaChecked === 'true' }")
}

// focus brings the keyboard to an element: with Tab alone, or with a click.
func (w *Person) focus(element runtime.RemoteObjectID) {
	w.t.Helper()
	const here = "function() { return document.activeElement === this }"
	if w.keys {
		w.tab("the field", func() bool { return on[bool](w.Page, element, here) })
		return
	}
	if !on[bool](w.Page, element, "function() { this.scrollIntoView({block: 'center', behavior: 'instant'}); this.focus(); return document.activeElement === this }") {
		w.t.Fatalf("%s: the field does not take the focus", w.Path())
	}
}

// tab presses Tab until the focus is there, and says how often.
func (w *Person) tab(label string, there func() bool) int {
	w.t.Helper()
	for n := range mostStops {
		if there() {
			return n
		}
		w.press(kb.Tab)
	}
	w.t.Fatalf("%s: Tab does not reach %q", w.Path(), label)
	return 0
}

// click clicks in the middle of an element, or of its label where the label is
// what a person sees.
func (w *Person) click(element runtime.RemoteObjectID, name string) {
	w.t.Helper()
	spot := on[struct {
		X, Y  float64
		Fault string
	}](w.Page, element, `function() {
		const big = (e) => { const b = e.getBoundingClientRect(); return b.width > 1 && b.height > 1 };
		const aim = [this, ...this.labels ?? []].find(big);
		if (!aim) return {x: 0, y: 0, fault: 'cannot be seen'};
		aim.scrollIntoView({block: 'center', behavior: 'instant'});
		const b = aim.getClientRects()[0], x = b.left + b.width / 2, y = b.top + b.height / 2;
		const hit = document.elementFromPoint(x, y);
		const ours = hit && (this.contains(hit) || aim.contains(hit) || hit.contains(this) && getComputedStyle(this).opacity === '0' || [...this.labels ?? []].some((l) => l.contains(hit)));
		return {x, y, fault: ours ? '' : 'is covered by <' + (hit?.tagName ?? 'nothing').toLowerCase() + '> ' + (hit?.innerText ?? '').slice(0, 40)};
	}`)
	if spot.Fault != "" {
		w.t.Fatalf("%s at %s: %q %s", w.Path(), w.view, name, spot.Fault)
	}
	w.do(chromedp.MouseClickXY(spot.X, spot.Y))
}

// find is the element of one of the roles whose accessible name is the words;
// without one, the only element whose name begins with them. A machine that is
// busy may show the page a moment late: what is not there is looked for again.
func (w *Person) find(kind, words string, roles ...string) runtime.RemoteObjectID {
	w.t.Helper()
	words = spaced(words)
	same, all := w.named(words, roles)
	for looks := 0; len(same) == 0 && looks < 20; looks++ {
		time.Sleep(late / 20)
		same, all = w.named(words, roles)
	}
	where := w.Path()
	if len(w.in) > 0 {
		where += " in " + strings.Join(w.in, ", ")
	}
	switch len(same) {
	case 1:
	case 0:
		w.t.Fatalf("%s has no %s named %q; it has %s", where, kind, words, strings.Join(all, ", "))
	default:
		w.t.Fatalf("%s has %d of %s named %q; In names the part that is meant", where, len(same), kind, words)
	}
	return call(w.Page, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: same[0].id}).Object.ObjectID
}

// late is how long a person waits for something that should be there.
const late = 3 * time.Second

// named are the elements of the roles with that name, or else those whose names
// begin with it, and the names of all.
func (w *Person) named(words string, roles []string) (same []*node, all []string) {
	w.t.Helper()
	var begin []*node
	for _, n := range w.tree() {
		if !slices.Contains(roles, n.role) || !n.within(w.in) {
			continue
		}
		switch {
		case n.name == words:
			same = append(same, n)
		case strings.HasPrefix(n.name, words):
			begin = append(begin, n)
		}
		all = append(all, fmt.Sprintf("%q", n.name))
	}
	if len(same) == 0 {
		same = begin
	}
	return same, all
}

// within says whether the node is inside parts with these names, outermost first.
func (n *node) within(groups []string) bool {
	left := len(groups)
	for at := n.parent; at != nil && left > 0; at = at.parent {
		if at.role != "RootWebArea" && strings.HasPrefix(at.name, groups[left-1]) {
			left--
		}
	}
	return left == 0
}
