"""Which words changed between removed lines and the added ones that replace them.

Most lines that are replaced keep their beginning and their end; what lies between is compared word by word.
"""

import difflib
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

Span = tuple[int, int]

# Below this likeness, marking words says less than two lines side by side.
_LEAST_LIKENESS = 0.45

# A line that begins and ends like this much of the removed one is its replacement; others are not looked at.
_CERTAIN_LIKENESS = 0.7

# Added lines among which the replacement of a removed line is looked for.
_CANDIDATES = 8

# Comparing words takes time like the product of their numbers: longer stretches are marked as a whole.
_MOST_COMPARED = 40_000

_WORD = re.compile(r"\w+|\s+|.")
_IN_WORD = re.compile(r"\w")


class ChangedWords(NamedTuple):
    """A removed line and its replacement, by their places in the lists of lines, and the characters that differ."""

    old: int
    new: int
    old_spans: Sequence[Span]
    new_spans: Sequence[Span]


class WordComparer:
    """Compares the lines of one page, which together may take only so much time.

    ``budget`` is in characters looked at, and in pairs of words compared.
    """

    def __init__(self, budget: int = 100_000) -> None:
        self._budget = budget

    def compare(self, removed: Sequence[str], added: Sequence[str]) -> Iterator[ChangedWords]:
        """The pairs of a removed line and the added one that is most like it, in order."""
        start = 0
        for place, old in enumerate(removed):
            best, chosen = _LEAST_LIKENESS, None
            for candidate in range(start, min(len(added), start + _CANDIDATES)):
                new = added[candidate]
                self._budget -= len(old) + len(new)
                if self._budget < 0:
                    return
                ends = _compare_ends(old, new)
                if ends.likeness >= _CERTAIN_LIKENESS:
                    chosen = candidate, ends
                    break
                likeness = max(ends.likeness, _likeness(_count_words(old), _count_words(new)))
                if likeness > best:
                    best, chosen = likeness, (candidate, ends)
            if chosen is not None:
                yield ChangedWords(place, chosen[0], *self._spans(old, added[chosen[0]], chosen[1]))
                start = chosen[0] + 1

    def _spans(self, old: str, new: str, ends: "_Ends") -> tuple[Sequence[Span], Sequence[Span]]:
        """The characters in which two lines differ, on both sides."""
        first, old_end, new_end = ends.first, len(old) - ends.last, len(new) - ends.last
        old_words, new_words = _WORD.findall(old, first, old_end), _WORD.findall(new, first, new_end)
        cost = len(old_words) * len(new_words)
        if set(old_words).isdisjoint(new_words) or cost > min(_MOST_COMPARED, self._budget):
            return _whole(first, old_end), _whole(first, new_end)
        self._budget -= cost
        codes = difflib.SequenceMatcher(None, old_words, new_words, autojunk=False).get_opcodes()
        old_ends = list(itertools.accumulate(map(len, old_words), initial=first))
        new_ends = list(itertools.accumulate(map(len, new_words), initial=first))
        changes = [code for code in codes if code[0] != "equal"]
        return (
            [(old_ends[start], old_ends[end]) for _, start, end, _, _ in changes if end > start],
            [(new_ends[start], new_ends[end]) for _, _, _, start, end in changes if end > start],
        )


class _Ends(NamedTuple):
    """How two lines agree at their ends: the characters ``first`` at the beginning, ``last`` others at the end.

    Both are without parts of words; ``likeness``, the share of the longer line from 0 to 1, counts those too.
    """

    first: int
    last: int
    likeness: float


def _compare_ends(old: str, new: str) -> _Ends:
    shorter = min(len(old), len(new))
    first = _common_start(old, new, shorter)
    last = _common_start(old[::-1], new[::-1], shorter - first)
    longest = max(len(old.strip()), len(new.strip()))
    same = len(old[:first].strip()) + len(old[len(old) - last :].strip())
    if first and _is_word(old[first - 1]) and _is_word(old[first : first + 1] + new[first : first + 1]):
        while first and _is_word(old[first - 1]):
            first -= 1
    if (
        last
        and _is_word(old[-last])
        and _is_word(old[first : len(old) - last][-1:] + new[first : len(new) - last][-1:])
    ):
        while last and _is_word(old[-last]):
            last -= 1
    return _Ends(first, last, same / longest if longest else 0.0)


def _common_start(one: str, other: str, most: int) -> int:
    """How many characters both begin with, at most so many, by halving."""
    if one[:most] == other[:most]:
        return most
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _is_word(characters: str) -> bool:
    """Whether one of the characters is of a word."""
    return _IN_WORD.search(characters) is not None


@lru_cache(maxsize=256)
def _count_words(line: str) -> Counter[str]:
    """How often each word occurs; blanks say nothing."""
    return Counter(word for word in _WORD.findall(line) if not word.isspace())


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    """The share of characters, from 0 to 1, in words that both lines have, wherever they stand."""
    total = sum(len(word) * count for words in (old, new) for word, count in words.items())
    same = sum(len(word) * count for word, count in (old & new).items())
    return 2 * same / total if total else 0.0


def _whole(start: int, end: int) -> Sequence[Span]:
    return [(start, end)] if end > start else []
