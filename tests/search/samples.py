"""Documents to search in, and what is found in them."""

import datetime

from kallithea.search.documents import Document, DocumentKind, Facts, Update
from kallithea.search.engine import Index
from kallithea.search.finding import Found, Narrowing, find
from kallithea.search.parser import parse_query
from kallithea.search.query import InRepositories, Node, OfGroup, OfRepository, replaced

ANCHOR = """\
import os

def read_file(path, HTTPServer=None):
    # returns the text, or None
    if path == '--':
        raise ValueError("no such file")
    return os.path.join(path, "x")
"""
SAIL = """\
class MainSail:
    def hoistSail(self):
        return None  # read file later

größe = "Größe des Segels"
"""
GUIDE = "How to read a chart.\nThe anchor holds; no such file is needed.\n"


def code(
    repository_id: int, path: str, text: str, language: str, *, branch: str = "main", landing: bool = True
) -> list[Document]:
    """Both documents of a file."""
    extension = path.rpartition(".")[2]
    facts = [
        Facts(kind, repository_id, branch, landing, path, path, "1" * 40, language, extension)
        for kind in (DocumentKind.CODE, DocumentKind.FILE)
    ]
    return [Document(facts[0], text), Document(facts[1], path)]


def commit(repository_id: int, number: int, message: str, author: str, day: str, paths: str = "") -> Document:
    commit_id = f"{number:040x}"
    at = int(datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.UTC).timestamp())
    facts = Facts(
        DocumentKind.COMMIT, repository_id, path=paths, address=commit_id, object_id=commit_id, author=author, at=at
    )
    return Document(facts, message)


def fill(index: Index) -> None:
    """Three repositories: 1 and 2 with code, 3 with a guide."""
    one = [
        *code(1, "src/anchor.py", ANCHOR, "Python"),
        *code(1, "docs/guide.txt", GUIDE, "Text"),
        *code(1, "src/sail.py", "old_sail = 1\n", "Python", branch="old", landing=False),
        commit(1, 1, "Read the chart first", "Ada <ada@x>", "2024-01-31", "src/anchor.py\ndocs/guide.txt"),
        commit(1, 2, "Hoist the sail", "Bo <bo@x>", "2024-03-01", "src/sail.py"),
        Document(Facts(DocumentKind.REPOSITORY, 1, path="harbour/anchor"), "harbour/anchor\nHolds ships"),
    ]
    two = [
        *code(2, "sail.py", SAIL, "Python"),
        commit(2, 3, "Größe added", "Ada <ada@x>", "2023-12-31", "sail.py"),
        Document(Facts(DocumentKind.REPOSITORY, 2, path="harbour/sail"), "harbour/sail\n"),
    ]
    three = code(3, "notes/guide.md", GUIDE, "Markdown")
    for number, documents in ((1, one), (2, two), (3, three)):
        index.apply(Update(number, documents=documents, state=f"state {number}"))


def searched(*repository_ids: int) -> dict[int, str]:
    """Where is searched, with the system of each repository: every second one is of Mercurial."""
    return {number: "git" if number % 2 else "hg" for number in repository_ids}


def ask(
    index: Index, text: str, repository_ids: tuple[int, ...] = (1, 2, 3), kind: DocumentKind = DocumentKind.CODE
) -> Found:
    """What a query finds; `repo:1` means the repository of this number."""
    return find(index, numbered(parse_query(text)), searched(*repository_ids), Narrowing(kind))


def numbered(query: Node) -> Node:
    return replaced(
        query,
        lambda leaf: InRepositories(frozenset({int(leaf.text)})) if isinstance(leaf, OfRepository | OfGroup) else leaf,
    )


def paths(found: Found) -> list[str]:
    """Where the hits are, sorted."""
    return sorted(f"{hit.facts.repository_id}:{hit.facts.path}" for hit in found.hits)
