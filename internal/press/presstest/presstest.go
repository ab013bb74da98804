// Package presstest holds the documents that writers are tried on: a packet
// with every kind of block and chart, a letter, and a packet whose every word
// is hostile. It is for tests and takes no part in the program.
package presstest

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"strings"

	"homecase/day"
	"homecase/packet"
)

// Text makes sentences from strings in which {ref|8} is a number bound to ref
// and <href|words> is a link.
func Text(sentences ...string) packet.Text {
	var t packet.Text
	for _, s := range sentences {
		t = append(t, packet.Sentence{Spans: Spans(s)})
	}
	return t
}

// Spans reads one such string.
func Spans(s string) []packet.Span {
	var spans []packet.Span
	for s != "" {
		i := strings.IndexAny(s, "{<")
		if i < 0 {
			return append(spans, packet.Span{Text: s})
		}
		if i > 0 {
			spans = append(spans, packet.Span{Text: s[:i]})
		}
		end := strings.IndexAny(s[i:], "}>") + i
		name, words, _ := strings.Cut(s[i+1:end], "|")
		if s[i] == '{' {
			spans = append(spans, packet.Span{Text: words, Ref: packet.Ref(name)})
		} else {
			spans = append(spans, packet.Span{Text: words, Href: name})
		}
		s = s[end+1:]
	}
	return spans
}

// Span reads a string that is one span.
func Span(s string) packet.Span { return Spans(s)[0] }

// Packet is a packet in page form with every kind of block and most charts.
func Packet() packet.Document {
	return packet.Document{
		Kind: packet.Page, Lang: "en-GB", Title: "An eight-week trial: one day a week from home, drawn by lot",
		Author: "Ines Duarte", Reader: "Dana Whitfield", Date: day.Must("2026-11-24"), Subject: "A proposal from Ines Duarte to Dana Whitfield",
		Head: []packet.Block{
			packet.Para{Style: packet.Meta, Text: Text("From Ines Duarte to Dana Whitfield, {date|24 November 2026}.")},
			packet.Para{Style: packet.Title, Text: Text("An eight-week trial: one day a week from home, drawn by lot")},
			packet.Para{Style: packet.Ask, Text: Text("I would like to work from home one day a week for eight weeks, from {start|12 January} to {end|8 March}.", "You can stop it on any day, for any reason, by telling me.")},
			packet.Figure{ID: "week", Alt: packet.Plain("One day a week at home, Monday to Thursday drawn by lot; Friday in the office."), Chart: packet.Windows{Days: []packet.Window{
				{Name: "Mon", Place: "One of these", Lit: packet.FillPale}, {Name: "Tue", Place: "One of these", Lit: packet.FillPale},
				{Name: "Wed", Place: "One of these", Lit: packet.FillPale}, {Name: "Thu", Place: "One of these", Lit: packet.FillPale},
				{Name: "Fri", Place: "Office", Lit: packet.FillOffice}}}},
		},
		Sections: []packet.Section{
			{ID: "why", Label: "Why it helps the team", Level: 2, Blocks: why()},
			{ID: "agree", Label: "What you would be agreeing to", Level: 2, Blocks: []packet.Block{packet.List{Style: packet.Ticks, Items: []packet.Text{
				Text("I answer calls and chat from {promise.hours|9} to {promise.end|5}."), Text("I move the day when you need me in."),
				Text("Every Friday you get three numbers: items closed, errors found, reply time."), Text("We decide together on {decide|11 March}, from those numbers.")}}}},
			{ID: "know", Label: "How we will know it works", Level: 2, Blocks: []packet.Block{packet.Para{Text: Text("I close about {office.mean|11.5} items a day.", "If the numbers leave room for home days being more than {margin|10 %} lower, I go back to five days in the office.")}}},
			{ID: "questions", Label: "Questions you may have", Level: 2, Blocks: questions()},
			{ID: "work", Label: "The work, task by task", Level: 2, Fold: true, NewPage: true, Blocks: work()},
			{ID: "trial", Label: "The trial", Level: 2, Fold: true, Blocks: trial()},
			{ID: "appendix-a", Label: "A  Home office", Level: 2, Fold: true, Blocks: []packet.Block{
				packet.List{Items: []packet.Text{Text("A desk and a chair that fit."), Text("A line of {line|200} Mbit a second.")}},
				packet.Photo{ID: "desk", JPEG: JPEG(320, 200), Width: 320, Height: 200, Alt: packet.Plain("The desk, with one screen and a plant by a window.")}}},
			{ID: "answer", Label: "Your answer", Level: 2, Blocks: []packet.Block{packet.Choice{Options: []packet.Option{{ID: "agree", Label: "Agree"}, {ID: "change", Label: "Change it"}, {ID: "not-now", Label: "Not now, ask again on", Line: true}},
				Note: Text("Or reply to the message this came with.", "The working and every source are in the appendix.")}}},
		},
		Footer: "Ines Duarte, a proposal", Contents: false, Working: []byte("{\n \"version\": 1, \"note\": \"</template><script>alert(1)</script> & more\"\n}\n"), WorkingName: "working.json",
	}
}

func why() []packet.Block {
	dots := packet.Dots{Axis: packet.Axis{Min: -1000, Max: 3000, Ticks: []packet.Tick{{At: -1000, Label: Span("{tick.1|−£1,000}")}, {At: 0, Label: Span("{tick.2|£0}")}, {At: 1000, Label: Span("{tick.3|£1,000}")}, {At: 2000, Label: Span("{tick.4|£2,000}")}, {At: 3000, Label: Span("{tick.5|£3,000}")}}},
		Values: []float64{-380, -130, 120, 370, 380, 620, 870, 880, 900, 1120, 1130, 1380, 1390, 1620, 1630, 1870, 1880, 2130, 2370, 2880}}
	return []packet.Block{
		packet.Heading{Level: 3, Text: Text("{hours.asked|8} of {hours.portable|29} hours")},
		packet.Para{Text: Text("{hours.portable|29} of my {hours.week|40} hours a week can be done anywhere.", "I am asking for {hours.asked|8} of them.", "Post, cheques and training stay in the office."), Evidence: Text("My task log, four weeks in October")},
		packet.Figure{ID: "hours", Alt: Text("{hours.week|40} hours a week: {hours.asked|8} asked for, {hours.more|21} more that could be done at home, {hours.office|11} in the office."),
			Chart: packet.HoursBar{Parts: []packet.HoursPart{{Hours: 8, Label: Spans("{hours.asked|8} asked for"), Fill: packet.FillHome}, {Hours: 21, Label: Spans("{hours.more|21} more could be"), Fill: packet.FillPale}, {Hours: 11, Label: Spans("{hours.office|11} office"), Fill: packet.FillOffice}}},
			Data: &packet.Table{ID: "hours-data", Caption: packet.Plain("Hours a week"), Columns: []packet.Column{{Head: packet.Plain("Where")}, {Head: packet.Plain("Hours"), Right: true}},
				Rows: []packet.Row{{Header: true, Cells: []packet.Cell{{Text: packet.Plain("At home, asked for")}, {Text: Text("{hours.asked|8}")}}}, {Header: true, Cells: []packet.Cell{{Text: packet.Plain("Could be at home")}, {Text: Text("{hours.more|21}")}}}, {Header: true, Cells: []packet.Cell{{Text: packet.Plain("Office")}, {Text: Text("{hours.office|11}")}}}, {Header: true, Total: true, Cells: []packet.Cell{{Text: packet.Plain("Week")}, {Text: Text("{hours.week|40}")}}}}}},
		packet.Heading{Level: 3, Text: Text("{home.1|14} and {home.2|13} items")},
		packet.Para{Text: Text("I closed {home.1|14} and {home.2|13} exceptions on two days at home, in March and June.", "My office average is {office.mean|11.5}.", "Two days are a hint and not proof, so I am asking for a trial."), Evidence: Text("Closed-item reports")},
		packet.Heading{Level: 3, Text: Text("{save.low|£50} to {save.high|£2,300} a year")},
		packet.Para{Text: Text("What the company would save, after equipment and IT.", "Each dot is one of {dots|20} equally likely results of these inputs.", "In {dots.loss|2} of them it loses money."), Evidence: Text("Estimate, <#work|see the working>")},
		packet.Figure{ID: "dots", Alt: Text("{dots|20} equally likely results for the company: {dots.gain|18} save money and {dots.loss|2} cost money.", "The middle is about {save.middle|£1,100} saved."), Chart: dots,
			Data: &packet.Table{ID: "dots-data", Caption: packet.Plain("The equally likely results, from the worst to the best"), Columns: []packet.Column{{Head: packet.Plain("Result")}, {Head: packet.Plain("A year"), Right: true}},
				Rows: []packet.Row{{Header: true, Cells: []packet.Cell{{Text: packet.Plain("Worst")}, {Text: Text("{dot.1|−£380}")}}}, {Header: true, Cells: []packet.Cell{{Text: packet.Plain("Best")}, {Text: Text("{dot.20|£2,880}")}}}}}},
	}
}

func questions() []packet.Block {
	return []packet.Block{
		packet.Para{Style: packet.Meta, Text: Text("{q.all|18} questions: {q.done|13} answered, {q.you|3} need your view, {q.hr|2} are with HR and IT.")},
		packet.Question{ID: "q-internet", Question: packet.Plain("Who pays for the internet?"), Answer: Text("I do.", "I already have a {line|200} Mbit line.", "It costs the company nothing."), By: Text("Bill checked {bill|14 November}."), State: "Answered by me"},
		packet.Question{ID: "q-callin", Question: packet.Plain("Can I call you in at short notice?"), Answer: Text("Yes.", "I can be at my desk within {travel|75} minutes on any working day."), By: Text("By me."), State: "Answered"},
		packet.Question{ID: "q-contract", Number: packet.Span{Text: "4", Ref: "question.4"}, Question: packet.Plain("Does my contract need to change?"), Answer: Text("Not for a trial of up to {weeks|13} weeks, HR’s draft says."), By: Text("With HR since {asked|17 November}."), State: "Not settled", Open: true},
	}
}

func work() []packet.Block {
	bar := func(to float64, fill packet.Fill) *packet.Bar { return &packet.Bar{To: to, Max: 14, Fill: fill} }
	row := func(name, note, hours, words string, b *packet.Bar) packet.Row {
		return packet.Row{Header: true, Cells: []packet.Cell{{Text: packet.Plain(name), Note: packet.Plain(note)}, {Text: Text(hours)}, {Text: packet.Plain(words), Bar: b}, {Text: packet.Plain(words)}}}
	}
	return []packet.Block{
		packet.Table{ID: "duties", Caption: Text("Hours a week by task, {weeks.logged|4} weeks in October"),
			Columns: []packet.Column{{Head: packet.Plain("Task"), Width: .34}, {Head: packet.Plain("Hours"), Right: true, Width: .12}, {Head: packet.Plain("Picture"), Width: .3}, {Head: packet.Plain("Where")}},
			Rows: []packet.Row{
				row("Bank reconciliations", "Ledger and bank portal", "{duty.1|14}", "At home", bar(14, packet.FillHome)),
				row("Supplier queries", "Phone and e-mail", "{duty.2|15}", "Home after a change", bar(9, packet.FillChange)),
				row("Post and cheques", "A thing that is only there", "{duty.3|4}", "Office", bar(4, packet.FillOffice)),
				{Header: true, Total: true, Cells: []packet.Cell{{Text: packet.Plain("Week")}, {Text: Text("{hours.week|40}")}, {}, {}}}}},
		packet.Para{Style: packet.Note, Text: Text("The formula is in words: hours at home are the hours that no thing, person or rule ties to the office.")},
		packet.Heading{Level: 3, Text: packet.Plain("What each input does")},
		packet.Figure{ID: "tornado", Alt: Text("The largest effect is turnover: from {t.1.low|£200} to {t.1.high|£2,000}."), Chart: packet.Tornado{
			Axis:   packet.Axis{Min: -500, Max: 2500, Ticks: []packet.Tick{{At: 0, Label: Span("{tt.1|£0}")}, {At: 1000, Label: Span("{tt.2|£1,000}")}, {At: 2000, Label: Span("{tt.3|£2,000}")}}},
			Likely: packet.Tick{At: 1100, Label: Span("{save.middle|£1,100} likely")}, Zero: packet.Tick{At: 0},
			Rows: []packet.TornadoRow{
				{Name: packet.Span{Text: "Chance that I leave"}, Notes: []packet.Text{Text("{t.1.in|2} to {t.1.in2|9} in {t.1.n|100} a year, published")}, Low: 200, High: 2000, LowLabel: Span("{t.1.low|£200}"), HighLabel: Span("{t.1.high|£2,000}")},
				{Name: packet.Span{Text: "Equipment"}, Notes: []packet.Text{packet.Plain("assumption")}, Low: 700, High: 1300, LowLabel: Span("{t.2.low|£700}"), HighLabel: Span("{t.2.high|£1,300}")}}}},
		packet.Table{ID: "inputs", Caption: packet.Plain("Inputs and ranges"),
			Columns: []packet.Column{{Head: packet.Plain("Input")}, {Head: packet.Plain("Low"), Right: true}, {Head: packet.Plain("Likely"), Right: true}, {Head: packet.Plain("High"), Right: true}, {Head: packet.Plain("Source")}},
			Rows: []packet.Row{{Header: true, Cells: []packet.Cell{{Text: packet.Plain("Days lost to illness a year")}, {Text: Text("{i.1|1}")}, {Text: Text("{i.2|2.5}")}, {Text: Text("{i.3|4}")}, {Text: Text("Published, <https://example.org/a?b=1&c=2|labour force survey>")}}},
				{Header: true, Cells: []packet.Cell{{Text: packet.Plain("Laptop dock")}, {Text: Text("{i.4|£80}")}, {Text: Text("{i.5|£120}")}, {Text: Text("{i.6|£200}")}, {Text: packet.Plain("Assumption")}}}}},
	}
}

func trial() []packet.Block {
	axis := packet.Axis{Min: 6, Max: 18, Ticks: []packet.Tick{{At: 6, Label: Span("{x.6|6}")}, {At: 12, Label: Span("{x.12|12}")}, {At: 18, Label: Span("{x.18|18}")}}}
	diff := packet.Axis{Min: -4, Max: 4, Ticks: []packet.Tick{{At: -4, Label: Span("{d.-4|−4}")}, {At: 0, Label: Span("{d.0|0}")}, {At: 4, Label: Span("{d.4|+4}")}}}
	return []packet.Block{
		packet.Figure{ID: "days", Alt: Text("Home days average {mean.home|12.1} items, office days {mean.office|11.5}."), Chart: packet.DayMarks{Axis: axis, Home: []float64{11, 13, 12, 14, 10, 13, 12}, Office: []float64{10, 11, 12, 11, 13, 12, 11, 9, 12, 11, 14, 12, 11, 10, 12, 13, 11, 12},
			HomeLabel: Spans("Home, {n.home|7} days"), OfficeMark: Spans("Office, {n.office|18} days"), HomeMean: packet.Tick{At: 12.1, Label: Span("{mean.home|12.1}")}, OfficeMean: packet.Tick{At: 11.5, Label: Span("{mean.office|11.5}")}},
			Data: &packet.Table{ID: "days-data", Caption: packet.Plain("Means"), Columns: []packet.Column{{Head: packet.Plain("Days")}, {Head: packet.Plain("Mean"), Right: true}}, Rows: []packet.Row{{Header: true, Cells: []packet.Cell{{Text: packet.Plain("Home")}, {Text: Text("{mean.home|12.1}")}}}}}},
		packet.Figure{ID: "difference", Alt: Text("Home minus office is {diff|+0.6}, between {diff.low|−0.8} and {diff.high|+2.0}."), Chart: packet.Difference{Axis: diff, Estimate: packet.Tick{At: .6, Label: Span("{diff|+0.6}")}, Low: packet.Tick{At: -.8, Label: Span("{diff.low|−0.8}")}, High: packet.Tick{At: 2, Label: Span("{diff.high|+2.0}")}, Limit: packet.Tick{At: -1.2, Label: Span("{limit|−1.2} limit")}, BetterIsHigher: true, WorseLabel: "worse than agreed", Unit: "items a day"}},
		packet.Figure{ID: "verdict", Alt: packet.Plain("The verdict is: probably no worse."), Chart: packet.Verdicts{Names: []string{"Clearly no worse", "Probably no worse", "Cannot tell yet", "Probably worse", "Clearly worse"}, Current: 1}},
		packet.Figure{ID: "diary", Alt: packet.Plain("The diary of the trial, week by week."), Chart: packet.Diary{Days: []string{"Mon", "Tue", "Wed", "Thu", "Fri"}, Weeks: []packet.DiaryWeek{
			{Label: Spans("{w.1|12 January}"), Days: []packet.DiaryDay{{Fill: packet.FillOffice, Text: Spans("{v.1|11}")}, {Fill: packet.FillHome, Text: Spans("{v.2|13}")}, {Fill: packet.FillOffice, Text: Spans("{v.3|12}")}, {Fill: packet.FillNone, Text: Spans("leave")}, {Fill: packet.FillOffice, Text: Spans("{v.5|10}"), Now: true}}}}}},
		packet.List{Style: packet.Numbers, Items: []packet.Text{packet.Plain("We agree the plan."), packet.Plain("The lot draws the days.")}},
		packet.Signature{Captions: []string{"Ines Duarte, date", "Dana Whitfield, date"}},
	}
}

// Letter is a letter of one page.
func Letter() packet.Document {
	return packet.Document{Kind: packet.Letter, Lang: "en-GB", Title: "A trial of one home day a week", Author: "Ines Duarte", Reader: "Dana Whitfield", Date: day.Must("2026-11-24"), Subject: "A request for a trial",
		Head: []packet.Block{packet.Para{Style: packet.Meta, Text: Text("Ines Duarte, Accounts payable")}, packet.Para{Style: packet.Meta, Text: Text("{date|24 November 2026}")}, packet.Para{Style: packet.Meta, Text: Text("Dana Whitfield, Finance manager")}, packet.Para{Style: packet.Title, Text: packet.Plain("A trial of one home day a week")}},
		Sections: []packet.Section{{ID: "letter", Level: 2, Blocks: []packet.Block{
			packet.Para{Text: packet.Plain("Dear Dana,")},
			packet.Para{Text: Text("I would like to work from home one day a week for eight weeks, from {start|12 January}.", "Of my {hours.week|40} hours, {hours.portable|29} can be done anywhere, and I ask for {hours.asked|8} of them.")},
			packet.List{Items: []packet.Text{Text("I answer calls from {promise.hours|9} to {promise.end|5}."), Text("You can stop the trial on any day.")}},
			packet.Para{Text: Text("The packet has the details: <https://example.org/packet|the packet>.", "Thank you for reading this.")},
			packet.Para{Text: packet.Plain("Yours sincerely,")},
			packet.Signature{Captions: []string{"Ines Duarte"}}}}}}
}

// Hostile are strings that have spoiled somebody's file before.
func Hostile() []string {
	return []string{
		`<script>alert("x")</script>`, `"><img src=x onerror=alert(1)>`, `]]></w:t><!-- --> &amp; &lt;`, `=HYPERLINK("https://evil.example","x")`, `+cmd|' /C calc'!A`,
		"name \u202etxt.exe\u202c end", "nul \x00 bell \x07 esc \x1b del \x7f c1 \u0085 \u009b", "\ufffe\uffff\ufeff", "bad utf \xff\xfe end", "👩🏽‍💻 🏴 é", "שלום דנה", "名前", "Bcc: all@evil.example\r\nX: y",
		"javascript:alert(1)", "{{.Working}} ${x} %s %d", strings.Repeat("long", 300),
	}
}

// Spoil returns the document with s in every text, ref and link of it.
func Spoil(d packet.Document, s string) packet.Document {
	text := packet.Text{{Spans: []packet.Span{{Text: s}, {Text: s, Ref: packet.Ref(s)}, {Text: s, Href: s, Strong: true}}}}
	cell := packet.Cell{Text: text, Note: text, Bar: &packet.Bar{To: 1, Max: 2, Fill: packet.Fill(s)}}
	table := packet.Table{ID: s, Caption: text, Columns: []packet.Column{{Head: text}, {Head: text}, {Head: text}, {Head: text}}, Rows: []packet.Row{{Header: true, Cells: []packet.Cell{cell, cell, cell, cell}}}}
	spans := text[0].Spans
	tick := packet.Tick{At: 1, Label: spans[1]}
	axis := packet.Axis{Min: 0, Max: 2, Ticks: []packet.Tick{tick, {Label: spans[0]}}}
	var figures []packet.Block
	for _, c := range []packet.Chart{
		packet.Windows{Days: []packet.Window{{Name: s, Place: s, Lit: packet.Fill(s)}}}, packet.HoursBar{Parts: []packet.HoursPart{{Hours: 1, Label: spans, Fill: packet.Fill(s)}}}, packet.Dots{Axis: axis, Values: []float64{1, 2}, Middle: tick},
		packet.Tornado{Axis: axis, Likely: tick, Zero: tick, Rows: []packet.TornadoRow{{Name: spans[1], Notes: []packet.Text{text}, High: 2, LowLabel: spans[1], HighLabel: spans[1]}}},
		packet.DayMarks{Axis: axis, Home: []float64{1}, Office: []float64{1}, HomeLabel: spans, OfficeMark: spans, HomeMean: tick, OfficeMean: tick},
		packet.Difference{Axis: axis, Estimate: tick, Low: tick, High: tick, Limit: tick, WorseLabel: s, Unit: s}, packet.Difference{Axis: axis, NotComputable: s},
		packet.Diary{Days: []string{s}, Weeks: []packet.DiaryWeek{{Label: spans, Days: []packet.DiaryDay{{Fill: packet.Fill(s), Text: spans, Now: true}}}}}, packet.Verdicts{Names: []string{s}},
	} {
		figures = append(figures, packet.Figure{ID: s, Chart: c, Alt: text, Data: &table})
	}
	d.Title, d.Author, d.Reader, d.Subject, d.Footer, d.Lang = s, s, s, s, s, s
	d.Working, d.WorkingName = []byte(s), s
	d.Head = []packet.Block{packet.Para{Style: packet.Title, Text: text}, packet.Para{Style: packet.Style(s), Text: text, Evidence: text}}
	d.Sections = []packet.Section{
		{ID: s, Label: s, Level: 9, Fold: true, Blocks: figures},
		{ID: s + "-2", Label: s, Blocks: []packet.Block{packet.Heading{Level: -3, Text: text}, packet.List{Style: packet.ListStyle(s), Items: []packet.Text{text}}, packet.Choice{Options: []packet.Option{{ID: s, Label: s, Line: true}}, Note: text},
			packet.Question{ID: s, Number: spans[1], Question: text, Answer: text, By: text, State: s}, table, packet.Photo{ID: s, JPEG: JPEG(4, 3), Width: 4, Height: 3, Alt: text}, packet.Signature{Captions: []string{s}}}},
	}
	return d
}

// JPEG is a small picture of that size.
func JPEG(w, h int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(200 - y*60/h), uint8(180 - x*40/w), 140, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		return nil
	}
	return b.Bytes()
}
