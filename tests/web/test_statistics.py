"""The page of statistics shows what jobs have counted, and counts nothing itself."""

import datetime
import re

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.core.jobs import CountRepository
from kallithea.services.commit_counts import SHOWN, CommitCounts
from kallithea.services.counting import bring_up
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from tests.factories.repositories import BOB
from tests.services.test_outbox import stored_jobs
from tests.web.site import Site, get

_DAY = 86400
# a Monday
_MARCH = int(datetime.datetime(2021, 3, 1, tzinfo=datetime.UTC).timestamp())


@pytest.fixture(params=Kind)
def kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param)


def _count(site: Site, path: str = "r") -> None:
    with reading(site.application) as services:
        repository_id = services.repositories.get(path).repository_id
    bring_up(site.application, repository_id)


def _rows(answer: Answer) -> list[str]:
    """The texts of the rows of all tables."""
    bodies = re.findall(r"<tbody>(.*?)</tbody>", answer.text, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", "".join(bodies), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def _jobs(site: Site) -> int:
    site.application.later.flush()
    return len(stored_jobs(site.application, CountRepository))


def test_commits_by_week_author_and_language(site: Site, kind: Kind) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r", kind)
    builder.commit({b"a.py": b"1\n"}, date=f"{_MARCH} +0000")
    builder.commit({b"a.py": b"2\n", b"b.c": b"1\n"}, date=f"{_MARCH + 6 * _DAY} +0000", author=BOB)
    tip = builder.commit({b"a.py": b"3\n"}, date=f"{_MARCH + 400 * _DAY} +0000")
    _count(site)
    answer = get(site.browser(), "/r/statistics?year=last")
    assert answer.status_int == 200
    assert f"/r/changeset/{tip}" in answer.text
    assert _rows(answer) == ["Ada Lovelace 2 66.7 %", "Bob 1 33.3 %", "Python 3 100.0 %", "C 1 33.3 %"]
    assert re.findall(r"year=(\d+)", answer.text) == ["2022", "2021"]
    chosen = get(site.browser(), "/r/statistics?year=2021")
    assert _rows(chosen)[:2] == ["2021-03-01 2", "Ada Lovelace 2 66.7 %"]
    assert "from 2021-01-04 to 2022-01-02. Most active: the week from 2021-03-01." in chosen.text
    assert chosen.text.count('class="b"') == 1
    # nothing was done for long: the page begins with when something was
    assert _rows(get(site.browser(), "/r/statistics"))[0] == "2022-04-04 1"
    # a year without commits is none that can be chosen
    assert _rows(get(site.browser(), "/r/statistics?year=1999")) == _rows(answer)
    assert _jobs(site) == 0


def test_commits_of_the_last_weeks(site: Site) -> None:
    site.grant("visitors", Level.READ)
    now = site.application.clock()
    site.repository("r").commit({b"a": b"1"}, date=f"{int(now.timestamp())} +0000")
    _count(site)
    monday = (now - datetime.timedelta(days=now.weekday())).date()
    answer = get(site.browser(), "/r/statistics")
    assert _rows(answer) == [f"{monday} 1", "Ada Lovelace 1 100.0 %"]
    assert "Languages" not in answer.text


def test_page_asks_for_what_was_not_counted(site: Site, kind: Kind) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r", kind)
    builder.commit({b"a": b"1"})
    answer = get(site.browser(), "/r/statistics")
    assert "The commits are being counted" in answer.text
    assert _jobs(site) == 1
    _count(site)
    assert "being counted" not in get(site.browser(), "/r/statistics").text
    builder.commit({b"a": b"2"})
    newer = get(site.browser(), "/r/statistics")
    assert "Newer commits are being counted" in newer.text
    assert _rows(newer)[-1] == "Ada Lovelace 1 100.0 %"


def test_repository_without_commits(site: Site, kind: Kind) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r", kind)
    assert "There is nothing to count" in get(site.browser(), "/r/statistics").text
    assert _jobs(site) == 0


def test_why_the_commits_could_not_be_counted(site: Site) -> None:
    site.grant("visitors", Level.READ)
    tip = site.repository("r").commit({b"a": b"1"})
    with writing(site.application) as services:
        services.statistics.note_problem(services.repositories.get("r").repository_id, tip, "It <took> long.")
    answer = get(site.browser(), "/r/statistics")
    assert "The commits could not be counted. It &lt;took&gt; long." in answer.text
    assert _jobs(site) == 0


def test_authors_that_are_not_shown_are_one_line(site: Site) -> None:
    site.grant("visitors", Level.READ)
    tip = site.repository("r").commit({b"a": b"1"})
    counts = CommitCounts()
    for number in range(SHOWN + 20):
        counts.add(f"<b>{number:03}", f"{number}@example.org", datetime.datetime.now(datetime.UTC), [])
    with writing(site.application) as services:
        services.statistics.ensure(services.repositories.get("r").repository_id, tip, counts)
    answer = get(site.browser(), "/r/statistics")
    rows = _rows(answer)
    assert (len(rows), rows[-1]) == (1 + SHOWN + 1, "All others 20 16.7 %")
    assert "&lt;b&gt;000" in answer.text
    assert "<b>000" not in answer.text


def test_settings_leave_the_page_out(site: Site) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r").commit({b"a": b"1"})
    _count(site)
    assert "/r/statistics" in get(site.browser(), "/r/summary-with-facts").follow().text
    with writing(site.application) as services:
        services.repositories.get("r").statistics = False
    assert get(site.browser(), "/r/statistics").status_int == 404
    assert "/r/statistics" not in get(site.browser(), "/r").text
