"""The rules of Bootstrap that pages use: of its style sheet, which is five times as long, the rest is left out.

Selectors and blocks are told apart by their braces alone, which is enough for a minified style sheet without strings
that hold any.
"""

import re
from collections.abc import Iterator, Set

_CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Commas inside of :not(...) and :is(...) separate no selectors.
_COMMA = re.compile(r",(?![^(]*\))")
_GROUPS = ("@media", "@supports")


def read_classes(text: str) -> frozenset[str]:
    """The classes that a list names, one a line; lines that begin with # are comments."""
    lines = (line.strip() for line in text.splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


def find_classes(style: str) -> frozenset[str]:
    """All classes that a style sheet knows."""
    return frozenset(name for head, _body in _rules(_COMMENT.sub("", style)) for name in _CLASS.findall(head))


def keep_used(style: str, classes: Set[str]) -> str:
    """The style sheet without the selectors that name another class than these."""
    return "".join(_keep(_COMMENT.sub("", style), classes))


def _keep(style: str, classes: Set[str]) -> Iterator[str]:
    for head, body in _blocks(style):
        if head.startswith(_GROUPS):
            inner = "".join(_keep(body, classes))
            if inner:
                yield f"{head}{{{inner}}}"
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        else:
            kept = [one for one in _COMMA.split(head) if set(_CLASS.findall(one)) <= classes]
            if kept:
                yield f"{','.join(kept)}{{{body}}}"


def _rules(style: str) -> Iterator[tuple[str, str]]:
    """Every block with declarations, also of those in groups."""
    for head, body in _blocks(style):
        if head.startswith(_GROUPS):
            yield from _rules(body)
        else:
            yield head, body


def _blocks(style: str) -> Iterator[tuple[str, str]]:
    """What stands before each brace at this depth, and between it and its other one."""
    begin = depth = opened = 0
    for match in re.finditer(r"[{}]", style):
        if match[0] == "{":
            depth += 1
            opened = match.start() if depth == 1 else opened
        else:
            depth -= 1
            if depth == 0:
                # what ends with a semicolon, such as @charset, is no part of a selector
                yield style[begin:opened].rpartition(";")[2].strip(), style[opened + 1 : match.start()]
                begin = match.end()
