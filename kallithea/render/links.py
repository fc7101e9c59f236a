"""Texts with links: what people write in messages, descriptions and documents, and what of it leads somewhere."""

import html as html_text
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from kallithea.render.issue_links import IssuePatterns, find_issues

#: Of one text so many commits and people are looked up.
MOST_LOOKED_UP = 50

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_AFTER_ADDRESS = ".,:;!?'"
# Less than seven digits are rarely meant as an id.
_COMMIT = re.compile(r"(?<![\w./@-])[0-9a-f]{7,64}(?![\w/-])")
_PERSON = re.compile(r"(?<![\w./@+-])@([A-Za-z0-9](?:[\w.+-]{0,97}\w)?)", re.ASCII)

# Of HTML that was sanitized, which has no comments.
_TAG = re.compile(r'<(/?)([a-z0-9]+)(?:[^">]|"[^"]*")*>')
_LEFT_ALONE = frozenset({"a", "code", "kbd", "pre", "samp", "tt"})

_ELSEWHERE = Markup('<a href="{}" rel="nofollow noopener noreferrer">{}</a>')

# Where it begins and ends, and what takes its place.
_Piece = tuple[int, int, Markup]


@dataclass(frozen=True, slots=True)
class TextLinks:
    """The addresses of commits, by what the text calls them, and the people who have an account, in lower case.

    ``patterns`` say what names issues in a text about this ``repository``.
    """

    commits: Mapping[str, str] = field(default_factory=dict)
    people: Collection[str] = ()
    patterns: IssuePatterns = ()
    repository: str = ""


def find_commit_names(text: str) -> list[str]:
    """What may be the id of a commit, or the begin of one."""
    return _first(found[0] for found in _COMMIT.finditer(text))


def find_people(text: str) -> list[str]:
    """The names behind an ``@``, in lower case."""
    return _first(found[1].lower() for found in _PERSON.finditer(text))


def link_text(text: str, links: TextLinks) -> Markup:
    """The text, in which addresses and commits are links and people are marked."""
    parts, end = list[Markup](), 0
    pieces = (*_addresses(text), *_issues(text, links), *_commits(text, links), *_people(text, links))
    # An address may hold what looks like a commit: it is longer, or begins before.
    for start, stop, html in sorted(pieces, key=lambda piece: (piece[0], -piece[1])):
        if start >= end:
            parts += (escape(text[end:start]), html)
            end = stop
    return Markup("").join((*parts, escape(text[end:])))


def link_html(safe: Markup, links: TextLinks) -> Markup:
    """The same for the texts in safe HTML, but for those that are links already, and code."""
    parts, end, inside = list[str](), 0, 0
    whole = str(safe)
    for tag in _TAG.finditer(whole):
        parts += (_link_node(whole[end : tag.start()], links, left_alone=inside > 0), tag[0])
        if tag[2] in _LEFT_ALONE:
            inside += -1 if tag[1] else 1
        end = tag.end()
    return Markup("".join((*parts, _link_node(whole[end:], links, left_alone=False))))  # noqa: S704 - safe before


def _link_node(text: str, links: TextLinks, *, left_alone: bool) -> str:
    return text if left_alone or not text.strip() else str(link_text(html_text.unescape(text), links))


def _addresses(text: str) -> Iterator[_Piece]:
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_AFTER_ADDRESS)
        if address.endswith(")") and "(" not in address:
            address = address.rstrip(")")
        yield found.start(), found.start() + len(address), _ELSEWHERE.format(address, address)


def _issues(text: str, links: TextLinks) -> Iterator[_Piece]:
    for issue in find_issues(links.patterns, text, links.repository):
        yield issue.start, issue.end, _ELSEWHERE.format(issue.address, issue.words)


def _commits(text: str, links: TextLinks) -> Iterator[_Piece]:
    for found in _COMMIT.finditer(text):
        address = links.commits.get(found[0])
        if address is not None:
            yield *found.span(), Markup('<a href="{}">{}</a>').format(address, found[0])


def _people(text: str, links: TextLinks) -> Iterator[_Piece]:
    for found in _PERSON.finditer(text):
        if found[1].lower() in links.people:
            yield *found.span(), Markup("<b>{}</b>").format(found[0])


def _first(names: Iterator[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in names:
        found[name] = None
        if len(found) == MOST_LOOKED_UP:
            break
    return list(found)
