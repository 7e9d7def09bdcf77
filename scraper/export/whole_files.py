"""Files and folders that appear only when they are whole."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scraper.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a file beside the path to write; it takes the path's place when the context ends well.

    Raises InputError where it cannot be written; what stood at the path is untouched then.
    """
    path = path.resolve()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with _told(path):
        try:
            yield part
            _sync(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        _sync(path.parent)


@contextmanager
def whole_folder(path: Path, *, is_ours: Callable[[str], bool]) -> Iterator[Path]:
    """Give a new folder beside the path to fill; it takes the path's place when the context ends well.

    is_ours is asked with the path of each file and folder in it, relative to it, as a/b. Raises InputError if
    the path is a file, or a folder that holds what is not ours.
    """
    path = path.resolve()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with _told(path):
        _refuse_others(path, is_ours)
        part.mkdir()
        try:
            yield part
            for file in part.rglob("*"):
                _sync(file)
            _sync(part)
            _refuse_others(path, is_ours)
            if path.exists():
                shutil.rmtree(path)
            part.rename(path)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        _sync(path.parent)


def _refuse_others(path: Path, is_ours: Callable[[str], bool]) -> None:
    if path.exists() and not path.is_dir():
        raise InputError(f"{path} is a file; name a folder")
    names = (file.relative_to(path).as_posix() for file in path.rglob("*"))
    other = next((name for name in names if not is_ours(name)), None)
    if other is not None:
        raise InputError(f"{path} holds {other}, which no export wrote: name another folder")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from error


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
