"""``kallithea allow-list``: from which networks people may come. Works whatever a list says: nobody is locked out."""

import click

from kallithea.cli.run import Run, with_run
from kallithea.core.actor import COMMAND_LINE


@click.group("allow-list")
def allow_list() -> None:
    """From which networks people may come."""


@allow_list.command("show")
@click.option("--user", metavar="NAME", help="The list of this account instead of the site's.")
@with_run
def show(run: Run, user: str | None) -> None:
    """The networks, one a line; nothing where everybody may come from everywhere."""
    with run.reading() as services:
        networks = services.settings.networks if user is None else services.users.get(user).networks or ""
    run.show([{"network": network} for network in networks.split()])


@allow_list.command("set")
@click.argument("networks", nargs=-1)
@click.option("--user", metavar="NAME", help="The list of this account instead of the site's.")
@with_run
def set_(run: Run, networks: tuple[str, ...], user: str | None) -> None:
    """Let people come from these NETWORKS alone, such as 192.0.2.0/24; without one, from everywhere."""
    text = " ".join(networks)
    with run.writing() as services:
        if user is None:
            services.allow_lists.set_for_site(COMMAND_LINE, text)
        else:
            services.allow_lists.set_for_user(COMMAND_LINE, services.users.get(user), text)
    whom = "The site answers" if user is None else f"The account {user} is used from"
    run.done(f"{whom} {', '.join(networks) or 'everywhere'}.", user=user, networks=networks)
