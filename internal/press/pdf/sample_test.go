package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"regexp"
	"strings"
	"testing"
	"time"

	"homecase/day"
	"homecase/packet"
)

var created = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// The documents below hold every block and chart of the model. Their people
// and figures are made up.

var digits = regexp.MustCompile(`[+−-]?[£$]?\d[\d,.]*%?`)

// txt makes a sentence whose numbers are bound to refs counted from the given name.
func txt(name string, sentences ...string) packet.Text {
	var t packet.Text
	for i, s := range sentences {
		t = append(t, packet.Sentence{Spans: spansOf(fmt.Sprintf("%s.%d", name, i), s)})
	}
	return t
}

func spansOf(name, s string) []packet.Span {
	var spans []packet.Span
	at := 0
	for k, m := range digits.FindAllStringIndex(s, -1) {
		if m[0] > at {
			spans = append(spans, packet.Span{Text: s[at:m[0]]})
		}
		num := strings.TrimRight(s[m[0]:m[1]], ".,")
		spans = append(spans, packet.Span{Text: num, Ref: packet.Ref(fmt.Sprintf("%s.%d", name, k))})
		at = m[0] + len(num)
	}
	if at < len(s) {
		spans = append(spans, packet.Span{Text: s[at:]})
	}
	return spans
}

func num1(ref, s string) packet.Span { return packet.Span{Text: s, Ref: packet.Ref(ref)} }

func tick(at float64, ref, s string) packet.Tick { return packet.Tick{At: at, Label: num1(ref, s)} }

func windows(lit string) packet.Windows {
	var w packet.Windows
	for i, d := range []string{"Mon", "Tue", "Wed", "Thu", "Fri"} {
		switch lit[i] {
		case 'h':
			w.Days = append(w.Days, packet.Window{Name: d, Place: "Home", Lit: packet.FillHome})
		case 'p':
			w.Days = append(w.Days, packet.Window{Name: d, Place: "One of these", Lit: packet.FillPale})
		default:
			w.Days = append(w.Days, packet.Window{Name: d, Place: "Office", Lit: packet.FillOffice})
		}
	}
	return w
}

func hours() packet.HoursBar {
	return packet.HoursBar{Parts: []packet.HoursPart{
		{Hours: 8, Label: spansOf("hours.asked", "8 asked for"), Fill: packet.FillHome},
		{Hours: 21, Label: spansOf("hours.more", "21 more could be"), Fill: packet.FillPale},
		{Hours: 11, Label: spansOf("hours.office", "11 office"), Fill: packet.FillOffice},
	}}
}

func dotsChart() packet.Dots {
	return packet.Dots{
		Axis:   packet.Axis{Min: -1000, Max: 3000, Ticks: []packet.Tick{tick(-1000, "axis.0", "−£1,000"), tick(0, "axis.1", "£0"), tick(1000, "axis.2", "£1,000"), tick(2000, "axis.3", "£2,000"), tick(3000, "axis.4", "£3,000")}},
		Values: []float64{-400, -150, 120, 260, 330, 520, 700, 760, 900, 980, 1100, 1180, 1330, 1420, 1600, 1700, 1900, 2050, 2300, 2900},
	}
}

func facts() []packet.Block {
	return []packet.Block{
		packet.Heading{Level: 3, Text: txt("f1", "8 of 29 hours")},
		packet.Para{Text: txt("f1t", "29 of my 40 hours a week can be done anywhere.", "I am asking for 8 of them.", "Post, cheques and training stay in the office."), Evidence: packet.Plain("My task log, four weeks in October")},
		packet.Figure{ID: "hours", Chart: hours(), Alt: txt("alt1", "40 hours a week: 8 asked for, 21 more that could be done at home, 11 in the office.")},
		packet.Heading{Level: 3, Text: txt("f2", "11.5 items a day")},
		packet.Para{Text: txt("f2t", "My office average over the last 60 days is 11.5 exceptions closed.", "It is a count the system keeps, so home and office days can be compared fairly."), Evidence: packet.Plain("Closed-item reports")},
		packet.Heading{Level: 3, Text: txt("f3", "£50 to £2,300 a year")},
		packet.Para{Text: (txt("f3t", "What the company would save, after equipment and IT.", "Each dot is one of 20 equally likely results of these inputs.", "In 2 of them it loses money.")), Evidence: packet.Text{{Spans: []packet.Span{{Text: "Estimate, "}, {Text: "see the working", Href: "#working"}}}}},
		packet.Figure{ID: "dots", Chart: dotsChart(), Alt: txt("alt2", "20 equally likely results: 18 save money and 2 lose it.")},
	}
}

func onePage() packet.Document {
	return packet.Document{
		Kind: packet.OnePage, Lang: "en-GB", Title: "An eight-week trial: one day a week from home, drawn by lot", Author: "Ines Duarte", Reader: "Dana Whitfield", Date: day.On(2026, 11, 24),
		Subject: "A proposal to Dana Whitfield", Working: []byte(`{"version":1}`), WorkingName: "working.json",
		Head: []packet.Block{
			packet.Para{Style: packet.Meta, Text: txt("date", "From Ines Duarte to Dana Whitfield, 24 November 2026.")},
			packet.Para{Style: packet.Title, Text: packet.Plain("An eight-week trial: one day a week from home, drawn by lot")},
			packet.Para{Style: packet.Ask, Text: txt("ask", "I would like to work from home one day a week for eight weeks, from 12 January to 8 March.", "You can stop it on any day, for any reason, by telling me.")},
			packet.Figure{ID: "week", Chart: windows("pppp-"), Alt: packet.Plain("One day from Monday to Thursday at home, the others in the office.")},
		},
		Sections: []packet.Section{
			{ID: "why", Label: "Why it helps the team", Level: 2, Blocks: facts()},
			{ID: "promises", Label: "What you would be agreeing to", Level: 2, Blocks: []packet.Block{packet.List{Style: packet.Ticks, Items: []packet.Text{
				txt("p1", "I answer calls and chat in the agreed hours, 9 to 5."), txt("p2", "I move the day when you need me in."),
				txt("p3", "Every Friday you get three numbers: items closed, errors found, reply time."), txt("p4", "We decide together on 11 March, from those numbers.")}}}},
			{ID: "know", Label: "How we will know it works", Level: 2, Blocks: []packet.Block{packet.Para{Text: txt("k", "I close about 11.5 items a day.", "If the numbers leave room for home days being more than 1.2 items lower, I go back to five days in the office.")}}},
			{ID: "questions", Label: "Questions you may have", Level: 2, Blocks: []packet.Block{packet.Para{Style: packet.Meta, Text: txt("q", "18 questions: 13 answered, 3 need your view, 2 are with HR and IT.", "The answers start on page 4 of the full packet.")}}},
			{ID: "answer", Label: "Your answer", Level: 2, Blocks: []packet.Block{packet.Choice{Options: []packet.Option{{ID: "agree", Label: "Agree"}, {ID: "change", Label: "Change it"}, {ID: "not-now", Label: "Not now, ask again on", Line: true}},
				Note: packet.Text{{Spans: []packet.Span{{Text: "Or answer at "}, {Text: "case.fernhill.example/p/k7m2", Ref: "link", Href: "https://case.fernhill.example/p/k7m2"}, {Text: ", without an account."}}}, {Spans: []packet.Span{{Text: "The working and every source are in the full packet."}}}}}}},
		},
	}
}

func tornadoChart() packet.Tornado {
	row := func(id, name, low, high string, l, h float64, notes ...packet.Text) packet.TornadoRow {
		return packet.TornadoRow{Name: packet.Span{Text: name}, Notes: notes, Low: l, High: h, LowLabel: num1(id+".low", low), HighLabel: num1(id+".high", high)}
	}
	return packet.Tornado{
		Axis: packet.Axis{Min: -1000, Max: 3200}, Likely: tick(1100, "likely", "£1,100"), Zero: tick(0, "zero", "£0"),
		Rows: []packet.TornadoRow{
			row("t1", "Month-end overtime avoided", "−£800", "£2,980", -800, 2980, txt("t1n", "From 0 to 20 hours a year"), packet.Plain("Measured, my timesheets")),
			row("t2", "Home equipment, first year", "£600", "£1,830", 600, 1830, txt("t2n", "From £600 to £100"), packet.Plain("Published price list")),
			row("t3", "Parking days given back", "£820", "£1,280", 820, 1280, txt("t3n", "From £0 to £10 a day"), packet.Plain("Facilities")),
			row("t4", "IT licence and support", "£940", "£1,210", 940, 1210, txt("t4n", "From £420 to £150 a year"), packet.Plain("IT")),
		},
	}
}

func workTable() packet.Table {
	row := func(id, name, hours string, fill packet.Fill, to float64) packet.Row {
		return packet.Row{Header: true, Cells: []packet.Cell{{Text: packet.Plain(name), Note: packet.Plain("Measured, my task log")}, {Bar: &packet.Bar{To: to, Max: 12, Fill: fill}, Text: txt(id+".bar", hours+" hours")}, {Text: txt(id, hours)}, {Text: packet.Plain("Stays as it is")}}}
	}
	return packet.Table{ID: "duties", Caption: packet.Plain("Hours a week by duty"),
		Columns: []packet.Column{{Head: packet.Plain("Duty")}, {Head: packet.Plain("Where"), Width: .34}, {Head: packet.Plain("Hours"), Right: true}, {Head: packet.Plain("On the home day")}},
		Rows: []packet.Row{row("d1", "Exceptions and reconciliations", "12", packet.FillHome, 12), row("d2", "Report writing", "9", packet.FillPale, 9), row("d3", "Supplier calls", "8", packet.FillChange, 8), row("d4", "Post, cheques and training", "11", packet.FillOffice, 11),
			{Header: true, Total: true, Cells: []packet.Cell{{Text: packet.Plain("The whole week")}, {}, {Text: txt("d5", "40")}, {}}}}}
}

func workingTable(rows int) packet.Table {
	t := packet.Table{ID: "working", Columns: []packet.Column{{Head: packet.Plain("Input")}, {Head: packet.Plain("Low"), Right: true}, {Head: packet.Plain("Likely"), Right: true}, {Head: txt("wt", "High, 95 %"), Right: true}, {Head: packet.Plain("Unit")}, {Head: packet.Plain("Source")}}}
	for i := range rows {
		id := fmt.Sprintf("w%d", i)
		t.Rows = append(t.Rows, packet.Row{Header: true, Cells: []packet.Cell{{Text: packet.Plain("Overtime hours avoided at month end")}, {Text: txt(id+"l", "0")}, {Text: txt(id+"m", fmt.Sprint(8+i))}, {Text: txt(id+"h", "20")}, {Text: packet.Plain("hours a year")}, {Text: packet.Plain("Measured, my timesheets of the last year, checked with payroll")}}})
	}
	return t
}

func question(n int, q, state string, answer packet.Text, by string) packet.Question {
	id := fmt.Sprintf("q.%d", n)
	return packet.Question{ID: id, Number: num1(id, fmt.Sprint(n)), Question: packet.Plain(q), Answer: answer, By: txt(id+".by", by), State: state}
}

func photo(t testing.TB) packet.Photo {
	t.Helper()
	im := image.NewRGBA(image.Rect(0, 0, 320, 200))
	for x := range 320 {
		for y := range 200 {
			im.Set(x, y, color.RGBA{uint8(x / 2), 120, uint8(y), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, im, nil); err != nil {
		t.Fatal(err)
	}
	return packet.Photo{ID: "desk", JPEG: b.Bytes(), Width: 320, Height: 200, Alt: packet.Plain("A desk with one screen by a window.")}
}

func full(t testing.TB) packet.Document {
	d := onePage()
	d.Kind, d.Contents, d.Footer = packet.Full, true, "Ines Duarte to Dana Whitfield"
	var qs []packet.Block
	qs = append(qs, packet.Heading{Level: 3, Text: packet.Plain("Likely first")})
	for i, q := range []string{"Who pays for the internet?", "Can I call you in at short notice?", "What happens if the connection fails?", "Who owns and fixes the computer?", "Does my contract need to change?", "Whose insurance covers damage?", "How do I know you are working?", "What about the rest of the team?"} {
		qs = append(qs, question(i+1, q, []string{"answered", "my proposal", "with HR"}[i%3],
			txt(fmt.Sprintf("a%d", i), "Yes. I can be at my desk within 75 minutes on any working day.", "Month-end days are office days unless you say otherwise.", "If it is still down after an hour I travel in, and tell you before I leave."), "Priya Nair, IT, 12 November."))
	}
	dots := dotsChart()
	dots.Middle = tick(1100, "mid", "about £1,100")
	d.Sections = append(d.Sections,
		packet.Section{ID: "work", Label: "The work", Level: 2, NewPage: true, Blocks: []packet.Block{
			packet.Heading{Level: 3, Text: txt("wh", "29 of 40 hours can be done at home")}, workTable(),
			packet.Para{Text: packet.Plain("Post and cheques stay in the office because they are only there. Training needs people in one room.")},
			packet.List{Items: []packet.Text{packet.Plain("Marek opens the post on the home day."), packet.Plain("The help desk already supports the laptop off site.")}},
		}},
		packet.Section{ID: "money", Label: "The money", Level: 2, Blocks: []packet.Block{
			packet.Heading{Level: 3, Text: txt("mh", "About £1,100 saved, but it could be nothing")},
			packet.Para{Text: txt("mt", "Each dot is one of 20 equally likely results of these inputs.")},
			packet.Figure{ID: "dots2", Chart: dots, Alt: txt("alt3", "20 equally likely results, 2 of them losses."), Data: &packet.Table{ID: "dd", Columns: []packet.Column{{Head: packet.Plain("Result")}, {Head: packet.Plain("A year"), Right: true}}, Rows: []packet.Row{{Header: true, Cells: []packet.Cell{{Text: packet.Plain("Middle")}, {Text: txt("dd1", "£1,100")}}}, {Header: true, Cells: []packet.Cell{{Text: packet.Plain("Lowest tenth")}, {Text: txt("dd2", "£50")}}}}}},
			packet.Heading{Level: 3, Text: packet.Plain("What moves the answer most")},
			packet.Figure{ID: "tornado", Chart: tornadoChart(), Alt: packet.Plain("Overtime moves the result most.")},
			packet.Para{Style: packet.Note, Text: packet.Plain("Rent is left out: one day a week frees no desk.")},
		}},
		packet.Section{ID: "all-questions", Label: "Your questions", Level: 2, NewPage: true, Blocks: qs},
		packet.Section{ID: "office", Label: "Home office", Level: 2, Blocks: []packet.Block{photo(t), packet.List{Style: packet.Numbers, Items: []packet.Text{packet.Plain("A door that closes."), packet.Plain("A desk and a chair of the right height."), packet.Plain("A backup for the connection.")}}}},
		packet.Section{ID: "working", Label: "B Working", Level: 2, NewPage: true, Blocks: []packet.Block{packet.Para{Text: packet.Plain("Every input with its range and its source.")}, workingTable(40)}},
		packet.Section{ID: "sources", Label: "C Sources", Level: 2, Blocks: []packet.Block{packet.List{Style: packet.Numbers, Items: []packet.Text{
			{{Spans: []packet.Span{{Text: "Bloom and others, "}, {Text: "Hybrid working from home improves retention", Href: "https://doi.org/10.1038/s41586-024-07500-2"}, {Text: ", "}, {Text: "2024", Ref: "src.1"}, {Text: "."}}}}}}, packet.Signature{Captions: []string{"Signed, Ines Duarte", "Signed, Dana Whitfield"}}}},
	)
	return d
}

func report() packet.Document {
	axis := packet.Axis{Min: 6.5, Max: 17.3}
	for i, s := range []string{"8", "10", "12", "14", "16"} {
		axis.Ticks = append(axis.Ticks, tick(float64(8+2*i), "ax."+s, s))
	}
	diary := packet.Diary{Days: []string{"Mon", "Tue", "Wed", "Thu", "Fri"}}
	for w, row := range [][]int{{11, 10, 12, 9, 12}, {12, 12, 14, 11, 10}, {9, 13, 12, 12, 0}, {11, 12, 16, 12, 11}, {0, 13, 12, 14, 9}, {11, 14, 12, 13, 8}, {10, 13, 14, 11, -1}, {-1, -1, -1, -1, -1}} {
		dw := packet.DiaryWeek{Label: spansOf(fmt.Sprintf("wk.%d", w), fmt.Sprintf("Week %d", w+1))}
		for k, v := range row {
			dd := packet.DiaryDay{Fill: packet.FillOffice}
			switch {
			case v == 0:
				dd = packet.DiaryDay{Fill: packet.FillNone, Text: []packet.Span{{Text: "leave"}}}
			case v < 0:
				dd = packet.DiaryDay{Fill: packet.FillNone}
			default:
				if k == 1 {
					dd.Fill = packet.FillHome
				}
				dd.Text = []packet.Span{num1(fmt.Sprintf("day.%d.%d", w, k), fmt.Sprint(v))}
			}
			dd.Now = w == 6 && k == 3
			dw.Days = append(dw.Days, dd)
		}
		diary.Weeks = append(diary.Weeks, dw)
	}
	return packet.Document{Kind: packet.Report, Lang: "en-GB", Title: "Home days are probably at least as good", Author: "Ines Duarte", Subject: "Trial report", Footer: "Trial of Ines Duarte", Working: []byte("{}"), WorkingName: "working.json",
		Head: []packet.Block{packet.Para{Style: packet.Meta, Text: txt("rw", "Trial, week 7 of 8")}, packet.Para{Style: packet.Title, Text: packet.Plain("Home days are probably at least as good")},
			packet.Para{Style: packet.Ask, Text: packet.Plain("They may be better. Seven home days are too few to say so.")},
			packet.Figure{ID: "verdict", Chart: packet.Verdicts{Names: []string{"Worse", "Probably worse", "Cannot tell yet", "Probably as good", "Clearly as good"}, Current: 3}, Alt: packet.Plain("The verdict is: probably as good.")}},
		Sections: []packet.Section{
			{ID: "days", Label: "Every day", Level: 2, Blocks: []packet.Block{packet.Heading{Level: 3, Text: packet.Plain("Items closed a day")},
				packet.Figure{ID: "marks", Alt: txt("ra", "Seven home days run from 10 to 14, 25 office days from 8 to 16."), Chart: packet.DayMarks{Axis: axis, Home: []float64{10, 12, 12, 13, 13, 13, 14}, Office: []float64{8, 9, 9, 9, 10, 10, 11, 11, 11, 11, 11, 11, 12, 12, 12, 12, 12, 12, 12, 12, 13, 14, 14, 14, 16},
					HomeLabel: spansOf("hl", "Home, 7 days"), OfficeMark: spansOf("ol", "Office, 25 days"), HomeMean: tick(12.4, "hm", "mean 12.4"), OfficeMean: tick(11.5, "om", "mean 11.5")}}}},
			{ID: "diff", Label: "Home minus office", Level: 2, Blocks: []packet.Block{
				packet.Figure{ID: "difference", Alt: txt("rd", "The range runs from 0.4 fewer to 2.2 more; the agreed limit is 2 fewer."), Chart: packet.Difference{Axis: packet.Axis{Min: -3, Max: 3, Ticks: []packet.Tick{tick(0, "d.0", "0")}}, Estimate: tick(.9, "d.e", "+0.9 a day"), Low: tick(-.4, "d.l", "−0.4"), High: tick(2.2, "d.h", "+2.2"), Limit: tick(-2, "d.m", "Limit −2"), BetterIsHigher: true, WorseLabel: "Worse"}},
				packet.Para{Style: packet.Note, Text: txt("rn", "The bar is the 90 % range.", "The limit was agreed on 7 January.")},
				packet.Figure{ID: "none", Alt: packet.Plain("No range can be computed yet."), Chart: packet.Difference{Axis: packet.Axis{Min: -3, Max: 3, Ticks: []packet.Tick{tick(0, "e.0", "0")}}, Limit: tick(-2, "e.m", "Limit −2"), BetterIsHigher: true, NotComputable: "Fewer than five home days are logged, so there is no range to show."}}}},
			{ID: "diary", Label: "Diary", Level: 2, Blocks: []packet.Block{packet.Figure{ID: "diary", Alt: packet.Plain("The diary of the trial, week by week."), Chart: diary}}},
		}}
}

func letter() packet.Document {
	return packet.Document{Kind: packet.Letter, Lang: "en-GB", Title: "A trial of one home day a week", Author: "Ines Duarte", Working: []byte("{}"),
		Head: []packet.Block{packet.Para{Style: packet.Meta, Text: packet.Plain("Ines Duarte")}, packet.Para{Style: packet.Meta, Text: txt("ld", "24 November 2026")}, packet.Para{Style: packet.Meta, Text: packet.Plain("Dana Whitfield")}},
		Sections: []packet.Section{{ID: "letter", Level: 2, Blocks: []packet.Block{
			packet.Para{Text: packet.Plain("Dear Dana,")}, packet.Para{Style: packet.Title, Text: packet.Plain("A trial of one home day a week")},
			packet.Para{Text: txt("lb", "I would like to work from home one day a week for eight weeks, from 12 January to 8 March.", "The day is drawn by lot from the days you allow.", "You can stop it on any day by telling me.")},
			packet.Para{Text: txt("lc", "29 of my 40 hours a week can be done anywhere, and I am asking for 8 of them.", "Every Friday you get three numbers, and we decide together on 11 March.")},
			packet.Para{Text: packet.Plain("Thank you for reading this.")}, packet.Para{Text: packet.Plain("Yours sincerely,")}, packet.Signature{Captions: []string{"Ines Duarte"}}}}}}
}

func write(t testing.TB, d packet.Document, opt Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, d, opt); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
