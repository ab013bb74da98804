package holiday

import (
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/us"

	"homecase/fault"
)

// rules are the holidays of a place as the library states them.
type rules struct {
	list  []*cal.Holiday
	note  string
	until int // the last year known, where that is earlier than LastYear
}

func (r rules) last() int {
	if r.until > 0 {
		return r.until
	}
	return LastYear
}

// rulesOf finds the rules of a place. Where a country's parts differ and the
// part is missing, it asks for the part rather than guess one.
func rulesOf(country, part string) (rules, error) {
	parts := map[string]map[string][]*cal.Holiday{"GB": britain(), "AU": australia(), "DE": germany()}[country]
	if parts != nil && part != "" {
		if list, ok := parts[part]; ok {
			return rules{list: list, note: notes(country)}, nil
		}
		return rules{}, unknown("The public holidays of %s, part %q, are not known here. Known parts: %s.", country, clip(part), strings.Join(keys(parts), ", "))
	}
	switch country {
	case "GB", "AU":
		return rules{}, unknown("The public holidays of %s differ from part to part: say which (%s).", country, strings.Join(keys(parts), ", "))
	case "NZ":
		return rules{list: nz.Holidays, note: notes(country), until: 2030}, nil
	}
	list, ok := map[string][]*cal.Holiday{
		"IE": ie.Holidays, "US": us.Holidays, "CA": ca.Holidays, "NL": nl.Holidays, "BE": be.Holidays,
		"DE": de.Holidays, "ES": es.Holidays, "FR": fr.Holidays, "PT": portugal(),
	}[country]
	if !ok {
		return rules{}, unknown("The public holidays of %q are not known here. Give the dates yourself.", clip(country))
	}
	return rules{list: list, note: notes(country)}, nil
}

func unknown(say string, args ...any) error {
	return fault.New(fault.Missing, "HC-HOLIDAY-01", say, args...)
}

func notes(country string) string {
	return map[string]string{
		"GB": "Bank holidays. Whether they are days off is a matter of contract; Scottish local days are not listed.",
		"IE": "A public holiday at a weekend brings another benefit, not a fixed day, so no substitute is listed.",
		"US": "Federal holidays. State days are not listed, and private employers choose; the doubtful ones are marked partial.",
		"CA": "The federal list. Provinces differ, and days that only some give are marked partial.",
		"AU": "State and territory days. Local days, such as show days, and part-days are not listed.",
		"NZ": "National days. Provincial anniversary days are not listed.",
		"NL": "Good Friday and Liberation Day are marked partial: agreements decide.",
		"BE": "A holiday on a Sunday is moved by the employer; no substitute is listed.",
		"DE": "Days of a few towns only are not listed; without a Land only the nationwide days are.",
		"ES": "National days. Regional and local days are not listed.",
		"FR": "National days. The two further days of Alsace-Moselle are not listed.",
		"PT": "National days by rule, recalled and not read in a source. Municipal days are not listed.",
	}[country]
}

// britain builds the parts: the library has England and Wales only.
func britain() map[string][]*cal.Holiday {
	monday := []cal.AltDay{{Day: time.Saturday, Offset: 2}, {Day: time.Sunday, Offset: 1}}
	fixed := func(name string, m time.Month, d int, alt []cal.AltDay) *cal.Holiday {
		return &cal.Holiday{Name: name, Description: recalled, Type: cal.ObservanceBank, Month: m, Day: d, Observed: alt, Func: cal.CalcDayOfMonth}
	}
	// 2 January gives way to the substitute for New Year's Day before it.
	second := []cal.AltDay{{Day: time.Saturday, Offset: 2}, {Day: time.Sunday, Offset: 2}, {Day: time.Monday, Offset: 1}}
	but := func(gone ...*cal.Holiday) []*cal.Holiday {
		return slices.DeleteFunc(slices.Clone(gb.Holidays), func(h *cal.Holiday) bool { return slices.Contains(gone, h) })
	}
	scotland := append(but(gb.EasterMonday, gb.SummerHoliday), gb.SummerHolidayScotland,
		fixed("2nd January", time.January, 2, second), fixed("St Andrew's Day", time.November, 30, monday))
	ulster := append(but(), fixed("St Patrick's Day", time.March, 17, monday), fixed("Battle of the Boyne", time.July, 12, monday))
	return map[string][]*cal.Holiday{"england": gb.Holidays, "wales": gb.Holidays, "scotland": scotland, "northern-ireland": ulster}
}

func australia() map[string][]*cal.Holiday {
	return map[string][]*cal.Holiday{"act": au.HolidaysACT, "nsw": au.HolidaysNSW, "nt": au.HolidaysNT, "qld": au.HolidaysQLD,
		"sa": au.HolidaysSA, "tas": au.HolidaysTAS, "vic": au.HolidaysVIC, "wa": au.HolidaysWA}
}

func germany() map[string][]*cal.Holiday {
	frauentagMV := de.Frauentag.Clone(&cal.Holiday{StartYear: 2023, Description: recalled}) // the library's list for MV is older
	return map[string][]*cal.Holiday{"bw": de.HolidaysBW, "by": de.HolidaysBY, "be": de.HolidaysBE, "bb": de.HolidaysBB, "hb": de.HolidaysHB,
		"hh": de.HolidaysHH, "he": de.HolidaysHE, "mv": append(slices.Clone(de.HolidaysMV), frauentagMV), "ni": de.HolidaysNI, "nw": de.HolidaysNW,
		"rp": de.HolidaysRP, "sl": de.HolidaysSL, "sn": de.HolidaysSN, "st": de.HolidaysST, "sh": de.HolidaysSH, "th": de.HolidaysTH}
}

// portugal has no list in the library; the days are the national ones.
func portugal() []*cal.Holiday {
	fixed := func(name string, m time.Month, d int) *cal.Holiday {
		return &cal.Holiday{Name: name, Description: recalled, Type: cal.ObservancePublic, Month: m, Day: d, Func: cal.CalcDayOfMonth}
	}
	return []*cal.Holiday{
		fixed("Ano Novo", time.January, 1), aa.GoodFriday.Clone(&cal.Holiday{Name: "Sexta-feira Santa", Description: recalled}),
		fixed("Dia da Liberdade", time.April, 25), fixed("Dia do Trabalhador", time.May, 1),
		aa.CorpusChristi.Clone(&cal.Holiday{Name: "Corpo de Deus", Description: recalled}), fixed("Dia de Portugal", time.June, 10),
		fixed("Assunção de Nossa Senhora", time.August, 15), fixed("Implantação da República", time.October, 5),
		fixed("Todos os Santos", time.November, 1), fixed("Restauração da Independência", time.December, 1),
		fixed("Imaculada Conceição", time.December, 8), fixed("Natal", time.December, 25),
	}
}

func keys(m map[string][]*cal.Holiday) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
