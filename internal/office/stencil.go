package office

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"slices"
)

// A stencil is a page packed by gzip for readers whose tokens are not known yet.
// A token is kept nowhere, so a page that waits in the store has gaps in the place
// of its reader's; filling them in costs a copy, where packing the page anew would
// cost a hundred times as much.
//
// In the packed page the token stands once, as it is, in a stored block (RFC 1951,
// 3.2.4); everywhere else it is copied from there, as packing does with whatever
// is repeated. The checksum of gzip is the rest of a division of polynomials, so
// what a token adds to it is the token's own rest times what stands behind the gaps.
type stencil struct {
	at     []int  // where in packed the token goes
	sum    uint32 // the checksum of the page with zeros in its gaps
	behind uint32 // the sum of x^n for the n bits behind each gap
	packed []byte
}

// gap is how many bytes a token has, as share.NewToken makes it.
const gap = 34

// mark stands for the token while a page is packed. Its bytes are found in no
// UTF-8 and no two of them follow each other twice, so that nothing but a whole
// mark can be copied from a mark.
var mark = func() (m [gap]byte) {
	const unused = "\xc0\xc1\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe\xff" // RFC 3629, 1
	for i, at := 0, 0; i < gap; i++ {
		m[i] = unused[at]
		at = (at + 1 + i/len(unused) + i%len(unused)/(len(unused)-1)) % len(unused)
	}
	return m
}()

// The form of gzip (RFC 1952): a head that tells no time and no system, and at the
// end the checksum and the size.
const gzipHead = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"

var errStencil = errors.New("a page could not be cut")

// cut makes a stencil of a page that was written for a token that nobody holds.
func cut(page []byte, token string) (*stencil, error) {
	if len(token) != gap || bytes.ContainsAny(page, string(mark[:])) {
		return nil, errStencil
	}
	var gaps []int
	for from := 0; ; {
		i := bytes.Index(page[from:], []byte(token))
		if i < 0 {
			break
		}
		gaps = append(gaps, from+i)
		from += i + gap
	}
	s := &stencil{}
	s.weigh(page, gaps)
	// The token is written out once. Where it could not be copied everywhere else,
	// such as when it is too far away, it is written out everywhere.
	for _, out := range [][]int{gaps[:min(1, len(gaps))], gaps} {
		if err := s.pack(page, gaps, out); err != nil {
			return nil, err
		}
		if s.fits(page, token) {
			return s, nil
		}
	}
	return nil, errStencil
}

// set is a page with something in its gaps.
func set(page []byte, gaps []int, fill []byte) []byte {
	page = slices.Clone(page)
	for _, at := range gaps {
		copy(page[at:], fill)
	}
	return page
}

// weigh works out the checksum of the page without a token, and what stands behind
// its gaps.
func (s *stencil) weigh(page []byte, gaps []int) {
	s.sum = crc32.ChecksumIEEE(set(page, gaps, make([]byte, gap)))
	power, to := one, len(page)
	for _, at := range slices.Backward(gaps) {
		for ; to > at+gap; to-- {
			for range 8 {
				power = timesX(power)
			}
		}
		s.behind ^= power
	}
}

// Polynomials over two elements modulo that of CRC-32 (ISO 3309), the highest
// power in the lowest bit, as gzip has them.
const one uint32 = 1 << 31

func timesX(a uint32) uint32 { return a>>1 ^ crc32.IEEE*(a&1) }

func times(a, b uint32) (product uint32) {
	for bit := one; bit > 0; bit >>= 1 {
		if a&bit != 0 {
			product ^= b
		}
		b = timesX(b)
	}
	return product
}

// rest is what is left of some bytes, as the checksum has it without its
// preparations: zeros leave nothing.
func rest(b []byte) uint32 { return crc32.ChecksumIEEE(b) ^ crc32.ChecksumIEEE(make([]byte, len(b))) }

// pack packs the page. The gaps in out get a block of their own.
func (s *stencil) pack(page []byte, gaps, out []int) error {
	var b bytes.Buffer
	b.WriteString(gzipHead)
	z, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return err
	}
	marked, from := set(page, gaps, mark[:]), 0
	s.at = nil
	for _, at := range out {
		_, _ = z.Write(marked[from:at]) // into memory
		_ = z.Flush()                   // to the end of a block and of a byte
		end := b.Len()
		_, _ = z.Write(mark[:])
		_ = z.Flush()
		b.Truncate(end) // the packer knows of the mark; the block is ours
		b.Write([]byte{0, gap, 0, ^byte(gap), 0xff})
		s.at = append(s.at, b.Len())
		b.Write(make([]byte, gap))
		from = at + gap
	}
	_, _ = z.Write(marked[from:])
	_ = z.Close()
	tail := binary.LittleEndian.AppendUint32(nil, s.sum)
	b.Write(binary.LittleEndian.AppendUint32(tail, uint32(len(page))))
	s.packed = b.Bytes()
	return nil
}

// fits looks whether the stencil gives the page back, for two tokens that differ
// in every byte.
func (s *stencil) fits(page []byte, token string) bool {
	other := []byte(token)
	for i := range other {
		other[i] ^= 1
	}
	for _, t := range []string{token, string(other)} {
		got, err := unpacked(s.filled(t))
		if err != nil || !bytes.Equal(got, bytes.ReplaceAll(page, []byte(token), []byte(t))) {
			return false
		}
	}
	return true
}

// filled is the packed page of whoever holds a token.
func (s *stencil) filled(token string) []byte {
	out := slices.Clone(s.packed)
	for _, at := range s.at {
		copy(out[at:at+gap], token)
	}
	binary.LittleEndian.PutUint32(out[len(out)-8:], s.sum^times(rest([]byte(token[:gap])), s.behind))
	return out
}

// bytes writes a stencil for the store.
func (s *stencil) bytes() []byte {
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(s.at)))
	for _, at := range s.at {
		out = binary.LittleEndian.AppendUint32(out, uint32(at))
	}
	out = binary.LittleEndian.AppendUint32(out, s.sum)
	out = binary.LittleEndian.AppendUint32(out, s.behind)
	return append(out, s.packed...)
}

// readStencil reads what bytes wrote.
func readStencil(raw []byte) (*stencil, error) {
	const number = 4
	if len(raw) < number {
		return nil, errStencil
	}
	next := func() (n uint32) {
		n, raw = binary.LittleEndian.Uint32(raw), raw[number:]
		return n
	}
	n := int(next())
	if n > len(raw)/number || len(raw)-n*number < 2*number+len(gzipHead)+8 {
		return nil, errStencil
	}
	s := &stencil{at: make([]int, n)}
	for i := range s.at {
		s.at[i] = int(next())
	}
	s.sum, s.behind = next(), next()
	s.packed = raw
	for _, at := range s.at {
		if at > len(raw)-gap {
			return nil, errStencil
		}
	}
	return s, nil
}

// unpacked is what gzip packed.
func unpacked(packed []byte) ([]byte, error) {
	if len(packed) < len(gzipHead)+8 {
		return nil, errStencil
	}
	tail := packed[len(packed)-8:]
	page, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed[len(gzipHead) : len(packed)-8])))
	if err == nil && (crc32.ChecksumIEEE(page) != binary.LittleEndian.Uint32(tail) || uint32(len(page)) != binary.LittleEndian.Uint32(tail[4:])) {
		err = errStencil
	}
	return page, err
}
