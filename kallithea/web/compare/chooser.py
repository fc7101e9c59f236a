"""The form that chooses what to compare."""

from collections.abc import Sequence
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.render.text import one_line
from kallithea.services.compare import Span
from kallithea.vcs.types import Refs
from kallithea.web.answers import Response, redirect
from kallithea.web.compare.ends import find_named, name_of, other_query
from kallithea.web.compare.panel import SideView, make_side, pick_base, pick_tip
from kallithea.web.contents import all_refs, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request

#: Names of refs that a field suggests.
MOST_NAMES = 200


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: what is in it, and names that it suggests. ``side`` is None in an empty repository."""

    text: str
    names: tuple[str, ...]
    side: SideView | None


@dataclass(frozen=True, slots=True)
class ChooserPage:
    """The form. ``repositories`` are those of the same network of forks that the visitor may read."""

    path: str
    base: Field
    tip: Field
    direct: bool
    other: str
    repositories: tuple[str, ...]
    empty_words: str


def show_chooser(context: RepositoryContext, request: Request) -> ChooserPage | Response:
    """The form, or the comparison that was asked for with it."""
    span = Span(request.query_bytes("base") or b"", request.query_bytes("tip") or b"", request.query.get("dots") == "2")
    if request.query.get("show"):
        return redirect(_address(context, request, span))
    # The list of repositories may change while nothing does from which a page's tag is made.
    request.incomplete = True
    second = context.other or context
    base = _read_field(context, context, request, span, tip=False)
    tip = _read_field(second, context, request, span, tip=True)
    others = request.services.repositories.list_network(request.visitor.viewer, context.repository)
    request.override_renderer = "compare/chooser.mako"
    empty = next((one.path for one, field in ((context, base), (second, tip)) if field.side is None), "")
    return ChooserPage(
        context.path,
        base,
        tip,
        span.direct,
        second.path,
        tuple(dict.fromkeys((context.path, second.path, *others))),
        _("%(repository)s is empty: there is nothing to compare.", repository=empty) if empty else "",
    )


def _read_field(
    side: RepositoryContext, context: RepositoryContext, request: Request, span: Span, *, tip: bool
) -> Field:
    """The field of one side, which lies in the repository ``side``; the default ref where the address names none."""
    name = span.tip if tip else span.base
    encodings = request.application.settings.default_encoding
    with open_contents(side, request) as repository:
        if not name and repository.is_empty():
            return Field("", (), None)
        end = find_named(side, request, repository, name)
        refs = all_refs(side, request, repository)
    shown = make_side(request, side, end, (pick_tip if tip else pick_base)(request, context, span, end))
    text = one_line(name, encodings) if name else shown.name
    return Field(text, _names(refs, encodings), shown)


def _names(refs: Refs, encodings: Sequence[str]) -> tuple[str, ...]:
    found = [ref for ref in (*refs.branches, *refs.bookmarks, *refs.tags) if not ref.closed]
    return tuple(dict.fromkeys(one_line(ref.name, encodings) for ref in found[:MOST_NAMES]))


def _address(context: RepositoryContext, request: Request, span: Span) -> str:
    """The comparison of what is in the fields. Raises RevisionNotFoundError."""
    names = []
    for side, name in ((context, span.base), (context.other or context, span.tip)):
        with open_contents(side, request) as repository:
            end = find_named(side, request, repository, name)
            names.append(name if name and end.ref is None else name_of(side, request, repository, end))
    base, tip = names
    return request.links.compare(context.path, base, tip, direct=span.direct, **other_query(context))
