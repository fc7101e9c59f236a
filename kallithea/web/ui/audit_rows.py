"""Entries of the record of administration as lists show them."""

import json
from dataclasses import dataclass

from kallithea.model.audit import AuditEntry

_LONGEST_WORD = 2_000


@dataclass(frozen=True, slots=True)
class Change:
    """One value, before and after; a side is empty where there was, or is, none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An entry, and what it changed."""

    entry: AuditEntry
    changes: tuple[Change, ...]


def make_audit_row(entry: AuditEntry) -> AuditRow:
    """The row of an entry."""
    return AuditRow(entry, _find_changes(entry))


def _find_changes(entry: AuditEntry) -> tuple[Change, ...]:
    before, after = _values(entry.before), _values(entry.after)
    return tuple(
        Change(name, _cut(_word(before.get(name))), _cut(_word(after.get(name))))
        for name in (*before, *(name for name in after if name not in before))
        if _word(before.get(name)) != _word(after.get(name))
    )


def _values(text: str) -> dict[str, object]:
    return dict(json.loads(text)) if text else {}


def _word(value: object) -> str:
    """A value as it stands in the record, without the quotes of a text."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _cut(word: str) -> str:
    """As much as people read; the export has all of it."""
    return word if len(word) <= _LONGEST_WORD else f"{word[:_LONGEST_WORD]}…"
