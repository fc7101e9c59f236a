"""What is in the menu of branches, bookmarks and tags: the part of a page that is fetched when the menu is opened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kallithea.core.words import _, _n
from kallithea.render.text import decode, one_line
from kallithea.services.compare import address_name
from kallithea.vcs.types import Ref, Refs
from kallithea.web.contents import all_refs, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.filters import listed
from kallithea.web.ui.ref_menu import ANNOTATION_FIELDS

#: More refs of a kind than this are on the page of all branches only, or found by a part of their names.
MENU_LIMIT = 30


@dataclass(frozen=True, slots=True)
class RefChoice:
    """A line of the menu."""

    name: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class RefGroup:
    """Refs of one kind."""

    title: str
    choices: tuple[RefChoice, ...]


@dataclass(frozen=True, slots=True)
class MenuPage:
    """The refs that fit what was typed, the first of each kind, and in words how many there are in all."""

    groups: tuple[RefGroup, ...]
    words: str


def show_menu(context: RepositoryContext, request: Request) -> MenuPage:
    """Refs whose name contains ``f``, each leading to its page ``to`` at ``path``."""
    with open_contents(context, request) as repository:
        refs = all_refs(context, request, repository)
    wanted = request.query_text("f").lower()
    kinds = ((_("Branches"), refs.branches), (_("Bookmarks"), refs.bookmarks), (_("Tags"), refs.tags))
    groups = tuple(
        RefGroup(title, _choices(request, found, wanted, lambda ref: _address(context, request, ref, refs)))
        for title, found in kinds
    )
    return MenuPage(tuple(group for group in groups if group.choices), _count(refs))


def _choices(
    request: Request, refs: Sequence[Ref], wanted: str, address: Callable[[Ref], str]
) -> tuple[RefChoice, ...]:
    """The first refs that are open or asked for by name, and the current one in any case."""
    encodings, at = request.application.settings.default_encoding, request.query_bytes("at")
    found = [ref for ref in refs if wanted in decode(ref.name, encodings).lower() and (wanted or not ref.closed)]
    shown = found[:MENU_LIMIT]
    if not wanted:
        shown = [ref for ref in refs if ref.name == at and ref not in shown][:1] + shown
    return tuple(RefChoice(one_line(ref.name, encodings), address(ref), ref.name == at) for ref in shown)


def _address(context: RepositoryContext, request: Request, ref: Ref, refs: Refs) -> str:
    path = request.query_bytes("path") or b""
    if request.query.get("to") == "compare":
        return _address_of_comparison(context, request, address_name(ref, refs))
    if request.query.get("to") == "changelog":
        return request.links.changelog(context.path, ref.commit_id, path, ref.name)
    if request.query.get("to") == "annotate":
        query = {field: request.query_bytes(field) for field in ANNOTATION_FIELDS}
        return request.links.annotate(context.path, ref.commit_id, path, ref.name, query=query)
    return request.links.files(context.path, ref.commit_id, path, ref.name)


def _address_of_comparison(context: RepositoryContext, request: Request, name: bytes) -> str:
    """With the ref on the side that the query names, beside what it names for the other one.

    Where the ref is the tip, ``home`` is the base's repository, if that is another one.
    """
    base, tip, home = (request.query_bytes(field) or b"" for field in ("base", "tip", "home"))
    direct, links = request.query.get("dots") == "2", request.links
    if request.query.get("side") == "base":
        return links.compare(context.path, name, tip, direct=direct, other_repo=request.query_bytes("other_repo"))
    if not home:
        return links.compare(context.path, base, name, direct=direct)
    return links.compare(home.decode("utf-8", "replace"), base, name, direct=direct, other_repo=context.path)


def _count(refs: Refs) -> str:
    counts = (
        (refs.branches, _n("%(count)s branch", "%(count)s branches", len(refs.branches))),
        (refs.bookmarks, _n("%(count)s bookmark", "%(count)s bookmarks", len(refs.bookmarks))),
        (refs.tags, _n("%(count)s tag", "%(count)s tags", len(refs.tags))),
    )
    return listed([words for found, words in counts if found])
