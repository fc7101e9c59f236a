"""What an index remembers of each repository: what its documents were made from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexState:
    """What an index remembers of a repository, as JSON: what it was made from."""

    path: str = ""
    description: str = ""
    rules: str = ""
    fingerprint: str = ""
    branches: Mapping[str, tuple[str, bool]] | None = None

    @property
    def tips(self) -> list[str]:
        """The heads of the indexed branches."""
        return sorted({commit_id for commit_id, _landing in (self.branches or {}).values()})

    def dump(self) -> str:
        """The JSON."""
        return json.dumps([self.path, self.description, self.rules, self.fingerprint, dict(self.branches or {})])


def parse_state(text: str | None) -> IndexState:
    """What was remembered; nothing where nothing was."""
    if not text:
        return IndexState()
    path, description, rules, fingerprint, branches = json.loads(text)
    return IndexState(
        path, description, rules, fingerprint, {name: (at, landing) for name, (at, landing) in branches.items()}
    )
