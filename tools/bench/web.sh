#!/usr/bin/env bash
# The workspace in the browser: pages a second beside a handler that answers
# nothing, the slowest pages of a case with five years of days, and the time from
# the start of the process to the first page. Nothing here is a test.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "# The workspace in the browser"
echo
metric() { awk -v unit="$2" '{for (i = 1; i < NF; i++) if ($(i + 1) == unit) print $i}' <<<"$1" | sort -n | tail -1; }
out=$(go test ./internal/web -run xxx -bench '^(BenchmarkTaskList|BenchmarkEmptyHandler)$' -benchtime 2s)
pages=$(metric "$(grep TaskList <<<"$out")" pages/s)
empty=$(metric "$(grep EmptyHandler <<<"$out")" pages/s)
echo "- the list of tasks: $(printf %.0f "$pages") pages a second over the loopback, an empty handler $(printf %.0f "$empty"); ratio $(awk "BEGIN {printf \"%.3f\", $pages / $empty}")"

out=$(go test ./internal/web -run xxx -bench '^BenchmarkEveryPage$' -benchtime 1x -v)
echo "- every page of a case with five years of days, 100 times each: p95 $(metric "$(grep 'ms-p95' <<<"$out")" ms-p95) ms over $(metric "$(grep 'ms-p95' <<<"$out")" pages) pages; the slowest:"
echo
grep -E '^ +[0-9.]+ ms  /' <<<"$out" | head -5

CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$work/homecase" ./cmd/homecase
"$work/homecase" import examples/accounts-one-day.yaml --data "$work/data" >/dev/null
echo
python3 - "$work/homecase" "$work/data" <<'PY'
import http.cookiejar, subprocess, sys, time, urllib.request
times = []
for _ in range(15):
    start = time.perf_counter()
    p = subprocess.Popen([sys.argv[1], "--no-open", "--data", sys.argv[2]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    address = p.stdout.readline().strip()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({}))
    page = opener.open(address).read()
    times.append(time.perf_counter() - start)
    assert b"Continue" in page
    p.terminate()
    p.wait()
times.sort()
print(f"- from the start of the process to the first page, the list of tasks: best {times[0] * 1000:.0f} ms, median {times[len(times) // 2] * 1000:.0f} ms of {len(times)}")
PY
