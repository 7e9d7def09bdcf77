#!/usr/bin/env bash
# Library: nepali-datetime 1.0.8.5 and bikram 2.1.4, which turn days of Bikram Sambat, as Nepali news pages print them, into days of the
# Gregorian calendar.
# Behaviour: they differ in a month that has begun already: Baisakh of 2082 has 31 days in one and 30 in the other, so that every day of
# the month behind it, Jestha (May to June 2025), is a day off in one of them; Mangsir of 2087 differs likewise.
# Expected by most: the lengths of the months are a settled table, the same in every library, at least for years that have come.
# Source: seen by running; the lengths follow no rule, each library has a table of its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check nepali-datetime==1.0.8.5 bikram==2.1.4
cat > "$folder/show.py" <<'PYTHON'
import nepali_datetime
from bikram import samwat

READERS = {
    "nepali-datetime": lambda *day: nepali_datetime.date(*day).to_datetime_date(),
    "bikram": lambda *day: samwat(*day).ad,
}
for day in ((2081, 12, 1), (2082, 1, 1), (2082, 2, 1), (2082, 3, 1), (2087, 9, 1)):
    print("-".join(map(str, day)), *(f"{name} {read(*day)}" for name, read in READERS.items()))
PYTHON
cat > "$folder/expected" <<'SEEN'
2081-12-1 nepali-datetime 2025-03-14 bikram 2025-03-14
2082-1-1 nepali-datetime 2025-04-14 bikram 2025-04-14
2082-2-1 nepali-datetime 2025-05-15 bikram 2025-05-14
2082-3-1 nepali-datetime 2025-06-15 bikram 2025-06-15
2087-9-1 nepali-datetime 2030-12-16 bikram 2030-12-17
SEEN
"$folder/venv/bin/python" "$folder/show.py" | tee "$folder/seen"
diff "$folder/expected" "$folder/seen" || { echo "it changed" >&2; exit 1; }
