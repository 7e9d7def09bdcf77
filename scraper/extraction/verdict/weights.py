"""The Weights of verdicts, fitted by bench/train_verdict.py; read by witnesses, signals and judge."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from scraper.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model: log odds that are a bias and a weight for each figure, by name."""

    bias: float
    weights: Mapping[str, float]

    def log_odds(self, figures: Mapping[str, float]) -> float:
        """Return the log odds of a page with these figures."""
        weights = self.weights
        return self.bias + sum([weights[name] * value for name, value in figures.items()])


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """All that is fitted."""

    stories: Mapping[Kind, Logistic]
    """Of one story against a page of each kind, by the figures of the witnesses."""
    means: Mapping[str, float]
    """Of each figure over all pages that were learned from."""
    detectors: Mapping[str, Logistic]
    """Of what each detector looks for against any other page, by the signs that it has."""
    refuse: float
    """A page that is less likely an article is refused: it follows from the cost of a lost one."""
    doubt: float
    """A page that is less likely an article, and not refused, is kept in doubt."""


@cache
def load_weights() -> Weights:
    """Return the weights of the package's data, read once."""
    raw = json.loads(files("scraper.extraction.verdict").joinpath("model.json").read_text(encoding="utf-8"))
    return Weights(
        stories={Kind(name): _logistic(line) for name, line in raw["stories"].items()},
        means=raw["means"],
        detectors={name: _logistic(line) for name, line in raw["detectors"].items()},
        refuse=raw["refuse"],
        doubt=raw["doubt"],
    )


def _logistic(raw: Mapping[str, Any]) -> Logistic:
    return Logistic(bias=raw["bias"], weights=raw["weights"])


def likelihood(log_odds: float) -> float:
    """Return the likelihood, from 0 to 1, of log odds.

    >>> likelihood(0.0)
    0.5
    """
    return 1 / (1 + math.exp(-max(min(log_odds, 50.0), -50.0)))
