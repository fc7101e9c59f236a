"""What is in the menu of branches, bookmarks and tags: the part of a page that is fetched when the menu is opened."""

from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.render.text import decode, one_line
from kallithea.vcs.types import Ref, Refs
from kallithea.web.contents import all_refs, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.filters import number, plural

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
    kinds = (("Branches", refs.branches), ("Bookmarks", refs.bookmarks), ("Tags", refs.tags))
    groups = tuple(RefGroup(title, _choices(context, request, found, wanted)) for title, found in kinds)
    return MenuPage(tuple(group for group in groups if group.choices), _count(refs))


def _choices(context: RepositoryContext, request: Request, refs: Sequence[Ref], wanted: str) -> tuple[RefChoice, ...]:
    """The first refs that are open or asked for by name, and the current one in any case."""
    encodings, at = request.application.settings.default_encoding, request.query_bytes("at")
    found = [ref for ref in refs if wanted in decode(ref.name, encodings).lower() and (wanted or not ref.closed)]
    shown = found[:MENU_LIMIT]
    if not wanted:
        shown = [ref for ref in refs if ref.name == at and ref not in shown][:1] + shown
    return tuple(
        RefChoice(one_line(ref.name, encodings), _address(context, request, ref), ref.name == at) for ref in shown
    )


def _address(context: RepositoryContext, request: Request, ref: Ref) -> str:
    path = request.query_bytes("path") or b""
    if request.query.get("to") == "changelog":
        return request.links.changelog(context.path, ref.commit_id, path, ref.name)
    if request.query.get("to") == "annotate":
        return request.links.annotate(context.path, ref.commit_id, path, ref.name)
    return request.links.files(context.path, ref.commit_id, path, ref.name)


def _count(refs: Refs) -> str:
    counts = ((len(refs.branches), "branch", "branches"), (len(refs.bookmarks), "bookmark", None))
    words = [f"{number(n)} {plural(n, one, many)}" for n, one, many in (*counts, (len(refs.tags), "tag", None)) if n]
    return ", ".join(words)
