#!/usr/bin/env bash
# Library: lxml 6.1.3 (libxml2 2.14.6, as its wheel brings it), lxml.html.document_fromstring.
# Behaviour: in a page that leaves out the tags of head and body, as HTML lets it, main, article, section and header stay in the
# head with all that they hold, and there may be no body at all; div and p open the body as they should. A search below body, or an
# extractor that skips the head, finds nothing.
# Expected by most: the first element that does not belong in the head closes it and opens the body (HTML standard, "in head" and
# "after head" insertion modes), whichever it is.
# Source: seen by running; libxml2's parser knows the elements of HTML 4 alone (its html40ElementTable).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check lxml==6.1.3
cat > "$folder/show.py" <<'PYTHON'
import lxml.html

for name in ("main", "article", "section", "header", "div", "p"):
    root = lxml.html.document_fromstring(f"<!doctype html><title>T</title><{name}>text</{name}>")
    print(name, "stands in", root.find(f".//{name}").getparent().tag, "| body:", root.find("body") is not None)
PYTHON
cat > "$folder/expected" <<'SEEN'
main stands in head | body: False
article stands in head | body: False
section stands in head | body: False
header stands in head | body: False
div stands in body | body: True
p stands in body | body: True
SEEN
"$folder/venv/bin/python" "$folder/show.py" | tee "$folder/seen"
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
