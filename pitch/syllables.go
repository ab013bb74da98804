package pitch

import "strings"

// Syllables counts the syllables of a word as the rule about reading level does:
// runs of vowels, a silent e at the end left out.
func Syllables(word string) int { return syllables([]byte(strings.ToLower(word))) }
