#!/usr/bin/env bash
# Build one Lambda layer and publish it as a version: see --help.
set -euo pipefail
cd "$(dirname "$0")/.."
make --silent .venvs/dev/.ready
exec .venvs/dev/bin/python -m scripts.operations.layers "$@"
