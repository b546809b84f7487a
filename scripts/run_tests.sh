#!/usr/bin/env bash
# Runs the tests. Usage: run_tests.sh PYTHON [what pytest takes]
# One process more than there are cores, since some tests wait; the tests of one module stay together, so that what they share
# is made once, and begin in their order.
set -euo pipefail
python=$1
shift
cores=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
exec "$python" -m pytest --numprocesses $((cores + 1)) --dist loadscope --no-loadscope-reorder "$@"
