package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
	"golang.org/x/net/html"

	"homecase/pitch"
)

// The words of the pages are plain. The level is Flesch-Kincaid's grade (package
// pitch), 0.39 words a sentence + 11.8 syllables a word - 15.59, over the whole
// sentences of a file: those that end in a full stop or a question mark, or have
// five words or more. Labels and buttons would only pull the level down, so they
// are left out. A word in braces counts as the short word that will stand there.
const (
	mostGrade    = 7.0
	longSentence = 25  // words
	enoughWords  = 100 // below, a level says nothing
)

// unwanted are words that blame, beg or shout.
var unwanted = regexp.MustCompile(`(?i)\b(please|sorry|in?valid|oops|unfortunately|simply|obviously)\b|!`)

func TestWordsArePlain(t *testing.T) {
	all := map[string][]string{}
	for _, glob := range []string{"data/words/*.yaml", "data/help/*.yaml", "data/labels.yaml"} {
		for _, name := range glob1(t, glob) {
			all[name] = yamlWords(t, name)
		}
	}
	for _, name := range glob1(t, "data/html/*.html") {
		all[name] = htmlWords(t, name)
	}
	for _, name := range glob1(t, "*.go") {
		if !strings.HasSuffix(name, "_test.go") {
			all[name] = goWords(t, name)
		}
	}
	var words, sentences, syllables int
	for name, texts := range all {
		var w, n, y int
		for _, text := range texts {
			if bad := unwanted.FindString(text); bad != "" {
				t.Errorf("%s says %q: %s", name, bad, text)
			}
			for _, s := range inSentences(text) {
				count := wordsOf(s)
				if len(count) > longSentence {
					t.Errorf("%s: %d words, keep to %d: %s", name, len(count), longSentence, s)
				}
				if len(count) < 5 && !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") {
					continue
				}
				w, n = w+len(count), n+1
				for _, word := range count {
					y += pitch.Syllables(word)
				}
			}
		}
		words, sentences, syllables = words+w, sentences+n, syllables+y
		if grade := pitch.Grade(w, n, y); w >= enoughWords && grade > mostGrade {
			t.Errorf("%s reads at grade %.1f, keep to %.0f (%d words in %d sentences)", name, grade, mostGrade, w, n)
		}
	}
	grade := pitch.Grade(words, sentences, syllables)
	t.Logf("all pages together: grade %.1f, %d words in %d sentences of %d files", grade, words, sentences, len(all))
	if words < 1500 || grade > mostGrade {
		t.Errorf("all pages together read at grade %.1f over %d words", grade, words)
	}
}

func glob1(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// yamlWords are the texts of a file of words: every value that is read, and no
// name, address or path.
func yamlWords(t *testing.T, name string) []string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	var out []string
	var walk func(key string, v any)
	walk = func(key string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, x := range v {
				walk(k, x)
			}
		case []any:
			for _, x := range v {
				walk(key, x)
			}
		case string:
			if !slices.Contains([]string{"id", "path", "task", "tab", "name", "kind", "value", "autocomplete", "GB", "AU", "CA", "US"}, key) {
				out = append(out, v)
			}
		}
	}
	walk("", doc)
	return out
}

var (
	control = regexp.MustCompile(`\{\{-?\s*(if|with|range|end|define|template|block|break|continue|\$|/\*)[^}]*\}\}`)
	other   = regexp.MustCompile(`\{\{-?\s*else[^}]*\}\}`)
	printed = regexp.MustCompile(`\{\{[^}]*\}\}`)

	insideTag = regexp.MustCompile(`<[a-z/!][^>]*>`)
)

// turn marks where a template takes another turn: words before and after it are
// never read together.
const turn = "\x01"

// htmlWords are the texts between the tags of a template, one for each paragraph,
// cell or label. What a template prints counts as one short word.
func htmlWords(t *testing.T, name string) []string {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	text := control.ReplaceAllString(string(raw), "")
	text = printed.ReplaceAllString(other.ReplaceAllString(text, turn), "four")
	text = insideTag.ReplaceAllStringFunc(text, func(tag string) string { return strings.ReplaceAll(tag, turn, " ") })
	return htmlTexts(strings.ReplaceAll(text, turn, "<hr>"))
}

// inline tags stand inside a sentence.
var inline = []string{"a", "b", "strong", "em", "i", "span", "code", "kbd", "svg", "rect", "path", "circle", "abbr", "time", "q", "small"}

// htmlTexts are the texts of a page, one for each block.
func htmlTexts(page string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if s := strings.Join(strings.Fields(b.String()), " "); s != "" {
			out = append(out, s)
		}
		b.Reset()
	}
	skip := ""
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			flush()
			return out
		case html.TextToken:
			if skip == "" {
				b.Write(z.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			if tok.Data == "style" || tok.Data == "script" || tok.Data == "title" {
				skip = map[bool]string{true: tok.Data}[tok.Type == html.StartTagToken]
			}
			if !slices.Contains(inline, tok.Data) {
				flush()
			}
		}
	}
}

// goWords are the sentences that stand in the program: texts with a capital and
// four words or more.
func goWords(t *testing.T, name string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		s, err := strconv.Unquote(lit.Value)
		if err != nil {
			t.Fatal(err)
		}
		if s = strings.TrimSpace(s); s != "" && s[0] >= 'A' && s[0] <= 'Z' && strings.Count(s, " ") >= 3 && !strings.ContainsAny(s, "<>=;") {
			out = append(out, regexp.MustCompile(`%[a-z0-9.]+`).ReplaceAllString(s, "four"))
		}
		return true
	})
	return out
}

var (
	braces = regexp.MustCompile(`\{[A-Za-z_]+\}`)
	ends   = regexp.MustCompile(`([.?])["”’)]?\s+`)
)

// inSentences parts a text where a sentence ends.
func inSentences(text string) []string {
	text = braces.ReplaceAllString(text, "four")
	var out []string
	for _, line := range strings.Split(ends.ReplaceAllString(text, "$1\n"), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// wordsOf are the words of a sentence: what has a letter or a digit in it.
func wordsOf(s string) []string {
	var out []string
	for _, w := range strings.Fields(s) {
		if strings.ContainsFunc(w, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' }) {
			out = append(out, strings.Trim(w, `.,;:?"'()“”‘’`))
		}
	}
	return out
}

// What the pages say in every world is as plain, outside the boss's sheet and
// outside what others wrote: the laws and studies among the sources.
func TestPagesSpeakPlainly(t *testing.T) {
	for _, w := range stands(t) {
		for _, s := range w.look(t) {
			if strings.HasPrefix(s.route, "/sources/") {
				continue
			}
			_, body, _ := strings.Cut(s.body, "<main")
			for _, text := range htmlTexts("<main" + sheetless(body)) {
				if bad := unwanted.FindString(text); bad != "" {
					t.Errorf("%s: %s says %q: %s", s.name, s.path, bad, text)
				}
			}
		}
	}
}

var sheet = regexp.MustCompile(`(?s)<(div|article|section) class="sheet.*?</(div|article|section)>`)

func sheetless(body string) string { return sheet.ReplaceAllString(body, "") }

// A template that is defined twice would take the place of another's.
func TestTemplatesAreDefinedOnce(t *testing.T) {
	define := regexp.MustCompile(`\{\{-?\s*define "([^"]+)"`)
	where := map[string]string{}
	for _, name := range glob1(t, "data/html/*.html") {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range define.FindAllStringSubmatch(string(raw), -1) {
			if first := where[m[1]]; first != "" {
				t.Errorf("%q is defined in %s and in %s", m[1], first, name)
			}
			where[m[1]] = name
		}
	}
	if len(where) == 0 {
		t.Error("no template was found")
	}
}
