#!/usr/bin/env bash
# Library: trafilatura 2.3.1, extract(deduplicate=True).
# Behaviour: what counts as a duplicate is remembered for the whole process: the fourth extraction of one and the same page
# gives None. Order and history of a worker decide what a page yields.
# Expected by most: segments repeated within the one document are dropped, and equal input gives equal output.
# Source: seen by running; the table of seen segments is a module's global in trafilatura/deduplication.py.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check trafilatura==2.3.1 lxml_html_clean==0.4.4
cat > "$folder/show.py" <<'PYTHON'
from trafilatura import extract

paragraphs = "".join(
    f"<p>Paragraph {n}: the dockers of the harbour went back to work on Monday after nine days, "
    "and the first ships left for the south before noon.</p>" for n in range(6)
)
page = f"<html><body><article><h1>Harbour strike ends</h1>{paragraphs}</article></body></html>"
for _ in range(5):
    text = extract(page, deduplicate=True)
    print(text and len(text.split()))
PYTHON
cat > "$folder/expected" <<'SEEN'
159
159
159
None
None
SEEN
"$folder/venv/bin/python" "$folder/show.py" | tee "$folder/seen"
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
