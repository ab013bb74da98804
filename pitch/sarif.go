package pitch

import (
	"encoding/json"
	"net/url"
	"slices"
)

// SARIF writes findings in the Static Analysis Results Interchange Format 2.1.0
// (OASIS, 27 March 2020), which editors and code hosts read.
func SARIF(findings []Finding) ([]byte, error) {
	rules := []sarifRule{}
	index := map[string]int{}
	results := []sarifResult{}
	for _, f := range findings {
		i, ok := index[f.Rule]
		if !ok {
			i = len(rules)
			index[f.Rule] = i
			rules = append(rules, sarifRule{ID: f.Rule, Short: sarifText{f.Why}, Help: sarifText{f.Suggestion + " Source: " + f.Source},
				Properties: sarifTags{[]string{string(f.Category)}}})
		}
		region := sarifRegion{Line: max(f.Line, 1), Column: max(f.Column, 1)}
		if f.Text != "" {
			region.Snippet = &sarifText{f.Text}
		}
		kind := "fail"
		if f.Severity == Good {
			kind = "pass"
		}
		results = append(results, sarifResult{Rule: f.Rule, Index: i, Kind: kind, Level: level(f.Severity), Message: sarifText{f.Why + " " + f.Suggestion},
			Locations: []sarifLocation{{sarifPhysical{sarifArtifact{(&url.URL{Path: f.File}).String()}, region}}}})
	}
	log := sarifLog{Schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{{Tool: sarifTool{sarifDriver{"homecase pitch", rules}}, ColumnKind: "unicodeCodePoints", Results: results}}}
	b, err := json.MarshalIndent(log, "", "  ")
	return append(b, '\n'), err
}

// level is SARIF's word: a result that is no failure has level none (3.27.9, 3.27.10).
func level(s Severity) string {
	levels := []string{"none", "none", "note", "warning", "error"}
	return levels[max(0, slices.Index([]Severity{"", Good, Hint, Warning, Error}, s))]
}

type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID         string    `json:"id"`
		Short      sarifText `json:"shortDescription"`
		Help       sarifText `json:"help"`
		Properties sarifTags `json:"properties"`
	}
	sarifTags struct {
		Tags []string `json:"tags"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		Rule      string          `json:"ruleId"`
		Index     int             `json:"ruleIndex"`
		Kind      string          `json:"kind"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		Line    int        `json:"startLine"`
		Column  int        `json:"startColumn"`
		Snippet *sarifText `json:"snippet,omitempty"`
	}
)
