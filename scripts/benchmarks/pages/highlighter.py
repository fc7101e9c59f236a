"""What colouring source code takes alone, in this process: the part of a page that most peers do not have."""

import itertools
import time
from collections.abc import Iterator, Sequence

from pygments.lexers.special import TextLexer

from kallithea.render.diff_html import COLOURED
from kallithea.render.highlight import draw_line, find_language, tokenize
from scripts.benchmarks.pages.targets import Change, File, Target
from scripts.benchmarks.truth.patch import Hunk


def highlighter_milliseconds(targets: Sequence[Target]) -> float | None:
    """CPU time for the contents of one target, on average; None where nothing is coloured."""
    texts = [list(_texts(target)) for target in targets]
    if not any(texts):
        return None
    _colour(texts[0])  # loads the lexers
    started = time.thread_time()
    for contents in texts:
        _colour(contents)
    return (time.thread_time() - started) * 1000 / len(texts)


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
