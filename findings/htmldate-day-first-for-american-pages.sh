#!/usr/bin/env bash
# Library: htmldate 1.11.0, find_date.
# Behaviour: 05/06/2021 is the fifth of June whatever the page declares as its language, en-US too.
# Expected by most: month first on a page that says lang="en-US", or None for an ambiguous date.
# Source: seen by running; htmldate/core.py and extractors.py know no language.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check htmldate==1.11.0 lxml==6.1.3
cat > "$folder/show.py" <<'PYTHON'
from htmldate import find_date

for language in ("en-GB", "en-US"):
    print(language, find_date(f'<html lang="{language}"><body><p class="date">05/06/2021</p><p>Harbour</p></body></html>'))
PYTHON
cat > "$folder/expected" <<'SEEN'
en-GB 2021-06-05
en-US 2021-06-05
SEEN
"$folder/venv/bin/python" "$folder/show.py" | tee "$folder/seen"
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
