// Package font carries the two families homecase prints with, so that every
// machine makes the same pages: Hanken Grotesk for what is private and for
// labels, Source Serif 4 for the words a boss reads. Both are under the SIL
// Open Font License; the files are shipped unmodified beside their licences.
package font

import _ "embed"

// TrueType outlines, for PDF.
var (
	//go:embed HankenGrotesk_400Regular.ttf
	Sans []byte
	//go:embed HankenGrotesk_700Bold.ttf
	SansBold []byte
	//go:embed SourceSerif4_400Regular.ttf
	Serif []byte
	//go:embed SourceSerif4_600SemiBold.ttf
	SerifSemiBold []byte
)

// Latin subsets as their makers publish them, for pages.
var (
	//go:embed hanken-grotesk-latin-400-normal.woff2
	WebSans []byte
	//go:embed hanken-grotesk-latin-700-normal.woff2
	WebSansBold []byte
	//go:embed source-serif-4-latin-400-normal.woff2
	WebSerif []byte
)
