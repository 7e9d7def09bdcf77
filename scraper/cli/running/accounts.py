"""scraper accounts and tokens: who may look at the pages, and who may operate."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Annotated

import typer

from scraper.cli.context import settings
from scraper.cli.printing import print_records
from scraper.cli.running.web import WEB_EXTRA, has_web
from scraper.cli.stored.filters import JsonOption
from scraper.errors import ConfigError, InputError
from scraper.record import instant
from scraper.store.service.accounts import AccessScope, check_name
from scraper.store.service.front_desk import FrontDesk

account_commands = typer.Typer(no_args_is_help=True, help="Who may log in to the pages.")
token_commands = typer.Typer(no_args_is_help=True, help="What programs show to the API to be let in.")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Letters, digits, and . @ + _ -")]
OperateOption = Annotated[
    bool, typer.Option("--operate", help="May also pause, run, cancel and fetch; else read.")
]


@account_commands.command("add")
def add_account(context: typer.Context, name: NameArgument, *, operate: OperateOption = False) -> None:
    """Let somebody log in. The password is asked for, or read as the first line of standard input.

    As soon as there is an account the pages ask everybody to log in.

    Example: scraper accounts add ana --operate
    """
    check_name(name)
    stored = _new_password(name)
    with FrontDesk(settings(context).store) as desk:
        desk.accounts.add(name, stored, _scope(operate=operate))
    typer.echo(f"{name} may log in and {_told(operate=operate)}")


@account_commands.command("list")
def list_accounts(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """List the accounts: name, scope, since when.

    Example: scraper accounts list
    """
    with FrontDesk(settings(context).store) as desk:
        rows = [
            {"name": each.name, "scope": each.scope, "created": instant(each.created)}
            for each in desk.accounts.find()
        ]
    print_records(rows, as_json=as_json, empty="there is no account: on this machine nobody has to log in")


@account_commands.command("password")
def change_password(context: typer.Context, name: NameArgument) -> None:
    """Give an account another password, read as by add, and end its sessions.

    Example: scraper accounts password ana
    """
    stored = _new_password(name)
    with FrontDesk(settings(context).store) as desk:
        desk.accounts.change_password(name, stored)
    typer.echo(f"{name} has another password and is logged out everywhere")


@account_commands.command("remove")
def remove_account(context: typer.Context, name: NameArgument) -> None:
    """Remove an account and end its sessions.

    Example: scraper accounts remove ana
    """
    with FrontDesk(settings(context).store) as desk:
        desk.accounts.remove(name)
    typer.echo(f"{name} may no longer log in")


@token_commands.command("add")
def add_token(context: typer.Context, name: NameArgument, *, operate: OperateOption = False) -> None:
    """Make a token and print it, once: only a digest of it is stored.

    Example: scraper tokens add dashboard
    """
    with FrontDesk(settings(context).store) as desk:
        typer.echo(desk.accounts.add_token(name, _scope(operate=operate)))
    typer.echo(f"whoever sends it (Authorization: Bearer …) may {_told(operate=operate)}", err=True)


@token_commands.command("list")
def list_tokens(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """List the tokens: name, scope, since when, last used.

    Example: scraper tokens list
    """
    with FrontDesk(settings(context).store) as desk:
        rows = [
            {
                "name": each.name,
                "scope": each.scope,
                "created": instant(each.created),
                "used": instant(each.used) if each.used else None,
            }
            for each in desk.accounts.tokens()
        ]
    print_records(rows, as_json=as_json, empty="there is no token")


@token_commands.command("revoke")
def revoke_token(context: typer.Context, name: NameArgument) -> None:
    """End a token at once.

    Example: scraper tokens revoke dashboard
    """
    with FrontDesk(settings(context).store) as desk:
        desk.accounts.revoke_token(name)
    typer.echo(f"the token {name} lets nobody in any more")


def _new_password(name: str) -> str:
    """Return the hash of a password: asked for twice, or the first line of standard input."""
    if not has_web():
        raise ConfigError(WEB_EXTRA)
    from scraper.web.passwords import hash_password

    if not has_terminal():
        return hash_password(sys.stdin.readline().rstrip("\r\n"))
    given = getpass(f"Password of {name}: ")
    if getpass("The same again: ") != given:
        raise InputError("the two differ: nothing was changed")
    return hash_password(given)


def has_terminal() -> bool:
    """Return whether somebody can be asked."""
    return sys.stdin.isatty()


def _scope(*, operate: bool) -> AccessScope:
    return AccessScope.OPERATE if operate else AccessScope.READ


def _told(*, operate: bool) -> str:
    return "operate" if operate else "read"
