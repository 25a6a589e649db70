#!/usr/bin/env bash
# Start, stop or show the GPU endpoint of a deployment; --help says how.
set -euo pipefail
cd "$(dirname "$0")/.."
make --silent .venvs/dev/.ready
exec .venvs/dev/bin/python -m scripts.operations.manage_sagemaker "$@"
