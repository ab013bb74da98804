#!/usr/bin/env bash
# Installs the programs the tests use beside Go: second readers of our formats.
# On Debian as root it installs them; elsewhere it says what is missing.
set -euo pipefail
declare -A package=(
  [pdftotext]=poppler-utils [qpdf]=qpdf [soffice]="libreoffice-writer-nogui libreoffice-impress-nogui"
  [pandoc]=pandoc [chromium]=chromium [python3]=python3 [npm]=npm
)
missing=()
for program in "${!package[@]}"; do
  command -v "$program" >/dev/null || missing+=(${package[$program]})
done
if [ ${#missing[@]} -eq 0 ]; then
  :
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" fonts-liberation >/dev/null
else
  echo "The tests need these Debian packages: ${missing[*]}" >&2
  echo "Install them, or run 'go test ./...' to skip what needs them." >&2
  exit 1
fi

# axe-core judges the pages in the browser; the lock file holds its sum.
cd "$(dirname "$0")/browser"
if ! cmp -s package-lock.json node_modules/.installed; then
  echo "installing axe-core"
  npm ci --ignore-scripts --no-audit --no-fund --silent
  cp package-lock.json node_modules/.installed
fi
