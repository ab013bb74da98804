#!/usr/bin/env bash
# The statistics of a trial beside their peers, in one run, as Markdown. R with
# coin and exactRankTests and python3 with SciPy take part where they are
# installed (Debian: r-cran-coin r-cran-exactranktests python3-scipy). Nothing
# here is a test.
set -euo pipefail
cd "$(dirname "$0")/../.."
values=tools/bench/trial_values.csv

# ours PACKAGE BENCHMARK [PROCESSORS [TIMES]]: seconds of the fastest of five.
ours() {
  go test "./$1" -run xxx -bench "^$2\$" ${3:+-cpu "$3"} -benchtime "${4:-200ms}" -count 5 |
    awk '/^Benchmark/ {if (!best || $3 < best) best = $3} END {printf "%.9f", best / 1e9}'
}
ms() { awk "BEGIN {printf \"%.4g\", $1 * 1000}"; }

peers=""
if command -v Rscript >/dev/null; then peers+=$(Rscript --vanilla tools/bench/trial_peers.R $values)$'\n'; else echo "R is not installed." >&2; fi
python=$(for p in python3 /usr/bin/python3; do "$p" -c 'import scipy' 2>/dev/null && echo "$p" && break; done || true)
if [ -n "$python" ]; then peers+=$("$python" tools/bench/trial_scipy.py $values); else echo "python3-scipy is not installed." >&2; fi

echo "# Trial: beside peers, in one run"
echo
echo "| task | homecase ms | peer | peer ms | times faster | peer's p |"
echo "|---|---|---|---|---|---|"
compare() { # task, label, our seconds
  while read -r task peer seconds p; do
    [ "$task" = "$1" ] || continue
    echo "| $2 | $(ms "$3") | $peer | $(ms "$seconds") | $(awk "BEGIN {printf \"%.0f\", $seconds / $3}") | $p |"
  done <<<"$peers"
}
compare exact10v10 "exact test, 10 against 10, counts" "$(ours trial/lottery BenchmarkExact10v10)"
compare weeks8 "2 of 5 days, 8 weeks, exact, counts" "$(ours trial/lottery BenchmarkWeeks8Whole)"

echo
echo "# Trial: alone"
echo
echo "| task | processors | ms |"
echo "|---|---|---|"
alone() { echo "| $1 | $4 | $(ms "$(ours "$2" "$3" "$4" "${5:-}")") |"; }
for cpus in 1 2 4; do
  [ "$cpus" -le "$(nproc)" ] || continue
  alone "analysis, 60 days, 20,000 draws" trial BenchmarkReport60Days "$cpus" 10x
  alone "the same as a composed report, with missing days" ops BenchmarkReport "$cpus" 10x
  alone "pool of a million people" trial/pool BenchmarkPoolMillion "$cpus" 2x
done
alone "odds of a plan of 8 weeks" trial "BenchmarkOdds/8_weeks" 1 50x
alone "2 of 5 days, 8 weeks, real scores, exact" trial/lottery BenchmarkMeet8 4 20x
alone "model with correlated days, 40 days" trial/series BenchmarkGLS40 1 50x
alone "regression with robust errors, 40 days" trial/series BenchmarkOLSWithHAC40 1 200x
