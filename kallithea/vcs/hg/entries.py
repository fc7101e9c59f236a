"""Reading many changelog entries.

Mercurial's public way reads entry by entry, and spends most of its time around the reading. Those of a block are
decompressed together here, and checked against their ids. Whatever is out of the ordinary about an entry is left to
Mercurial itself, which also has the words for what is damaged.
"""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from kallithea.vcs.hg.handle import DAMAGE

# Who looks for a few entries finds them among the first ones.
_FIRST_BLOCK = 16
_LARGEST_BLOCK = 256


def read_entries(changelog: Any, revisions: Iterable[int], read: Callable[[int], bytes]) -> Iterator[tuple[int, bytes]]:
    """Local numbers and the entries' texts, in the same order; ``read`` is the slow way for one of them.

    More numbers are taken than are handed out, at most 256.
    """
    numbers = iter(revisions)
    size = _FIRST_BLOCK
    while block := list(itertools.islice(numbers, size)):
        texts = _read_block(changelog, sorted(set(block)))
        for revision in block:
            yield revision, texts[revision] if revision in texts else read(revision)
        size = min(2 * size, _LARGEST_BLOCK)


def _read_block(changelog: Any, revisions: Sequence[int]) -> dict[int, bytes]:
    """The texts of those that are stored whole and are what their ids say."""
    try:
        # There is no public call that reads several entries.
        pieces = changelog._inner._chunks(revisions)  # noqa: SLF001
    except DAMAGE:
        return {}
    texts = {}
    for revision, piece in zip(revisions, pieces, strict=True):
        text = bytes(piece)
        if _is_entry(changelog, revision, text):
            texts[revision] = text
    return texts


def _is_entry(changelog: Any, revision: int, text: bytes) -> bool:
    """Whether the id, which is the hash of both parents in ascending order and the text, is that of these."""
    one, other = changelog.parentrevs(revision)
    digest = hashlib.sha1(b"".join(sorted((changelog.node(one), changelog.node(other)))), usedforsecurity=False)
    digest.update(text)
    return bool(digest.digest() == changelog.node(revision)) and not changelog.flags(revision)
