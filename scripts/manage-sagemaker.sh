#!/usr/bin/env bash
# Start, stop or show the GPU endpoint of a deployment; --help says how.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly PYTHON=${DEV_PYTHON:-.venvs/dev/bin/python}
if ! command -v "$PYTHON" >/dev/null; then
  echo "error: there is no $PYTHON: run \`make setup\` first" >&2
  exit 1
fi
exec "$PYTHON" -m scripts.operations.manage_sagemaker "$@"
