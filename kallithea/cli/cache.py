"""``kallithea cache``: what pages are made from, and may be forgotten at any time."""

import click

from kallithea.cache.file_store import Usage
from kallithea.cli.run import Run, with_run


@click.group("cache")
def cache() -> None:
    """What pages and clones are made from, kept to be quick. It may be forgotten at any time."""


@cache.command("list")
@with_run
def list_(run: Run) -> None:
    """Entries and bytes of each cache, its limit, and how often it had what was asked for."""
    application = run.unchecked_application
    usages = application.caches.usages()
    if application.packs is not None:
        usages["packs"] = application.packs.usage()
    run.show([_row(name, usage) for name, usage in usages.items()])


@cache.command("clear")
@with_run
def clear(run: Run) -> None:
    """Forget everything; pages find it out again. What lies in a cache server is left to that server."""
    application = run.unchecked_application
    application.caches.clear()
    if application.packs is not None:
        application.packs.clear()
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
