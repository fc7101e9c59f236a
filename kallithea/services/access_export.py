"""Everything that everybody may do, row by row, for those who check it."""

import collections
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kallithea.core.access import (
    SIGNED_IN,
    VISITORS,
    GroupNode,
    Level,
    RepositoryNode,
    Subject,
    SubjectKind,
    Viewer,
)
from kallithea.core.explanation import (
    SITE,
    Effect,
    Place,
    PlaceKind,
    Question,
    Source,
    SourceKind,
    about_user_groups,
    explain,
)
from kallithea.model.access_report import (
    ALL_GROUPS,
    active_memberships,
    active_users_after,
    repositories_after,
    user_group_names,
    user_groups_after,
)
from kallithea.model.grant import GIVEN, to_subjects
from kallithea.services.access_reports import grants_by_place
from kallithea.services.application import Application
from kallithea.services.scope import Services
from kallithea.services.work import reading

#: Id, parent and owner of a group.
_GroupTuple: TypeAlias = tuple[int, int | None, int | None]

_REPOSITORIES = 5000
_USERS = 100

#: Names of the columns, see AccessRow.
COLUMNS = ("who", "type", "path", "private", "level", "because")


@dataclass(frozen=True, slots=True)
class AccessRow:
    """A level of at least read. ``who`` is like ``user:ada``, or ``visitors`` for whoever is not signed in.

    ``type`` is ``repository``, ``group``, ``site``, ``user-group``, or ``user-groups`` for all of these; ``path`` may
    be the name of a group of users. ``because`` names all that gives the level, with a semicolon between, such as
    ``user-group:devs on group:tools``.
    """

    who: str
    type: str
    path: str
    private: bool
    level: str
    because: str


@dataclass(frozen=True, slots=True)
class _Targets:
    """All that rights are had on. ``chains``: of each group itself and those around it, the nearest first."""

    paths: Mapping[int, str]
    chains: Mapping[int | None, tuple[_GroupTuple, ...]]
    repositories: Sequence[tuple[int, int | None, int | None, bool, str]]
    user_groups: Sequence[tuple[int, int | None, str]]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some who have rights, by their words in ``AccessRow.who``, with what is granted to them, and names of groups."""

    people: Mapping[str, Viewer]
    grants: Mapping[Place, Mapping[Subject, Level]]
    names: Mapping[Subject, str]


def list_access(application: Application) -> Iterator[AccessRow]:
    """The rights of visitors, then of every active account by its name.

    Of each those on the site, on groups, on repositories, on groups of users.

    A level below read gives no row. Read in units of a hundred accounts, so that nobody waits for the database while
    rows are written: what is changed meanwhile shows for the accounts that come later.
    """
    with reading(application) as services:
        targets = _load_targets(services)
        batch = _load_batch(services, {"visitors": services.permissions.viewer_for(None)})
    last: str | None = ""
    while last is not None:
        for who, viewer in batch.people.items():
            yield from _Answers(targets, batch, who, viewer).rows()
        with reading(application) as services:
            people, last = _load_people(services, last)
            batch = _load_batch(services, people)


class _Answers:
    """The rows of one person. Most repositories have no grants of their own, so they share what their group gives."""

    def __init__(self, targets: _Targets, batch: _Batch, who: str, viewer: Viewer) -> None:
        self._targets = targets
        self._names = batch.names
        self._who = who
        self._viewer = viewer
        self._grants = {
            place: own
            for place, given in batch.grants.items()
            if (own := {subject: level for subject, level in given.items() if subject in viewer.subjects})
        }
        self._shared: dict[tuple[int | None, bool], tuple[Level, str]] = {}

    def rows(self) -> Iterator[AccessRow]:
        """Those of the site, of groups, of repositories, of groups of users."""
        for group_id, path in ((None, ""), *self._targets.paths.items()):
            level, because = self._explain(group_id)
            if level >= Level.READ:
                yield AccessRow(self._who, "site" if group_id is None else "group", path, False, level.word, because)
        for repository_id, group_id, owner_id, private, path in self._targets.repositories:
            level, because = self._at_repository(repository_id, group_id, owner_id, private)
            if level >= Level.READ:
                yield AccessRow(self._who, "repository", path, private, level.word, because)
        user_groups = ((row[:2], row[2]) for row in self._targets.user_groups)
        for group, name in ((None, ""), *user_groups):
            level, because = self._say(about_user_groups(self._viewer, self._grants, group))
            if level >= Level.READ:
                kind = PlaceKind.USER_GROUPS if group is None else PlaceKind.USER_GROUP
                yield AccessRow(self._who, kind.value, name, False, level.word, because)

    def _at_repository(
        self, repository_id: int, group_id: int | None, owner_id: int | None, private: bool
    ) -> tuple[Level, str]:
        own = self._grants.get(Place(PlaceKind.REPOSITORY, repository_id))
        if own is None and (owner_id is None or owner_id != self._viewer.user_id):
            key = (group_id, private)
            if key not in self._shared:
                self._shared[key] = self._explain(group_id, RepositoryNode(0, group_id, None, private))
            return self._shared[key]
        return self._explain(group_id, RepositoryNode(repository_id, group_id, owner_id, private, own or {}))

    def _explain(self, group_id: int | None, repository: RepositoryNode | None = None) -> tuple[Level, str]:
        groups = tuple(
            GroupNode(*row, self._grants.get(Place(PlaceKind.GROUP, row[0]), {}))
            for row in self._targets.chains.get(group_id, ())
        )
        return self._say(Question(self._viewer, groups, self._grants.get(SITE, {}), repository, group_id))

    def _say(self, question: Question) -> tuple[Level, str]:
        if question.level() < Level.READ:
            return Level.NONE, ""
        found = explain(question)
        because = [self._words(source) for source in found.sources if source.effect is Effect.DECIDES]
        return found.level, "; ".join(because)

    def _words(self, source: Source) -> str:
        if source.kind is SourceKind.SUPER_ADMINISTRATOR:
            return "super-administrator"
        what = "owner" if source.subject is None else source.subject.kind.value
        if source.subject is not None and source.subject.kind is SubjectKind.USER_GROUP:
            what = f"{what}:{self._names.get(source.subject, source.subject.subject_id)}"
        path = self._targets.paths.get(source.place.place_id) if source.place.kind is PlaceKind.GROUP else None
        return f"{what} on {source.place.kind}" + (f":{path}" if path is not None else "")


def _load_targets(services: Services) -> _Targets:
    rows = services.session.execute(ALL_GROUPS).all()
    groups = {row[0]: (row[0], row[1], row[2]) for row in rows}
    paths = {row[0]: row[3] for row in rows}
    repositories: list[tuple[int, int | None, int | None, bool, str]] = []
    last: str | None = ""
    while last is not None:
        found = services.session.execute(repositories_after(last, _REPOSITORIES)).all()
        repositories += [(row[1], row[2], row[3], row[4], row[5]) for row in found]
        last = found[-1][0] if found else None
    user_groups: list[tuple[int, int | None, str]] = []
    last = ""
    while last is not None:
        page = services.session.execute(user_groups_after(last, _REPOSITORIES)).all()
        user_groups += [(row[1], row[2], row[3]) for row in page]
        last = page[-1][0] if page else None
    return _Targets(paths, {group_id: _chain(groups, group_id) for group_id in groups}, repositories, user_groups)


def _chain(groups: Mapping[int, _GroupTuple], group_id: int | None) -> tuple[_GroupTuple, ...]:
    chain: dict[int, _GroupTuple] = {}
    while group_id is not None and group_id in groups and group_id not in chain:
        chain[group_id] = groups[group_id]
        group_id = groups[group_id][1]
    return tuple(chain.values())


def _load_people(services: Services, after: str) -> tuple[dict[str, Viewer], str | None]:
    """The next accounts, and the key of the last of them, None where there are no more."""
    users = services.session.execute(active_users_after(after, _USERS)).all()
    subjects: dict[int, set[Subject]] = collections.defaultdict(set)
    for user_id, group_id in services.session.execute(active_memberships([row.user_id for row in users])):
        subjects[user_id].add(Subject(SubjectKind.USER_GROUP, group_id))
    everybody = {SIGNED_IN, VISITORS} if services.settings.visitors else {SIGNED_IN}
    people = {
        f"user:{row.name}": Viewer(
            row.user_id,
            frozenset({Subject(SubjectKind.USER, row.user_id), *everybody, *subjects[row.user_id]}),
            row.super_administrator,
        )
        for row in users
    }
    return people, users[-1].name_key if users else None


def _load_batch(services: Services, people: Mapping[str, Viewer]) -> _Batch:
    subjects = frozenset[Subject]().union(*(viewer.subjects for viewer in people.values()))
    grants = grants_by_place(services.session.execute(GIVEN, to_subjects(subjects)))
    ids = {one.subject_id for one in subjects if one.kind is SubjectKind.USER_GROUP}
    names = {
        Subject(SubjectKind.USER_GROUP, key): name for key, name in services.session.execute(user_group_names(ids))
    }
    return _Batch(people, grants, names)
