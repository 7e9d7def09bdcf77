"""Letters of many scripts in any order: no language, but all that a word may be made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

LETTERS = (
    "aeiouhssbdgtAEIOH''-",
    "\u00df\u00e6\u00f8\u0141\u0111\u00e9\u00fc",
    "\u0430\u0431\u0432\u0413\u0414",
    "\u0645\u064f\u062f\u0649\u0640",
    "\u0939\u093f\u0928\u094d",
    "\u0e20\u0e32\u0e29\u0e35\u0e48",
    "\u6771\u56fd\u570b\u5341",
    "\uc9c0\ub09c",
    "0123\u0662\u00bd",
    "\U0001f600\U00020000\u200b\u00ad\ufe0f\u0301",
    "\x1c\x85\u2028\u00a0\t\r\udcff",
)


def random_text(dice: random.Random) -> str:
    letters = "".join(dice.sample(LETTERS, dice.randrange(1, len(LETTERS))))
    spaces = " " * dice.randrange(len(letters)) + "\n" * dice.randrange(3)
    return "".join(dice.choices(letters + spaces, k=dice.choice([0, 1, 4, 20, 300, 2_000, 20_000])))
