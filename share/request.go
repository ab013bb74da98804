package share

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"homecase/fault"
)

// Skew is how far the clocks of a workspace and an office may lie apart.
const Skew = 5 * time.Minute

// scheme is the word an Authorization header of a workspace begins with.
const scheme = "Homecase-Ed25519"

// request are the bytes a workspace signs with each request. They name the
// host, so that one office cannot pass a request on to another.
func request(method, host, target, at, bodyHash string) []byte {
	return fmt.Appendf(nil, "homecase request 1\n%s\n%s\n%s\n%s\n%s\n", method, host, target, at, bodyHash)
}

// Authorize writes the Authorization header of a request. target is its path with the query.
func Authorize(key ed25519.PrivateKey, method, host, target string, now time.Time, body []byte) string {
	at := now.UTC().Format(time.RFC3339)
	sig := ed25519.Sign(key, request(method, host, target, at, Hash(body)))
	pub := key.Public().(ed25519.PublicKey)
	return scheme + " " + strings.Join([]string{base64.StdEncoding.EncodeToString(pub), at, base64.StdEncoding.EncodeToString(sig)}, " ")
}

// Authorized returns whose key signed a request, in base64. It knows nothing of
// people: the caller looks the key up.
func Authorized(header, method, host, target string, now time.Time, body []byte) (key string, err error) {
	no := fault.New(fault.Forbidden, "HC-SHARE-60", "This request is not signed by a workspace that this office knows.")
	parts := strings.Split(header, " ")
	if len(parts) != 4 || parts[0] != scheme {
		return "", no
	}
	pub, err := PublicKey(parts[1])
	if err != nil {
		return "", no
	}
	at, err := time.Parse(time.RFC3339, parts[2])
	if err != nil {
		return "", no
	}
	if !verified(pub, request(method, host, target, parts[2], Hash(body)), parts[3]) {
		return "", no
	}
	if d := now.Sub(at); d > Skew || d < -Skew {
		return "", fault.New(fault.Forbidden, "HC-SHARE-61", "The clocks of the two computers lie more than %d minutes apart.", int(Skew.Minutes())).Then("Set the clock of this computer, and try again.")
	}
	return parts[1], nil
}

// Claimed returns the key that a request says it is signed with, so that a
// stranger's body need not be read. It proves nothing.
func Claimed(header string) (key string, ok bool) {
	parts := strings.Split(header, " ")
	if len(parts) != 4 || parts[0] != scheme {
		return "", false
	}
	_, err := PublicKey(parts[1])
	return parts[1], err == nil
}
