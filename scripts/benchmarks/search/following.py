"""From the end of a push until a search finds what it brought: a whole site with its own worker, and real clients."""

import http.client
import time
from collections.abc import Iterator
from urllib.parse import quote

from kallithea.vcs.types import Kind
from scripts.benchmarks.client import Client as Visitor
from scripts.benchmarks.kallithea_site import PASSWORD, USER, Kallithea
from scripts.benchmarks.pushing import Client, make_client
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.serving import ServerError
from scripts.benchmarks.suite import Run
from scripts.benchmarks.truth.commands import CommandError

#: The workload's name.
PUSH = "push"

_PUSHES = 5
_LIMIT_MILLISECONDS = 5_000
_LOOK_SECONDS = 0.02
_PATIENCE_SECONDS = 120


def measure_pushes(run: Run) -> Iterator[Row]:
    """A row for each kind: the longest of some pushes to a repository that was indexed before."""
    for kind in Kind:
        folder = run.folder / "following" / kind.value
        repository = run.repositories.copy(kind, run.sources.get(kind), folder / "repositories")
        (folder / "site").mkdir()
        site = Kallithea(settings=("worker=embedded",))
        try:
            with site.serve(folder / "site", [repository]) as running:
                url = f"http://{USER}:{quote(PASSWORD)}@127.0.0.1:{running.port}/{kind.value}"
                client = make_client(kind, repository, folder / "client", url)
                visitor = Visitor(running.port)
                # what is indexed for the first time is no push
                _push(client, visitor, kind, 0)
                longest = max(_push(client, visitor, kind, number) for number in range(1, _PUSHES + 1))
                visitor.close()
                yield Row(PUSH, kind.value, Unit.WALL, longest, limit=_LIMIT_MILLISECONDS)
        except (ServerError, CommandError, OSError, http.client.HTTPException) as problem:
            yield Row(PUSH, kind.value, Unit.WALL, None, limit=_LIMIT_MILLISECONDS, failure=str(problem))


def _push(client: Client, visitor: Visitor, kind: Kind, number: int) -> float:
    """Milliseconds after the push until its file is found. Raises ServerError where that never happens."""
    word = f"pushed{time.time_ns()}"
    name = f"pushed-{number}.txt"
    client.commit([{name.encode(): f"{word}\n".encode()}])
    client.push()
    started = time.perf_counter()
    while time.perf_counter() - started < _PATIENCE_SECONDS:
        answer = visitor.get(f"/{kind.value}/search?q={word}&type=code")
        if answer.status == http.client.OK and name.encode() in answer.body:
            return (time.perf_counter() - started) * 1000
        time.sleep(_LOOK_SECONDS)
    raise ServerError(f"{name} is not found {_PATIENCE_SECONDS} s after its push.")
