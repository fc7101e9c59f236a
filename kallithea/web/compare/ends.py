"""The two ends that an address names, each in its own repository, opened for one page."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.render.text import one_line
from kallithea.services.compare import Apart, End, Span, address_name, find_end, parse_span, read_apart
from kallithea.vcs.backend import Repository
from kallithea.vcs.comparison import Comparison
from kallithea.vcs.diff import Sides
from kallithea.vcs.types import AmbiguousRevisionError, RevisionNotFoundError
from kallithea.web.contents import all_refs, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.diff_files import DiffAddress, DiffPlace
from kallithea.web.ui.diff_options import Query, read_view


@dataclass(frozen=True, slots=True)
class Ends:
    """What an address compares: ``base`` of the repository ``first``, and ``tip`` of ``second``, perhaps the same.

    Both names of ``span`` are given: two dots alone would be no address.
    """

    span: Span
    first: RepositoryContext
    second: RepositoryContext
    base: End
    tip: End

    @property
    def query(self) -> Query:
        """What all addresses of the comparison carry."""
        return other_query(self.first)

    @property
    def fixed(self) -> str:
        """The comparison in addresses of its parts: what names mean may change while somebody reads."""
        return f"{self.base.commit_id}{'..' if self.span.direct else '...'}{self.tip.commit_id}"

    @property
    def repository_ids(self) -> tuple[int, int]:
        """Of both sides."""
        return self.first.repository.repository_id, self.second.repository.repository_id


@dataclass(frozen=True, slots=True)
class Opened:
    """Both ends with what can be asked about them; ``tree`` is the repository of the tip."""

    ends: Ends
    comparison: Comparison
    tree: Repository
    apart: Apart

    def find_sides(self) -> Sides | None:
        """What the diff is of, None where it would be of what the two have in common and that is nothing."""
        old = self.ends.base.commit_id if self.ends.span.direct else self.apart.merge_base
        return Sides(old, self.ends.tip.commit_id) if old is not None else None

    def sides(self) -> Sides:
        """The same. Raises RevisionNotFoundError."""
        found = self.find_sides()
        if found is None:
            raise RevisionNotFoundError(
                _("The two have no commit in common. With two dots they are compared directly.")
            )
        return found


@contextlib.contextmanager
def open_ends(context: RepositoryContext, request: Request, span: Span) -> Iterator[Opened]:
    """Both ends, each looked up in its own repository. Raises RevisionNotFoundError, LimitExceededError."""
    second = context.other or context
    with contextlib.ExitStack() as stack:
        one = stack.enter_context(open_contents(context, request))
        other = stack.enter_context(open_contents(second, request)) if second is not context else one
        base, tip = find_named(context, request, one, span.base), find_named(second, request, other, span.tip)
        named = Span(
            span.base or name_of(context, request, one, base),
            span.tip or name_of(second, request, other, tip),
            span.direct,
        )
        ends = Ends(named, context, second, base, tip)
        repositories = request.services.repositories
        comparison = stack.enter_context(repositories.open_comparison(context.repository, second.repository))
        store = request.application.caches.small
        apart = read_apart(store, ends.repository_ids, comparison, base.commit_id, tip.commit_id)
        yield Opened(ends, comparison, other, apart)


def find_named(context: RepositoryContext, request: Request, repository: Repository, name: bytes) -> End:
    """The commit of a name. Raises RevisionNotFoundError, which says where there is none."""
    try:
        return find_end(repository, name, landing=context.repository.landing_ref)
    except AmbiguousRevisionError:
        raise
    except RevisionNotFoundError as problem:
        if not name:
            raise RevisionNotFoundError(
                _("%(repository)s is empty: there is nothing to compare.", repository=context.path)
            ) from problem
        shown = one_line(name, request.application.settings.default_encoding)
        raise RevisionNotFoundError(
            _("Nothing in %(repository)s is called “%(name)s”.", repository=context.path, name=shown)
        ) from problem


def name_of(context: RepositoryContext, request: Request, repository: Repository, end: End) -> bytes:
    """What names the end in an address: its ref, else its id."""
    if end.ref is None:
        return end.commit_id.encode()
    return address_name(end.ref, all_refs(context, request, repository))


def read_span(segments: tuple[bytes, ...]) -> Span:
    """What the segments of an address compare. Raises NotFoundError."""
    span = parse_span(b"/".join(segments))
    if span is None:
        raise NotFoundError(_("There is no such comparison."))
    return span


def other_query(context: RepositoryContext) -> Query:
    """What names the second repository in an address."""
    return {"other_repo": context.other.path if context.other is not None else None}


def place_of(request: Request, ends: Ends, sides: Sides) -> DiffPlace:
    """Where the parts of the diff between two commits are; the first is one of the repository of the base."""
    tip_id = ends.tip.commit_id
    at = DiffAddress(ends.first.path, "compare", ends.fixed, ends.query, ends.second.path, tip_id, sides.old)
    return DiffPlace(request.links, at, read_view(request))
