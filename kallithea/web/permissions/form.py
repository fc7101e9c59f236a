"""What is sent by the form of a matrix."""

from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.access import Level, Subject
from kallithea.model.grant import parse_subject_key
from kallithea.services.permission_changes import GrantChange, Reach

#: What a row shows that has no grant of its own begins with this, such as ``inherited:read``.
INHERITED = "inherited:"

_CHOSEN = "level-"
_LEVELS = {level.word: level for level in Level}


@dataclass(frozen=True, slots=True)
class MatrixForm:
    """``changes`` of rows, and whom to add with which level, nobody if ``add`` is empty.

    ``chosen`` has for each row that was changed, by the key of its subject, the level that was chosen, and ``was`` what
    the form had seen there.
    """

    changes: tuple[GrantChange, ...]
    chosen: Mapping[str, Level]
    was: Mapping[str, str]
    add: str
    add_level: Level
    reach: Reach


def read_form(form: Mapping[str, str]) -> MatrixForm:
    """The form. Rows that nobody changed, and what cannot be a row, are left out."""
    chosen = {
        name.removeprefix(_CHOSEN): level
        for name, word in form.items()
        if name.startswith(_CHOSEN) and (level := _LEVELS.get(word)) is not None
    }
    was, removed = {key: form.get(f"was-{key}", "") for key in chosen}, form.get("remove", "")
    found = {key: _change(key, level, was[key], removed) for key, level in chosen.items()}
    changes = {key: change for key, change in found.items() if change is not None}
    return MatrixForm(
        tuple(changes.values()),
        {key: chosen[key] for key in changes},
        {key: was[key] for key in changes},
        form.get("add", "").strip(),
        _LEVELS.get(form.get("add_level", ""), Level.READ),
        Reach.BELOW if form.get("reach") == Reach.BELOW else Reach.HERE,
    )


def _change(key: str, chosen: Level, was: str, removed: str) -> GrantChange | None:
    subject, before = _subject(key), _LEVELS.get(was)
    if subject is None:
        return None
    if key == removed:
        return GrantChange(subject, before, None) if before is not None else None
    shown = _LEVELS.get(was.removeprefix(INHERITED))
    return GrantChange(subject, before, chosen) if chosen is not shown else None


def _subject(key: str) -> Subject | None:
    try:
        return parse_subject_key(key)
    except ValueError:
        return None
