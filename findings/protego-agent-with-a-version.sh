#!/usr/bin/env bash
# Library: Protego 0.7.0 (Scrapy's reader of robots.txt).
# Behaviour: a group "User-agent: news-scraper/1.0" does not bind a crawler that asks as "news-scraper"; it binds one that
# asks with its whole user agent. A group for "news-scraper" binds both.
# Expected by most: the version is no part of the product token, so that the group binds in both cases.
# Source: RFC 9309, section 2.2.1 (product token: letters, "-" and "_" only); seen by running.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check protego==0.7.0
cat > "$folder/show.py" <<'PYTHON'
from protego import Protego

for group in ("news-scraper/1.0", "news-scraper"):
    rules = Protego.parse(f"User-agent: {group}\nDisallow: /\n")
    for agent in ("news-scraper", "news-scraper/1.0 (+https://news.example/bot)"):
        print(f"{group!r} binds {agent!r}:", not rules.can_fetch("https://harbour.example/a", agent))
PYTHON
cat > "$folder/expected" <<'SEEN'
'news-scraper/1.0' binds 'news-scraper': False
'news-scraper/1.0' binds 'news-scraper/1.0 (+https://news.example/bot)': True
'news-scraper' binds 'news-scraper': True
'news-scraper' binds 'news-scraper/1.0 (+https://news.example/bot)': True
SEEN
"$folder/venv/bin/python" "$folder/show.py" | tee "$folder/seen"
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
