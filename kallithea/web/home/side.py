"""The column beside lists of repositories: where else to look."""

from dataclasses import dataclass

from kallithea.core.words import Text, _, _n
from kallithea.services.repository_groups import GroupCount, Overview
from kallithea.web.home.options import Part
from kallithea.web.links import Links
from kallithea.web.request import Request
from kallithea.web.ui.shell import Crumb

#: Groups in the column, with those below them.
MOST_GROUPS = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A list of the whole site, and how many it has."""

    label: Text
    icon: str
    address: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class SideGroup:
    """A group with the groups below it, as far as there is room for them."""

    name: str
    address: str
    count: int
    below: tuple["SideGroup", ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """The column. ``crumbs`` lead down to a group, ``groups`` lie in it or at the top of the site.

    ``all_groups`` leads to the list of all groups there, and is None where it would show no more.
    """

    places: tuple[Place, ...]
    crumbs: tuple[Crumb, ...]
    groups: tuple[SideGroup, ...]
    all_groups: Crumb | None


def make_side(request: Request, overview: Overview, part: Part | None, group_id: int | None, path: str) -> Side:
    """The column beside the list of a group, or of this part of the site."""
    links = request.links
    inside = [group for group in overview.groups if not path or group.path.startswith(f"{path}/")]
    groups = _make_groups(links, overview, group_id)
    shown = len(groups) + sum(len(group.below) for group in groups)
    words = _n("All groups (%(count)s)", "All groups (%(count)s)", len(inside))
    all_groups = Crumb(words, links.page("_groups", f=f"{path}/" if path else None))
    return Side(
        _make_places(request, overview, part),
        make_crumbs(links, path),
        groups,
        all_groups if len(inside) > shown or (inside and not path) else None,
    )


def make_crumbs(links: Links, path: str) -> tuple[Crumb, ...]:
    """The groups of a path, the outermost first."""
    segments = path.split("/") if path else []
    return tuple(Crumb(name, links.repository("/".join(segments[: count + 1]))) for count, name in enumerate(segments))


def _make_places(request: Request, overview: Overview, part: Part | None) -> tuple[Place, ...]:
    places = [(Part.ALL, _("All repositories"), "repo", overview.repositories)]
    if request.visitor.signed_in:
        places += [
            (Part.FOLLOWED, _("Followed"), "star", overview.followed),
            (Part.MINE, _("Mine"), "person", overview.owned),
        ]
    return tuple(
        Place(label, icon, request.links.page("", show=one or None), count, one is part)
        for one, label, icon, count in places
    )


def _make_groups(links: Links, overview: Overview, group_id: int | None) -> tuple[SideGroup, ...]:
    """The groups directly below, each with its own where there is room for all of these."""
    children = overview.below(group_id)
    below = {child.group_id: overview.below(child.group_id) for child in children if len(children) < MOST_GROUPS}
    if len(children) + sum(map(len, below.values())) > MOST_GROUPS:
        below = {}
    return tuple(
        _make_group(links, child, tuple(_make_group(links, one) for one in below.get(child.group_id, ())))
        for child in _choose(children)
    )


def _choose(groups: tuple[GroupCount, ...]) -> list[GroupCount]:
    """Of many those that are near to the viewer, then those with the most repositories; in the order of their paths."""
    best = sorted(groups, key=lambda group: (not group.near, -group.repositories))[:MOST_GROUPS]
    chosen = {group.group_id for group in best}
    return [group for group in groups if group.group_id in chosen]


def _make_group(links: Links, group: GroupCount, below: tuple[SideGroup, ...] = ()) -> SideGroup:
    return SideGroup(group.name, links.repository(group.path), group.repositories, below)
