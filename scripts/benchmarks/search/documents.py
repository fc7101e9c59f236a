"""The documents of a real history: its files, and the messages of its newest commits, spread over repositories."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kallithea.render.text import decode
from kallithea.search.documents import Document, DocumentKind, Facts
from kallithea.vcs.opener import VcsOptions, open_repository
from kallithea.vcs.types import EntryKind, Kind

#: As many messages as are taken, where there are so many.
MESSAGES = 30_000
#: Documents belong to so many repositories, of which half are readable.
REPOSITORIES = 2_000

_LARGEST = 1_000_000
_BLOCK = 1_000
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,20}")
_IDENTIFIER = re.compile(r"[a-z]+_[a-z_]+[a-z]")
_PHRASE = re.compile(r"[A-Za-z]{2,12} [A-Za-z]{2,12}")
_QUERIES = 20


@dataclass(frozen=True)
class Queries:
    """What is asked in each workload."""

    by_workload: dict[str, Sequence[str]]


def read_documents(path: Path, seed: int) -> list[Document]:
    """Files as code and as names, and messages."""
    pick = random.Random(seed)  # noqa: S311  # chooses what is measured
    documents: list[Document] = []
    with open_repository(Kind.GIT, path, VcsOptions()) as repository:
        head = repository.resolve(b"HEAD")
        for entry in repository.listing(head):
            if entry.kind is not EntryKind.FILE:
                continue
            blob = repository.blob(head, entry.path, limit=_LARGEST)
            if not blob.binary and not blob.truncated:
                documents += _file(pick, decode(entry.path), decode(blob.data), entry.object_id or "")
        ids = repository.commits_without([head], [], limit=MESSAGES)
        for start in range(0, len(ids), _BLOCK):
            for commit in repository.commits(ids[start : start + _BLOCK]):
                facts = Facts(
                    DocumentKind.COMMIT,
                    pick.randint(1, REPOSITORIES),
                    address=commit.commit_id,
                    object_id=commit.commit_id,
                    author=decode(commit.author.name),
                    at=max(0, int(commit.author.when.timestamp())),
                )
                documents.append(Document(facts, decode(commit.message)))
    return documents


def choose_queries(documents: Sequence[Document], seed: int) -> Queries:
    """Words, phrases and parts that stand in some of the documents, each chosen by chance."""
    pick = random.Random(seed)  # noqa: S311  # chooses what is measured
    code = [document for document in documents if document.facts.kind is DocumentKind.CODE and document.text.strip()]

    def found(pattern: re.Pattern[str]) -> str:
        for _try in range(1_000):
            matches = pattern.findall(pick.choice(code).text[:20_000])
            if matches:
                return str(pick.choice(matches))
        return "return"

    words = [found(_WORD) for _number in range(_QUERIES)]
    return Queries(
        {
            "term": words,
            "phrase": [f'"{found(_PHRASE)}"' for _number in range(_QUERIES)],
            "prefix": [f"{found(_WORD)[:4]}*" for _number in range(_QUERIES)],
            "identifier": [found(_IDENTIFIER) for _number in range(_QUERIES)],
            "substring": [f"*{word[1:]}*" for word in (found(_IDENTIFIER) for _number in range(_QUERIES))],
            "path-filter": [f"path:{_folder(pick.choice(code))} {word}" for word in words],
        }
    )


def _file(pick: random.Random, path: str, text: str, object_id: str) -> list[Document]:
    number = pick.randint(1, REPOSITORIES)
    extension = path.rpartition(".")[2]
    return [
        Document(Facts(kind, number, "main", True, path, path, object_id, "", extension), shown)
        for kind, shown in ((DocumentKind.CODE, text), (DocumentKind.FILE, path))
    ]


def _folder(document: Document) -> str:
    return f'"{document.facts.path.rpartition("/")[0] or document.facts.path}"'
