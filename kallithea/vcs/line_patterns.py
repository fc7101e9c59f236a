r"""Regular expressions that mean the same to git, which uses the C library's, and to RE2.

What is written is an extended regular expression, with ``\d \s \w \t`` and their opposites besides. It is written anew
with the signs of both: see "ERE" in https://pubs.opengroup.org/onlinepubs/9699919799/basedefs/V1_chap09.html and
https://github.com/google/re2/wiki/Syntax. RE2 refuses what would be too large, and has no references back, which are
what makes others slow without bound.
"""

import re
import string

from kallithea.core.words import _
from kallithea.vcs.types import VcsError

_TOKEN = re.compile(
    r"""
      \\(?P<escaped>.)
    | \[(?P<negated>\^?)(?P<set>\]?(?:\[:[a-z]+:\]|\\.|[^]\\])*)\]
    | (?P<repeat>[*+?]|\{[0-9]+(?:,[0-9]*)?\})
    | (?P<anchor>[$^])
    | (?P<open>[(|])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ITEM = re.compile(r"\[:(?P<name>[a-z]+):\]|(?P<first>[^\\])-(?P<last>[^\\])|\\(?P<escaped>.)|(?P<plain>.)", re.DOTALL)
_SPECIAL = frozenset(".[()*+?{^$|\\")
_NO_ENDS = frozenset("[]^-")
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \t",
    "digit": "0-9",
    "lower": "a-z",
    "space": " \t\v\f\r",
    "upper": "A-Z",
    "word": "0-9A-Z_a-z",
    "xdigit": "0-9A-Fa-f",
}
_SHORT = {"d": "digit", "s": "space", "w": "word"}


class PatternError(VcsError):
    """What was written is not looked for; the message says why, and what would be right."""


def write_common(pattern: str) -> str:
    """The pattern as git and RE2 read it in the same way. Raises PatternError, but not for all that is none."""
    written, repeatable = list[str](), False
    for token in _TOKEN.finditer(pattern):
        text = token[0]
        if token["repeat"]:
            if not repeatable:
                raise PatternError(_("Before '%(sign)s' stands nothing that could be repeated.", sign=text))
            written.append(text)
        elif token["escaped"]:
            written.append(_escaped(token["escaped"]))
        elif token["set"] is not None:
            written.append(_bracketed(token["set"], negated=bool(token["negated"])))
        elif text in "\\[":
            raise PatternError(_("Something is missing after '%(sign)s'.", sign=text))
        else:
            # a brace that repeats nothing stands for itself
            written.append(f"\\{text}" if text == "{" else text)
        repeatable = not (token["repeat"] or token["anchor"] or token["open"])
    return "".join(written)


def _escaped(sign: str) -> str:
    if sign.lower() in _SHORT:
        return f"[{'' if sign.islower() else '^'}{_CLASSES[_SHORT[sign.lower()]]}]"
    return _literal(_character(sign))


def _character(sign: str) -> str:
    """What a sign with a backslash before it stands for."""
    if sign == "t":
        return "\t"
    if sign in string.punctuation or sign == " ":
        return sign
    raise PatternError(
        _(
            "'%(sign)s' is not known here: a backslash stands before punctuation, and in %(known)s.",
            sign=f"\\{sign}",
            known=r"\d \D \s \S \w \W \t",
        )
    )


def _literal(sign: str) -> str:
    return f"\\{sign}" if sign in _SPECIAL else sign


def _bracketed(inner: str, *, negated: bool) -> str:
    """One of the characters, or none of them. Those that mean something there stand where they mean themselves."""
    ranges, single = list[str](), set[str]()
    for item in _ITEM.finditer(inner):
        if item["name"]:
            ranges.append(_class(item["name"]))
        elif item["first"]:
            ranges.append(_range(item["first"], item["last"]))
        elif item["escaped"] and item["escaped"] in _SHORT:
            ranges.append(_CLASSES[_SHORT[item["escaped"]]])
        else:
            single.add(_character(item["escaped"]) if item["escaped"] else item["plain"])
    plain = sorted(single - _NO_ENDS - {"\\"})
    ordered = ["]" * ("]" in single), *ranges, *plain, r"\\" * ("\\" in single)]
    ordered += [sign for sign in "[^-" if sign in single]
    made = "".join(ordered)
    if made.startswith("^") and not negated:
        return r"\^" if made == "^" else f"[{made[1:]}^]"
    return f"[{'^' if negated else ''}{made}]"


def _class(name: str) -> str:
    if name not in _CLASSES:
        raise PatternError(
            _(
                "There is no class '%(name)s' of characters, but there are %(known)s.",
                name=name,
                known=", ".join(_CLASSES),
            )
        )
    return _CLASSES[name]


def _range(first: str, last: str) -> str:
    if first > last or _NO_ENDS & {first, last}:
        raise PatternError(_("'%(range)s' is no range of characters.", range=f"{first}-{last}"))
    return f"{first}-{last}"
