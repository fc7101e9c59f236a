"""Everybody at once: each actor in a thread, one step after the other."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from kallithea.vcs.types import Kind
from scripts.benchmarks.load.actors import (
    Scene,
    Step,
    Ways,
    browse,
    change_rights,
    change_settings,
    clone,
    download,
    push,
    search,
    sign_in,
)
from scripts.benchmarks.measuring import LackError

_BROWSERS = 3
_PUSHERS = 2


@dataclass
class Crowd:
    """Runs until it is told to stop; each actor has then made at least one step whole."""

    steps: Sequence[Step]
    problems: list[BaseException] = field(default_factory=list)

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Let them work until the block ends. Raises what an actor did not expect."""
        over = threading.Event()
        threads = [threading.Thread(target=self._act, args=(step, over)) for step in self.steps]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()
        if self.problems:
            raise self.problems[0]

    def _act(self, step: Step, over: threading.Event) -> None:
        try:
            while True:
                # it is in the tally
                with contextlib.suppress(LackError):
                    step()
                if over.is_set():
                    return
        except BaseException as problem:  # noqa: BLE001 - raised again in the thread that waits
            self.problems.append(problem)


def gather(scene: Scene, name: str) -> Crowd:
    """Everybody. ``name`` begins the names of the branches that are pushed to; each actor begins at the first way."""
    steps: list[Step] = []

    def own() -> Scene:
        return replace(scene, ways=Ways(scene.ways.ports))

    steps += [browse(own()) for _ in range(_BROWSERS)]
    steps += [make(own()) for make in (search, sign_in, change_rights, change_settings, download)]
    for kind in Kind:
        steps.append(clone(own(), kind))
        steps += [push(own(), kind, f"{name}-{number}") for number in range(1, _PUSHERS + 1)]
    return Crowd(steps)
