"""What an index remembers of each repository: what its documents were made from."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

#: No rules, and like none.
MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class IndexState:
    """What an index remembers of a repository, as JSON: what it was made from.

    Without a ``fingerprint`` a run was begun and has not ended: there are no files of other branches than these, and
    nothing else is sure. ``rules`` are MIXED then where files may have been judged by different ones.
    ``at`` is when that was; None where an earlier version has not noted it. It does not count where two are compared.
    """

    path: str = ""
    description: str = ""
    rules: str = ""
    fingerprint: str = ""
    branches: Mapping[str, tuple[str, bool]] | None = None
    at: datetime.datetime | None = field(default=None, compare=False)

    @property
    def complete(self) -> bool:
        """Whether the index has exactly what it was made from."""
        return bool(self.fingerprint)

    @property
    def tips(self) -> list[str]:
        """The heads of the indexed branches."""
        return sorted({commit_id for commit_id, _landing in (self.branches or {}).values()})

    def dump(self) -> str:
        """The JSON."""
        at = [self.at.isoformat(timespec="seconds")] if self.at is not None else []
        return json.dumps([self.path, self.description, self.rules, self.fingerprint, dict(self.branches or {}), *at])


def begin(known: IndexState, wanted: IndexState) -> IndexState:
    """What is to be remembered while an index is brought from what it knows to what is wanted.

    Branches that are there keep their commits until then: that is where most of their files are from.
    """
    before = known.branches or {}
    branches = {
        name: before[name] if name in before and before[name][1] == landing else (commit_id, landing)
        for name, (commit_id, landing) in (wanted.branches or {}).items()
    }
    rules = wanted.rules if known.rules in ("", wanted.rules) else MIXED
    return IndexState(wanted.path, wanted.description, rules, "", branches, known.at)


def parse_state(text: str | None) -> IndexState:
    """What was remembered; nothing where nothing was."""
    if not text:
        return IndexState()
    path, description, rules, fingerprint, branches, *at = json.loads(text)
    return IndexState(
        path,
        description,
        rules,
        fingerprint,
        {name: (commit_id, landing) for name, (commit_id, landing) in branches.items()},
        datetime.datetime.fromisoformat(at[0]) if at else None,
    )
