package pitch

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"unicode/utf8"

	"homecase/fault"
)

const (
	emlDepth = 8   // how deeply parts may be nested
	emlParts = 200 // how many parts are looked at
)

// openEML reads the text of an e-mail: the first text/plain part, or the words of
// the first HTML part. Lines count from the start of that text.
func openEML(f File) (*source, error) {
	bad := func(err error, say string) (*source, error) {
		return nil, fault.New(fault.Invalid, "HC-PITCH-23", "%s", say).At(fault.Place{File: f.Name}).Because(err)
	}
	msg, err := mail.ReadMessage(bytes.NewReader(f.Data))
	if err != nil {
		return bad(err, "This is not an e-mail: its header cannot be read.")
	}
	w := &mailWalk{}
	w.part(msg.Header.Get("Content-Type"), msg.Header.Get("Content-Transfer-Encoding"), msg.Body, 0)
	text := w.plain
	if len(text) == 0 {
		text = stripTags(w.html)
	}
	if len(text) == 0 {
		return bad(w.err, "This e-mail has no text part.")
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return bad(nil, "The text of this e-mail holds a NUL byte.")
	}
	return newSource(f.Name, bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))), nil
}

// mailWalk looks for the text among the parts.
type mailWalk struct {
	plain, html []byte
	parts       int
	err         error
}

func (w *mailWalk) part(contentType, encoding string, body io.Reader, depth int) {
	if w.parts++; w.parts > emlParts || depth > emlDepth || len(w.plain) > 0 {
		return
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		r := multipart.NewReader(body, params["boundary"])
		for {
			p, err := r.NextRawPart()
			if err != nil {
				if err != io.EOF {
					w.err = err
				}
				return
			}
			if strings.HasPrefix(p.Header.Get("Content-Disposition"), "attachment") {
				continue
			}
			w.part(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p, depth+1)
			if w.parts > emlParts {
				return
			}
		}
	}
	if kind != "text/plain" && kind != "text/html" {
		return
	}
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	b, err := io.ReadAll(io.LimitReader(body, MaxBytes))
	if err != nil {
		w.err = err
	}
	switch strings.ToLower(params["charset"]) {
	case "iso-8859-1", "windows-1252", "iso-8859-15", "latin1":
		b = fromWindows(b)
	default:
		if !utf8.Valid(b) {
			b = fromWindows(b)
		}
	}
	if kind == "text/plain" {
		w.plain = b
	} else if len(w.html) == 0 {
		w.html = b
	}
}

// fromWindows reads bytes as Windows-1252, which every byte string is.
func fromWindows(b []byte) []byte {
	// 0x80 to 0x9F of Windows-1252; the five unused places stay as they are.
	const high = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"
	table := []rune(high)
	out := make([]byte, 0, len(b)+len(b)/8)
	for _, c := range b {
		switch {
		case c < 0x80:
			out = append(out, c)
		case c < 0xA0:
			out = utf8.AppendRune(out, table[c-0x80])
		default:
			out = utf8.AppendRune(out, rune(c))
		}
	}
	return out
}

// stripTags keeps the words of HTML; blocks end lines, scripts and styles go.
func stripTags(b []byte) []byte {
	var out bytes.Buffer
	for i := 0; i < len(b); {
		if b[i] != '<' {
			n := bytes.IndexByte(b[i:], '<')
			if n < 0 {
				n = len(b) - i
			}
			out.Write(b[i : i+n])
			i += n
			continue
		}
		n := bytes.IndexByte(b[i:], '>')
		if n < 0 {
			break
		}
		tag := strings.ToLower(string(b[i+1 : i+min(n, 12)]))
		i += n + 1
		for _, dead := range []string{"script", "style", "head"} {
			if strings.HasPrefix(tag, dead) && !strings.HasPrefix(tag, "header") {
				end := bytes.Index(b[i:], []byte("</"+dead))
				if end < 0 {
					end = len(b) - i
				}
				i += end
			}
		}
		for _, block := range []string{"p", "/p", "br", "li", "/li", "div", "/div", "tr", "h1", "h2", "h3", "td", "/h1", "/h2", "/h3"} {
			if name, _, _ := strings.Cut(strings.TrimRight(tag, "/"), " "); name == block {
				out.WriteString("\n\n")
			}
		}
	}
	return []byte(strings.NewReplacer("&nbsp;", " ", "&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&rsquo;", "’", "&lsquo;", "‘", "&pound;", "£", "&euro;", "€", "&mdash;", "—", "&ndash;", "–").Replace(out.String()))
}
