"""What colouring source code takes alone, in this process: the part of a page that most peers do not have."""

import time
from collections.abc import Iterator, Sequence

from kallithea.render.highlight import find_language, paint, tokenize
from scripts.benchmarks.pages.targets import Change, File, Target


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
    """Names of files with texts: of a file the whole, of a change both sides of each hunk."""
    if isinstance(target, File):
        yield target.path.decode(errors="replace"), target.data.decode(errors="replace")
    elif isinstance(target, Change):
        for hunk in target.hunks:
            for lines in (hunk.old, hunk.new):
                yield hunk.path.decode(errors="replace"), b"\n".join(lines).decode(errors="replace")


def _colour(contents: Sequence[tuple[str, str]]) -> None:
    for name, text in contents:
        for tokens in tokenize(text, find_language(name)):
            paint(tokens)
