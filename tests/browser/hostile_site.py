"""A site with one repository of a kind, on which everything that somebody can write is hostile."""

import datetime
import json
from collections.abc import Mapping
from pathlib import Path

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE, Actor, Way
from kallithea.core.jobs import ForkRepository, ImportRepository, PullRepository
from kallithea.core.names import name_key
from kallithea.core.schedules import Schedule
from kallithea.core.settings import Settings
from kallithea.model.location import Location
from kallithea.model.remote import Remote
from kallithea.model.repository_field import RepositoryField
from kallithea.services.scope import Services
from kallithea.services.work import writing
from kallithea.vcs.git.remote_process import clean_line
from kallithea.vcs.types import Kind
from tests.applications import settings_for
from tests.browser.hostile_values import ATTACK, CHANGED, FOLDER, REF, ROW, TITLE, hostile_files
from tests.browser.visits import Place
from tests.factories.repositories import Content, GitBuilder, RepositoryBuilder, Submodule
from tests.web.harbour import unsubscribe_text
from tests.web.site import Site

#: Who looks at the pages: an administrator.
VISITOR = "ada"

_ELSEWHERE = f"javascript:hacked()//evil-remote {ATTACK}"

# Git's own names hold no angle brackets.
_AUTHORS = {
    Kind.GIT: b'evil-author "onload="hacked() <evil-mail"onfocus=\'hacked()\'@x>',
    Kind.HG: b"evil-author \"><img src=x onerror=hacked()> <evil-mail\"onfocus='hacked()'@x>",
}


def hostile_settings(database_url: str, folder: Path) -> Settings:
    """Settings of the site, in which a text is hostile as well."""
    return settings_for(database_url, folder, title=TITLE)


def fill(site: Site, kind: Kind) -> Place:
    """Make the repository, a fork of it, and what the database knows of them."""
    site.user(VISITOR, administrator=True)
    other_id = site.user("other")
    site.grant("visitors", Level.READ)
    site.group("g")
    builder = site.repository("r", kind)
    first, second, branch = _make_history(builder)
    merge = _merge(builder, first, second)
    site.repository("fork", kind, fork_of="r").commit({b"a": b"1"}, message=ATTACK.encode())
    site.repository("gone", kind)
    task_ids = _write_rows(site, kind, branch)
    files = hostile_files(kind)
    shown = tuple(path for path, content in files.items() if not isinstance(content, Submodule))
    group, words = f"evil-group{ROW}", f"evil-words {ATTACK}"
    return Place(
        f"{group}/evil-repository{ROW}", f"evil-fork{ROW}", group, second, first, merge, CHANGED, FOLDER, shown, branch,
        task_ids, words, other_id, _write_crew(site), unsubscribe_text(site),
    )  # fmt: skip


def _make_history(builder: RepositoryBuilder) -> tuple[str, str, bytes]:
    """Two commits with all names that lead to them; their ids, and the branch of the second."""
    author, branch = _AUTHORS[builder.kind], b"evil-branch" + REF
    first = builder.commit(
        hostile_files(builder.kind), author=author, message=f"evil-first {ATTACK}".encode(), branch=branch
    )
    builder.tag(b"evil-label-of" + REF, first)
    message = f"evil-message BUG-{ATTACK.split()[0]} {ATTACK}\n\nevil-body {first[:12]} @ada {ATTACK}\n\x1b]0;x\x07"
    changes: Mapping[bytes, Content] = {CHANGED: f"evil-line {ATTACK}\n".encode() * 3}
    second = builder.commit(changes, author=author, message=message.encode(), parents=(first,), branch=branch)
    if isinstance(builder, GitBuilder):
        builder.annotated_tag(b"evil-annotated" + REF, second, tagger=author)
    else:
        builder.bookmark(b"evil-bookmark" + REF, second)
    return first, second, branch


def _merge(builder: RepositoryBuilder, first: str, second: str) -> str:
    """A commit that differs from both of its parents, on a branch of its own."""
    branch = b"evil-side" + REF
    side = builder.commit({CHANGED: f"evil-side {ATTACK}\n".encode()}, parents=(first,), branch=branch)
    content = f"evil-line {ATTACK}\nevil-side {ATTACK}\nevil-merged {ATTACK}\n".encode()
    return builder.commit({CHANGED: content}, parents=(second, side), branch=branch, message=ATTACK.encode())


def _write_rows(site: Site, kind: Kind, branch: bytes) -> tuple[int, ...]:
    """Give the rows values that no form takes; ids of tasks. Were they there, they would be text all the same."""
    with writing(site.application) as services:
        ada = services.users.get(VISITOR)
        ada.first_name, ada.last_name = f"evil-first-name {ROW}", f"evil-last-name {ROW}"
        ada.email = "evil-own-mail\"'><evil-tag>@x"
        group, row, fork = (
            services.repository_groups.get("g"),
            services.repositories.get("r"),
            services.repositories.get("fork"),
        )
        group.description, row.description = f"evil-about-group {ATTACK}", f"evil-description BUG-1 {ATTACK}"
        row.group_id, row.owner_id, row.landing_ref = group.repository_group_id, ada.user_id, branch
        _call(group.location, f"evil-group{ROW}")
        _call(row.location, f"evil-group{ROW}/evil-repository{ROW}")
        fork.description = f"evil-words-of-fork {ATTACK}"
        _call(fork.location, f"evil-fork{ROW}")
        gone = services.repositories.get("gone")
        _call(gone.location, f"evil-deleted{ROW}")
        services.repositories.delete(Actor(None, f"evil-remover {ROW}", Way.COMMAND, ""), gone)
        field = RepositoryField(
            repository_id=row.repository_id, key="key", label=f"evil-label {ROW}", value=f"evil-value {ATTACK}"
        )
        services.session.add(field)
        services.session.flush()
        jobs = (
            ForkRepository(ada.user_id, row.repository_id, f"evil-task{ROW}", ATTACK, False, ""),
            ImportRepository(
                ada.user_id,
                remote_id=_add_remote(services, None),
                remote_address=_ELSEWHERE,
                kind=kind,
                path=f"evil-import{ROW}",
                description=ATTACK,
                private=False,
                address="",
            ),
            PullRepository(ada.user_id, row.repository_id, ""),
        )
        _add_remote(services, row.repository_id)
        return tuple(services.outbox.add_asked(job) for job in jobs)


def _write_crew(site: Site) -> int:
    """A group of users with one member, whose names are hostile too; its id."""
    with writing(site.application) as services:
        crew = services.user_groups.create(COMMAND_LINE, None, name="crew", owner=services.users.get(VISITOR))
        crew.name, crew.description = f"evil-crew{ROW}", f"evil-about-crew {ATTACK}"
        user = services.users.get("other")
        services.user_groups.add(COMMAND_LINE, crew, user)
        user.first_name, user.email = f"evil-other-name {ROW}", "evil-other-mail\"'><evil-tag>@x"
        return crew.user_group_id


def _add_remote(services: Services, repository_id: int | None) -> int:
    """Where a repository comes from, what that site has said, and what it calls its refs."""
    now = datetime.datetime.now(datetime.UTC)
    remote = Remote(repository_id=repository_id, address=_ELSEWHERE, schedule=Schedule.OFF)
    remote.created = remote.pulled = remote.tried = now
    remote.problem = clean_line(f"evil-answer {ATTACK}")
    remote.note = json.dumps([[f"evil-there {ATTACK}", f"evil-reason {ROW}"]])
    services.session.add(remote)
    services.session.flush()
    return remote.remote_id


def _call(location: Location, path: str) -> None:
    location.path, location.path_key = path, name_key(path)
