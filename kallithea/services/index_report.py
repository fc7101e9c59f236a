"""How the search index is: what it knows, and what it does not know yet."""

import datetime
from dataclasses import dataclass

from kallithea.services.application import Application
from kallithea.services.index_state import parse_state
from kallithea.services.search_index import find_outdated


@dataclass(frozen=True, slots=True)
class IndexReport:
    """The index of one engine, of which ``generation`` is asked.

    ``repositories`` are in it; ``behind`` differ from what it was made from, those that were deleted included. ``size``
    is in bytes. ``updated`` is when one was brought up to date last, None where that is not known.
    """

    engine: str
    generation: str
    repositories: int
    documents: int
    behind: int
    size: int
    updated: datetime.datetime | None


def make_index_report(application: Application) -> IndexReport | None:
    """The index at this moment, None where there is none. Raises SearchError."""
    engine = application.search
    if engine is None:
        return None
    with engine.open() as index:
        states = index.states().values()
        generation, documents = index.generation, index.count()
    times = [at for at in (parse_state(state).at for state in states) if at is not None]
    return IndexReport(
        application.settings.index_backend,
        generation,
        len(states),
        documents,
        len(find_outdated(application)),
        engine.size(),
        max(times, default=None),
    )
