"""What is searched for, as a tree."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from kallithea.core.errors import KallitheaError


class QueryError(KallitheaError):
    """What was written is no query; the message says what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a part of one."""

    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """The begin of a word, or of a part of one."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Whole words in this order with no other words between them."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Substring:
    """Letters in a row, wherever they stand; upper and lower case are the same."""

    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression in RE2's syntax."""

    text: str


@dataclass(frozen=True, slots=True)
class InPath:
    """Part of a path; with ``*`` or ``?``, a whole path: ``**`` goes over slashes, the others do not."""

    text: str


@dataclass(frozen=True, slots=True)
class WithExtension:
    """The last ending of a file's name, without its dot."""

    text: str


@dataclass(frozen=True, slots=True)
class InLanguage:
    """The language of a file, by its name in lower case."""

    text: str


@dataclass(frozen=True, slots=True)
class ByAuthor:
    """Part of an author's name and address, in lower case."""

    text: str


@dataclass(frozen=True, slots=True)
class Before:
    """Earlier than a moment."""

    moment: datetime.datetime


@dataclass(frozen=True, slots=True)
class After:
    """At a moment, or later."""

    moment: datetime.datetime


@dataclass(frozen=True, slots=True)
class OnBranch:
    """On the branch of this name."""

    text: str


@dataclass(frozen=True, slots=True)
class OfRepository:
    """In a repository at this path; ``*`` stands for anything."""

    text: str


@dataclass(frozen=True, slots=True)
class OfGroup:
    """In a group at this path, or below it."""

    text: str


@dataclass(frozen=True, slots=True)
class InRepositories:
    """In one of these repositories: what the two before become."""

    ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Not:
    """What does not meet the other."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """What meets all."""

    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """What meets one at least."""

    operands: tuple["Node", ...]


WordLeaf: TypeAlias = Word | Prefix | Phrase
TextLeaf: TypeAlias = WordLeaf | Substring | Pattern
Filter: TypeAlias = (
    InPath | WithExtension | InLanguage | ByAuthor | Before | After | OnBranch | OfRepository | OfGroup | InRepositories
)
Leaf: TypeAlias = TextLeaf | Filter
Node: TypeAlias = Leaf | Not | And | Or

WORD_LEAVES = (Word, Prefix, Phrase)
TEXT_LEAVES = (Word, Prefix, Phrase, Substring, Pattern)


def leaves(node: Node, *, wanted: bool = True) -> Iterator[tuple[Leaf, bool]]:
    """The leaves from left to right, and whether each is wanted: it is not below an odd number of Not."""
    match node:
        case Not(operand):
            yield from leaves(operand, wanted=not wanted)
        case And(operands) | Or(operands):
            for operand in operands:
                yield from leaves(operand, wanted=wanted)
        case _:
            yield node, wanted


def replaced(node: Node, replace: Callable[[Leaf], Node]) -> Node:
    """The same tree with other leaves."""
    match node:
        case Not(operand):
            return Not(replaced(operand, replace))
        case And(operands):
            return And(tuple(replaced(operand, replace) for operand in operands))
        case Or(operands):
            return Or(tuple(replaced(operand, replace) for operand in operands))
        case _:
            return replace(node)


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The parts all of which have to be met."""
    if isinstance(node, And):
        return tuple(part for operand in node.operands for part in conjuncts(operand))
    return (node,)
