#!/usr/bin/env bash
# Library: Babel 2.18.0, babel.dates.get_month_names.
# Behaviour: the stand-alone months of a language that inherits them depend on which languages the process asked before
# (89 of some 300 languages change those of Afar): aliases are resolved in data that all languages share. Version 2.19.0 no
# longer does so.
# Expected by most: a read-only table, equal whatever was asked before.
# Source: seen by running both versions.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check babel==2.18.0
cat > "$folder/show.py" <<'PYTHON'
import subprocess
import sys

ASK = """
import sys
from babel.dates import get_month_names
for language in sys.argv[1:]:
    names = get_month_names("abbreviated", "stand-alone", language)
print(language, names[1])
"""
for order in (["aa"], ["yue", "aa"]):
    print(order, subprocess.run([sys.executable, "-c", ASK, *order], capture_output=True, text=True, check=True).stdout.strip())
PYTHON
cat > "$folder/expected" <<'SEEN'
['aa'] aa Qun
['yue', 'aa'] aa 1月
SEEN
"$folder/venv/bin/python" "$folder/show.py" | tee "$folder/seen"
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
