#!/usr/bin/env bash
# Build the API with SAM, deploy it, and ask /healthz whether it is up.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'HELP'
Usage: scripts/deploy-lambda.sh [--stage dev|staging|prod] [--dry-run] [--yes]
                                [--no-smoke-test] [-- OPTIONS OF SAM DEPLOY]

Builds every layer and function, deploys the environment of samconfig.toml that is called as the
stage, and asks /healthz of the stack's ApiUrl. Running it again without a change changes nothing.

  --stage NAME      which deployment (default: dev)
  --dry-run         say what would be run, and run nothing
  --yes             do not ask before the change set is executed (prod asks otherwise)
  --no-smoke-test   stop after the deployment
  -- ...            passed to `sam deploy`, e.g. -- --parameter-overrides Stage=dev SignInRequired=true
                    (they replace those of samconfig.toml: repeat what is to stay)

AWS access comes from the environment, as for the AWS CLI. .venvs/sam is made if it is missing.
HELP
}

stage=dev
dry_run=false
smoke_test=true
deploy=()
while [ $# -gt 0 ]; do
  case $1 in
    --stage) stage=${2:?--stage needs a name}; shift ;;
    --dry-run) dry_run=true ;;
    --yes) deploy+=(--no-confirm-changeset) ;;
    --no-smoke-test) smoke_test=false ;;
    --help | -h) usage; exit ;;
    --) shift; deploy+=("$@"); break ;;
    *) usage >&2; echo "error: unknown option $1" >&2; exit 2 ;;
  esac
  shift
done

run() {
  echo "+ $*" >&2
  "$dry_run" || "$@"
}

run make --silent .venvs/dev/.ready .venvs/sam/.ready
# What Python leaves beside sources is not part of a package, and changes every hash.
run find layers lambdas -type d -name __pycache__ -prune -exec rm -rf {} +
# Layers are fetched as wheels for Lambda's machine by whichever Python runs their Makefile, and
# compiled by one of Lambda's version.
lambda_python=
"$dry_run" || lambda_python=$(.venvs/dev/bin/python -m scripts.operations.lambda_python)
run env PYTHON="$PWD/.venvs/dev/bin/python" LAMBDA_PYTHON="${lambda_python:-python3.13}" \
  .venvs/sam/bin/sam build --config-env "$stage"
run .venvs/sam/bin/sam deploy --config-env "$stage" "${deploy[@]}"
if "$smoke_test"; then
  run .venvs/dev/bin/python -m scripts.operations.smoke_test --stage "$stage"
fi
