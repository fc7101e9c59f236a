"""``kallithea audit``: who changed what."""

import datetime

import click

from kallithea.cli.run import Run, with_run
from kallithea.core.actor import COMMAND_LINE
from kallithea.services.audit import KINDS, AuditFilter

_BATCH = 1000
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("audit")
def audit() -> None:
    """Who changed what."""


@audit.command("list")
@click.option("--actor", default="", metavar="NAME", help="Only what this account did.")
@click.option("--kind", default="", type=click.Choice(["", *KINDS]), help="Only what is about this.")
@click.option("--target", default="", metavar="TEXT", help="Only what is about a name or a path with this in it.")
@click.option("--since", type=_DAY, metavar="DAY", help="From the beginning of this day, in UTC, such as 2026-03-01.")
@click.option("--until", type=_DAY, metavar="DAY", help="Before the beginning of this day, in UTC.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many.")
@with_run
def list_(
    run: Run,
    actor: str,
    kind: str,
    target: str,
    since: datetime.datetime | None,
    until: datetime.datetime | None,
    limit: int,
) -> None:
    """Changes, newest first."""
    chosen = AuditFilter(actor, kind, target, _in_utc(since), _in_utc(until))
    rows: list[dict[str, object]] = []
    older_than = None
    while len(rows) < limit:
        with run.reading() as services:
            batch = services.audit.list_(chosen, older_than=older_than, limit=min(_BATCH, limit - len(rows)))
        if not batch:
            break
        older_than = batch[-1].audit_entry_id
        rows += [
            {
                "at": entry.at,
                "actor": entry.actor_name,
                "way": entry.way,
                "address": entry.address,
                "action": entry.action,
                "target": entry.target,
                "before": entry.before,
                "after": entry.after,
            }
            for entry in batch
        ]
    run.show(rows)


@audit.command("delete")
@click.option("--before", "day", type=_DAY, metavar="DAY", required=True, help="Older than this day, in UTC.")
@with_run
def delete(run: Run, day: datetime.datetime) -> None:
    """Delete old entries, for sites that must not, or need not, keep them longer. That it was done is noted."""
    # what is noted meanwhile is not deleted
    until = min(day.replace(tzinfo=datetime.UTC), run.application.clock())
    deleted = 0
    while True:
        with run.writing() as services:
            count = services.audit.delete_older(COMMAND_LINE, until)
        if not count:
            break
        deleted += count
    run.done(f"{deleted} entries are deleted.", deleted=deleted, before=until)


def _in_utc(day: datetime.datetime | None) -> datetime.datetime | None:
    return None if day is None else day.replace(tzinfo=datetime.UTC)
