package share

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"io"
	"strings"

	"homecase/fault"
)

// A token opens one thing to whoever holds it: a link to read, an invitation, a
// sign-in. It begins with the organisation, so that it is looked up where the
// organisation's rows are, and ends in 128 random bits. Only its hash is kept.
const (
	orgBytes    = 5
	secretBytes = 16
	orgChars    = 8
	secretChars = 26
)

// NewOrg makes the id of an organisation.
func NewOrg(random io.Reader) (string, error) { return code(random, orgBytes) }

// NewToken makes a token of an organisation.
func NewToken(random io.Reader, org string) (string, error) {
	secret, err := code(random, secretBytes)
	return org + secret, err
}

func code(random io.Reader, n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fault.New(fault.Internal, "HC-SHARE-15", "This computer gave no random numbers.").Because(err)
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)), nil
}

// SplitToken returns the organisation of a token, and the hash it is kept
// under. ok is false for what can be no token.
func SplitToken(token string) (org, hash string, ok bool) {
	if len(token) != orgChars+secretChars || strings.Trim(token, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return "", "", false
	}
	return token[:orgChars], HashToken(token), true
}

// HashToken is the hash a token is kept under.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte("homecase token 1\n" + token))
	return hex.EncodeToString(sum[:])
}
