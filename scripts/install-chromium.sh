#!/usr/bin/env bash
# Find a Chromium for the browser tests, or get one, and print its path.
#
#   scripts/install-chromium.sh          find one, else install one
#   scripts/install-chromium.sh --find   only look; exit code 1 if there is none
#
# In this order: $CHROMIUM, an installed Chromium or Chrome, Playwright's own, Debian's package.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly PYTHON=${DEV_PYTHON:-.venvs/dev/bin/python}
readonly DOWNLOAD_TIMEOUT_S=${DOWNLOAD_TIMEOUT_S:-120}

say() { echo "install-chromium: $*" >&2; }

# macOS has no timeout(1): there it takes the time that it takes.
within_s() {
  if command -v timeout >/dev/null; then timeout "$@"; else shift && "$@"; fi
}

# A path that only claims to be a browser (a broken link, Ubuntu's placeholder for a snap) is none.
runs() { [ -n "$1" ] && within_s 20 "$1" --version >/dev/null 2>&1; }

playwrights_own() {
  [ -x "$PYTHON" ] || return 0
  "$PYTHON" -c '
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
' 2>/dev/null || true
}

installed() {
  local name path
  for name in chromium chromium-browser google-chrome google-chrome-stable /usr/bin/chromium \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
    path=$(command -v "$name") && runs "$path" && echo "$path" && return
  done
  path=$(playwrights_own)
  runs "$path" && echo "$path"
}

download_playwrights() {
  [ -x "$PYTHON" ] || return 1
  say "no browser installed; trying Playwright's own"
  within_s "$DOWNLOAD_TIMEOUT_S" "$PYTHON" -m playwright install --no-shell chromium >&2
}

# Mesa is what draws WebGL without a GPU; the font is for the page's text.
install_debians() {
  command -v apt-get >/dev/null || return 1
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    as_root=(sudo -n)
  fi
  say "trying Debian's package"
  "${as_root[@]}" apt-get update -qq >&2 &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
      --no-install-recommends chromium libegl1 libgl1-mesa-dri fonts-dejavu-core >&2
}

if [ -n "${CHROMIUM:-}" ]; then
  if runs "$CHROMIUM"; then
    echo "$CHROMIUM"
    exit
  fi
  say "CHROMIUM=$CHROMIUM is no browser that runs"
  exit 1
fi
if installed; then exit; fi
if [ "${1:-}" = --find ]; then
  say "no Chromium or Chrome found; scripts/install-chromium.sh installs one"
  exit 1
fi
for source in download_playwrights install_debians; do
  if "$source" && installed; then exit; fi
done
say "no browser can be had: neither Playwright's download nor apt-get works here." \
  "Install Chromium or Chrome, or set CHROMIUM to one."
exit 1
