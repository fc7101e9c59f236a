"""Somebody's own tasks in the browser."""

import datetime

from kallithea.core.access import Level
from kallithea.core.jobs import ForkRepository, PullRepository
from kallithea.core.words import _
from kallithea.services.work import writing
from tests.statements import counted
from tests.web.site import Site, get

SHOWN = ("Pulling Waiting", "Pulling to seen Waiting", "Forking to a/fork There is no room. Failed")
ADDRESS = "/_admin/my_account/tasks"


def test_own_tasks_are_listed(site: Site) -> None:
    ada, bob = site.user("ada"), site.user("bob")
    for name in ("seen", "hidden"):
        site.repository(name)
    site.grant("ada", Level.READ, "seen")
    with writing(site.application) as services:
        seen, hidden = (services.repositories.get(name).repository_id for name in ("seen", "hidden"))
        services.outbox.add_asked(ForkRepository(ada, seen, "a/fork", "", False, ""))
        taken = services.taken_jobs.take("worker", [ForkRepository.queue])
        assert taken is not None
        services.taken_jobs.fail(taken, _("There is no room."), datetime.timedelta(0))
        services.outbox.add_asked(PullRepository(ada, seen, ""))
        services.outbox.add_asked(PullRepository(ada, hidden, ""))
        services.outbox.add_asked(PullRepository(bob, seen, ""))
    browser = site.browser("ada")
    with counted(site.application.engine) as statements:
        page = get(browser, ADDRESS)
    assert len(statements) <= 6
    rows = [" ".join(row.get_text(" ").split()) for row in page.html.select("main tbody tr")]
    for row, words in zip(rows, SHOWN, strict=True):
        assert row.startswith(words)
    link = page.html.select("main tbody a")[-1]["href"]
    assert "There is no room." in get(browser, link).text
    assert get(browser, "/").html.select(f'header a[href="{ADDRESS}"]')


def test_nobody_has_no_tasks(site: Site) -> None:
    site.user("ada")
    assert "No tasks" in get(site.browser("ada"), ADDRESS).text
    assert get(site.browser(), ADDRESS).status_int == 303
