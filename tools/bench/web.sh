#!/usr/bin/env bash
# The workspace in the browser: pages a second beside a handler that answers
# nothing, the time of every page of a case with five years of days, the same for
# the first time after a change, and the time from the start of the process to the
# first page. Processors 0 and 1 only, with the load of the machine. Nothing here
# is a test.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "# The workspace in the browser"
echo
metric() { awk -v unit="$2" '{for (i = 1; i < NF; i++) if ($(i + 1) == unit) print $i}' <<<"$1" | sort -n | tail -1; }
two=""
if command -v taskset >/dev/null; then two="taskset -c 0,1"; fi
load() { echo "  (load $(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo unknown))"; }
go test -c -o "$work/web.test" ./internal/web
bench() { (cd internal/web && $two "$work/web.test" -test.run xxx -test.bench "$1" -test.benchtime "$2" -test.v); }

out=$(bench '^(BenchmarkTaskList|BenchmarkEmptyHandler)$' 2s)
pages=$(metric "$(grep TaskList <<<"$out")" pages/s)
empty=$(metric "$(grep EmptyHandler <<<"$out")" pages/s)
echo "- the list of tasks: $(printf %.0f "$pages") pages a second over the loopback, an empty handler $(printf %.0f "$empty"); ratio $(awk "BEGIN {printf \"%.3f\", $pages / $empty}")"
load

every() { # name, benchmark
  out=$(bench "$2" 1x)
  line=$(grep 'ms-p95-slowest' <<<"$out")
  echo "- $1: p95 $(metric "$line" ms-p95) ms over $(metric "$line" pages) pages, that of the slowest page $(metric "$line" ms-p95-slowest) ms:"
  load
  awk '/^ +[0-9.]+ ms  \// && n++ < 5' <<<"$out"
}
every "every page of a case with five years of days, 100 times each" '^BenchmarkEveryPage$'
for change in words money day; do
  every "the first page after a change of $change, 20 times each" "^BenchmarkFirstPageAfterAChange\$/^$change\$"
done

CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$work/homecase" ./cmd/homecase
"$work/homecase" import examples/accounts-one-day.yaml --data "$work/data" >/dev/null
echo
$two python3 - "$work/homecase" "$work/data" <<'PY'
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
load
