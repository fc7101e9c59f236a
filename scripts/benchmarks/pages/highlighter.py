"""What colouring source code takes alone, in this process: the part of a page that most peers do not have."""

import gc
import itertools
import math
import time
from collections.abc import Iterator, Sequence
from functools import partial

from pygments.lexers.special import TextLexer

from kallithea.render.diff_html import COLOURED
from kallithea.render.highlight import draw_line, find_language, tokenize
from scripts.benchmarks.measuring import Effort, Series, Visit
from scripts.benchmarks.pages.targets import Change, File, Target
from scripts.benchmarks.sites import RunningSite
from scripts.benchmarks.truth.patch import Hunk


class Highlighter:
    """Colours the contents of targets, and adds up the CPU time that it takes.

    It has its turns among the servers, whose work drives its own out of the caches of the processor, as it does theirs.
    """

    def __init__(self, targets: Sequence[Target]) -> None:
        self._contents = [list(_texts(target)) for target in targets]
        self._made = 0
        self._seconds = 0.0
        _colour(self._contents[0])  # loads the lexers

    @property
    def milliseconds(self) -> float | None:
        """For the contents of one target, on average; None where nothing is coloured."""
        return self._seconds * 1000 / self._made if self._made and any(self._contents) else None

    def series(self, rounds: int = 1) -> Series:
        """Colours the contents of each target so many times."""
        visits = [partial(self._visit, contents) for contents in self._contents]
        return Series("highlighter", RunningSite(0, ()), visits, Effort(math.inf, rounds * len(visits)))

    def _visit(self, contents: Sequence[tuple[str, str]]) -> Visit:
        # a collection would look at all that the bench holds
        gc.disable()
        started = time.thread_time()
        try:
            _colour(contents)
        finally:
            gc.enable()
        taken = time.thread_time() - started
        self._made += 1
        self._seconds += taken
        return Visit(taken, taken)


def _texts(target: Target) -> Iterator[tuple[str, str]]:
    """Names of files with texts: of a file the whole, of a change as many files as one page colours."""
    if isinstance(target, File):
        yield target.path.decode(errors="replace"), target.data.decode(errors="replace")
    elif isinstance(target, Change):
        left = COLOURED
        for path, hunks in itertools.groupby(target.hunks, lambda hunk: hunk.path):
            name = path.decode(errors="replace")
            sides = [side.decode(errors="replace") for hunk in hunks for side in _sides(hunk)]
            size = sum(map(len, sides))
            if size <= left and find_language(name) is not TextLexer:
                left -= size
                yield from ((name, side) for side in sides)


def _sides(hunk: Hunk) -> Iterator[bytes]:
    """The sides that have changed lines; unchanged ones are read with the new side, or with the only one."""
    removed = len(hunk.old) > len(hunk.new) - len(hunk.added)
    if removed:
        yield b"\n".join(hunk.old) + b"\n"
    if hunk.added or not removed:
        yield b"\n".join(hunk.new) + b"\n"


def _colour(contents: Sequence[tuple[str, str]]) -> None:
    for name, text in contents:
        for tokens in tokenize(text, find_language(name)):
            draw_line(tokens)
