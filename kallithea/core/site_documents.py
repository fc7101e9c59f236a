"""Settings of the site that are read together, each group of them stored as one JSON text under a name."""

import dataclasses
import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

#: Rows on one page of a list, where nobody has set another number.
LIST_LENGTH = 50


@dataclass(frozen=True, slots=True)
class IssueRule:
    """What names issues in texts, as ``render.issue_links`` has it: an expression of RE2, an address, and words."""

    pattern: str
    address: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Looks:
    """What every page is made with. ``title`` is empty where that of the .ini counts.

    ``list_length`` is that of lists of repositories, ``admin_list_length`` that of lists of administration.
    ``shows_version``: to everybody, not to administrators alone. ``shows_fields``: whether pages of repositories have
    their extra fields; ``shows_avatars``: whether pictures stand beside names. ``clone_address`` is a template of
    ``core.clone_addresses``, empty for the address of the page. ``issues`` come after the patterns of the .ini.
    """

    title: str = ""
    shows_version: bool = True
    list_length: int = LIST_LENGTH
    shows_fields: bool = True
    shows_avatars: bool = True
    clone_address: str = ""
    issues: tuple[IssueRule, ...] = ()
    admin_list_length: int = LIST_LENGTH


@dataclass(frozen=True, slots=True)
class RepositoryDefaults:
    """What a new repository has, and what forms about one begin with. ``kind`` is ``git`` or ``hg``.

    ``landing`` names the branch, bookmark or tag that its pages begin with once there is one, empty for the usual one.
    """

    kind: str = "git"
    private: bool = False
    downloads: bool = True
    statistics: bool = True
    landing: str = ""


#: Names under which they are stored.
LOOKS, REPOSITORY_DEFAULTS = "looks", "repository-defaults"

SiteDocument = Looks | RepositoryDefaults


def pack(document: SiteDocument) -> str:
    """The text that is stored."""
    return json.dumps(dataclasses.asdict(document), sort_keys=True)


@functools.lru_cache(maxsize=16)
def unpack_looks(text: str | None) -> Looks:
    """What pages are made with; None and an empty text are those of a new site."""
    values = _known(Looks, text)
    rules = tuple(IssueRule(**rule) for rule in values.pop("issues", ()))
    return Looks(**values, issues=rules)


@functools.lru_cache(maxsize=16)
def unpack_repository_defaults(text: str | None) -> RepositoryDefaults:
    """What new repositories have; None and an empty text are those of a new site."""
    return RepositoryDefaults(**_known(RepositoryDefaults, text))


def values_of(document: SiteDocument, names: Iterable[str]) -> dict[str, object]:
    """Some of the values, by their names; rules of issues as texts."""
    return {name: _shown(getattr(document, name)) for name in names}


def _shown(value: object) -> object:
    return [" ".join((one.pattern, one.address, one.text)) for one in value] if isinstance(value, tuple) else value


def _known(kind: type[SiteDocument], text: str | None) -> dict[str, Any]:
    """The values that this version knows: a later one may have written more."""
    names = {field.name for field in dataclasses.fields(kind)}
    return {name: value for name, value in json.loads(text or "{}").items() if name in names}
