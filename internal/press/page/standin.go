package page

import (
	"html"
	"io"

	"homecase/packet"
)

func drawSVG(w io.Writer, c packet.Chart, id string) error {
	_, err := io.WriteString(w, `<svg class="plot" height="40" aria-hidden="true"><rect x="0" y="4" width="100%" height="18" class="f-home"/></svg>`)
	_ = html.EscapeString
	return err
}

func drawBar(w io.Writer, b packet.Bar) error {
	_, err := io.WriteString(w, `<svg class="plot" height="16" aria-hidden="true"><rect x="0" y="4" width="50%" height="12" class="f-home"/></svg>`)
	return err
}
