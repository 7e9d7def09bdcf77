"""Scripts whose words are not told apart by spaces alone; read wherever length or words are counted."""

from __future__ import annotations

import re

SOUTH_EAST_ASIAN = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Letters of Thai, Lao, Burmese and Khmer, as a pattern's class; a space without width may part words."""
UNSPACED = SOUTH_EAST_ASIAN + "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Letters of scripts without spaces: these, kana and ideographs. The hashes of stored texts rest on them."""
JOINED = UNSPACED + "\uac00-\ud7af"
"""These and Hangul: Korean has spaces, but its particles are joined to the word before them."""
UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")
JOINED_LETTER = re.compile(f"[{JOINED}]")
