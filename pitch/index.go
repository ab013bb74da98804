package pitch

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
)

// wordIndex finds the number of a word. It is used as it lies in the file, so
// that a run of the program pays for the words it meets and not for all there are.
type wordIndex struct {
	begins  []byte // by bucket: its first record; one more for the end
	records []byte // where the text begins and the number; one more for the end
	texts   []byte
}

// recordBytes is the size of a record.
const recordBytes = 8

// find returns the number of the word.
func (x *wordIndex) find(w []byte) (int, bool) {
	if len(x.begins) == 0 {
		return 0, false
	}
	bucket := bucketOf(w, len(x.begins)/4-1)
	at, end := u32(x.begins, bucket), u32(x.begins, bucket+1)
	for ; at < end; at++ {
		if from, to := u32(x.records, 2*at), u32(x.records, 2*at+2); string(x.texts[from:to]) == string(w) {
			return u32(x.records, 2*at+1), true
		}
	}
	return 0, false
}

// u32 is the i-th number of a table.
func u32(table []byte, i int) int { return int(binary.LittleEndian.Uint32(table[4*i:])) }

// bucketOf is FNV-1a, spread over n buckets.
func bucketOf(w []byte, n int) int {
	h := uint32(2166136261)
	for _, c := range w {
		h = (h ^ uint32(c)) * 16777619
	}
	return int(uint64(h*0x9E3779B1) * uint64(n) >> 32)
}

// indexWords makes the index of words and their numbers.
func indexWords(numbers map[string]int) wordIndex {
	buckets := max(1, len(numbers)/2)
	words := slices.SortedFunc(maps.Keys(numbers), func(a, b string) int {
		return cmp.Or(cmp.Compare(bucketOf([]byte(a), buckets), bucketOf([]byte(b), buckets)), cmp.Compare(a, b))
	})
	var x wordIndex
	put := func(to *[]byte, v int) { *to = binary.LittleEndian.AppendUint32(*to, uint32(v)) }
	for i, w := range words {
		for len(x.begins)/4 <= bucketOf([]byte(w), buckets) {
			put(&x.begins, i)
		}
		put(&x.records, len(x.texts))
		put(&x.records, numbers[w])
		x.texts = append(x.texts, w...)
	}
	for len(x.begins)/4 <= buckets {
		put(&x.begins, len(words))
	}
	put(&x.records, len(x.texts))
	return x
}
