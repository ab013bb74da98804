package estimate

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
)

// MaxDimensions is how many dimensions the direction numbers reach: that many
// inputs may vary, and half as many in the sensitivity indices.
const MaxDimensions = 128

//go:embed data/joe-kuo-128.txt
var joeKuo string

// column32 holds the direction numbers of one dimension, most significant bit first.
type column32 [32]uint32

// directions expands the table: the first s numbers are given, the rest follow
// by the recurrence of the primitive polynomial (Joe and Kuo, notes on
// generating Sobol' sequences, 2008, equation 3).
var directions = sync.OnceValues(func() ([]column32, error) {
	all := make([]column32, 1, MaxDimensions)
	for j := range all[0] {
		all[0][j] = 1 << (31 - j)
	}
	for line := range strings.Lines(joeKuo) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		row := make([]uint32, 0, 14)
		for _, w := range strings.Fields(line) {
			n, err := strconv.ParseUint(w, 10, 32)
			if err != nil {
				return nil, fmt.Errorf("read the direction numbers: %w", err)
			}
			row = append(row, uint32(n))
		}
		if len(row) < 4 || int(row[0]) != len(all)+1 || len(row) != 3+int(row[1]) {
			return nil, fmt.Errorf("read the direction numbers: line %q has the wrong length", strings.TrimSpace(line))
		}
		all = append(all, expand(int(row[1]), row[2], row[3:]))
	}
	if len(all) != MaxDimensions {
		return nil, fmt.Errorf("read the direction numbers: %d dimensions instead of %d", len(all), MaxDimensions)
	}
	return all, nil
})

func expand(s int, a uint32, m []uint32) column32 {
	var v column32
	for j := range v {
		if j < s {
			v[j] = m[j] << (31 - j)
			continue
		}
		v[j] = v[j-s] ^ v[j-s]>>s
		for k := 1; k < s; k++ {
			v[j] ^= (a >> (s - 1 - k) & 1) * v[j-k]
		}
	}
	return v
}

// sobol is a Sobol' sequence in some dimensions, scrambled or not.
type sobol struct {
	v     []column32
	shift []uint32
}

// newSobol returns the unscrambled sequence.
func newSobol(dims int) (*sobol, error) {
	all, err := directions()
	if err != nil {
		return nil, err
	}
	if dims > len(all) {
		return nil, invalid(CodeTooMany, "%d inputs vary at once; at most %d can.", dims, len(all))
	}
	return &sobol{v: all[:dims], shift: make([]uint32, dims)}, nil
}

// scrambled returns an independent scramble of the sequence: Matoušek's random
// linear scramble and a digital shift (J. Complexity 14, 527-556, 1998). Each
// scramble is unbiased and keeps the net; several give the sampling error.
func (s *sobol) scrambled(seed uint64, nth int) *sobol {
	r := stream("sobol", seed, nth)
	out := &sobol{v: make([]column32, len(s.v)), shift: make([]uint32, len(s.v))}
	for d := range s.v {
		var rows column32 // row i: which digits make digit i, itself always among them
		for i := range rows {
			own := uint32(1) << (31 - i)
			rows[i] = r.Uint32()&^(own|own-1) | own
		}
		for j, v := range s.v[d] {
			var w uint32
			for i := range rows {
				w = w<<1 | uint32(bits.OnesCount32(v&rows[i])&1)
			}
			out.v[d][j] = w
		}
		out.shift[d] = r.Uint32()
	}
	return out
}

// fill writes points first … first+len(out)-1 of dimension d, in Gray code order
// as Joe and Kuo's own programs do. Each point stands in the middle of its cell
// of width 2^-32, so that none is 0 or 1.
func (s *sobol) fill(d, first int, out []float64) {
	v := &s.v[d]
	x := s.shift[d]
	for j, gray := 0, uint32(first^first>>1); gray != 0; j, gray = j+1, gray>>1 {
		x ^= (gray & 1) * v[j]
	}
	// From every sixteenth point on, the next fifteen differ from it in the same
	// way, so they need not wait for one another.
	var steps [16]uint32
	for j := 1; j < len(steps); j++ {
		steps[j] = steps[j-1] ^ v[bits.TrailingZeros32(uint32(j))]
	}
	for first&15 == 0 && len(out) >= len(steps) {
		group := (*[16]float64)(out)
		for j, step := range steps {
			group[j] = (float64(x^step) + 0.5) * 0x1p-32
		}
		first, out = first+len(steps), out[len(steps):]
		x ^= steps[15] ^ v[bits.TrailingZeros32(uint32(first))&31]
	}
	for i := range out {
		out[i] = (float64(x) + 0.5) * 0x1p-32
		x ^= v[bits.TrailingZeros32(uint32(first+i+1))&31]
	}
}

// stream returns a random stream that depends on the purpose, the seed and the
// number only: the key is the SHA-256 of the three.
func stream(purpose string, seed uint64, nth int) *rand.Rand {
	return rand.New(rand.NewChaCha8(key(purpose, seed, nth)))
}

// fastStream is stream with a quicker generator, for millions of draws.
func fastStream(purpose string, seed uint64, nth int) *rand.PCG {
	k := key(purpose, seed, nth)
	return rand.NewPCG(binary.LittleEndian.Uint64(k[:8]), binary.LittleEndian.Uint64(k[8:16]))
}

func key(purpose string, seed uint64, nth int) [32]byte {
	return sha256.Sum256(fmt.Appendf(nil, "homecase estimate %s %d %d", purpose, seed, nth))
}
