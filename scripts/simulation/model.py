"""A site as a network of queues: what its parts could do at most, and how long requests take below that.

The most follows from the demands alone: no part can be busy for more than all of the time (the utilisation law, see
P. J. Denning and J. P. Buzen, "The Operational Analysis of Queueing Network Models", 1978). How long requests wait
depends on chance, and is simulated: they come independently of each other, take the mean time at each part with an
exponential distribution, and wait at each in the order in which they came.
"""

import random
import statistics
from collections.abc import Generator, Mapping
from dataclasses import dataclass

import simpy

from scripts.simulation.costs import COSTS, MIX, Request
from scripts.simulation.plans import Part, Plan, demands, stations

# More than this is not simulated in one go: a program of one process would take minutes for it.
_MOST_A_SECOND = 1_500
# The longest requests take a few seconds.
_FILL_SECONDS = 10.0


@dataclass(frozen=True)
class Limit:
    """``rate`` requests a second at which ``part`` is busy all the time, and no other is."""

    part: Part
    rate: float


@dataclass(frozen=True)
class Outcome:
    """What a simulated time at ``rate`` requests a second was like.

    ``busy`` is the share of the time for which each part was busy; a page took ``p50`` and ``p95`` milliseconds.
    """

    rate: float
    busy: Mapping[Part, float]
    p50: float
    p95: float


def find_limit(plan: Plan, mix: Mapping[Request, float] = MIX) -> Limit:
    """Where a plan ends."""
    busy = find_busy(plan, 1.0, mix)
    part = max(busy, key=lambda part: busy[part])
    return Limit(part, 1 / busy[part])


def find_busy(plan: Plan, rate: float, mix: Mapping[Request, float] = MIX) -> dict[Part, float]:
    """The share of the time for which each part is busy at ``rate`` requests a second."""
    return {station.part: rate * _demand(plan, station.part, mix) / station.servers for station in stations(plan)}


def simulate(plan: Plan, rate: float, seconds: float, seed: int, mix: Mapping[Request, float] = MIX) -> Outcome:
    """What happens in so many seconds at ``rate`` requests a second, after a time in which the parts fill up.

    Of a large site an equal slice of each part is simulated, which waits a little longer than the whole.
    """
    slices = max(1.0, rate / _MOST_A_SECOND)
    world, pick = simpy.Environment(), random.Random(seed)  # noqa: S311  # chooses what is simulated
    there = {station.part: simpy.Resource(world, max(1, round(station.servers / slices))) for station in stations(plan)}
    worked = dict.fromkeys(there, 0.0)
    pages: list[float] = []
    end = _FILL_SECONDS + seconds

    def served(request: Request) -> Generator[simpy.Event, None, None]:
        came = world.now
        for part, mean in demands(plan, request, COSTS[request]).items():
            with there[part].request() as turn:
                yield turn
                began, length = world.now, pick.expovariate(1 / mean)
                yield world.timeout(length)
                worked[part] += max(0.0, world.now - max(began, _FILL_SECONDS))
        if request is Request.PAGE and came >= _FILL_SECONDS:
            pages.append((world.now - came) * 1000)

    def arriving() -> Generator[simpy.Event, None, None]:
        kinds, shares = list(mix), list(mix.values())
        while True:
            yield world.timeout(pick.expovariate(rate / slices))
            (request,) = pick.choices(kinds, shares)
            world.process(served(request))

    world.process(arriving())
    world.run(until=end)
    busy = {part: time / seconds / there[part].capacity for part, time in worked.items()}
    return Outcome(rate, busy, statistics.median(pages), statistics.quantiles(pages, n=20)[-1])


def _demand(plan: Plan, part: Part, mix: Mapping[Request, float]) -> float:
    return sum(share * demands(plan, request, COSTS[request]).get(part, 0.0) for request, share in mix.items())
