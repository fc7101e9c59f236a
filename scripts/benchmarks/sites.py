"""A server that shows repositories: ours, or a peer."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from kallithea.vcs.types import Kind
from scripts.benchmarks.pages.targets import Listed, Log, Target


@dataclass(frozen=True)
class RunningSite:
    """Where a server listens at 127.0.0.1, and the processes whose trees are the server."""

    port: int
    process_ids: tuple[int, ...]


class Site(Protocol):
    """A server as its documentation says that it runs best."""

    @property
    def name(self) -> str:
        """One word for tables."""
        ...

    @property
    def command(self) -> str:
        """How it runs, in words."""
        ...

    @property
    def kind(self) -> Kind | None:
        """The kind of repositories that it shows; None for both."""
        ...

    @property
    def makes_pages(self) -> bool:
        """Whether it makes a page anew each time somebody new comes."""
        ...

    @property
    def keeps_pages(self) -> bool:
        """Whether it knows pages again that it has shown, so that it can be compared where a visitor comes again."""
        ...

    def find_missing(self) -> str:
        """What is not installed here, and how to install it on Debian; empty if all is here."""
        ...

    def serve(self, folder: Path, repositories: Sequence[Path]) -> contextlib.AbstractContextManager[RunningSite]:
        """Serve repositories until the block ends, each under the name of its folder; they lie side by side.

        ``folder`` is empty, and the server's own. Raises ServerError.
        """
        ...

    def address(self, repository: str, target: Target) -> str:
        """Where it shows that."""
        ...


def fill(templates: Mapping[type[Target], str], repository: str, target: Target) -> str:
    """The address of a target, by the form of the addresses of its type.

    Forms contain {repository} {commit} {path}, and for a list of commits {offset} {count} and {first}, an id.
    """
    values = {"repository": quote(repository), "commit": target.commit_id, "path": quote(target.path)}
    if isinstance(target, Listed):
        values |= {"count": str(len(target.commits)), "first": target.commits[0].commit_id}
    if isinstance(target, Log):
        values["offset"] = str(target.offset)
    return templates[type(target)].format_map(values)
