"""Where archives lie: a folder, or anywhere that fsspec reaches."""

from __future__ import annotations

import errno
import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, cast

from scraper.errors import ConfigError, InputError, StoreDownError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


_WARC = (".warc", ".warc.gz", ".warc.zst")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def standing(folder: Path) -> Path:
    """Return an absolute folder or, where it is not there yet, the nearest one above it that is."""
    return next(parent for parent in (folder, *folder.parents) if parent.exists())


class Place:
    """A folder on this machine, or an address with a scheme, such as s3://bucket/archive."""

    def __init__(self, location: str) -> None:
        """Look at nothing yet. ConfigError for an address whose library is not installed."""
        self.location = location.removeprefix("file://")
        self.is_local = "://" not in self.location
        self._remote: Any = None if self.is_local else _filesystem(location)

    def path(self, name: str) -> Path:
        """Return the path of a file here; only of a local place."""
        return Path(self.location) / name

    def full_name(self, name: str) -> str:
        """Return the file's name wherever one stands: the place and the name in it."""
        return str(self.path(name).resolve()) if self.is_local else f"{self.location.rstrip('/')}/{name}"

    def names(self, *endings: str) -> list[str]:
        """Return the WARC files, as paths below the place, in the order they were begun within a site.

        Those are ours, .warc.gz, unless other endings are given.
        """
        kinds = endings or (".warc.gz",)
        if self.is_local:
            root = Path(self.location)
            return sorted(
                file.relative_to(root).as_posix() for file in root.rglob("*") if file.name.endswith(kinds)
            )
        base = str(self._remote._strip_protocol(self.location)).rstrip("/")  # noqa: SLF001 - its documented hook
        found = (name for kind in kinds for name in self._remote.glob(f"{base}/**/*{kind}"))
        return sorted(str(name).removeprefix(f"{base}/") for name in found)

    def open(self, name: str) -> IO[bytes]:
        """Open a file to read. InputError where that fails."""
        try:
            if self.is_local:
                return self.path(name).open("rb")
            return cast("IO[bytes]", self._remote.open(f"{self.location.rstrip('/')}/{name}", "rb"))
        except OSError as error:
            raise InputError(f"{self.location}/{name}: cannot be read: {error}") from error

    def put(self, name: str, content: bytes) -> None:
        """Write a whole file, which nobody sees before it is whole. StoreError where that fails."""
        with self.errors(name):
            if self.is_local:
                path = self.path(name)
                path.parent.mkdir(parents=True, exist_ok=True)
                part = path.with_name(f".{path.name}.{os.getpid()}.part")
                part.write_bytes(content)
                part.replace(path)
                return
            self._remote.pipe_file(f"{self.location.rstrip('/')}/{name}", content)

    def overwrite(self, name: str, parts: Mapping[int, bytes]) -> None:
        """Write bytes over those at some offsets of a file. StoreError where that fails."""
        with self.errors(name):
            if self.is_local:
                with self.path(name).open("r+b") as file:
                    for offset, content in parts.items():
                        file.seek(offset)
                        file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                return
            address = f"{self.location.rstrip('/')}/{name}"
            whole = bytearray(self._remote.cat_file(address))
            for offset, content in parts.items():
                whole[offset : offset + len(content)] = content
            self._remote.pipe_file(address, bytes(whole))

    def remove(self, name: str) -> int:
        """Remove a file and return how many bytes it had. StoreError where that fails."""
        with self.errors(name):
            if self.is_local:
                size = self.path(name).stat().st_size
                self.path(name).unlink()
                return size
            address = f"{self.location.rstrip('/')}/{name}"
            size = int(self._remote.size(address))
            self._remote.rm_file(address)
            return size

    def check(self) -> None:
        """Return if the place can be read and written, or made; StoreError where not. Nothing stays behind.

        Of a place that is not local only that it answers is checked: a probe would be an object of its own.
        """
        with self.errors(""):
            if not self.is_local:
                self._remote.exists(self.location)
                return
            folder = Path(self.location).absolute()
            if folder.exists():
                next(folder.iterdir(), None)
            with TemporaryFile(dir=standing(folder)):
                pass

    @contextmanager
    def errors(self, name: str) -> Iterator[None]:
        """Turn what the system says into a StoreError that names the file; StoreDownError for a full disk."""
        try:
            yield
        except OSError as error:
            kind = StoreDownError if error.errno in _FULL else StoreError
            raise kind(
                f"{self.location}/{name}: the archive cannot be written: {error.strerror or error};"
                " free space or check permissions, or set archive to another place"
            ) from error


def warc_files(location: str) -> list[tuple[Place, str]]:
    """Return the WARC files that a location means, by place and name: it, or those in it.

    Raises InputError where there is none.
    """
    if location.endswith((".arc", ".arc.gz")):
        raise InputError(f"{location}: ARC files are not read: convert it to WARC with warcio recompress")
    if location.endswith(_WARC):
        parent, _, name = location.rpartition("/")
        return [(Place(parent or "."), name)]
    place = Place(location)
    found = [(place, name) for name in place.names(*_WARC)]
    if not found:
        raise InputError(f"{location}: there is no .warc, .warc.gz or .warc.zst file in it")
    return found


def _filesystem(location: str) -> Any:  # noqa: ANN401 - fsspec's classes are loaded by name
    try:
        import fsspec

        return fsspec.filesystem(location.partition("://")[0])
    except (ImportError, ValueError) as error:
        raise ConfigError(
            f"archive {location}: only folders work without fsspec and the library of the scheme: {error};"
            " pip install 'news-scraper[remote]'"
        ) from error
