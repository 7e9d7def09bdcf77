#!/usr/bin/env bash
# Library: Typer 0.29.2 beside 0.28.0.
# Behaviour: since 0.29 every parameter is converted by a Pydantic TypeAdapter that is built as the command is called, so any
# command with one option loads Pydantic, and 0.28 loads nothing of the kind. Nothing that is caught before the parameters are
# read (--help) loads it. It comes with the installation: four more packages.
# Expected by most: a command line that converts by Click's types, and Pydantic only where a command asks for it.
# Source: seen by running both versions; typer/_coercion.py and typer/_adapters.py of 0.29.2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/show.py" <<'PYTHON'
import sys
from contextlib import suppress

import typer

app = typer.Typer()


@app.command()
def greet(times: int = 1) -> None:
    """Say hello."""


for arguments in (["--help"], ["--times", "2"]):
    sys.argv = ["greet", *arguments]
    with suppress(SystemExit):
        app()
    print(arguments[0], "pydantic" in sys.modules, file=sys.stderr)
PYTHON
for version in 0.28.0 0.29.2; do
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/python" -m pip install -q --disable-pip-version-check "typer==$version"
    echo "$version: pydantic $("$folder/$version/bin/python" -m pip list --disable-pip-version-check 2>/dev/null | grep -c '^pydantic ' || true)"
    "$folder/$version/bin/python" "$folder/show.py" 2>&1 >/dev/null
done | tee "$folder/seen"
cat > "$folder/expected" <<'SEEN'
0.28.0: pydantic 0
--help False
--times False
0.29.2: pydantic 1
--help False
--times True
SEEN
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
