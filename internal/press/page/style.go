package page

import (
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"regexp"
	"strings"
	"sync"

	"homecase/internal/press/draw"
	"homecase/internal/press/font"
)

// style is a style sheet with the policy that lets a browser apply it and nothing else.
type style struct{ css, policy string }

type face struct {
	family, weight, file string
	data                 []byte
}

func faces() []face {
	return []face{
		{"Hanken Grotesk", "400", "hanken-grotesk-latin-400-normal.woff2", font.WebSans},
		{"Hanken Grotesk", "700", "hanken-grotesk-latin-700-normal.woff2", font.WebSansBold},
		{"Source Serif 4", "400", "source-serif-4-latin-400-normal.woff2", font.WebSerif},
	}
}

// inlineStyle carries the fonts inside.
var inlineStyle = sync.OnceValue(func() style {
	css := fontFaces(func(f face) string {
		return "data:font/woff2;base64," + base64.StdEncoding.EncodeToString(f.data)
	}) + rules()
	sum := sha256.Sum256([]byte(css))
	hash := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	return style{css, "default-src 'none'; style-src " + hash + "; font-src data:; img-src data:; base-uri 'none'; form-action 'none'"}
})

// Assets are the files a server keeps under Options.Assets, by name: the style
// sheet and the fonts it names beside it.
func Assets() map[string][]byte {
	assets := map[string][]byte{"packet.css": []byte(fontFaces(func(f face) string { return f.file }) + rules())}
	for _, f := range faces() {
		assets[f.file] = f.data
	}
	return assets
}

func fontFaces(address func(face) string) string {
	var b strings.Builder
	for _, f := range faces() {
		b.WriteString(`@font-face{font-family:"` + f.family + `";src:url(` + address(f) + `) format("woff2");font-weight:` + f.weight + ";font-display:swap}\n")
	}
	return b.String()
}

var comment = regexp.MustCompile(`(?s)/\*.*?\*/`)

// rules joins the rules for drawings and then the style files in the order of
// their names, without comments and indentation.
var rules = sync.OnceValue(func() string {
	names, _ := fs.Glob(files, "data/*.css") // the pattern is fixed and sound
	var b strings.Builder
	add(&b, draw.Stylesheet)
	for _, name := range names {
		data, _ := files.ReadFile(name) // embedded, and named by Glob
		add(&b, string(data))
	}
	return b.String()
})

func add(b *strings.Builder, css string) {
	for line := range strings.Lines(comment.ReplaceAllString(css, "")) {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString(line + "\n")
		}
	}
}
