"""The menu of branches, bookmarks and tags, as far as pages show it before it is opened."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kallithea.core.words import _
from kallithea.render.text import one_line
from kallithea.vcs.types import Ref, RefKind
from kallithea.web.links import Links

ICONS = {RefKind.BRANCH: "git-branch", RefKind.BOOKMARK: "bookmark", RefKind.TAG: "tag"}
_LABELS = {RefKind.BRANCH: _("Branch"), RefKind.BOOKMARK: _("Bookmark"), RefKind.TAG: _("Tag")}
CSS_CLASSES = {RefKind.BRANCH: "branch", RefKind.BOOKMARK: "book", RefKind.TAG: "tag"}

#: Fields of the query of an annotation that stay when the menu leads to another one.
ANNOTATION_FIELDS = ("ignore", "whitespace", "moves")


@dataclass(frozen=True, slots=True)
class RefLabel:
    """A ref as a label beside a commit."""

    name: str
    css_class: str
    icon: str


@dataclass(frozen=True, slots=True)
class AllChoice:
    """The line of the menu for all branches together, and whether the page shows them."""

    name: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class RefPick:
    """The button of the menu; ``label`` and ``name`` say where the visitor is.

    What is in the menu comes from ``menu_address`` when it is opened. ``all_address`` is the page of all refs;
    ``everything`` is there where a page can show all of them together.
    """

    icon: str
    label: str
    name: str
    menu_address: str
    all_address: str
    everything: AllChoice | None = None


def make_ref_pick(
    links: Links,
    repository: str,
    verb: str,
    current: Ref | None,
    other_name: str,
    encodings: Sequence[str],
    *,
    path: bytes = b"",
    **query: str | bytes | int | None,
) -> RefPick:
    """The menu of a page that shows the ref ``current``, or else a commit called ``other_name``.

    It leads to the page ``verb`` of each ref, there at ``path``; ``query`` is what else that page has to know.
    """
    at = current.name if current is not None else None
    return RefPick(
        ICONS[current.kind] if current is not None else "git-commit",
        _LABELS[current.kind] if current is not None else _("Commit"),
        one_line(current.name, encodings) if current is not None else other_name,
        links.repository(repository, "refs-menu", to=verb, path=path or None, at=at, **query),
        links.repository(repository, "branches"),
    )


def with_everything(pick: RefPick, everything: AllChoice) -> RefPick:
    """The same menu with a line for all branches together."""
    if not everything.current:
        return replace(pick, everything=everything)
    kind = RefKind.BRANCH
    return replace(pick, icon=ICONS[kind], label=_LABELS[kind], name=everything.name, everything=everything)


def label(ref: Ref, encodings: Sequence[str]) -> RefLabel:
    """A ref as a label."""
    return RefLabel(one_line(ref.name, encodings), CSS_CLASSES[ref.kind], ICONS[ref.kind])
