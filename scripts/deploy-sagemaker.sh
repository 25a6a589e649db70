#!/usr/bin/env bash
# Build and push the container's image, and bring the GPU endpoint up on it; --help says how.
set -euo pipefail
cd "$(dirname "$0")/.."
make --silent .venvs/dev/.ready
exec .venvs/dev/bin/python -m scripts.operations.deploy_sagemaker "$@"
