"""The summary of a repository, at the width of a small screen."""

import pytest

from tests.browser.harbour_site import VISITOR
from tests.browser.visits import Place
from tests.flows.browser import visiting
from tests.flows.serving import serving
from tests.web.site import PASSWORD, Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_what_stands_above_the_files_is_one_row(harbour: tuple[Site, Place]) -> None:
    site, place = harbour
    with serving(site) as address, visiting(address, width=1280) as visitor:
        visitor.sign_in(VISITOR, PASSWORD)
        visitor.open(f"/{place.repository}")
        box = visitor.page.locator("main .row-f.wrap").first.bounding_box()
        assert box is not None
        assert box["height"] < 48
