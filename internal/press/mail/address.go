package mail

import (
	netmail "net/mail"
	"strings"

	"golang.org/x/net/idna"

	"homecase/fault"
)

// maxAddress is the most bytes an address has (RFC 5321, section 4.5.3.1, less the angle brackets).
const maxAddress = 254

// Typed reads an address as somebody typed it: one address, no name, no quoted
// part, no route. A domain beyond ASCII is written as mail servers look it up.
func Typed(s string) (string, error) {
	s = strings.TrimSpace(s)
	wrong := fault.New(fault.Invalid, "HC-MAIL-07", "Enter an e-mail address in the right format, like dana@example.com.")
	if len(s) > maxAddress {
		return "", wrong
	}
	at := strings.LastIndexByte(s, '@')
	if at < 1 || strings.ContainsAny(s, "\"<>()[],;:\\ \t\r\n") {
		return "", wrong
	}
	host, err := idna.Lookup.ToASCII(s[at+1:])
	if err != nil || !strings.Contains(host, ".") || strings.HasPrefix(host, ".") || strings.HasSuffix(host, ".") {
		return "", wrong
	}
	out := s[:at+1] + strings.ToLower(host)
	for _, r := range out {
		if r <= ' ' || r > '~' {
			return "", wrong
		}
	}
	if got, err := netmail.ParseAddress("<" + out + ">"); err != nil || got.Address != out || len(out) > maxAddress {
		return "", wrong
	}
	return out, nil
}
