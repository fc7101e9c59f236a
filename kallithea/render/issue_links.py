r"""Links to the trackers of issues that the operator's .ini describes, for names of issues in texts.

Three keys make a pattern, and there may be several with different ends of the keys: ``issue_pat`` is a regular
expression, ``issue_server_link`` the address, ``issue_sub`` the text of the link, empty for what was found. In the
latter two ``\1`` and ``\g<name>`` stand for groups of the expression; in the address ``{repo}`` is the path of the
repository and ``{repo_name}`` the last part of it.

The expressions are run by RE2, which takes a time that grows with the text alone, whatever is written in either.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import re2

from kallithea.core.settings import SettingsError

#: Of one text so many names of issues are links.
MOST_ISSUES = 500
# So many matches are looked at, of which those of a pattern that fits nothing at all are no names.
_MOST_MATCHES = 5_000

_PATTERN, _ADDRESS, _TEXT = "issue_pat", "issue_server_link", "issue_sub"
_REFERENCE = re.compile(r"\\(?:([1-9][0-9]?)|g<([A-Za-z0-9_]+)>)")
#: What an address begins with.
BEGINNINGS = ("http://", "https://", "/")
_IN_ADDRESS = "/-._~:@+,"


@dataclass(frozen=True, slots=True)
class Issue:
    """What a text names between two places: the address of it, and the words for it."""

    start: int
    end: int
    address: str
    words: str


@dataclass(frozen=True, slots=True)
class IssuePattern:
    """A regular expression, as written and to be run, and what its matches become."""

    written: str
    address: str
    text: str
    expression: Any = field(repr=False, compare=False)

    def find(self, text: str, repository: str) -> Iterator[Issue]:
        """The issues that a text about a repository names."""
        address = self.address.replace("{repo}", quote(repository)).replace(
            "{repo_name}", quote(repository.rpartition("/")[2])
        )
        for found in itertools.islice(self.expression.finditer(text), _MOST_MATCHES):
            whole = found.group()
            words = whole.strip()
            if words:
                start = found.start() + len(whole) - len(whole.lstrip())
                yield Issue(
                    start,
                    start + len(words),
                    _expand(address, found, _IN_ADDRESS),
                    _expand(self.text, found).strip() or words,
                )


IssuePatterns = tuple[IssuePattern, ...]


def find_issues(patterns: IssuePatterns, text: str, repository: str) -> Iterator[Issue]:
    """What all patterns find, the first ones of each."""
    return itertools.chain.from_iterable(
        itertools.islice(pattern.find(text, repository), MOST_ISSUES) for pattern in patterns
    )


def read_issue_patterns(values: Mapping[str, str]) -> IssuePatterns:
    """The patterns of an .ini. Raises SettingsError naming every key that is wrong."""
    ends = [key.removeprefix(_PATTERN) for key in values if key.startswith(_PATTERN)]
    ends += [
        end
        for prefix in (_ADDRESS, _TEXT)
        for key in values
        if key.startswith(prefix) and values[key].strip() and (end := key.removeprefix(prefix)) not in ends
    ]
    problems: list[str] = []
    found = [_read(values, end, problems) for end in ends]
    if problems:
        raise SettingsError("\n".join(problems))
    return tuple(pattern for pattern in found if pattern is not None)


def _read(values: Mapping[str, str], end: str, problems: list[str]) -> IssuePattern | None:
    written, address, text = (values.get(key + end, "").strip() for key in (_PATTERN, _ADDRESS, _TEXT))
    if not (written or address or text):
        return None
    if not (written and address):
        missing = _ADDRESS if written else _PATTERN
        problems.append(f"{missing}{end} is missing or empty; a pattern of issues needs it")
        return None
    if not address.startswith(BEGINNINGS):
        problems.append(f"{_ADDRESS}{end} = {address}: write an address that begins with http://, https:// or /")
    try:
        expression = compile_expression(written)
    except ValueError as problem:
        problems.append(f"{_PATTERN}{end} = {written}: {problem}")
        return None
    problems += [
        f"{key}{end} = {template}: {_PATTERN}{end} has no group {group}"
        for key, template in ((_ADDRESS, address), (_TEXT, text))
        for group in missing_groups(expression, template)
    ]
    return IssuePattern(written, address, text, expression)


def compile_expression(written: str) -> Any:
    """The expression, to be run by RE2. Raises ValueError with what is wrong with it."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(written, options)
    except re2.error as problem:
        raise ValueError(_words(problem)) from problem


def missing_groups(expression: Any, *templates: str) -> list[str]:
    """The groups that templates name and the expression has not."""
    return [
        group
        for template in templates
        for group in _groups_of(template)
        if group not in expression.groupindex and not (group.isdecimal() and int(group) <= expression.groups)
    ]


def _words(problem: Exception) -> str:
    """What RE2 has against an expression, and what most often is the reason."""
    told = problem.args[0]
    words = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    return f"{words}; write an expression of RE2, which has neither look-around nor references back"


def _groups_of(template: str) -> list[str]:
    return [number or name for number, name in _REFERENCE.findall(template)]


def _expand(template: str, found: Any, safe: str | None = None) -> str:
    """The template with the groups of a match in it; in an address they are quoted, but for ``safe`` characters."""

    def group(reference: re.Match[str]) -> str:
        name = reference[1] or reference[2]
        value = found.group(int(name) if name.isdecimal() else name) or ""
        return quote(value, safe=safe) if safe is not None else value

    return _REFERENCE.sub(group, template)
