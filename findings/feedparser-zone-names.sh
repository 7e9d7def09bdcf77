#!/usr/bin/env bash
# Library: feedparser 6.0.14, entries[n].published_parsed, which is documented as UTC.
# Behaviour: CET, CEST, MSK, IST, JST in a pubDate are taken as UTC, silently; EST, EDT, PST are shifted.
# Expected by most: CET shifted by an hour as EST is by five, or no date.
# Source: RFC 822 names the American zones only; feedparser/datetimes/rfc822.py; seen by running.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check feedparser==6.0.14
cat > "$folder/show.py" <<'PYTHON'
import feedparser

for zone in ("GMT", "EST", "PDT", "CET", "CEST", "MSK", "IST", "JST"):
    feed = f"<rss version='2.0'><channel><item><pubDate>Mon, 05 May 2031 08:00:00 {zone}</pubDate></item></channel></rss>"
    parsed = feedparser.parse(feed).entries[0].published_parsed
    print(zone, f"{parsed.tm_hour:02}:{parsed.tm_min:02} UTC")
PYTHON
cat > "$folder/expected" <<'SEEN'
GMT 08:00 UTC
EST 13:00 UTC
PDT 15:00 UTC
CET 08:00 UTC
CEST 08:00 UTC
MSK 08:00 UTC
IST 08:00 UTC
JST 08:00 UTC
SEEN
"$folder/venv/bin/python" "$folder/show.py" | tee "$folder/seen"
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
