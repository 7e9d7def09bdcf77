#!/usr/bin/env bash
# Library: FastWARC 2.0.1, WarcRecord.record_date.
# Behaviour: a WARC-Date of a day, month or year is None, without an error; one without seconds is read.
# Expected by most: the moment at the start of that span, or an exception: WARC 1.1 allows every precision of W3CDTF.
# Source: WARC 1.1, section 5.4 (WARC-Date); seen by running.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check fastwarc==2.0.1
cat > "$folder/show.py" <<'PYTHON'
import io

from fastwarc.warc import ArchiveIterator

PAYLOAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>harbour</p>"
for date in ("2031-05-02T08:00:00Z", "2031-05-02T08:00Z", "2031-05-02", "2031-05", "2031"):
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: {date}\r\nWARC-Target-URI: https://news.example/\r\n"
        "WARC-Record-ID: <urn:uuid:12345678-1234-1234-1234-123456789012>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(PAYLOAD)}\r\n\r\n"
    )
    for record in ArchiveIterator(io.BytesIO(head.encode() + PAYLOAD + b"\r\n\r\n")):
        print(date, record.record_date)
PYTHON
cat > "$folder/expected" <<'SEEN'
2031-05-02T08:00:00Z 2031-05-02 08:00:00+00:00
2031-05-02T08:00Z 2031-05-02 08:00:00+00:00
2031-05-02 None
2031-05 None
2031 None
SEEN
"$folder/venv/bin/python" "$folder/show.py" | tee "$folder/seen"
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
