package pool

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// shardSize is fixed: the same people stand in the same shard on any machine.
const shardSize = 8192

// shards runs do over [0, n) in shards of the given size on all processors. Each
// call writes only what belongs to its shard; the caller merges in shard order.
func shards(n, size int, do func(shard, lo, hi int)) {
	count := (n + size - 1) / size
	workers := min(runtime.GOMAXPROCS(0), count)
	if workers <= 1 {
		for s := range count {
			do(s, s*size, min(n, (s+1)*size))
		}
		return
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for {
				s := int(next.Add(1)) - 1
				if s >= count {
					return
				}
				do(s, s*size, min(n, (s+1)*size))
			}
		})
	}
	wg.Wait()
}

// total adds the shards' sums in order.
func total[T any](n int, one func(lo, hi int) T, merge func(all *T, part T)) T {
	parts := make([]T, (n+shardSize-1)/shardSize)
	shards(n, shardSize, func(s, lo, hi int) { parts[s] = one(lo, hi) })
	var all T
	for i := range parts {
		merge(&all, parts[i])
	}
	return all
}
