"""The commands that the root only names: each is imported when it is called, so that help answers at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class ListedCommand(NamedTuple):
    """Where a command is, and its line in the list of commands: the first of its own help."""

    place: str
    """MODULE:ATTRIBUTE below scraper.cli; a function, or a Typer that holds commands of its own."""
    summary: str


class LazyGroup(TyperGroup):
    """A group whose commands are named by `named`, and imported one by one."""

    named: ClassVar[Mapping[str, ListedCommand]] = {}

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - whatever Typer knows of a group
        super().__init__(**attributes)
        self.commands = _Imported(self.named)  # type: ignore[assignment]

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - of Typer's own, private Click
        """Return the names in the order of the list."""
        del ctx
        return list(self.named)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - of Typer's own, private Click
        """Return what is listed of a command."""
        del ctx
        named = self.named.get(cmd_name)
        return TyperCommand(name=cmd_name, help=named.summary) if named else None

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:  # noqa: ANN401
        """Return the command that is called."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, self.commands[name] if name else None, rest


class _Imported(Mapping[str, Any]):
    def __init__(self, named: Mapping[str, ListedCommand]) -> None:
        self.named = named

    def __iter__(self) -> Iterator[str]:
        return iter(self.named)

    def __len__(self) -> int:
        return len(self.named)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - of Typer's own, private Click
        module, _, attribute = self.named[name].place.partition(":")
        found = getattr(import_module(f"scraper.cli.{module}"), attribute)
        holder = typer.Typer(rich_markup_mode="rich", pretty_exceptions_enable=False, add_completion=False)
        if isinstance(found, typer.Typer):
            holder.add_typer(found, name=name)
        else:
            holder.command(name)(found)
        holder.callback()(_nothing)  # which makes a group of a single command
        return typer.main.get_group(holder).commands[name]


def _nothing() -> None:
    """Do nothing before a command."""
