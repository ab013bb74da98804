package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"homecase/internal/press/draw"
	"homecase/internal/press/font"
)

//go:embed data
var files embed.FS

const assetPath = "/assets/"

// asset is a file that never changes under its address.
type asset struct {
	address, kind string
	data          []byte
	packed        func() []byte // for the first who asks; nil where it is packed already
}

var comments = regexp.MustCompile(`(?s)/\*.*?\*/`)

// loadAssets gives every file an address with its hash in it, so that a browser
// asks for it once.
func (s *Server) loadAssets() error {
	s.assets = map[string]asset{}
	faces := map[string][]byte{"hanken-400.woff2": font.WebSans, "hanken-700.woff2": font.WebSansBold, "source-serif-4-400.woff2": font.WebSerif}
	var css strings.Builder
	var common map[string]bool // the classes of the common style, which comes before the groups
	for _, f := range []struct{ family, weight, file string }{
		{"Hanken Grotesk", "400", "hanken-400.woff2"}, {"Hanken Grotesk", "700", "hanken-700.woff2"}, {"Source Serif 4", "400", "source-serif-4-400.woff2"},
	} {
		a := s.addAsset(f.file, "font/woff2", faces[f.file])
		css.WriteString(`@font-face{font-family:"` + f.family + `";src:url(` + a.address + `) format("woff2");font-weight:` + f.weight + ";font-display:swap}\n")
	}
	css.WriteString(tight(draw.Stylesheet))
	names, err := fs.Glob(files, "data/css/*.css")
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		if group, ok := strings.CutPrefix(path.Base(name), "8-"); ok {
			if common == nil {
				common = classesOf(css.String())
			}
			s.addSheet(group, tight(string(text)), common)
			continue
		}
		css.WriteString(tight(string(text)))
	}
	s.style = s.addAsset("homecase.css", "text/css; charset=utf-8", []byte(css.String()))
	scripts, err := fs.Glob(files, "data/js/*.js")
	if err != nil {
		return err
	}
	for _, name := range scripts {
		text, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		s.addAsset(path.Base(name), "text/javascript; charset=utf-8", text)
	}
	return nil
}

// sheet is the style of one group of pages. A page that it styles links it, so
// that no page carries the style of all others.
type sheet struct {
	address string
	rules   [][]string // the classes of each selector that names one of its own
}

var (
	classNames = regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)
	selectors  = regexp.MustCompile(`([^{},]+)[,{]`)
	negations  = regexp.MustCompile(`:not\([^)]*\)`)
)

// addSheet keeps the style of a group; its own classes are those that the
// common style does not have.
func (s *Server) addSheet(name, css string, common map[string]bool) {
	sh := sheet{address: s.addAsset(name, "text/css; charset=utf-8", []byte(css)).address}
	for _, m := range selectors.FindAllStringSubmatch(css, -1) {
		own := false
		var classes []string
		for _, c := range classNames.FindAllStringSubmatch(negations.ReplaceAllString(m[1], ""), -1) {
			classes = append(classes, c[1])
			own = own || !common[c[1]]
		}
		if own {
			sh.rules = append(sh.rules, classes)
		}
	}
	s.sheets = append(s.sheets, sh)
}

func classesOf(css string) map[string]bool {
	classes := map[string]bool{}
	for _, m := range classNames.FindAllStringSubmatch(css, -1) {
		classes[m[1]] = true
	}
	return classes
}

// sheetsOf are the styles that a page needs besides the common one: those with a
// rule all of whose classes it wears.
func (s *Server) sheetsOf(body string) []string {
	worn := map[string]bool{}
	for {
		_, rest, ok := strings.Cut(body, `class="`)
		if !ok {
			break
		}
		names, rest, _ := strings.Cut(rest, `"`)
		for name := range strings.FieldsSeq(names) {
			worn[name] = true
		}
		body = rest
	}
	all := func(classes []string) bool {
		return !slices.ContainsFunc(classes, func(c string) bool { return !worn[c] })
	}
	var out []string
	for _, sh := range s.sheets {
		if slices.ContainsFunc(sh.rules, all) {
			out = append(out, sh.address)
		}
	}
	return out
}

var around = regexp.MustCompile(`\s*([{};,])\s*`)

// tight drops comments and the white space around marks. No string of ours has
// such a mark beside a space (TestStyleIsTightened).
func tight(css string) string {
	return strings.ReplaceAll(around.ReplaceAllString(comments.ReplaceAllString(css, ""), "$1"), ";}", "}\n")
}

func (s *Server) addAsset(name, kind string, data []byte) asset {
	sum := sha256.Sum256(data)
	a := asset{address: assetPath + hex.EncodeToString(sum[:6]) + "/" + name, kind: kind, data: data}
	if !strings.HasPrefix(kind, "font/") { // fonts are packed already
		a.packed = sync.OnceValue(func() []byte { return pack(data) })
	}
	s.assets[name] = a
	return a
}

// pack makes a file as small as it gets; nil where that fails.
func pack(data []byte) []byte {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(data)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return nil
	}
	return b.Bytes()
}

func (s *Server) serveAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := s.assets[path.Base(r.URL.Path)]
	if !ok || a.address != r.URL.Path || r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	data := a.data
	if a.packed != nil && acceptsGzip(r) {
		if packed := a.packed(); packed != nil {
			h.Set("Content-Encoding", "gzip")
			data = packed
		}
	}
	_, _ = w.Write(data) // the browser is gone: nobody is left to tell
}

func acceptsGzip(r *http.Request) bool {
	for _, v := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		if name, q, _ := strings.Cut(strings.TrimSpace(v), ";"); name == "gzip" && !strings.HasPrefix(strings.TrimSpace(q), "q=0") {
			return true
		}
	}
	return false
}
