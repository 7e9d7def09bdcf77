"""Random news in a random order: copies cut and changed, revisions, repeats, frames, forms and round-ups."""

from __future__ import annotations

import random

from tests.dedup.stories import story

FORM = (
    "{place} expects {low} to {high} degrees on {place} hill and {rain} millimetres of rain by {hour} o'clock"
)


def records(seed: int, count: int = 70, sites: int = 6) -> list[dict[str, str]]:
    """Records of some sites, two of them with a frame."""
    dice = random.Random(seed)
    made: list[tuple[str, list[str]]] = []
    for number in range(count):
        site = f"s{dice.randrange(sites)}.example"
        url, text = f"https://{site}/{number}", _text(dice, seed * 1000 + number, [text for _, text in made])
        if made and dice.random() < 0.2:
            url, text = dice.choice(made)
            if dice.random() < 0.7:
                text = [*text[dice.randrange(2) :], f"Added at {number}."]
        made.append((url, text))
    return [
        {
            "id": f"r{number}",
            "url": url,
            "site": url.split("/")[2],
            "body": "\n".join(_framed(url, text, seed)),
        }
        for number, (url, text) in enumerate(made)
    ]


def _text(dice: random.Random, seed: int, earlier: list[list[str]]) -> list[str]:
    """A story, or what a desk makes of earlier ones."""
    turn = dice.random()
    if turn < 0.12:
        return [_form(dice) for _ in range(6)]
    if turn < 0.4 or not earlier:
        return story(seed, dice.randint(3, 9))
    text = dice.choice(earlier)
    if turn < 0.5:
        return [*text[:3], *dice.choice(earlier)[:3], *story(seed, 1)]
    kept = text[: max(2, int(len(text) * dice.uniform(0.4, 1)))]
    if dice.random() < 0.4:
        kept = [" ".join(word for word in line.split() if dice.random() > 0.03) for line in kept]
    return [*story(seed, dice.randrange(3)), *kept]


def _form(dice: random.Random) -> str:
    place = dice.choice("Anvel Brodin Cask Dromer Elvet Fjord".split())  # noqa: SIM905
    names = ("low", "high", "rain", "hour")
    return FORM.format(place=place, **{name: dice.randint(1, 90) for name in names})


def _framed(url: str, text: list[str], seed: int) -> list[str]:
    """The text in the frame of its site, if it has one."""
    site = int(url.split("/")[2].partition(".")[0][1:])
    return [*story(seed * 77 + site, 2), *text] if site < 2 else text
