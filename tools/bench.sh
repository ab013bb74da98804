#!/usr/bin/env bash
# Measures homecase beside its peers in one run and prints Markdown. What is
# not installed is said and left out. Nothing here is a test.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o "$work/homecase" ./cmd/homecase

# best RUNS command...: the fastest of RUNS wall times in seconds, and the peak memory in MB.
best() {
  local runs=$1; shift
  python3 - "$runs" "$@" <<'PY'
import os, resource, subprocess, sys, time
runs, cmd = int(sys.argv[1]), sys.argv[2:]
times, peak = [], 0
for _ in range(runs):
    t = time.perf_counter()
    p = subprocess.Popen(cmd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, use = os.wait4(p.pid, 0)
    times.append(time.perf_counter() - t)
    peak = max(peak, use.ru_maxrss)
times.sort()
print(f"{times[0]:.3f} {times[len(times)//2]:.3f} {peak/1024:.0f}")
PY
}

echo "# Machine"
echo
echo "$(nproc) processors, $(awk -F: '/model name/ {print $2; exit}' /proc/cpuinfo | sed 's/^ *//'), $(awk '/MemTotal/ {printf "%.0f GB", $2/1e6}' /proc/meminfo), $(go version | cut -d' ' -f3), load $(cut -d' ' -f1 /proc/loadavg)"
two=(); command -v taskset >/dev/null && two=(taskset -c 0,1)

echo
echo "# Whole processes on two processors"
echo
echo "| command | best s | median s | peak MB |"
echo "|---|---|---|---|"
row() { local name=$1; shift; read -r a b c < <(best "$@"); echo "| $name | $a | $b | $c |"; }
row "packet build, all formats" 15 "${two[@]}" "$work/homecase" packet build examples/accounts-one-day.yaml --out "$work/out"
row "check" 15 "${two[@]}" "$work/homecase" check examples/accounts-one-day.yaml
row "packet build --only letter" 15 "${two[@]}" "$work/homecase" packet build examples/accounts-one-day.yaml --only letter --out "$work/out"
row "packet verify packet.pdf" 15 "${two[@]}" "$work/homecase" packet verify "$work/out/packet.pdf"
row "savings estimate" 15 "${two[@]}" "$work/homecase" savings estimate examples/accounts-one-day.yaml
if command -v soffice >/dev/null; then
  soffice --headless --convert-to pdf --outdir "$work" "$work/out/letter.docx" >/dev/null 2>&1
  row "peer: LibreOffice, one letter to PDF, warm" 3 "${two[@]}" soffice --headless --convert-to pdf --outdir "$work" "$work/out/letter.docx"
else echo "LibreOffice is not installed." >&2; fi
if command -v pandoc >/dev/null; then
  pandoc -t markdown "$work/out/letter.docx" -o "$work/letter.md"
  row "peer: pandoc, one letter to DOCX" 5 "${two[@]}" pandoc "$work/letter.md" -o "$work/letter.docx"
else echo "pandoc is not installed." >&2; fi

echo
echo "# Savings: twelve inputs"
echo
ours() { go test ./estimate -run xxx -bench "^$1\$" -benchtime 20x ${2:+-cpu $2} | awk '/^Benchmark/ {printf "%.1f", $3/1e6}'; }
echo "- 2^14 scrambled Sobol' points: $(ours BenchmarkSobol12Inputs 2) ms on two processors"
one=$(ours BenchmarkPlain1e6 1); many=$(ours BenchmarkPlain1e6 2)
echo "- 10^6 plain draws: $one ms on one processor, $many ms on two"
python=$(for p in python3 /usr/bin/python3; do "$p" -c 'import numpy' 2>/dev/null && echo "$p" && break; done || true)
if [ -n "$python" ]; then
  peer=$("$python" tools/bench/savings_numpy.py)
  echo "- peer: numpy, the same inputs and formula, 10^6 draws: $peer ms; ratio $(awk "BEGIN {printf \"%.1f on one processor, %.1f on two\", $peer/$one, $peer/$many}")"
else echo "python3-numpy is not installed." >&2; fi

for part in trial intake pitch web; do
  [ -x "tools/bench/$part.sh" ] || continue
  echo
  "tools/bench/$part.sh"
done
