"""Further facts about repositories, as their administrators name them."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kallithea.core.access import Viewer
from kallithea.core.actor import Actor
from kallithea.core.errors import ConflictError, InvalidError
from kallithea.core.names import parse_description
from kallithea.core.record_marks import find_change, mark_of
from kallithea.core.words import _, _n
from kallithea.model.repository_field import RepositoryField, fields_of
from kallithea.services.insertion import unique
from kallithea.services.repository_settings import RepositorySettings

#: Fields of one repository.
MOST_FIELDS = 50

_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
_LONGEST_LABEL = 100


@dataclass(frozen=True, slots=True)
class Field:
    """A text: ``key`` names it for programs, ``label`` for people."""

    key: str
    label: str
    value: str


class RepositoryFields:
    """Reads and changes the fields of repositories."""

    def __init__(self, session: Session, settings: RepositorySettings) -> None:
        self._session = session
        self._settings = settings

    def mark(self, fields: Sequence[Field]) -> str:
        """What stands for the fields of a repository, for ``update``."""
        return mark_of(_values(fields))

    def list_(self, repository_id: int) -> tuple[Field, ...]:
        """All fields of a repository, in the order in which they were made; no rights are asked."""
        rows = self._session.scalars(fields_of(repository_id))
        return tuple(Field(row.key, row.label, row.value) for row in rows)

    def update(
        self,
        actor: Actor,
        viewer: Viewer | None,
        repository_id: int,
        *,
        changed: Sequence[Field] = (),
        removed: Collection[str] = (),
        added: Field | None = None,
        was: str | None = None,
    ) -> None:
        """Change fields, remove those with the keys ``removed``, and add one; what is not named stays.

        ``was`` is the ``mark`` of the fields as somebody saw them.

        Without a viewer no rights are asked, else they need ADMIN. Fields that somebody has removed meanwhile stay
        removed. Raises InvalidError with problems named ``label-KEY``, ``value-KEY``, and for the new field ``key``,
        ``label`` and ``value``; ConflictError for a key that is taken, NotFoundError, ForbiddenError,
        ChangedMeanwhileError.
        """
        row = self._settings.lock(viewer, repository_id)
        _require_valid(changed, added)
        known = {field.key: field for field in self._session.scalars(fields_of(repository_id))}
        before = _values(known.values())
        for field in changed:
            if field.key in known:
                known[field.key].label, known[field.key].value = field.label, field.value
        for key in known.keys() & set(removed):
            self._session.delete(known.pop(key))
        # a key may be given anew in the same form
        self._session.flush()
        if added is not None:
            if len(known) >= MOST_FIELDS:
                raise ConflictError(
                    _n(
                        "A repository has at most %(count)s field. Remove one first.",
                        "A repository has at most %(count)s fields. Remove one first.",
                        MOST_FIELDS,
                    )
                )
            known[added.key] = self._add(repository_id, added)
        old, new = find_change(before, _values(known.values()), was)
        if new:
            self._settings.record(actor, row, f"repository:{row.path}", old, new)

    def _add(self, repository_id: int, field: Field) -> RepositoryField:
        row = RepositoryField(repository_id=repository_id, key=field.key, label=field.label, value=field.value)
        with unique(self._session, _("There is a field '%(name)s' already.", name=field.key)):
            self._session.add(row)
        return row


def _values(fields: Iterable[Field | RepositoryField]) -> dict[str, object]:
    return {f"field {field.key}": [field.label, field.value] for field in fields}


def _require_valid(changed: Sequence[Field], added: Field | None) -> None:
    problems: dict[str, str] = {}
    for field in changed:
        problems |= _find_problems(field, f"-{field.key}")
    if added is not None:
        problems |= _find_problems(added, "")
        if not _KEY.fullmatch(added.key):
            problems["key"] = _(
                "use up to 63 small letters, digits and _, and begin with a letter, such as 'cost_centre'"
            )
    if problems:
        raise InvalidError(problems)


def _find_problems(field: Field, suffix: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not field.label or len(field.label) > _LONGEST_LABEL or not field.label.isprintable():
        problems[f"label{suffix}"] = _n(
            "write a label of at most %(count)s printable character",
            "write a label of at most %(count)s printable characters",
            _LONGEST_LABEL,
        )
    try:
        parse_description(field.value, f"value{suffix}")
    except InvalidError as problem:
        problems |= problem.problems
    return problems
