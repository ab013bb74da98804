package ops

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image/jpeg"
	"io"
	"strings"
	"time"

	"homecase/fault"
	"homecase/packet"
	"homecase/share"
)

// Bounds of the files an office takes.
const (
	maxDepth    = 64         // levels of JSON
	maxPixels   = 16_000_000 // of a picture; the workspace makes them at most 1,600 wide
	maxParts    = 2000       // parts of an Office file
	maxUnpacked = 128 << 20  // bytes of an Office file once unpacked
	maxRatio    = 200        // times an Office file may grow
)

// PutFile keeps a file of the caller's case. It is what its type says, and its
// hash is that of its bytes.
func (o *Office) PutFile(ctx context.Context, c Caller, caseID string, b share.Blob) error {
	if _, err := o.own(ctx, c, caseID); err != nil {
		return err
	}
	if !share.IsHash(b.Hash) || share.Hash(b.Bytes) != b.Hash {
		return fault.New(fault.Invalid, "HC-API-20", "The bytes that arrived do not have this hash.").Then("Send the file again.")
	}
	if err := checkFile(b.Media, b.Bytes); err != nil {
		return err
	}
	b.Made = o.Now().UTC().Truncate(time.Microsecond)
	return o.Store.PutBlob(ctx, c.Org, caseID, b, o.Room)
}

// UsualRoom is how many bytes of files an office keeps: of a case, of a person and
// of an organisation. An edition with photos has 2 to 10 MB.
func UsualRoom() share.Room { return share.Room{Case: 256 << 20, Person: 1 << 30, Org: 64 << 30} }

// checkFile looks whether bytes are what their type says.
func checkFile(media string, data []byte) error {
	if len(data) == 0 || len(data) > share.MaxBlob {
		return fault.New(fault.Invalid, "HC-API-21", "A file has 1 to %d bytes.", share.MaxBlob)
	}
	ok := false
	switch media {
	case "application/pdf":
		ok = bytes.HasPrefix(data, []byte("%PDF-"))
	case "text/calendar":
		ok = bytes.HasPrefix(data, []byte("BEGIN:VCALENDAR"))
	case "application/json":
		return checkJSON(data)
	case "image/jpeg":
		return checkPhoto(data)
	case "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation":
		return checkZip(data)
	}
	if !ok {
		return fault.New(fault.Invalid, "HC-API-22", "This file is not what its type says, or of a type that is not shared.")
	}
	return nil
}

// checkJSON refuses what is no JSON, or too deep.
func checkJSON(data []byte) error {
	bad := fault.New(fault.Invalid, "HC-API-23", "This JSON is broken, or deeper than an edition needs.")
	if !json.Valid(data) {
		return bad
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	for depth := 0; ; {
		token, err := dec.Token()
		if err != nil {
			return nil // the end: it is valid
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > maxDepth {
				return bad
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
}

// checkPhoto takes a JPEG of a sane size that carries a picture and nothing
// else: a place or a camera in it would tell more than the person chose to share.
func checkPhoto(data []byte) error {
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || config.Width < 1 || config.Height < 1 || config.Width > maxPixels/config.Height {
		return fault.New(fault.Invalid, "HC-API-24", "This is not a JPEG picture of at most %d million pixels.", maxPixels/1_000_000).Because(err)
	}
	for i := 2; i+4 <= len(data) && data[i] == 0xff && data[i+1] != 0xda; {
		if m := data[i+1]; m > 0xe0 && m <= 0xef && m != 0xee || m == 0xfe { // all but JFIF's and Adobe's own
			return fault.New(fault.Invalid, "HC-API-25", "This picture carries more than its pixels, such as where it was taken.").Then("Take the picture in anew: homecase leaves the rest out.")
		}
		i += 2 + int(data[i+2])<<8 + int(data[i+3])
	}
	return nil
}

// checkZip looks at the list of an Office file's parts, and then whether each part
// is as long as the list says, so that nobody who opens it later is given a file
// that swells. Nothing unpacked is kept.
func checkZip(data []byte) error {
	bad := fault.New(fault.Invalid, "HC-API-26", "This Office file is broken, or grows beyond measure when it is opened.")
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(z.File) == 0 || len(z.File) > maxParts {
		return bad.Because(err)
	}
	var whole uint64
	for _, f := range z.File {
		whole += f.UncompressedSize64
		if f.UncompressedSize64 > maxUnpacked || whole > maxUnpacked || whole > maxRatio*uint64(len(data)) {
			return bad
		}
		if name := strings.ToLower(f.Name); strings.Contains(name, "..") || strings.HasPrefix(name, "/") || strings.HasSuffix(name, "vbaproject.bin") {
			return bad
		}
	}
	for _, f := range z.File {
		if err := asLongAsSaid(f); err != nil {
			return bad.Because(err)
		}
	}
	return nil
}

// asLongAsSaid reads a part to the end that the list names; one that goes on is refused.
func asLongAsSaid(f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, r)
	return errors.Join(err, r.Close())
}

// checkFiles looks whether the files that an act names are here and are what it
// says of them.
func (o *Office) checkFiles(ctx context.Context, org, caseID string, b share.Body) error {
	var document string
	var files []share.File
	switch b := b.(type) {
	case share.Publication:
		document, files = b.Document, b.Files
	case share.Planning:
		document = b.Document
	case share.Report:
		document, files = b.Document, b.Files
	}
	for _, f := range files {
		blob, err := o.named(ctx, org, caseID, f.SHA256)
		if err != nil {
			return err
		}
		if blob.Media != f.Media || int64(len(blob.Bytes)) != f.Bytes {
			return fault.New(fault.Conflict, "HC-API-27", "The file %s is here with another type or size.", f.Name)
		}
	}
	if document == "" {
		return nil
	}
	blob, err := o.named(ctx, org, caseID, document)
	if err != nil {
		return err
	}
	if blob.Media != "application/json" {
		return fault.New(fault.Invalid, "HC-API-29", "The document of this act cannot be shown.")
	}
	return checkDocument(blob.Bytes)
}

// checkDocument takes a document that a reader can be shown, photos and all.
func checkDocument(raw []byte) error {
	doc, err := packet.Decode(raw)
	if err != nil {
		return fault.New(fault.Invalid, "HC-API-29", "The document of this act cannot be shown.").Because(err)
	}
	for _, p := range doc.Photos() {
		if err := checkPhoto(p.JPEG); err != nil {
			return err
		}
	}
	return nil
}

// named returns a file that an act names.
func (o *Office) named(ctx context.Context, org, caseID, hash string) (*share.Blob, error) {
	blob, err := o.Store.Blob(ctx, org, caseID, hash)
	if fault.KindOf(err) == fault.Missing {
		return nil, fault.New(fault.Conflict, "HC-API-28", "A file of this act is not here yet.").Then("Send its files first, then the act.")
	}
	return blob, err
}
