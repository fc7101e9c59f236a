"""Things of unusual size: when the first byte comes, and how much memory the web processes need meanwhile."""

import http.client
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scripts.benchmarks.accounting import anonymous_bytes
from scripts.benchmarks.client import Answer, Client
from scripts.benchmarks.generated.big import FILE, FOLDER
from scripts.benchmarks.measuring import Cell
from scripts.benchmarks.pages.columns import COLD
from scripts.benchmarks.pages.stage import Stage
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.sites import RunningSite

MEMORY = "memory"
_LOOK_SECONDS = 0.02
_VISITS = 3


@dataclass(frozen=True)
class BigPage:
    """Where it is, below the repository; ``{head}`` is a commit. It contains ``word``."""

    address: str
    word: bytes


BIG_PAGES: Mapping[str, BigPage] = {
    "folder25k": BigPage(f"files/{{head}}/{FOLDER.decode()}", b"entry00007.txt"),
    "commit6k": BigPage("changeset/{head}", b"entry00007.txt"),
    "file100k": BigPage(f"files/{{head}}/{FILE.decode()}", b"step"),
    "branches10k": BigPage("branches", b"topic-00007"),
}


def measure_big(stage: Stage, name: str) -> Iterator[Row]:
    """The worst of some visits; there is nothing to compare it with."""
    page = BIG_PAGES[name]
    watch = _Watch(stage.ours)
    watch.start()
    firsts: list[float] = []
    lack = ""
    try:
        for _ in range(_VISITS):
            stage.ours.forget()
            answer = _visit(stage, page)
            firsts.append(answer.first_byte * 1000)
    except (OSError, http.client.HTTPException) as problem:
        lack = str(problem)
    watch.end()
    cell = Cell("kallithea", len(firsts), first=max(firsts, default=0.0), lack=lack)
    workload = stage.workload(name)
    yield Row(workload, COLD, Unit.FIRST_BYTE, None if lack else cell.first, failure=lack, cells=(cell,))
    yield Row(workload, MEMORY, Unit.MEMORY, None if lack else watch.peak / 1e6, failure=lack, cells=(cell,))


def _visit(stage: Stage, page: BigPage) -> Answer:
    address = f"/{stage.repository}/{page.address.format(head=stage.truth.head)}"
    client = Client(stage.ours.port)
    answer = client.get(address)
    client.close()
    if answer.status != 200 or page.word not in answer.body:
        raise OSError(f"{address}: {answer.status}, {len(answer.body)} bytes")
    return answer


class _Watch(threading.Thread):
    """Looks at the memory of a server until it is told to end; ``peak`` is in bytes. Processes of git do not count."""

    def __init__(self, running: RunningSite) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._running = running
        self._ended = threading.Event()

    def run(self) -> None:
        """Look again and again, once at least."""
        while True:
            self.peak = max(self.peak, anonymous_bytes(self._running.process_ids, without="git"))
            if self._ended.wait(_LOOK_SECONDS):
                return

    def end(self) -> None:
        """Stop looking."""
        self._ended.set()
        self.join()
