#!/usr/bin/env bash
# Library: Scrapy 2.19.0 with w3lib 2.5.0, scrapy.Request(url).
# Behaviour: a host with a sharp s is asked for at the name with "ss", which is another registrable domain.
# Expected by most: xn--strae-oqa.example, as every browser asks today (UTS 46, non-transitional; IDNA 2008).
# Source: RFC 5894 section 1.3.2 on deviations; Python's codec "idna" is IDNA 2003; seen by running.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check scrapy==2.19.0 w3lib==2.5.0
cat > "$folder/show.py" <<'PYTHON'
import scrapy

print(scrapy.Request("https://stra\u00dfe.example/").url)
print("stra\u00dfe.example".encode("idna").decode())
PYTHON
cat > "$folder/expected" <<'SEEN'
https://strasse.example/
strasse.example
SEEN
"$folder/venv/bin/python" "$folder/show.py" | tee "$folder/seen"
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
