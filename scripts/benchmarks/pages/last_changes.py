"""The column of last changes of the root: from nothing, and after a push of one commit."""

import contextlib
import http.client
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from kallithea.vcs.types import Kind
from scripts.benchmarks.accounting import settled_cpu_seconds
from scripts.benchmarks.kallithea_site import PASSWORD, USER
from scripts.benchmarks.measuring import Cell, Effort, LackError, Visit, cell_of, measure, warm_up
from scripts.benchmarks.pages.columns import COLD, KNOWN, with_last_changes
from scripts.benchmarks.pages.stage import Stage
from scripts.benchmarks.pages.targets import Folder, Target
from scripts.benchmarks.pushing import Client, make_client
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.truth.commands import CommandError, cost_of

AT_ONCE, FIRST_ANSWER, JOBS = "at once", "first answer", "with jobs"

_COMMITS = 2
_PUSHES = 3
#: Starting ``hg`` for each entry would take minutes.
_SAMPLED_COMMANDS = 12
_ONE_ROUND = Effort(0, 1_000_000)
_JOBS_SECONDS = 20.0


def measure_cold(stage: Stage) -> Iterator[Row]:
    """The column from nothing, against a command for each entry; the first answer against the bare listings."""
    *others, spare = stage.picker.folders("root-cold", b"", _COMMITS + 1)
    bare = others or [spare]
    reader = stage.our_reader()
    warm_up(partial(reader.read, with_last_changes(stage.picker, spare)), stage.effort)

    def visit(target: Target) -> Visit:
        stage.ours.forget()
        return reader.read(target)

    visits = [partial(visit, with_last_changes(stage.picker, target)) for target in bare]
    ours = measure("kallithea", stage.ours, visits, _ONE_ROUND)
    yield stage.row("root-cold", COLD, ours, limit=_limit(stage, bare[0]))
    at_once = stage.truth.all_last_changes(bare[0].commit_id)
    if at_once:
        # where git is older, the other limit is the only one
        with contextlib.suppress(CommandError):
            yield stage.row("root-cold", AT_ONCE, ours, limit=stage.limit([at_once]))
    yield _first_answer(stage, ours, bare)


def measure_after_push(stage: Stage, repository: Path) -> Iterator[Row]:
    """The column after pushes of one commit, each on top of what was known; then what the pushes took themselves."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"http://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{stage.ours.port}/{stage.repository}"
        yield from _measure_pushes(stage, make_client(stage.kind, repository, Path(folder) / "client", url))


def _measure_pushes(stage: Stage, client: Client) -> Iterator[Row]:
    reader, processes = stage.our_reader(), stage.ours.process_ids
    root = stage.picker.root_of_head()
    visits: list[Visit] = []
    page = jobs = 0.0
    lack = ""
    try:
        reader.read(with_last_changes(stage.picker, root))
        for path in stage.picker.root_files(_PUSHES):
            data = stage.truth.data(root.commit_id, path) + b"one more line\n"
            before = settled_cpu_seconds(processes)
            commit_id = client.commit([{path: data}])
            client.push()
            pushed = settled_cpu_seconds(processes, _JOBS_SECONDS)
            root = with_last_changes(stage.picker, replace(root, commit_id=commit_id))
            visits.append(reader.read(replace(root, changed=root.changed | {commit_id})))
            page += settled_cpu_seconds(processes) - pushed
            jobs += pushed - before
    except (LackError, OSError, http.client.HTTPException) as problem:
        lack = str(problem)
    yield stage.row("root-push", KNOWN, cell_of("kallithea", page, visits, lack))
    yield stage.row("root-push", JOBS, cell_of("kallithea", page + jobs, visits, lack))


def _limit(stage: Stage, folder: Folder) -> float:
    """Milliseconds for one command for each entry; with Mercurial, reckoned from some of them."""
    names = sorted(folder.names)
    count = len(names) if stage.kind is Kind.GIT else min(_SAMPLED_COMMANDS, stage.effort.most)
    asked = names[:: max(len(names) // count, 1)]
    taken = sum(cost_of(stage.truth.last_change(folder.commit_id, name)).cpu for name in asked)
    return taken * 1000 * len(names) / len(asked)


def _first_answer(stage: Stage, ours: Cell, bare: Sequence[Target]) -> Row:
    cells = []
    for peer in stage.peers:
        if peer.site.makes_pages:
            reader = stage.reader(peer)
            visits = [partial(reader.read, target) for target in bare]
            cells.append((peer, measure(peer.site.name, peer.running, visits, stage.effort)))
    return stage.row("root-cold", FIRST_ANSWER, ours, cells, unit=Unit.FIRST_ANSWER)
