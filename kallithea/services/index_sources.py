"""From a repository to the documents of its files and commits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, unquote_to_bytes

from kallithea.core.settings import Settings
from kallithea.render.highlight import find_language
from kallithea.render.text import decode, one_line
from kallithea.search.documents import Document, DocumentKind, Facts, KnownFile, Skipped, Update
from kallithea.services.index_rules import Attributes, IndexRules, extension_of
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import CorruptObjectError, EntryKind, TreeEntry

#: Commits of a repository that can be found, the newest ones.
MOST_COMMITS = 200_000

_MOST_PATHS = 200
_LONGEST_MESSAGE = 100_000
_MOST_ATTRIBUTES = 50
_LARGEST_ATTRIBUTES = 100_000
# A step holds so many documents or bytes at most, so that others can write between two.
_STEP_DOCUMENTS = 500
_STEP_BYTES = 4_000_000
_CONTENTS = (EntryKind.FILE, EntryKind.EXECUTABLE)
_BY_CONTENT = (Skipped.BINARY, Skipped.LARGE, Skipped.MADE)
_ATTRIBUTES = ".gitattributes"
_NO_LANGUAGE = "Text only"


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch that is indexed, and where it is; ``landing``: whether pages begin with it."""

    name: str
    commit_id: str
    landing: bool


class FileSource:
    """The files of one branch, as steps from what an index knows to what there is."""

    def __init__(self, settings: Settings, repository: Repository, repository_id: int, branch: Branch) -> None:
        self._settings = settings
        self._repository = repository
        self._number = repository_id
        self._branch = branch
        self._entries = {quote_from_bytes(entry.path): entry for entry in repository.listing(branch.commit_id)}
        self._rules = IndexRules(settings, self._read_attributes())

    def starts_over(self, known: Mapping[str, KnownFile], *, anew: bool) -> bool:
        """Whether a run after one that ended between these steps takes all of them again.

        Of a branch that no file is known of none is: what attributes say comes first then, and judges all others.
        """
        return anew or (bool(known) and _attributes(known) != _attributes(self._entries))

    def updates(self, known: Mapping[str, KnownFile], *, anew: bool) -> Iterator[Update]:
        """Steps; any of them may be the last if the others follow later. ``anew``: every file is read again."""
        # what attributes say comes and goes last: until then they differ, and all is judged by them again
        gone = sorted((address for address in known if address not in self._entries), key=_is_attributes)
        judged = _attributes(known) != _attributes(self._entries)
        changed = [
            address
            for address, entry in self._entries.items()
            if anew or self._differs(entry, known.get(address), judged_anew=judged)
        ]
        changed.sort(key=_is_attributes, reverse=not known)
        last = list(filter(_is_attributes, gone))
        del gone[len(gone) - len(last) :]
        documents, replaced, size = list[Document](), list[str](), 0
        for address in changed:
            replaced.append(address)
            documents += self._documents(address, self._entries[address])
            size += len(documents[-1].text)
            if len(documents) >= _STEP_DOCUMENTS or size >= _STEP_BYTES:
                yield self._update([*gone, *replaced], documents)
                gone, documents, replaced, size = [], [], [], 0
        if gone or replaced or last:
            yield self._update([*gone, *last, *replaced], documents)

    def _update(self, gone: Sequence[str], documents: Sequence[Document]) -> Update:
        return Update(self._number, branch=self._branch.name, gone_files=gone, documents=documents)

    def _differs(self, entry: TreeEntry, known: KnownFile | None, *, judged_anew: bool) -> bool:
        if known is None or known.object_id != (entry.object_id or ""):
            return True
        wanted = self._judge_path(entry)
        if judged_anew and wanted is Skipped.NO and known.skipped in (Skipped.NO, Skipped.MADE):
            # attributes decide whether the content is asked
            return True
        # what only the content tells is as it was
        return wanted is not known.skipped and not (wanted is Skipped.NO and known.skipped in _BY_CONTENT)

    def _judge_path(self, entry: TreeEntry) -> Skipped:
        return self._rules.judge_path(self._text(entry.path)) if entry.kind in _CONTENTS else Skipped.BINARY

    def _documents(self, address: str, entry: TreeEntry) -> list[Document]:
        """The name last, behind the content if that is searched."""
        path = self._text(entry.path)
        skipped, text = self._read(entry, path)
        language = find_language(path).name
        values = (
            path,
            address,
            entry.object_id or "",
            "" if language == _NO_LANGUAGE else language,
            extension_of(path),
        )
        branch = (self._branch.name, self._branch.landing)
        name = Document(Facts(DocumentKind.FILE, self._number, *branch, *values), path, skipped)
        if skipped is not Skipped.NO:
            return [name]
        return [name, Document(Facts(DocumentKind.CODE, self._number, *branch, *values), text)]

    def _read(self, entry: TreeEntry, path: str) -> tuple[Skipped, str]:
        skipped = self._judge_path(entry)
        if skipped is not Skipped.NO:
            return skipped, ""
        limit = self._settings.index_max_file_size
        try:
            blob = self._repository.blob(self._branch.commit_id, entry.path, limit=limit).in_utf8()
        except CorruptObjectError:
            return Skipped.BINARY, ""
        if blob.truncated or blob.size > limit:
            return Skipped.LARGE, ""
        skipped = self._rules.judge_content(path, blob.data)
        return skipped, decode(blob.data, self._settings.default_encoding) if skipped is Skipped.NO else ""

    def _read_attributes(self) -> Attributes:
        paths = [
            entry.path
            for entry in self._entries.values()
            if entry.path.rpartition(b"/")[2] == _ATTRIBUTES.encode() and entry.kind in _CONTENTS
        ]
        # the deeper overrules, see gitattributes(5)
        paths.sort(key=lambda path: (path.count(b"/"), path))
        read = self._repository.blob
        return Attributes(
            (self._text(path), decode(read(self._branch.commit_id, path, limit=_LARGEST_ATTRIBUTES).data))
            for path in paths[:_MOST_ATTRIBUTES]
        )

    def _text(self, path: bytes) -> str:
        return one_line(path, self._settings.default_encoding)


class CommitSource:
    """The commits of the indexed branches, as steps from what an index knows to what there is."""

    def __init__(self, settings: Settings, repository: Repository, repository_id: int) -> None:
        self._encodings = settings.default_encoding
        self._repository = repository
        self._number = repository_id

    def updates(self, tips: Sequence[str], known: Sequence[str]) -> Iterator[Update]:
        """Steps from the commits of the heads ``known``, which are all there, to those of ``tips``."""
        without = self._repository.commits_without
        for some in _blocks(without(known, tips, limit=MOST_COMMITS) if known else []):
            yield Update(self._number, gone_commits=some)
        for some in _blocks(without(tips, known, limit=MOST_COMMITS) if tips else []):
            # a step that was taken before and not remembered is taken again
            yield Update(self._number, gone_commits=some, documents=self._documents(some))

    def updates_from(self, tips: Sequence[str], known: set[str]) -> Iterator[Update]:
        """The same from commits one by one: for histories that were replaced."""
        wanted = self._repository.commits_without(tips, [], limit=MOST_COMMITS) if tips else []
        for some in _blocks(sorted(known.difference(wanted))):
            yield Update(self._number, gone_commits=some)
        for some in _blocks([commit_id for commit_id in wanted if commit_id not in known]):
            yield Update(self._number, documents=self._documents(some))

    def _documents(self, commit_ids: Sequence[str]) -> list[Document]:
        paths = self._repository.changed_paths(commit_ids)
        documents = []
        for commit in self._repository.commits(commit_ids):
            changed = [one_line(path, self._encodings) for path in paths[commit.commit_id][:_MOST_PATHS]]
            author = b"%s <%s>" % (commit.author.name, commit.author.email)
            facts = Facts(
                DocumentKind.COMMIT,
                self._number,
                path="\n".join(changed),
                address=commit.commit_id,
                object_id=commit.commit_id,
                author=one_line(author, self._encodings),
                at=max(0, int(commit.author.when.timestamp())),
            )
            documents.append(Document(facts, decode(commit.message, self._encodings)[:_LONGEST_MESSAGE]))
        return documents


def describe_repository(repository_id: int, path: str, description: str) -> Document:
    """The document of the repository itself."""
    return Document(Facts(DocumentKind.REPOSITORY, repository_id, path=path), f"{path}\n{description}")


def path_of(address: str) -> bytes:
    """The path that the address of a file names."""
    return unquote_to_bytes(address)


def _is_attributes(address: str) -> bool:
    return address.rpartition("/")[2] == _ATTRIBUTES


def _attributes(files: Mapping[str, TreeEntry] | Mapping[str, KnownFile]) -> dict[str, str]:
    """Which versions of .gitattributes files there are, by their addresses."""
    return {address: file.object_id or "" for address, file in files.items() if _is_attributes(address)}


def _blocks(commit_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(commit_ids), _STEP_DOCUMENTS):
        yield commit_ids[start : start + _STEP_DOCUMENTS]
