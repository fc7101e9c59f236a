"""Which contents are worth searching: text that people wrote, as far as names, attributes and the text itself tell."""

import itertools
import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import re2
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from kallithea.core.settings import Settings
from kallithea.search.documents import Skipped
from kallithea.vcs.types import is_binary

#: Lines of .gitattributes files that are held against each file of a commit.
MOST_RULES = 500

_VENDORED = re.compile(
    r"(?:^|/)(?:node_modules|bower_components|vendor|vendored|third[-_]?party|Godeps|site-packages)/", re.IGNORECASE
)
_GENERATED = re.compile(
    r"(?:\.min\.(?:js|css)|\.(?:js|css)\.map|(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml"
    r"|Cargo\.lock|poetry\.lock|Pipfile\.lock|composer\.lock|Gemfile\.lock|go\.sum|uv\.lock))$",
    re.IGNORECASE,
)
_SAYS_GENERATED = re.compile(rb"@generated\b|code generated .{0,100}do not edit", re.IGNORECASE)
_HEAD = 2_000
_PATTERN_MEMORY = 1 << 20
# Nobody writes such lines.
_LONGEST_LINE = 20_000
_ATTRIBUTES = {"linguist-vendored": Skipped.VENDORED, "linguist-generated": Skipped.GENERATED}


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line of a .gitattributes file about files whose whole path begins with ``folder``."""

    folder: str
    pattern: "re2._Regexp"
    reason: Skipped
    holds: bool | None

    def fits(self, path: str) -> bool:
        return path.startswith(self.folder) and self.pattern.match(path[len(self.folder) :]) is not None


class Attributes:
    """What .gitattributes files say of whose work files are. See gitattributes(5); of several lines the last counts.

    ``files`` are their paths and contents, in the order of their paths: what lies deeper counts more. Of the lines that
    are about this, the first MOST_RULES are taken.
    """

    def __init__(self, files: Iterable[tuple[str, str]]) -> None:
        rules = (rule for path, text in files for rule in _parse(posixpath.dirname(path), text))
        self._rules = list(itertools.islice(rules, MOST_RULES))

    def find(self, path: str, reason: Skipped) -> bool | None:
        """Whether a file is said to be what ``reason`` names; None where nothing is said, or what is said is undone."""
        for rule in reversed(self._rules):
            if rule.reason is reason and rule.fits(path):
                return rule.holds
        return None


class IndexRules:
    """The settings, for one commit with its attributes."""

    def __init__(self, settings: Settings, attributes: Attributes) -> None:
        self._extensions = frozenset(word.lower().lstrip(".") for word in settings.index_extensions)
        self._filenames = frozenset(word.lower() for word in settings.index_filenames)
        self._attributes = attributes

    def judge_path(self, path: str) -> Skipped:
        """Whether the content is left out for its path alone."""
        if not self._is_wanted(posixpath.basename(path).lower()):
            return Skipped.NAME
        for reason, names in ((Skipped.VENDORED, _VENDORED), (Skipped.GENERATED, _GENERATED)):
            said = self._attributes.find(path, reason)
            if said or (said is None and names.search(path)):
                return reason
        return Skipped.NO

    def judge_content(self, path: str, data: bytes) -> Skipped:
        """The same for the content of one that is not."""
        if is_binary(data):
            return Skipped.BINARY
        if self._attributes.find(path, Skipped.GENERATED) is None and (
            _SAYS_GENERATED.search(data[:_HEAD]) or any(len(line) > _LONGEST_LINE for line in data.split(b"\n"))
        ):
            return Skipped.MADE
        return Skipped.NO

    def _is_wanted(self, name: str) -> bool:
        if not self._extensions and not self._filenames:
            return True
        return name in self._filenames or extension_of(name) in self._extensions


def extension_of(path: str) -> str:
    """The last ending of a file's name in lower case, without its dot."""
    return posixpath.splitext(posixpath.basename(path))[1][1:].lower()


def describe_rules(settings: Settings) -> Sequence[object]:
    """What a repository has to be indexed anew for, if it changes."""
    return [
        2,
        sorted(settings.index_extensions),
        sorted(settings.index_filenames),
        settings.index_max_file_size,
        sorted(settings.index_branches),
        list(settings.default_encoding),
    ]


def _parse(folder: str, text: str) -> Iterable[_Rule]:
    for line in text.splitlines():
        pattern, *attributes = line.split() or [""]
        if not pattern or pattern.startswith(("#", "!", "[attr]")):
            continue
        for attribute in attributes:
            name, _equals, value = attribute.lstrip("-!").partition("=")
            if name in _ATTRIBUTES and (expression := _expression(pattern)) is not None:
                said = not attribute.startswith("-") and value.lower() not in ("false", "0")
                holds = None if attribute.startswith("!") else said
                yield _Rule(f"{folder}/" if folder else "", expression, _ATTRIBUTES[name], holds)


def _expression(pattern: str) -> "re2._Regexp | None":
    """Of the pattern, whoever wrote it: RE2 takes no longer for one than for another."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    try:
        found = GitIgnoreSpecPattern(pattern).regex
        return re2.compile(found.pattern, options) if found is not None else None
    except (ValueError, re2.error):
        return None
