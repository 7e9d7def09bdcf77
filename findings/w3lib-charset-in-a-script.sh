#!/usr/bin/env bash
# Library: w3lib 2.5.0 (what Scrapy's responses find their encoding with), html_body_declared_encoding.
# Behaviour: a charset in the text of a script before the page's own meta element is taken as the declaration; one in a
# comment is not.
# Expected by most: as in browsers, script text holds no meta element (HTML standard, "prescan a byte stream" looks at tags;
# a script that writes markup is not one of the page's).
# Source: seen by running; w3lib/encoding.py searches the first 4,096 bytes with a pattern.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check w3lib==2.5.0
cat > "$folder/show.py" <<'PYTHON'
from w3lib.encoding import html_body_declared_encoding

OWN = b'<meta charset="utf-8">'
print("comment:", html_body_declared_encoding(b'<head><!-- <meta charset="koi8-r"> -->' + OWN))
print("script:", html_body_declared_encoding(b"<head><script>print('<meta charset=\"koi8-r\">')</script>" + OWN))
PYTHON
cat > "$folder/expected" <<'SEEN'
comment: utf-8
script: koi8-r
SEEN
"$folder/venv/bin/python" "$folder/show.py" | tee "$folder/seen"
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
