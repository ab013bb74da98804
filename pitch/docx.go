package pitch

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"

	"homecase/fault"
)

// Limits of a DOCX. A case of a hundred pages unpacks to about 2 MB.
const (
	docxEntries = 4000
	docxXML     = 24 << 20
	docxRatio   = 400 // unpacked by packed, above docxSmall
	docxSmall   = 1 << 20
	docxDepth   = 200
)

// openDOCX reads the words of a Word document, one paragraph a line.
func openDOCX(f File) (*source, error) {
	bad := func(err error, say string, args ...any) (*source, error) {
		return nil, fault.New(fault.Invalid, "HC-PITCH-22", say, args...).At(fault.Place{File: f.Name}).Because(err)
	}
	z, err := zip.NewReader(bytes.NewReader(f.Data), int64(len(f.Data)))
	if err != nil {
		return bad(err, "This is not a Word document: it is no zip archive.")
	}
	if len(z.File) > docxEntries {
		return bad(nil, "This archive holds more than %d parts, so it is not read.", docxEntries)
	}
	for _, e := range z.File {
		if e.Name != "word/document.xml" {
			continue
		}
		if e.UncompressedSize64 > docxXML || e.UncompressedSize64 > docxSmall && e.UncompressedSize64/max(1, e.CompressedSize64) > docxRatio {
			return bad(nil, "This archive unpacks to far more than a document, so it is not read.")
		}
		r, err := e.Open()
		if err != nil {
			return bad(err, "This Word document cannot be unpacked.")
		}
		defer r.Close()
		limited := &io.LimitedReader{R: r, N: docxXML + 1}
		text, err := paragraphs(limited)
		if limited.N <= 0 {
			return bad(nil, "This archive unpacks to far more than a document, so it is not read.")
		}
		if err != nil {
			return bad(err, "The text of this Word document cannot be read.")
		}
		s := newSource(f.Name, text)
		s.lines = true
		return s, nil
	}
	return bad(nil, "This is not a Word document: it has no word/document.xml.")
}

// paragraphs collects the text runs of WordprocessingML (ECMA-376 part 1, 17.3).
// Deleted text and field codes are not read.
func paragraphs(r io.Reader) ([]byte, error) {
	d := xml.NewDecoder(r)
	var out bytes.Buffer
	depth, inText, skip := 0, false, 0
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return out.Bytes(), nil
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > docxDepth {
				return nil, errors.New("nested too deeply")
			}
			switch t.Name.Local {
			case "t":
				inText = true
			case "tab", "br", "cr":
				out.WriteByte(' ')
			case "del", "instrText", "delText":
				skip++
			}
		case xml.EndElement:
			depth--
			switch t.Name.Local {
			case "t":
				inText = false
			case "p":
				out.WriteByte('\n')
			case "del", "instrText", "delText":
				skip--
			}
		case xml.CharData:
			if inText && skip == 0 {
				out.Write(bytes.ReplaceAll(t, []byte("\n"), []byte(" ")))
			}
		}
		if out.Len() > MaxBytes {
			return nil, errors.New("too much text")
		}
	}
}
