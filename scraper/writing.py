"""Scripts whose words are not told apart by spaces alone; read wherever length or words are counted."""

from __future__ import annotations

import re

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Letters of scripts without spaces, as a pattern's class: Thai, Lao, Burmese, Khmer, kana, ideographs."""
JOINED = UNSPACED + "\uac00-\ud7af"
"""These and Hangul: Korean has spaces, but its particles are joined to the word before them."""
UNSPACED_LETTER = re.compile(f"[{UNSPACED}]")
JOINED_LETTER = re.compile(f"[{JOINED}]")
