package locale_test

import (
	"testing"

	"homecase/day"
	"homecase/locale"
)

// Expected strings by hand, after the usage of each country's own government style guide.
func TestWriting(t *testing.T) {
	gb, us, ca, ch := locale.For("GB", ""), locale.For("US", ""), locale.For("CA", ""), locale.For("CH", "")
	d := day.Must("2027-03-11")
	for _, c := range []struct{ got, want string }{
		{gb.Tag, "en-GB"}, {us.Tag, "en-US"}, {ch.Tag, "en-GB"},
		{gb.Date(d), "11 March 2027"}, {us.Date(d), "March 11, 2027"},
		{gb.WeekdayDate(d), "Thursday 11 March"}, {us.WeekdayDate(d), "Thursday, March 11"},
		{gb.Money(1100, 0), "£1,100"}, {gb.Money(-800, 0), "−£800"}, {gb.Money(-0.4, 0), "£0"},
		{us.Money(2.5, 2), "$2.50"}, {ca.Money(5, 0), "$5"}, {locale.For("GB", "CAD").Money(5, 0), "CA$5"},
		{ch.Money(20, 0), "CHF\u00a020"},
		{gb.Number(1234567.50, 2), "1,234,567.5"}, {gb.Number(-0.04, 1), "0"}, {gb.Number(999.96, 1), "1,000"},
		{gb.Fixed(3, 1), "3.0"}, {gb.Signed(0.94, 1), "+0.9"}, {gb.Signed(-0.94, 1), "−0.9"},
		{gb.Percent(.125, 1), "12.5%"}, {gb.Word(8), "eight"}, {gb.Word(13), "13"},
		{gb.List([]string{"a", "b", "c"}), "a, b and c"}, {us.List([]string{"a", "b", "c"}), "a, b, and c"},
		{gb.List([]string{"post and cheques", "training"}), "post and cheques, and training"}, {us.List([]string{"a", "b"}), "a and b"}, {gb.List([]string{"a"}), "a"},
		{us.Spell("organise", "organize"), "organize"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
