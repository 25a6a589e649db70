#!/usr/bin/env bash
# Give a deployment names of its own: certificates, api., and the apex and www at Amplify: --help.
set -euo pipefail
cd "$(dirname "$0")/.."
make --silent .venvs/dev/.ready
exec .venvs/dev/bin/python -m scripts.operations.domains "$@"
