#!/usr/bin/env bash
# The linter of words: in process on one processor, and whole processes beside
# Vale with the same rules (docs/vale). Vale is looked for on the path and in
# $VALE: go install github.com/vale-cli/vale/v3/cmd/vale@v3.22.0. Nothing here
# is a test.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$work/homecase" ./cmd/homecase
good=pitch/testdata/letter-good.md
weak=pitch/testdata/letter-weak.txt
cat $good $weak $good $weak $good >"$work/letter.md"                           # two pages
for _ in $(seq 40); do cat $good; echo; cat $weak; echo; done >"$work/long.md" # a book of letters

echo "# Linter of words: in process, one processor"
echo
go test ./pitch -run xxx -bench '^Benchmark(Letter|Check|Unpack)$' -cpu 1 -benchtime 1s -count 5 |
  awk '/^Benchmark/ {if (!($1 in best) || $3 < best[$1]) {best[$1] = $3; speed[$1] = $5}}
    END {
      printf "- letters: %.1f MB/s\n", speed["BenchmarkLetter"]
      printf "- a finding in most sentences: %.1f MB/s\n", speed["BenchmarkCheck"]
      printf "- rules unpacked: %.1f ms\n", best["BenchmarkUnpack"] / 1e6
    }'

# best RUNS command...: the fastest of RUNS wall times in ms.
best() {
  python3 - "$@" <<'PY'
import subprocess, sys, time
times = []
for _ in range(int(sys.argv[1])):
    t = time.perf_counter()
    subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    times.append(time.perf_counter() - t)
print(f"{min(times)*1e3:.1f}")
PY
}
vale=${VALE:-$(command -v vale || true)}
echo
echo "# Linter of words: whole processes"
echo
echo "| text | KB | homecase ms | Vale ms | times faster |"
echo "|---|---|---|---|---|"
for text in letter long; do
  size=$(awk "BEGIN {printf \"%.0f\", $(wc -c <"$work/$text.md") / 1000}")
  ours=$(best 15 "$work/homecase" pitch check "$work/$text.md")
  if [ -n "$vale" ]; then
    theirs=$(best 3 "$vale" --config docs/vale/.vale.ini "$work/$text.md")
    echo "| $text | $size | $ours | $theirs | $(awk "BEGIN {printf \"%.0f\", $theirs / $ours}") |"
  else echo "| $text | $size | $ours | | |"; fi
done
[ -n "$vale" ] || echo "Vale is not installed: set VALE to it." >&2
