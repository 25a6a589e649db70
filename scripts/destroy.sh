#!/usr/bin/env bash
# Take a deployment down, and keep its data unless told otherwise: see --help.
set -euo pipefail
cd "$(dirname "$0")/.."
make --silent .venvs/dev/.ready
exec .venvs/dev/bin/python -m scripts.operations.teardown "$@"
