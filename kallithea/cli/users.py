"""``kallithea user``: accounts."""

import click

from kallithea.auth.passwords import hash_password
from kallithea.cli.passwords import choose_password, password_options
from kallithea.cli.run import Run, all_pages, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.names import parse_user_name
from kallithea.services.users import UserChange


@click.group("user")
def user() -> None:
    """Accounts."""


@user.command("create")
@click.argument("name")
@click.option("--email", help="Mail address.")
@click.option("--first-name", default="")
@click.option("--last-name", default="")
@click.option("--administrator", is_flag=True, help="May do everything on this site.")
@password_options
@with_run
def create(
    run: Run,
    name: str,
    password: str | None,
    generate_password: bool,
    administrator: bool,
    **details: str | None,
) -> None:
    """Make the account NAME. The password is asked for, or read from standard input."""
    parse_user_name(name)
    chosen = choose_password(password, generate=generate_password)
    password_hash = hash_password(chosen)
    with run.writing() as services:
        services.users.create(
            COMMAND_LINE,
            name=name,
            password_hash=password_hash,
            email=details["email"],
            first_name=details["first_name"] or "",
            last_name=details["last_name"] or "",
            super_administrator=administrator,
        )
    _tell_made(run, f"The account {name} is made", name, chosen if generate_password else None)


@user.command("list")
@with_run
def list_(run: Run) -> None:
    """All accounts."""
    with run.reading() as services:
        rows = [
            {
                "name": account.name,
                "email": account.email,
                "active": account.active,
                "administrator": account.super_administrator,
            }
            for account in all_pages(lambda offset, limit: services.users.list_(offset=offset, limit=limit))
        ]
    run.show(rows)


@user.command("update")
@click.argument("name")
@click.option("--rename", metavar="NAME", help="Another name to sign in with.")
@click.option("--email", help="Mail address; empty for none.")
@click.option("--first-name")
@click.option("--last-name")
@click.option("--administrator/--no-administrator", default=None, help="Whether the account may do everything here.")
@click.option("--language", help="Language of pages, such as de; empty for what the browser asks for.")
@click.option("--time-zone", help="Time zone of pages, such as Europe/Paris; empty for the browser's.")
@with_run
def update(
    run: Run, name: str, language: str | None, time_zone: str | None, administrator: bool | None, **details: str | None
) -> None:
    """Change the account NAME. What is not named stays."""

    def chosen(option: str, stored: str | None) -> str:
        typed = details[option]
        return (stored or "") if typed is None else typed

    with run.writing() as services:
        account = services.users.get(name)
        change = UserChange(
            chosen("rename", account.name),
            chosen("email", account.email),
            chosen("first_name", account.first_name),
            chosen("last_name", account.last_name),
            account.active,
            account.super_administrator if administrator is None else administrator,
        )
        services.users.update(COMMAND_LINE, account, change)
        services.profiles.choose_language(
            account.user_id,
            account.language if language is None else language,
            account.time_zone if time_zone is None else time_zone,
        )
        language, time_zone = account.language, account.time_zone
        name = account.name
    run.done(f"The account {name} is changed.", name=name, language=language, time_zone=time_zone)


@user.command("delete")
@click.argument("name")
@click.option("--heir", metavar="NAME", help="The account that owns from then on what this one owned.")
@with_run
def delete(run: Run, name: str, heir: str | None) -> None:
    """Delete the account NAME for good. To keep somebody out for a time, disable it."""
    with run.writing() as services:
        account = services.users.get(name)
        services.user_removal.delete(COMMAND_LINE, account, services.users.get(heir) if heir else None)
    run.done(f"The account {name} is deleted.", name=name, heir=heir)


@user.command("password")
@click.argument("name")
@password_options
@with_run
def password_(run: Run, name: str, password: str | None, generate_password: bool) -> None:
    """Give the account NAME a new password, which also signs it out everywhere."""
    with run.reading() as services:
        services.users.get(name)
    chosen = choose_password(password, generate=generate_password)
    password_hash = hash_password(chosen)
    with run.writing() as services:
        services.users.set_password_hash(COMMAND_LINE, services.users.get(name), password_hash)
    _tell_made(run, f"The account {name} has a new password", name, chosen if generate_password else None)


@user.command("sign-out")
@click.argument("name")
@with_run
def sign_out(run: Run, name: str) -> None:
    """End all web sessions of the account NAME, at once and everywhere. Its password and tokens stay."""
    with run.writing() as services:
        count = services.user_sessions.revoke_others(COMMAND_LINE, services.users.get(name), "")
    run.done(f"Sessions of {name} that were ended: {count}.", name=name, sessions=count)


@user.command("forgive")
@click.argument("name")
@with_run
def forgive(run: Run, name: str) -> None:
    """Forget the wrong passwords of the account NAME, so that nobody has to wait who signs in to it."""
    with run.writing() as services:
        count = services.sign_in_failures.forgive(COMMAND_LINE, services.users.get(name).name)
    run.done(f"Wrong passwords of {name} are forgotten; addresses they came from: {count}.", name=name, addresses=count)


@user.command("disable")
@click.argument("name")
@with_run
def disable(run: Run, name: str) -> None:
    """Keep the account NAME from signing in, at once and everywhere."""
    with run.writing() as services:
        services.users.disable(COMMAND_LINE, services.users.get(name))
    run.done(f"The account {name} is disabled.", name=name, active=False)


@user.command("enable")
@click.argument("name")
@with_run
def enable(run: Run, name: str) -> None:
    """Let the account NAME sign in again."""
    with run.writing() as services:
        services.users.enable(COMMAND_LINE, services.users.get(name))
    run.done(f"The account {name} is enabled.", name=name, active=True)


def _tell_made(run: Run, sentence: str, name: str, generated: str | None) -> None:
    if generated is None:
        run.done(f"{sentence}.", name=name)
    else:
        run.done(f"{sentence}: {generated}", name=name, password=generated)
