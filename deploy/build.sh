#!/bin/sh
# What the image is built by, one step at a time, so that the same steps run on any machine:
#   sh deploy/build.sh deps /opt/backstory    a virtual environment with the locked packages, by their hashes
#   sh deploy/build.sh app /opt/backstory     the bot itself into it, from the folder that this file's folder is in
# PYTHON names another interpreter.
set -eu
step=$1
target=$2
source=$(cd "$(dirname "$0")/.." && pwd)
pip="$target/bin/python -m pip --disable-pip-version-check --no-cache-dir"

case $step in
deps)
    "${PYTHON:-python3}" -m venv "$target"
    $pip install -q --no-compile --require-hashes -r "$source/requirements.lock"
    ;;
app)
    $pip install -q --no-compile --no-deps --no-build-isolation "$source"
    # Compiled by content, not by date: the same sources give the same files.
    "$target/bin/python" -m compileall -q --invalidation-mode unchecked-hash "$target/lib" || true
    ;;
*)
    echo "build.sh: no such step: $step" >&2
    exit 2
    ;;
esac
