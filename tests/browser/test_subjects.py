"""A changeset with a long subject, at the widths that people have."""

import pytest

from kallithea.core.access import Level
from kallithea.services.application import Application
from tests.flows.browser import visiting
from tests.flows.serving import serving
from tests.web.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("width", [1440, 1000, 360])
def test_buttons_beside_a_long_subject_stay_right_and_their_menu_inside(application: Application, width: int) -> None:
    site = Site(application)
    site.grant("visitors", Level.READ)
    commit_id = site.repository("r").commit({b"a": b"1"}, message=b"Read every gauge, " + b"even when one fails " * 9)
    with serving(site) as address, visiting(address, width=width) as visitor:
        visitor.open(f"/r/changeset/{commit_id}")
        menu = visitor.page.locator("main summary[aria-label=More]")
        menu.click()
        button, shown = menu.bounding_box(), visitor.page.locator("main .k-pop:visible").bounding_box()
        assert button is not None
        assert shown is not None
        assert button["x"] > width - 120
        assert shown["x"] >= 0
        assert shown["x"] + shown["width"] <= width
