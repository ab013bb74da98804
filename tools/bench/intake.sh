#!/usr/bin/env bash
# Imports beside wc -l, python3's csv module and jq, whole processes on one
# processor in one run, as Markdown. MB=200 sets the size of each file. What is
# not installed is said and left out. Nothing here is a test.
set -euo pipefail
cd "$(dirname "$0")/../.."
mb=${MB:-200}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$work/homecase" ./cmd/homecase
one=(); command -v taskset >/dev/null && one=(taskset -c 0)

# best RUNS command...: the fastest wall time in seconds and the peak memory in MB.
best() {
  python3 - "$@" <<'PY'
import os, subprocess, sys, time
best, peak = 1e9, 0
for _ in range(int(sys.argv[1])):
    t = time.perf_counter()
    p = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, use = os.wait4(p.pid, 0)
    if status:
        sys.exit(f"{sys.argv[2:]} failed")
    best, peak = min(best, time.perf_counter() - t), max(peak, use.ru_maxrss)
print(f"{best:.3f} {peak/1024:.0f}")
PY
}

python3 - "$work" "$mb" <<'PY'
import datetime, json, sys
work, size = sys.argv[1], int(sys.argv[2]) << 20
start = datetime.date(2018, 1, 1)
head = "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount ()\n"
days = []
for i in range(2000):
    d = start + datetime.timedelta(i)
    days.append((d, "".join(f"Me,me@example.com,Client,Project {h},,\"Wrote, and read, some private words\",No,{d},{h:02d}:00:00,{d},{h:02d}:45:00,00:45:00,{'home' if i%3 else 'office'},\n" for h in range(8, 17))))
def fill(path, head, chunks, tail, join=""):
    with open(path, "w") as f:
        n = f.write(head)
        first = True
        while n < size:
            for c in chunks:
                n += f.write(("" if first else join) + c)
                first = False
                if n >= size:
                    break
        f.write(tail)
fill(f"{work}/toggl.csv", head, [c for _, c in days], "")
issues = [json.dumps({"number": i, "title": "A private title", "url": f"https://example.com/o/r/issues/{i}", "state": "CLOSED", "stateReason": "COMPLETED", "closedAt": f"{d}T10:{i%60:02d}:00Z", "assignees": [{"login": "me", "name": "Me"}], "body": "private words " * 20}) for i, (d, _) in enumerate(days)]
fill(f"{work}/issues.json", "[", issues, "]", ",")
PY

mkdir "$work/repo"; git -C "$work/repo" init -q; git -C "$work/repo" symbolic-ref HEAD refs/heads/main
python3 - <<'PY' | git -C "$work/repo" fast-import --quiet
for n in range(1, 100001):
    t = 1500000000 + n * 3000
    print(f"commit refs/heads/main\nmark :{n}\nauthor Me <me@example.com> {t} +0100\ncommitter Me <me@example.com> {t} +0100\ndata 8\nprivate\n" + (f"from :{n-1}\n" if n > 1 else ""))
PY

echo "# Imports: $mb MB, one processor"
echo
echo "| task | seconds | MB/s | times wc -l | peak MB |"
echo "|---|---|---|---|---|"
row() { # label, size in MB or -, seconds of wc or -, seconds and peak
  echo "| $1 | $4 | $([ "$2" = - ] && echo – || awk "BEGIN {printf \"%.0f\", $2/$4}") | $([ "$3" = - ] && echo – || awk "BEGIN {printf \"%.1f\", $4/$3}") | $5 |"
}
measure() { # label, size, wc, command...
  local label=$1 size=$2 wc=$3 a b; shift 3
  read -r a b < <(best 3 "${one[@]}" "$@")
  row "$label" "$size" "$wc" "$a" "$b"
}
read -r wcsv _ < <(best 3 "${one[@]}" wc -l "$work/toggl.csv")
read -r wjson _ < <(best 3 "${one[@]}" wc -l "$work/issues.json")
row "wc -l, CSV" "$mb" - "$wcsv" 0
measure "homecase evidence import toggl" "$mb" "$wcsv" "$work/homecase" evidence import toggl "$work/toggl.csv"
measure "peer: python3 csv, rows only counted" "$mb" "$wcsv" python3 -c "import csv,sys; print(sum(1 for _ in csv.reader(open(sys.argv[1]))))" "$work/toggl.csv"
row "wc -l, JSON" "$mb" - "$wjson" 0
measure "homecase evidence import github" "$mb" "$wjson" "$work/homecase" evidence import github "$work/issues.json" --author me
if command -v jq >/dev/null; then measure "peer: jq, the days counted" "$mb" "$wjson" jq 'group_by(.closedAt[:10]) | length' "$work/issues.json"; else echo "jq is not installed." >&2; fi
measure "peer: python3 json, whole in memory" "$mb" "$wjson" python3 -c "import json,sys,collections; print(len(collections.Counter(i['closedAt'][:10] for i in json.load(open(sys.argv[1])))))" "$work/issues.json"
measure "homecase evidence import git, 100,000 commits" - - "$work/homecase" evidence import git "$work/repo" --author me@example.com
measure "peer: git log, the same commits" - - git -C "$work/repo" log --no-merges --format='%ad %ae' --date=short
