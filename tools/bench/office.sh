#!/usr/bin/env bash
# The office under load, with its PostgreSQL, on two processors of this machine:
# pages of readers beside a handler that answers nothing, decisions beside
# pgbench's simple update, memory, and a large database beside a small one.
# Nothing here is a test. HOMECASE_BENCH_CASES is the size of the large one.
set -euo pipefail
cd "$(dirname "$0")/../.."
pin=()
command -v taskset >/dev/null && pin=(taskset -c 0,1)
echo "# The office, load $(cut -d' ' -f1 /proc/loadavg) at the start"
echo
HOMECASE_BENCH_CASES=${HOMECASE_BENCH_CASES:-100000} "${pin[@]}" go test ./cmd/homecase -run xxx -bench '^BenchmarkOffice$' -benchtime 1x -timeout 60m |
	sed -un 's/^.*office: /- /p'
echo
echo "Load $(cut -d' ' -f1 /proc/loadavg) at the end."
