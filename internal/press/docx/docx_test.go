package docx_test

import (
	"bytes"
	"os"
	"testing"

	"homecase/internal/press/docx"
	"homecase/internal/press/presstest"
)

func TestLook(t *testing.T) {
	var b bytes.Buffer
	d := presstest.Packet()
	d.Contents = true
	if err := docx.Write(&b, d, docx.Options{}); err != nil {
		t.Fatal(err)
	}
	os.WriteFile("/tmp/look.docx", b.Bytes(), 0o644)
	b.Reset()
	if err := docx.Write(&b, presstest.Letter(), docx.Options{Paper: docx.Letter}); err != nil {
		t.Fatal(err)
	}
	os.WriteFile("/tmp/letter.docx", b.Bytes(), 0o644)
}
