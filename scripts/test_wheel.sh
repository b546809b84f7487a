#!/usr/bin/env bash
# Builds the wheel, installs it into a temporary environment, and there runs the demo and the tests of session, report and cli.
# Usage: test_wheel.sh PYTHON newest|lowest     (newest: whatever pip finds; lowest: requirements/lowest.txt)
# Exit code 3: these libraries have no wheels for this interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1 libraries=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
.venv/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$work" .
"$python" -m venv "$work/venv"
pip=("$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check)
if [ "$libraries" = lowest ]; then
    "${pip[@]}" --only-binary :all: --require-hashes --requirement requirements/lowest.txt || exit 3
    "${pip[@]}" --no-deps "$work"/facetrack-*.whl
else
    "${pip[@]}" --only-binary :all: "$(echo "$work"/facetrack-*.whl)[dev]" || exit 3
fi
"$work/venv/bin/python" --version
"$work/venv/bin/python" -m pip list --disable-pip-version-check | grep -Ei '^(facetrack|numpy|opencv|pydantic|typer|rich|pytest) '
"$work/venv/bin/facetrack" models fetch
"$work/venv/bin/facetrack" demo --headless --out "$work/demo"
scripts/run_tests.sh "$work/venv/bin/python" -p no:cacheprovider tests/session tests/report tests/cli
