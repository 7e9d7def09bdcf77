#!/usr/bin/env bash
# Libraries: reader 3.26 with feedparser 6.0.14.
# Behaviour: installed with all that it asks for, reader takes no feed: its own copy of feedparser imports sgmllib, a module
# that no Python 3 has. It came with feedparser's dependency sgmllib3k up to 6.0.12; feedparser 6.0.14 depends on
# feedparser-sgmllib instead, whose module is called feedparser_sgmllib. With sgmllib3k beside it the same feed is read.
# Expected by most: a package whose requirements are met works; a patch release of a dependency takes no module away.
# Source: the requirements of both packages as their metadata name them (Requires-Dist), and running them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check reader==3.26 feedparser==6.0.14
cat > "$folder/feed.xml" <<'XML'
<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>Ferries</title><updated>2026-05-20T08:00:00Z</updated>
<entry><id>urn:y</id><title>Ferry late</title><updated>2026-05-20T08:00:00Z</updated><link href="https://news.example/1"/></entry></feed>
XML
cat > "$folder/show.py" <<'PYTHON'
import sys

from reader import make_reader

with make_reader(":memory:", feed_root=sys.argv[1]) as reader:
    try:
        reader.add_feed("feed.xml")
        reader.update_feed("feed.xml")
        print([entry.title for entry in reader.get_entries()])
    except Exception as error:
        while error.__cause__:
            error = error.__cause__
        print(type(error).__name__, error)
PYTHON
cat > "$folder/expected" <<'SEEN'
ModuleNotFoundError No module named 'sgmllib'
['Ferry late']
SEEN
"$folder/venv/bin/python" "$folder/show.py" "$folder" | tee "$folder/seen"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check sgmllib3k==1.0.0
"$folder/venv/bin/python" "$folder/show.py" "$folder" | tee -a "$folder/seen"
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
