"""Spellings of one word or line that count as equal; read wherever titles, names and bylines are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

