"""How a query is put to an index."""

from collections.abc import Callable

from kallithea.search.matching import is_wild
from kallithea.search.query import (
    TEXT_LEAVES,
    WORD_LEAVES,
    And,
    InPath,
    Leaf,
    Node,
    Not,
    Or,
    Pattern,
    Phrase,
    Prefix,
    Substring,
    Word,
    conjuncts,
    leaves,
)
from kallithea.search.trigrams import LENGTH, of_pattern, of_text

# More trigrams hardly narrow it further.
_MOST_TRIGRAMS = 12


def is_exact(query: Node, tells: Callable[[Leaf], bool]) -> bool:
    """Whether what an index answers needs no further look; ``tells`` says it of a leaf."""
    return all(tells(leaf) for leaf, _wanted in leaves(query))


def is_exact_leaf(leaf: Leaf) -> bool:
    """Whether trigrams and SQL decide about a leaf: of a part of a word, its trigrams could stand apart."""
    match leaf:
        case Pattern():
            return False
        case Substring(text):
            return len(text) == LENGTH and not any(map(str.isspace, text))
        case InPath(text):
            return not is_wild(text)
        case _:
            return True


def needs_text(query: Node) -> bool:
    """Whether a look is at the texts, and not only at the facts."""
    return any(isinstance(leaf, TEXT_LEAVES) for leaf, _wanted in leaves(query))


def ranking(query: Node) -> tuple[Node, ...]:
    """Conjuncts of nothing but wanted words: by these hits are found first, and ranked."""
    return tuple(part for part in conjuncts(query) if _is_words(part))


def trigrams(leaf: Substring | Pattern) -> list[str]:
    """Trigrams that what is found must have; none where nothing can be told."""
    found = of_text(leaf.text) if isinstance(leaf, Substring) else of_pattern(leaf.text)
    return found[:_MOST_TRIGRAMS]


def wanted_leaves(query: Node) -> list[Word | Prefix | Phrase | Substring | Pattern]:
    """What is shown as found in a text."""
    return [
        leaf
        for leaf, wanted in leaves(query)
        if wanted and isinstance(leaf, Word | Prefix | Phrase | Substring | Pattern)
    ]


def _is_words(node: Node) -> bool:
    match node:
        case And(operands) | Or(operands):
            return all(map(_is_words, operands))
        case Not():
            return False
        case _:
            return isinstance(node, WORD_LEAVES)
