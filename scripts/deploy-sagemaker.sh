#!/usr/bin/env bash
# Build and push the container's image, and bring the GPU endpoint up on it; --help says how.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly PYTHON=${DEV_PYTHON:-.venvs/dev/bin/python}
if ! command -v "$PYTHON" >/dev/null; then
  echo "error: there is no $PYTHON: run \`make setup\` first" >&2
  exit 1
fi
exec "$PYTHON" -m scripts.operations.deploy_sagemaker "$@"
