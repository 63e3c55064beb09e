#!/usr/bin/env bash
# Pin every dependency with its hashes, for all platforms and from Python 3.11 (`make requirements`).
# No file names an index: pip asks the one that the machine is set up for.
set -euo pipefail
cd "$(dirname "$0")/.."
UV=${UV:-uv}
command -v "$UV" >/dev/null || {
  echo "uv is needed to pin dependencies: python3 -m pip install uv, or UV=/path/to/uv." >&2
  exit 1
}
pin() {
  local file=requirements/$1.txt
  shift
  { echo "# Made by tools/requirements.sh from pyproject.toml. Do not edit."; } >"$file.new"
  "$UV" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --annotation-style line \
    --no-emit-index-url --no-emit-find-links "$@" >>"$file.new"
  mv "$file.new" "$file"
}
# The larger set first; the others take their versions from it, so that the three files agree.
pin dev pyproject.toml --group pyproject.toml:build --group pyproject.toml:test \
  --group pyproject.toml:lint
pin runtime pyproject.toml --constraint requirements/dev.txt
pin build --group pyproject.toml:build --constraint requirements/dev.txt
