"""The switches above a diff, and the way to its other pages."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from kallithea.core.words import _
from kallithea.render.diff_html import Layout
from kallithea.services.diffs import FILES_ON_PAGE
from kallithea.vcs.diff import Sides
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.diff_block import DiffBlock
from kallithea.web.ui.diff_options import WHITESPACE_WORDS, DiffView, Query
from kallithea.web.ui.paging import Pager, make_pager
from kallithea.web.ui.switch import Choice

#: Beginning of the address of marks.
VIEWED = "changeset-viewed"
_LAYOUT_WORDS = {Layout.UNIFIED: _("Unified"), Layout.SPLIT: _("Side by side")}


@dataclass(frozen=True, slots=True)
class DiffTools:
    """The switches, and what is said where nothing changed. ``viewed_address`` takes marks, if any are kept."""

    whitespace_words: str
    whitespace: tuple[Choice, ...]
    layouts: tuple[Choice, ...]
    raw_address: str
    empty_words: str
    pager: Pager | None
    first_address: str
    viewed_address: str = ""


@dataclass(frozen=True, slots=True)
class ShownDiff:
    """A diff and the switches above it."""

    block: DiffBlock
    tools: DiffTools


def make_tools(
    view: DiffView,
    block: DiffBlock,
    page: int,
    address: Callable[[Query], str],
    *,
    raw_address: str,
    empty_words: str,
    viewed_address: str = "",
) -> DiffTools:
    """The switches of a page; ``address`` is that of the page with another query."""
    return DiffTools(
        WHITESPACE_WORDS[view.options.ignored],
        whitespace_choices(view, address),
        layout_choices(view, address),
        raw_address,
        empty_words,
        make_pager(page, FILES_ON_PAGE, block.total, lambda other: address({**view.query, "page": other})),
        address(view.query),
        viewed_address,
    )


def viewed_address(context: RepositoryContext, request: Request, sides: Sides, *, commit: bool = False) -> str:
    """Where marks of the changes between two commits are kept, or those of the second; empty for who has none."""
    if not request.visitor.signed_in:
        return ""
    names = sides.new if commit else f"{sides.old or ''}..{sides.new}"
    return request.links.repository(context.path, f"{VIEWED}/{names}")


def whitespace_choices(view: DiffView, address: Callable[[Query], str]) -> tuple[Choice, ...]:
    """Which differences in white space count."""
    return tuple(
        Choice(
            words,
            address(replace(view, options=replace(view.options, ignored=ignored)).query),
            ignored is view.options.ignored,
        )
        for ignored, words in WHITESPACE_WORDS.items()
    )


def layout_choices(view: DiffView, address: Callable[[Query], str]) -> tuple[Choice, ...]:
    """One column or two."""
    return tuple(
        Choice(words, address({**view.query, "layout": layout}), layout is view.layout)
        for layout, words in _LAYOUT_WORDS.items()
    )
