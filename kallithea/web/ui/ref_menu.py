"""The menu of branches, bookmarks and tags: bounded, whatever the repository holds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kallithea.render.text import one_line
from kallithea.vcs.types import Ref, RefKind, Refs
from kallithea.web.ui.filters import number, plural

#: More refs of a kind than this are on the page of all branches only.
MENU_LIMIT = 30

ICONS = {RefKind.BRANCH: "git-branch", RefKind.BOOKMARK: "bookmark", RefKind.TAG: "tag"}
_LABELS = {RefKind.BRANCH: "Branch", RefKind.BOOKMARK: "Bookmark", RefKind.TAG: "Tag"}
CSS_CLASSES = {RefKind.BRANCH: "branch", RefKind.BOOKMARK: "book", RefKind.TAG: "tag"}


@dataclass(frozen=True, slots=True)
class RefLabel:
    """A ref as a label beside a commit."""

    name: str
    css_class: str
    icon: str


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
class RefPick:
    """The whole menu; ``label`` and ``name`` say where the visitor is."""

    icon: str
    label: str
    name: str
    groups: tuple[RefGroup, ...]
    all_address: str
    all_words: str


def make_ref_pick(
    refs: Refs,
    current: Ref | None,
    other_name: str,
    address: Callable[[Ref], str],
    all_address: str,
    encodings: Sequence[str],
) -> RefPick:
    """The menu of a page that shows the ref ``current``, or else a commit called ``other_name``."""
    kinds = (("Branches", refs.branches), ("Bookmarks", refs.bookmarks), ("Tags", refs.tags))

    def choices(found: Iterable[Ref]) -> tuple[RefChoice, ...]:
        return tuple(RefChoice(one_line(ref.name, encodings), address(ref), ref == current) for ref in found)

    groups = tuple(RefGroup(title, choices(_first(found, current))) for title, found in kinds if found)
    counts = [(len(refs.branches), "branch", "branches"), (len(refs.bookmarks), "bookmark", None)]
    counts.append((len(refs.tags), "tag", None))
    words = [f"{number(count)} {plural(count, one, many)}" for count, one, many in counts if count]
    return RefPick(
        ICONS[current.kind] if current is not None else "git-commit",
        _LABELS[current.kind] if current is not None else "Commit",
        one_line(current.name, encodings) if current is not None else other_name,
        groups,
        all_address,
        f"All: {', '.join(words)}",
    )


def label(ref: Ref, encodings: Sequence[str]) -> RefLabel:
    """A ref as a label."""
    return RefLabel(one_line(ref.name, encodings), CSS_CLASSES[ref.kind], ICONS[ref.kind])


def _first(refs: Sequence[Ref], current: Ref | None) -> list[Ref]:
    """The first refs that are open, and the current one in any case."""
    shown = [ref for ref in refs if not ref.closed][:MENU_LIMIT]
    if current is not None and current in refs and current not in shown:
        shown.insert(0, current)
    return shown
