package office

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"homecase/pitch"
)

var (
	templateActions = regexp.MustCompile(`(?s){{.*?}}`)
	blockTags       = regexp.MustCompile(`(?s)</?(p|li|h1|h2|h3|div|label|legend|button|title|a|form|ul|main|head|span|option)\b[^>]*>`)
	anyTag          = regexp.MustCompile(`(?s)<[^>]*>`)
	unwantedWords   = regexp.MustCompile(`(?i)\b(please|sorry|invalid|oops|unfortunately|simply|obviously)\b|!`)
	sentenceEnds    = regexp.MustCompile(`[.?:]\s+|\n`)
)

// readerText is every piece of text of the readers' pages, without the packet's own.
func readerText(t *testing.T) []string {
	t.Helper()
	var out []string
	raw, err := readerFiles.ReadFile("data/words/reader.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]map[string]string
	if err := yaml.Unmarshal(raw, &words); err != nil {
		t.Fatal(err)
	}
	for _, group := range words {
		for _, text := range group {
			out = append(out, regexp.MustCompile(`{[a-z]+}`).ReplaceAllString(text, "Ines"))
		}
	}
	for _, name := range []string{"reader", "reader-decide", "reader-decided", "reader-trial"} {
		raw, err := readerFiles.ReadFile("data/html/" + name + ".html")
		if err != nil {
			t.Fatal(err)
		}
		text := blockTags.ReplaceAllString(strings.ReplaceAll(string(raw), "<!DOCTYPE html>", ""), "\n")
		text = strings.NewReplacer("{{.V.Person}}", "Ines", "{{$.V.Person}}", "Ines", "{{.Person}}", "Ines").Replace(text)
		out = append(out, strings.Split(anyTag.ReplaceAllString(templateActions.ReplaceAllString(text, " "), ""), "\n")...)
	}
	return out
}

// The words are plain: at most grade 7 by Flesch and Kincaid, no sentence over 25
// words, nothing that begs, blames or shouts.
func TestReaderWordsArePlain(t *testing.T) {
	var words, sentences, syllables int
	for _, text := range readerText(t) {
		if bad := unwantedWords.FindString(text); bad != "" {
			t.Errorf("the pages say %q: %s", bad, text)
		}
		for _, s := range sentenceEnds.Split(text, -1) {
			count := strings.Fields(s)
			if len(count) > 25 {
				t.Errorf("%d words: %s", len(count), s)
			}
			if len(count) < 5 { // labels would only pull the level down
				continue
			}
			words, sentences = words+len(count), sentences+1
			for _, w := range count {
				syllables += pitch.Syllables(strings.Trim(w, ".,:;()“”\"?"))
			}
		}
	}
	grade := pitch.Grade(words, sentences, syllables)
	t.Logf("grade %.1f, %d words in %d sentences", grade, words, sentences)
	if words < 500 || grade > 7 {
		t.Errorf("the pages read at grade %.1f over %d words", grade, words)
	}
}

// Every word that the pages look up is there.
func TestReaderWordsAreThere(t *testing.T) {
	rd, err := newReaders(&Server{})
	if err != nil {
		t.Fatal(err)
	}
	w := rd.words
	for name, group := range map[string]map[string]string{
		"bar": w.Bar, "notice": w.Notice, "links": w.Links, "said": w.Said, "pages": w.Pages, "files": w.Files, "headings": w.Headings, "next": w.Next,
		"fields": w.Fields, "statements": w.Statements, "errors": w.Errors, "ways": w.Ways, "ways_hint": w.WaysHint, "stops": w.Stops, "law": w.Law,
	} {
		if len(group) == 0 {
			t.Errorf("the group %q is empty", name)
		}
		code := readerCode(t)
		for key := range group {
			if !strings.Contains(code, `"`+key+`"`) && name != "files" && name != "headings" && name != "stops" && name != "ways" && name != "ways_hint" {
				t.Errorf("nothing says %s.%s", name, key)
			}
		}
	}
	for _, m := range regexp.MustCompile(`words\.(\w+)\["(\w+)"\]`).FindAllStringSubmatch(readerCode(t), -1) {
		groups := map[string]map[string]string{"Bar": w.Bar, "Notice": w.Notice, "Links": w.Links, "Said": w.Said, "Pages": w.Pages, "Files": w.Files, "Headings": w.Headings, "Next": w.Next,
			"Fields": w.Fields, "Statements": w.Statements, "Errors": w.Errors, "Ways": w.Ways, "Law": w.Law, "Stops": w.Stops}
		if groups[m[1]][m[2]] == "" {
			t.Errorf("there are no words for %s.%s", m[1], m[2])
		}
	}
}

// readerCode is the code of the pages.
func readerCode(t *testing.T) string {
	t.Helper()
	names, err := filepath.Glob("reader*.go")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(data)
	}
	return b.String()
}
