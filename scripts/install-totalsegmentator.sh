#!/usr/bin/env bash
# Make .venvs/totalsegmentator: TotalSegmentator, nnU-Net and torch, and the container's own
# requirements. Does nothing if the environment is already what the requirements say.
#
# Environment: PYTHON  interpreter for the new environment (default: python3)
#              UV      uv (default: .venvs/dev/bin/uv)
set -euo pipefail
cd "$(dirname "$0")/.."

environment=.venvs/totalsegmentator
uv=${UV:-.venvs/dev/bin/uv}
stamp=$environment/.installed
wanted=$(cat requirements/totalsegmentator.txt requirements/totalsegmentator-torch.txt \
    pyproject.toml scripts/install-totalsegmentator.sh | sha256sum | cut -d' ' -f1)

if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi
rm -f "$stamp"
[ -x "$environment/bin/pip" ] || "${PYTHON:-python3}" -m venv --clear "$environment"
"$environment/bin/pip" install --quiet --disable-pip-version-check \
    --requirement requirements/totalsegmentator-torch.txt
# The lock leaves out what segmentation does not use (totalsegmentator-overrides.txt), so nothing
# may be added by resolving again.
"$uv" pip install --quiet --python "$environment/bin/python" --require-hashes --no-deps \
    --requirement requirements/totalsegmentator.txt
"$uv" pip install --quiet --python "$environment/bin/python" --no-deps --no-build-isolation \
    --editable .
echo "$wanted" > "$stamp"
