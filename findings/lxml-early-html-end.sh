#!/usr/bin/env bash
# Library: lxml 6.1.3 (libxml2 2.14.6, as its wheel brings it), lxml.html.document_fromstring.
# Behaviour: what follows an early </html> becomes a second top-level html element, a sibling of the root. The root that is
# returned, and all that is serialised or searched below it, lacks it, without an error.
# Expected by most: as in browsers, or with the older libxml2, the rest is put into body (HTML standard, "after after body"
# insertion mode: reprocess in body).
# Source: seen by running; a header include that ends with </body></html> makes such pages.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check lxml==6.1.3
cat > "$folder/show.py" <<'PYTHON'
import lxml.html

page = "<html><body><p>first</p></body></html><p>second</p><div>third</div>"
root = lxml.html.document_fromstring(page)
print(root.text_content())
print([each.text_content() for each in root.itersiblings()])
PYTHON
cat > "$folder/expected" <<'SEEN'
first
['secondthird']
SEEN
"$folder/venv/bin/python" "$folder/show.py" | tee "$folder/seen"
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
