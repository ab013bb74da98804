package homecase

import _ "embed"

//go:embed docs/case.schema.json
var schema []byte

// Schema returns the JSON Schema of the case file. It is generated from the
// types of this package and the comments at their fields; a test keeps it
// current.
func Schema() []byte { return schema }
