"""``kallithea cache``: what pages are made from, and may be forgotten at any time."""

import click

from kallithea.cache.file_store import Usage
from kallithea.cli.run import Run, with_run


@click.group("cache")
def cache() -> None:
    """What pages are made from, kept to be quick. It may be forgotten at any time."""


@cache.command("list")
@with_run
def list_(run: Run) -> None:
    """Entries and bytes of each cache, its limit, and how often it had what was asked for."""
    run.show([_row(name, usage) for name, usage in run.unchecked_application.caches.usages().items()])


@cache.command("clear")
@with_run
def clear(run: Run) -> None:
    """Forget everything; pages find it out again. What lies in a cache server is left to that server."""
    run.unchecked_application.caches.clear()
    run.done("The caches are empty.", cleared=True)


def _row(name: str, usage: Usage) -> dict[str, object]:
    counts = usage.counts
    return {
        "name": name,
        "entries": usage.entries,
        "bytes": usage.size,
        "limit": usage.limit,
        "hits": counts.hits,
        "misses": counts.misses,
        "stored": counts.stored,
        "evicted": counts.evicted,
    }
