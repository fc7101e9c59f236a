"""What a visitor asks a list of repositories for, as addresses say it."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from kallithea.core.access import Visibility
from kallithea.core.words import Text, _
from kallithea.services.repository_lists import Order
from kallithea.vcs.types import Kind
from kallithea.web.links import Links
from kallithea.web.request import Request
from kallithea.web.ui.filters import visibility_name

_Enum = TypeVar("_Enum", bound=enum.StrEnum)


class Part(enum.StrEnum):
    """Which repositories: all that may be read, those that the visitor follows, those that they own."""

    ALL = ""
    FOLLOWED = "followed"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of lists; ``backwards`` turns it round."""

    label: Text
    order: Order
    backwards: bool = False


#: By the words of addresses; without a word it is the first one, or the second for somebody who follows nothing.
SORTS: Mapping[str, Sort] = {
    "followed": Sort(_("Followed first"), "followed"),
    "updated": Sort(_("Last change"), "updated"),
    "-updated": Sort(_("Oldest change"), "updated", backwards=True),
    "name": Sort(_("Name, A to Z"), "path"),
    "-name": Sort(_("Name, Z to A"), "path", backwards=True),
    "owner": Sort(_("Owner, A to Z"), "owner"),
    "-owner": Sort(_("Owner, Z to A"), "owner", backwards=True),
}


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What a list was asked for. ``sort`` is a word of SORTS, and ``usual_sort`` the one that needs not be said."""

    filter: str
    kind: Kind | None
    visibility: Visibility | None
    part: Part
    sort: str
    usual_sort: str

    @property
    def filtered(self) -> bool:
        """Whether something of this part of the site is left out."""
        return bool(self.filter or self.kind or self.visibility)

    def address(self, links: Links, path: str, page: int | None = None) -> str:
        """The page of the site, or of the group at the path, that shows the list."""
        return links.page(
            path,
            f=self.filter,
            kind=self.kind or None,
            visibility=self.visibility or None,
            show=self.part or None,
            sort=self.sort if self.sort != self.usual_sort else None,
            page=page,
        )


@dataclass(frozen=True, slots=True)
class Option:
    """An entry of a menu: its word in addresses, what it is called, and whether it is the one that holds."""

    word: str
    label: Text
    chosen: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column, which leads to the list in its order; ``direction`` is that of now, in ARIA's words."""

    label: Text
    address: str
    direction: str


def read_options(request: Request) -> ListOptions:
    """What the query says; what it says wrongly counts as not said."""
    signed_in = request.visitor.signed_in
    usual_sort = "followed" if signed_in else "updated"
    sort = request.query.get("sort", "")
    known = sort in SORTS and (signed_in or sort != "followed")
    return ListOptions(
        request.query_text("f"),
        _parse(Kind, request.query.get("kind", "")),
        _parse(Visibility, request.query.get("visibility", "")),
        (_parse(Part, request.query.get("show", "")) if signed_in else None) or Part.ALL,
        sort if known else usual_sort,
        usual_sort,
    )


def make_sort_menu(options: ListOptions) -> tuple[Option, ...]:
    """The orders that there are."""
    words = [word for word in SORTS if word != "followed" or options.usual_sort == "followed"]
    return tuple(Option(word, SORTS[word].label, word == options.sort) for word in words)


def make_visibility_menu(options: ListOptions) -> tuple[Option, ...]:
    """Who may read."""
    named = (Option(one.value, visibility_name(one), one is options.visibility) for one in Visibility)
    return (Option("", _("Any visibility"), options.visibility is None), *named)


def make_heading(options: ListOptions, links: Links, path: str, word: str, label: Text) -> Heading:
    """The head of the column whose order is this word of SORTS; asked for again, it is turned round."""
    chosen = f"-{word}" if options.sort == word else word
    # what changed last comes first: that is falling
    falling = {f"-{word}": word != "updated", word: word == "updated"}.get(options.sort)
    direction = "" if falling is None else "descending" if falling else "ascending"
    return Heading(label, replace(options, sort=chosen).address(links, path), direction)


def _parse(kind: type[_Enum], word: str) -> _Enum | None:
    return kind(word) if word and word in set(kind) else None
