"""The model of a large site, against what must hold of any network of queues."""

import pytest

from scripts.simulation.costs import MIX, Request
from scripts.simulation.model import find_busy, find_limit, simulate
from scripts.simulation.plans import PLANS, Part, Plan

PLAN = Plan("some", 10, replicas=1, search_servers=1)


def test_the_shares_of_all_requests_add_up() -> None:
    assert sum(MIX.values()) == pytest.approx(1)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_at_its_limit_one_part_is_busy_all_the_time_and_no_other_longer(plan: Plan) -> None:
    limit = find_limit(plan)
    busy = find_busy(plan, limit.rate)
    assert busy[limit.part] == pytest.approx(1)
    assert max(busy.values()) == pytest.approx(1)


def test_simulated_parts_are_as_busy_as_the_utilisation_law_says() -> None:
    rate = find_limit(PLAN).rate * 0.5
    simulated = simulate(PLAN, rate, seconds=30, seed=1).busy
    assert simulated == pytest.approx(find_busy(PLAN, rate), rel=0.25)


def test_near_the_limit_a_page_waits_longer() -> None:
    rate = find_limit(PLAN).rate
    calm, near = (simulate(PLAN, rate * share, seconds=20, seed=1) for share in (0.3, 0.95))
    assert near.p95 > calm.p95


def test_twice_the_machines_carry_twice_as_much_where_machines_are_what_is_short() -> None:
    pages = {Request.AGAIN: 1.0}
    plan = Plan("few", 1)
    assert find_limit(plan, pages).part is Part.WEB
    assert find_limit(plan.doubled(), pages).rate == pytest.approx(2 * find_limit(plan, pages).rate)


def test_what_a_cdn_sends_does_not_go_over_the_line_of_the_web_machines() -> None:
    offloaded = Plan("some", 10, replicas=1, search_servers=1, offload=True)
    assert find_busy(offloaded, 100)[Part.NETWORK] < find_busy(PLAN, 100)[Part.NETWORK]
