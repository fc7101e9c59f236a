"""A site with one repository of a kind as people have them: the history of the demo, and a file of every form."""

import json
from urllib.parse import quote, quote_from_bytes

from kallithea.cli.demo_history import HISTORY
from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE, Actor, Way
from kallithea.core.jobs import ForkRepository, PullRepository
from kallithea.core.remote_addresses import parse_remote_address
from kallithea.core.schedules import Schedule
from kallithea.model.journal import JournalEntry
from kallithea.services.counting import bring_up
from kallithea.services.remotes import RemoteChange
from kallithea.services.search_index import find_outdated, index_repository
from kallithea.services.work import writing
from kallithea.vcs.opener import VcsOptions, open_repository, write_history
from kallithea.vcs.types import Kind
from tests.browser.visits import Place
from tests.factories.repositories import Content, Executable, RepositoryBuilder, Submodule, Symlink
from tests.factories.writing import BRANCH
from tests.web.harbour import unsubscribe_text
from tests.web.site import Site

#: Who looks at the pages, and administers what there is.
VISITOR = "marla"

_TIDES = b"tidewatch/tides.py"
_README = """# Tidewatch

Tells when the water is **high**. See [the notes](docs/constituents.txt), `tides.py` and https://example.org/tides.

![waves](docs/icon.png) [![build passing](https://ci.example.org/badge.svg)](https://ci.example.org/)

| constituent | speed |
|-------------|------:|
| M2          | 28.98 |

- [x] one
- two

> The tables are for learning. Do not navigate by them.

```python
def height(hours):
    return sum(wave.height(hours) for wave in WAVES)  # metres
```
"""
_PLOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
_NOTEBOOK = json.dumps(
    {
        "nbformat": 4,
        "metadata": {"language_info": {"name": "python"}},
        "cells": [
            {"cell_type": "markdown", "source": "# Heights\n\nOf *Kilvik*."},
            {"cell_type": "raw", "source": "a note"},
            {
                "cell_type": "code",
                "execution_count": 1,
                "source": "import math\nmath.cos(0)",
                "outputs": [
                    {"output_type": "stream", "name": "stdout", "text": "high water\n"},
                    {"output_type": "execute_result", "data": {"text/plain": "1.0", "image/png": _PLOT}},
                    {"output_type": "display_data", "data": {"text/html": "<table><tr><th>a<td>1</table>"}},
                ],
            },
        ],
    }
)
_LONG = "a line of more letters than a narrow window has room for, without_any_blank_where_it_could_be_broken" * 3
_FILES: dict[bytes, Content] = {
    b"README.md": _README.encode(),
    b"heights.ipynb": _NOTEBOOK.encode(),
    b"data/waves.bin": bytes(range(256)),
    b"data/long.txt": f"{_LONG}\n\tx\n".encode(),
    b"data/model.bin": b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"1" * 64 + b"\nsize 4096\n",
    b"run.sh": Executable(b'#!/bin/sh\nexec python -m tidewatch "$@"\n'),
    b"latest": Symlink(b"docs/constituents.txt"),
    b"empty": b"",
}
_SHOWN = (
    *_FILES, b"README.rst", b"docs/constituents.txt", b"docs/icon.png", b"docs/waves.svg", b"harbours/kilvik.csv",
    "harbours/lund-på-øen.csv".encode(), _TIDES,
)  # fmt: skip


def fill(site: Site, kind: Kind) -> Place:
    """Make the repository, a fork, an empty one, and a task."""
    user_id, other_id = site.user(VISITOR, administrator=True), site.user("jonas")
    site.grant("visitors", Level.READ)
    site.group("harbours")
    site.group("harbours/north")
    path = "harbours/tidewatch"
    parent_id, commit_id, merge_id = _make_history(site.repository(path, kind))
    _make_history(site.repository("harbours/north/copy", kind, fork_of=path))
    site.repository("harbours/empty", kind)
    site.repository("harbours/silted", kind)
    with writing(site.application) as services:
        services.repositories.delete(COMMAND_LINE, services.repositories.get("harbours/silted"))
        users, groups = services.users, services.user_groups
        crew = groups.create(COMMAND_LINE, None, name="crew", description="On every ship", owner=users.get(VISITOR))
        groups.add(COMMAND_LINE, crew, users.get("jonas"))
        crew_id = crew.user_group_id
        row = services.repositories.get(path)
        row.owner_id, row.description = user_id, "Tells when the water is high, see https://example.org/tides"
        services.repository_groups.get("harbours").description = "Everything about tides"
        jobs = (
            ForkRepository(user_id, row.repository_id, "mine", "", False, ""),
            PullRepository(user_id, row.repository_id, ""),
        )
        task_ids = tuple(services.outbox.add_asked(job) for job in jobs)
        address = parse_remote_address("https://example.org/tidewatch", ["https"])
        services.remotes.update(COMMAND_LINE, None, row.repository_id, RemoteChange(address, Schedule.DAILY))
    for repository_id in find_outdated(site.application):
        index_repository(site.application, repository_id)
    bring_up(site.application, row.repository_id)
    _make_events(site, path, user_id, other_id, (parent_id, commit_id))
    return Place(
        path, "harbours/north/copy", "harbours", commit_id, parent_id, merge_id, _TIDES, b"tidewatch", _SHOWN,
        BRANCH[kind], task_ids, "tide", other_id, crew_id, unsubscribe_text(site),
    )  # fmt: skip


def _make_events(site: Site, path: str, user_id: int, other_id: int, ends: tuple[str, str]) -> None:
    """A push of somebody else's to a repository that the visitor follows."""
    old, new = ends
    details = {
        "refs": [
            {"name": "refs/heads/main", "old": old, "new": new},
            {"name": "refs/tags/v9", "old": None, "new": new},
        ],
        "more": 0,
        "count": 1,
        "commits": [[new, f"Count from {old[:12]}", "Ada Lovelace"]],
    }
    with writing(site.application) as services:
        row = services.repositories.get(path)
        services.followers.ensure(user_id, row.repository_id)
        entry_id = services.journal.add(Actor(other_id, "jonas", Way.HTTP), "push", row, details)
        services.notifications.tell(services.session.get_one(JournalEntry, entry_id), {"marla"})


def further_addresses(place: Place) -> list[str]:
    """States of pages that ``visits`` does not come to: nothing there, everything at once, nothing found."""
    start = f"/{quote(place.repository)}"
    return [
        "/harbours/empty",
        "/harbours/empty/statistics",
        "/harbours/north/copy/statistics",
        "/harbours/north",
        "/?f=nothing-is-called-so",
        f"{start}/changelog?text=nothing-says-so",
        f"{start}/branches?f=nothing-is-called-so",
        f"{start}/changeset/v1.0",
        f"{start}/changeset/v0.1?layout=split",
        f"{start}/compare/v0.1...{place.commit_id}",
        f"{start}/compare/v1.0...v0.1",
        f"{start}/files/v0.1",
        f"{start}/files/{place.commit_id}/{quote_from_bytes(place.changed)}?from=2&view=source",
        f"{start}/changelog/{place.commit_id}/{quote_from_bytes(place.changed)}?lines=99998-99999",
        f"{start}/changelog?all=1",
    ]


def refused_addresses(place: Place) -> dict[str, int]:
    """Addresses that lead to no page, and the status that says so: names close to what is there, no lines."""
    start, commit = f"/{quote(place.repository)}", place.commit_id
    return {
        f"{start}/files/{commit}/READM.md": 404,
        f"{start}/files/feat": 404,
        f"/{quote(place.group)}/tidewach": 404,
        f"{start}/changelog/{commit}/{quote_from_bytes(place.changed)}?lines=2-1": 400,
    }


def _make_history(builder: RepositoryBuilder) -> tuple[str, str, str]:
    """The ids of the last two commits of the branch, and of a merge on another one."""
    write_history(builder.kind, builder.path, HISTORY, VcsOptions())
    with open_repository(builder.kind, builder.path, VcsOptions()) as repository:
        tip = repository.resolve(BRANCH[builder.kind])
        tides = repository.blob(tip, _TIDES, limit=1 << 20).data
    files = dict(_FILES)
    if builder.kind is Kind.GIT:
        files |= {b".gitmodules": b'[submodule "sea"]\n\tpath = sea\n\turl = https://example.org/sea.git\n'}
        files |= {b"sea": Submodule("1" * 40)}
    first = builder.commit(files, parents=(tip,), message=b"A file of every form\n\nFor all pages.\n")
    changed = tides.replace(b"math.cos", b"math.sin").replace(b"Greenwich", b"the meridian of Greenwich")
    second = builder.commit(
        {_TIDES: changed + b"\n# the end\n"}, parents=(first,), message=f"Count from {first[:12]}\n\n{_LONG}".encode()
    )
    side = builder.commit({_TIDES: tides.replace(b"metres", b"feet")}, parents=(first,), branch=b"feet")
    merged = {_TIDES: changed.replace(b"metres", b"feet") + b"\n# the end of both\n"}
    return first, second, builder.commit(merged, parents=(second, side), branch=b"feet", message=b"Merge feet")
