"""The way through long lists."""

import pytest

from kallithea.web.ui.paging import make_pager


def _address(page: int) -> str:
    return f"?page={page}"


@pytest.mark.parametrize(("page", "total", "last"), [(99, 44, 1), (4, 150, 3), (4, 101, 3), (2, 0, 1)])
def test_from_behind_the_end_a_list_leads_to_its_last_page(page: int, total: int, last: int) -> None:
    pager = make_pager(page, 50, total, _address)

    assert pager is not None
    assert pager.words == f"Page {page} is behind the last one; there are {total} in all."
    assert (pager.previous_label, pager.previous, pager.next) == ("Last page", f"?page={last}", None)


def test_the_last_page_is_not_behind_the_end() -> None:
    pager = make_pager(3, 50, 150, _address)

    assert pager is not None
    assert (pager.words, pager.previous, pager.next) == ("101 to 150 of 150", "?page=2", None)
