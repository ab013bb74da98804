package pitch

import (
	"testing"
	"unicode/utf8"
)

func FuzzCheck(f *testing.F) {
	for _, l := range readLabelled(f, "labelled.tsv")[:60] {
		f.Add(l.text)
	}
	for _, s := range []string{"", "\n\n\n", "1,2,3. $5k 24/7 9-5 50 % 3rd", "i'll don't cannot 'tis '", "Dr. Shah e.g. this a.m. on", "\xff\xfe", "— – … • “x” ’s", "- \n-\n1.\n2)", "homecase: off x because y\n", "İ ſ K", "zzzzzzing organizzze"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		Label(text)
		for _, name := range []string{"a.txt", "a.md"} {
			fs, err := Check([]File{{Name: name, Data: []byte(text)}}, Options{})
			if err != nil {
				continue
			}
			for _, x := range fs {
				if x.Line < 1 || x.Column < 1 || !utf8.ValidString(x.Text) {
					t.Fatalf("%+v", x)
				}
			}
		}
	})
}

func FuzzDOCX(f *testing.F) {
	f.Add([]byte(word), true)
	f.Add(archive(f, "word/document.xml", word), false)
	f.Fuzz(func(t *testing.T, data []byte, wrap bool) {
		if wrap {
			data = archive(t, "word/document.xml", string(data))
		}
		_, _ = Check([]File{{Name: "a.docx", Data: data}}, Options{})
	})
}

func FuzzEML(f *testing.F) {
	f.Add([]byte("From: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nI will quit unless you agree.\r\n--b--\r\n"))
	f.Add([]byte("Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+aGk=\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = Check([]File{{Name: "a.eml", Data: data}}, Options{})
	})
}

// FuzzOwn reads hostile rule files.
func FuzzOwn(f *testing.F) {
	f.Add("a (b|c @i) ..3 [d] & !e #end")
	f.Add("((a|b)|c) ... (")
	f.Add("[a [b] c]")
	l, err := read()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		m, err := compile(&loaded{lex: l.lex, rules: []Rule{{ID: "x", Category: Vague, Severity: Hint, When: pattern, Unless: pattern}}})
		if err == nil {
			m.check(newSource("a", []byte("we b c d e. a a a b")), Options{})
		}
	})
}
