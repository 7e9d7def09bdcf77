from __future__ import annotations

from importlib import import_module

import pytest

from scraper.dedup import kernel


@pytest.fixture(autouse=True, params=["in_c.CompiledLoops", "in_numpy.NumpyLoops"])
def loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test with the compiled loops and with those of numpy."""
    module, _, name = request.param.partition(".")
    try:
        found = import_module(f"scraper.dedup.{module}")
    except ImportError as error:
        pytest.skip(f"the kernel is not compiled: {error}")
    monkeypatch.setattr(kernel, "loops", vars(found)[name]())
