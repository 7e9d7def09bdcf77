"""Compiles the kernel of deduplication while the project is built; without a compiler it goes without."""

from __future__ import annotations

import shutil
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path("scraper", "dedup")
SOURCE = PACKAGE / "_kernel.c"


class KernelHook(BuildHookInterface):  # type: ignore[type-arg] # generic for checkers alone
    """Adds the compiled kernel to a wheel; an editable project has it beside its source."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the kernel, for any Python from 3.11 on. Without it the wheel is one for any machine."""
        root = Path(self.root)
        self._folder = tempfile.mkdtemp()
        library = self._compiled(root)
        if version == "editable":
            for stale in (root / PACKAGE).glob("_kernel.*"):
                if stale.suffix in {".so", ".pyd"}:
                    stale.unlink()
            if library:
                shutil.copy(library, root / PACKAGE)
            return
        if library is None:
            return
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"cp311-abi3-{platform}"
        build_data["force_include"][str(library)] = (PACKAGE / library.name).as_posix()

    def finalize(self, *_: object) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _compiled(self, root: Path) -> Path | None:
        """Return the compiled kernel; None, saying so, where there is no compiler or no Python.h."""
        try:
            from setuptools import Distribution, Extension
            from setuptools.errors import BaseError, CCompilerError
        except ImportError as error:
            return self._without(error)
        extension = Extension("_kernel", [str(root / SOURCE)], py_limited_api=True)
        command = Distribution({"ext_modules": [extension]}).get_command_obj("build_ext")
        command.build_lib = command.build_temp = self._folder
        try:
            command.ensure_finalized()
            command.run()
        except (BaseError, CCompilerError, OSError) as error:
            return self._without(error)
        return Path(command.get_outputs()[0])

    def _without(self, error: Exception) -> None:
        self.app.display_warning(f"without a compiled kernel copies are found more slowly: {error}")
