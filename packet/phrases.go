package packet

import (
	"embed"
	"io/fs"
	"sync"

	"homecase/content"
	"homecase/fault"
)

// Phrase is one sentence homecase can say. It rests on the facts of its slots
// and on those it names. A frame is a heading or a signpost that claims nothing.
type Phrase struct {
	Text  string   `json:"text"`
	Rests []string `json:"rests,omitempty"`
	Frame bool     `json:"frame,omitempty"`
}

// UnmarshalNode reads a bare text as a phrase without further facts.
func (p *Phrase) UnmarshalNode(n content.Node) error {
	if s, ok := n.Scalar(); ok {
		p.Text = s
		return nil
	}
	type plain Phrase
	n.Into((*plain)(p))
	return nil
}

// Phrases are sentences by id.
type Phrases map[string]Phrase

//go:embed data/*.yaml data/*.tree
var data embed.FS

// LoadPhrases reads the sentences that ship with homecase. It reads them once.
var LoadPhrases = sync.OnceValues(func() (Phrases, error) {
	all := Phrases{}
	files, err := fs.Glob(data, "data/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		var groups map[string]map[string]Phrase
		if err := content.DecodeShipped(data, "packet", name, &groups); err != nil {
			return nil, err
		}
		for group, phrases := range groups {
			for key, p := range phrases {
				id := group + "." + key
				if _, twice := all[id]; twice {
					return nil, fault.New(fault.Internal, "HC-PACKET-07", "The phrase %q stands in two files.", id)
				}
				all[id] = p
			}
		}
	}
	return all, nil
})
