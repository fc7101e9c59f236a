"""The two sides above a comparison: where they are, other ones to choose, and how far they are apart."""

from dataclasses import dataclass

from kallithea.core.words import _, _n
from kallithea.services.compare import Apart, End, Span
from kallithea.web.compare.ends import Ends
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.commits import short_id
from kallithea.web.ui.ref_menu import RefPick, make_ref_pick
from kallithea.web.ui.switch import Choice
from kallithea.web.ui.trees import PathPart


@dataclass(frozen=True, slots=True)
class SideView:
    """One side: its repository, and the menu of refs to take instead of the one that is shown."""

    repository: str
    repository_address: str
    pick: RefPick
    commit: PathPart

    @property
    def name(self) -> str:
        """The ref, or the commit."""
        return self.pick.name


@dataclass(frozen=True, slots=True)
class Panel:
    """Both sides, how far they are apart in words, the merge base, and other forms of the comparison."""

    base: SideView
    tip: SideView
    words: str
    ancestor: PathPart | None
    ancestor_words: str
    dots: tuple[Choice, ...]
    swap_address: str
    choose_address: str


def make_panel(request: Request, ends: Ends, apart: Apart) -> Panel:
    """The panel of a comparison."""
    links, span, home = request.links, ends.span, ends.first.path
    found = apart.merge_base
    words = _("%(ahead)s ahead, %(behind)s behind", ahead=apart.ahead, behind=apart.behind)
    back = home if ends.second is not ends.first else None
    return Panel(
        make_side(request, ends.first, ends.base, pick_base(request, ends.first, span, ends.base)),
        make_side(request, ends.second, ends.tip, pick_tip(request, ends.first, span, ends.tip)),
        words,
        PathPart(short_id(found, ends.second.kind), links.changeset(ends.second.path, found))
        if found is not None
        else None,
        _n("One of %(count)s common ancestors", "One of %(count)s common ancestors", apart.bases)
        if apart.bases > 1
        else _("Common ancestor"),
        tuple(
            Choice(
                label,
                links.compare(home, span.base, span.tip, direct=direct, **ends.query),
                direct == span.direct,
            )
            for label, direct in ((_("Since the common ancestor"), False), (_("Tips"), True))
        ),
        links.compare(ends.second.path, span.tip, span.base, direct=span.direct, other_repo=back),
        links.repository(home, "compare", base=span.base, tip=span.tip, dots=2 if span.direct else None, **ends.query),
    )


def make_side(request: Request, context: RepositoryContext, end: End, pick: RefPick) -> SideView:
    """One side of a panel."""
    links = request.links
    return SideView(
        context.path,
        links.repository(context.path),
        pick,
        PathPart(short_id(end.commit_id, context.kind), links.changeset(context.path, end.commit_id)),
    )


def pick_base(request: Request, context: RepositoryContext, span: Span, end: End) -> RefPick:
    """The menu of refs that may be the base; each leads to its comparison with the tip."""
    return make_ref_pick(
        request.links,
        context.path,
        "compare",
        end.ref,
        short_id(end.commit_id, context.kind),
        request.application.settings.default_encoding,
        side="base",
        tip=span.tip,
        dots=2 if span.direct else None,
        other_repo=context.other.path if context.other is not None else None,
    )


def pick_tip(request: Request, context: RepositoryContext, span: Span, end: End) -> RefPick:
    """The menu of refs that may be the tip; those of another repository lead back to this one."""
    other = context.other
    return make_ref_pick(
        request.links,
        (other or context).path,
        "compare",
        end.ref,
        short_id(end.commit_id, context.kind),
        request.application.settings.default_encoding,
        side="tip",
        base=span.base,
        dots=2 if span.direct else None,
        home=context.path if other is not None else None,
    )
