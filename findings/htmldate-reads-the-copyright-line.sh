#!/usr/bin/env bash
# Library: htmldate 1.11.0 (the dates of trafilatura), find_date.
# Behaviour: a page without any date but a copyright line is dated to the first of January of that year; a page whose text
# tells of an old event is dated to that event.
# Expected by most: None, since neither is a date of publication.
# Source: htmldate's documentation of extensive_search (on by default); seen by running.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check htmldate==1.11.0 lxml==6.1.3
cat > "$folder/show.py" <<'PYTHON'
from htmldate import find_date

TEXT = "<p>The harbour was quiet again, and the ships lay where they had lain.</p>"
for line in ("<footer>Copyright 2019 The Gazette</footer>", "<p>The war that ended on 12 March 2004 was long.</p>"):
    page = f"<html><body><h1>Harbour</h1>{TEXT}{line}</body></html>"
    print(find_date(page), find_date(page, extensive_search=False))
PYTHON
cat > "$folder/expected" <<'SEEN'
2019-01-01 None
2004-03-12 None
SEEN
"$folder/venv/bin/python" "$folder/show.py" | tee "$folder/seen"
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
