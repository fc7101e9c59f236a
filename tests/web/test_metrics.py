"""What Prometheus reads, and who may."""

import dataclasses
import ipaddress
import subprocess
from contextlib import nullcontext

from prometheus_client.parser import text_string_to_metric_families

from kallithea.cache.slots import Claim
from kallithea.core.jobs import SettleRepository
from kallithea.services.work import writing
from kallithea.transport.watching import Watch
from kallithea.vcs.git.child import GitChild
from kallithea.vcs.git.environment import git_environment
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.types import Kind
from tests.web.site import Site, get

PROMETHEUS = "192.0.2.8"


def lets_in(site: Site, *, networks: str = "", token: str = "") -> Site:
    own = tuple(ipaddress.ip_network(network) for network in networks.split())
    settings = dataclasses.replace(site.application.settings, metrics_networks=own, metrics_token=token)
    site.application.settings = settings
    return site


def metrics(text: str) -> dict[tuple[str, str], float]:
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_nobody_may_ask_where_the_ini_names_nobody(site: Site) -> None:
    lets_in(site)
    assert get(site.browser(REMOTE_ADDR="127.0.0.1"), "/_metrics").status_int == 403


def test_a_token_lets_in_and_another_does_not(site: Site) -> None:
    browser = lets_in(site, token="of prometheus").browser()
    right = browser.get("/_metrics", headers={"Authorization": "Bearer of prometheus"})
    wrong = browser.get("/_metrics", headers={"Authorization": "Bearer of nobody"}, expect_errors=True)
    assert (right.status_int, wrong.status_int) == (200, 403)


def test_a_network_lets_in(site: Site) -> None:
    lets_in(site, networks="192.0.2.8")
    assert get(site.browser(REMOTE_ADDR=PROMETHEUS), "/_metrics").status_int == 200
    assert get(site.browser(REMOTE_ADDR="198.51.100.1"), "/_metrics").status_int == 403


def test_what_was_answered_and_what_waits_is_told(site: Site) -> None:
    with writing(site.application) as services:
        services.outbox.add(SettleRepository(7))
    lets_in(site, networks="192.0.2.8")
    site.pages = Watch(site.application, site.pages)
    get(site.browser(), "/")
    get(site.browser(), "/absent")
    found = metrics(get(site.browser(REMOTE_ADDR=PROMETHEUS), "/_metrics").text)
    assert found["kallithea_requests_total", "page,200"] == 1
    assert found["kallithea_requests_total", "page,404"] == 1
    assert found["kallithea_request_seconds_count", "page"] == 2
    assert found["kallithea_statements_total", "page"] > 1
    assert found["kallithea_jobs", "waiting"] == 1
    assert found["kallithea_database_up", ""] == 1


def test_what_the_machine_is_busy_with_is_told_by_whichever_process_is_asked(site: Site) -> None:
    """A slot is a file with a lock; no process of this application holds it, and none of them has started git."""
    lets_in(site, networks="192.0.2.8")
    repository = site.repository("git", Kind.GIT)
    repository.commit({b"a": b"1"})
    other = dataclasses.replace(site.application)
    slots = [Claim("make-machine", "", 2), Claim("make-network", "192.0.2.0/24", 2)]
    heavy = take_slot(other.vcs_options, Weight.HEAVY, 0.0)
    command = ("cat-file", "--batch")
    child = GitChild(other.vcs_options, repository.path, command, git_environment(), stdin=subprocess.PIPE)
    try:
        with other.slots.try_to_take(slots) or nullcontext(), heavy or nullcontext():
            found = metrics(get(site.browser(REMOTE_ADDR=PROMETHEUS), "/_metrics").text)
    finally:
        child.kill()
    names = ("heavy", "make-machine", "make-network", "push-machine", "waiting")
    assert [found["kallithea_slots_in_use", name] for name in names] == [1, 1, 1, 0, 0]
    assert found["kallithea_git_processes_running", ""] == 1
    later = metrics(get(site.browser(REMOTE_ADDR=PROMETHEUS), "/_metrics").text)
    assert (later["kallithea_slots_in_use", "heavy"], later["kallithea_git_processes_running", ""]) == (0, 0)


def test_stores_are_looked_through_by_one_process_for_all(site: Site) -> None:
    lets_in(site, networks="192.0.2.8")
    site.application.caches.large.put("key", b"1" * 1000)
    for _ in range(2):
        found = metrics(get(site.browser(REMOTE_ADDR=PROMETHEUS), "/_metrics").text)
        assert found["kallithea_cache_entries", "large"] == 1
        assert 1000 < found["kallithea_cache_bytes", "large"] < found["kallithea_cache_limit_bytes", "large"]
        site.application.caches.large.put("another key", b"1")


def test_processes_add_up(site: Site) -> None:
    first, second = site.application, dataclasses.replace(site.application)
    first.tallies.add({"requests|page|200": 2})
    second.tallies.add({"requests|page|200": 3})
    assert second.tallies.read()["requests|page|200"] == 3
    assert first.tallies.read()["requests|page|200"] == 5
