"""Pages of long lists."""

from collections.abc import Callable
from dataclasses import dataclass

from kallithea.core.words import _


@dataclass(frozen=True, slots=True)
class Pager:
    """The way from one page of a list to its neighbours; an address is None where there is none."""

    words: str
    previous: str | None
    next: str | None
    previous_label: str = _("Previous")
    next_label: str = _("Next")


def make_pager(page: int, size: int, total: int, address: Callable[[int], str]) -> Pager | None:
    """The pager of a list whose length is known; None if it fits one page. From behind its end it leads to the last."""
    if total <= size and page == 1:
        return None
    last_page = max(1, -(-total // size))
    if page > last_page:
        words = _("Page %(page)s is behind the last one; there are %(total)s in all.", page=page, total=total)
        return Pager(words, address(last_page), None, _("Last page"))
    first, last = (page - 1) * size + 1, min(page * size, total)
    # Translators: places in a list, such as "1 to 50 of 120".
    words = _("%(first)s to %(last)s of %(total)s", first=first, last=last, total=total)
    return Pager(
        words,
        address(page - 1) if page > 1 else None,
        address(page + 1) if last < total else None,
    )
