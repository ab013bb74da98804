package ops

import (
	"net/url"

	"homecase/policy"
)

// zoneOf is the time zone of a place, for the meeting: the country's own, or
// that of most people of a state. UTC where it is not known.
func zoneOf(p policy.Place) string {
	parts := map[string]string{
		"US/CA": "America/Los_Angeles", "US/WA": "America/Los_Angeles", "US/OR": "America/Los_Angeles", "US/NV": "America/Los_Angeles",
		"US/AZ": "America/Phoenix", "US/CO": "America/Denver", "US/UT": "America/Denver", "US/NM": "America/Denver", "US/MT": "America/Denver", "US/ID": "America/Boise", "US/WY": "America/Denver",
		"US/TX": "America/Chicago", "US/IL": "America/Chicago", "US/MN": "America/Chicago", "US/WI": "America/Chicago", "US/MO": "America/Chicago", "US/IA": "America/Chicago", "US/KS": "America/Chicago", "US/NE": "America/Chicago", "US/OK": "America/Chicago", "US/AR": "America/Chicago", "US/LA": "America/Chicago", "US/MS": "America/Chicago", "US/AL": "America/Chicago", "US/TN": "America/Chicago", "US/ND": "America/Chicago", "US/SD": "America/Chicago",
		"US/AK": "America/Anchorage", "US/HI": "Pacific/Honolulu",
		"CA/BC": "America/Vancouver", "CA/AB": "America/Edmonton", "CA/SK": "America/Regina", "CA/MB": "America/Winnipeg", "CA/NS": "America/Halifax", "CA/NB": "America/Moncton", "CA/NL": "America/St_Johns",
		"AU/qld": "Australia/Brisbane", "AU/sa": "Australia/Adelaide", "AU/wa": "Australia/Perth", "AU/nt": "Australia/Darwin", "AU/tas": "Australia/Hobart", "AU/vic": "Australia/Melbourne",
	}
	if z, ok := parts[p.Country+"/"+p.Part]; ok {
		return z
	}
	countries := map[string]string{
		"GB": "Europe/London", "IE": "Europe/Dublin", "US": "America/New_York", "CA": "America/Toronto", "AU": "Australia/Sydney", "NZ": "Pacific/Auckland",
		"NL": "Europe/Amsterdam", "BE": "Europe/Brussels", "DE": "Europe/Berlin", "ES": "Europe/Madrid", "PT": "Europe/Lisbon", "FR": "Europe/Paris",
		"SG": "Asia/Singapore", "MY": "Asia/Kuala_Lumpur", "IN": "Asia/Kolkata", "CH": "Europe/Zurich", "AT": "Europe/Vienna", "IT": "Europe/Rome", "PL": "Europe/Warsaw", "SE": "Europe/Stockholm", "NO": "Europe/Oslo", "DK": "Europe/Copenhagen", "FI": "Europe/Helsinki", "JP": "Asia/Tokyo",
	}
	if z, ok := countries[p.Country]; ok {
		return z
	}
	return "UTC"
}

func queryEscape(s string) string { return url.QueryEscape(s) }
