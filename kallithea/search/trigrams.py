"""Three letters in a row: what narrows a search for a part of a word, or for a pattern, before any text is read.

Texts are indexed by the trigrams of their pieces between white space, in lower case, so that only trigrams without
white space tell anything. What a pattern needs is found from its plain letters alone; of all that is not plain
nothing is concluded.
"""

import re

LENGTH = 3

_QUANTIFIER = re.compile(r"[*?]|\{\d*,?\d*\}")
_PLAIN_ESCAPE = re.compile(r"\\([^\w\s])")
# Escapes of letters and digits: classes, anchors, codes of characters.
_ESCAPE = re.compile(r"\\(?:x\{[0-9a-fA-F]*\}|x[0-9a-fA-F]{2}|[pP](?:\{[^}]*\}|.)|[0-7]{1,3}|.)", re.DOTALL)


def pieces(text: str) -> str:
    """The pieces of a text between white space, each once and in lower case."""
    return "\n".join(dict.fromkeys(text.lower().split()))


def of_text(text: str) -> list[str]:
    """The trigrams without white space of a text."""
    grams = dict[str, None]()
    for piece in text.lower().split():
        grams.update(dict.fromkeys(piece[at : at + LENGTH] for at in range(len(piece) - LENGTH + 1)))
    return list(grams)


def of_pattern(pattern: str) -> list[str]:
    """Trigrams that every text has in which the pattern (in RE2's syntax) is found; none where it may have any."""
    runs = plain_runs(pattern)
    return list(dict.fromkeys(gram for run in runs for gram in of_text(run)))


def plain_runs(pattern: str) -> list[str]:
    """Runs of plain characters that each match of the pattern contains."""
    if "\\Q" in pattern or "\\E" in pattern:
        return []
    runs, at = [""], 0
    while at < len(pattern):
        plain, at = _read(pattern, at)
        if plain is None:
            return []
        repeated = _QUANTIFIER.match(pattern, at)
        if repeated or not plain:
            # what may be missing or repeated belongs to no run
            runs.append("")
            at = repeated.end() if repeated else at
        else:
            runs[-1] += plain
            if pattern.startswith("+", at):
                runs.append("")
                at += 1
    return runs


def _read(pattern: str, at: int) -> tuple[str | None, int]:
    """The plain character that begins here, "" for what is none, None where nothing can be told; and where it ends."""
    if (escaped := _PLAIN_ESCAPE.match(pattern, at)) is not None:
        return escaped[1], escaped.end()
    if (escape := _ESCAPE.match(pattern, at)) is not None:
        return "", escape.end()
    match pattern[at]:
        case "|":
            return None, at
        case "[":
            return "", _end_of_class(pattern, at)
        case "(":
            return "", _end_of_group(pattern, at)
        case "." | "^" | "$" | "+" | "?" | "*" | "{" | "}" | "\\":
            return "", at + 1
        case plain:
            return plain, at + 1


def _end_of_class(pattern: str, at: int) -> int:
    """Behind the bracket that closes a class; one that stands first, or after ``^``, is a member."""
    at += 2 if pattern.startswith("[^", at) else 1
    first = at
    while at < len(pattern) and (pattern[at] != "]" or at == first):
        if pattern[at] == "\\":
            at += 1
        elif pattern.startswith("[:", at) and (end := pattern.find(":]", at)) > 0:
            at = end + 1
        at += 1
    return at + 1


def _end_of_group(pattern: str, at: int) -> int:
    at += 1
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "\\":
            at += 2
        elif pattern[at] == "[":
            at = _end_of_class(pattern, at)
        elif pattern[at] == "(":
            at = _end_of_group(pattern, at)
        else:
            at += 1
    return at + 1
