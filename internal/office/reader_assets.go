package office

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"

	"homecase/internal/press/page"
)

const assetPath = "/assets/"

// What the pages of those who sign in have besides.
const (
	accountStyle  = "account.css"
	passkeyScript = "passkey.js"
)

// readerAssets are the style sheets and fonts of the readers' pages, under an
// address that names their content, so that a browser asks for each once.
type readerAssets struct {
	folder string // the address of all of them
	hash   string
	styles []string
	files  map[string]body
}

// body is an answer in both forms.
type body struct{ plain, packed []byte }

var cssComments = regexp.MustCompile(`(?s)/\*.*?\*/\n?`)

func loadReaderAssets() (readerAssets, error) {
	a := readerAssets{files: map[string]body{}}
	all := page.Assets()
	for name, file := range map[string]string{"packet.css": "reader-packet.css", "reader.css": "reader.css"} {
		own, err := readerFiles.ReadFile("data/css/" + file)
		if err != nil {
			return a, err
		}
		all[name] = append(all[name], cssComments.ReplaceAll(own, nil)...)
	}
	for name, file := range map[string]string{accountStyle: "css/account.css", passkeyScript: "js/passkey.js"} {
		own, err := readerFiles.ReadFile("data/" + file)
		if err != nil {
			return a, err
		}
		all[name] = own
	}
	sum := sha256.New()
	for _, name := range sortedKeys(all) {
		sum.Write([]byte(name))
		sum.Write(all[name])
		b := body{plain: all[name]}
		if path.Ext(name) != ".woff2" {
			b.packed = packed(all[name])
		}
		a.files[name] = b
	}
	a.hash = hex.EncodeToString(sum.Sum(nil))[:16]
	a.folder = assetPath + a.hash + "/"
	a.styles = []string{a.folder + "packet.css", a.folder + "reader.css"}
	return a, nil
}

// serve answers with a file that never changes under its address.
func (a readerAssets) serve(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	f, ok := a.files[name]
	if !ok || r.PathValue("hash") != a.hash {
		http.NotFound(w, r)
		return
	}
	kind := "font/woff2"
	switch path.Ext(name) {
	case ".css":
		kind = "text/css; charset=utf-8"
	case ".js":
		kind = "text/javascript; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	f.write(w, r, http.StatusOK)
}

// write answers in the form that the browser takes.
func (b body) write(w http.ResponseWriter, r *http.Request, status int) {
	out := b.plain
	if b.packed != nil {
		w.Header().Add("Vary", "Accept-Encoding")
		if takesGzip(r) {
			w.Header().Set("Content-Encoding", "gzip")
			out = b.packed
		}
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(out)))
	w.WriteHeader(status)
	_, _ = w.Write(out)
}

func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			return strings.ReplaceAll(q, " ", "") != "q=0"
		}
	}
	return false
}

func packed(data []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a sound one
	_, _ = z.Write(data)                                  // into memory
	_ = z.Close()
	return b.Bytes()
}
