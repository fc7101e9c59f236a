"""Files of a commit as documents, kept under the ids of their contents: rendering takes most of the time of a page."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from kallithea.cache.stores import Caches, Store
from kallithea.core.words import _, pack, unpack
from kallithea.render.document import Form, Rendering, find_form, render_document
from kallithea.render.issue_links import IssuePatterns
from kallithea.render.links import TextLinks, find_commit_names, link_html
from kallithea.render.markup import plain_text
from kallithea.render.safe_html import DocumentLinks
from kallithea.render.text import character_start, decode, one_line, visible_lines
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Blob
from kallithea.web.context import RepositoryContext
from kallithea.web.links import Links
from kallithea.web.reader import Reader, size
from kallithea.web.request import Request

_FORMAT = 8


@dataclass(frozen=True, slots=True)
class Document:
    """A README as HTML. ``note`` says what is not shown of it; then ``address`` is that of the file."""

    name: str
    html: Markup
    note: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents of one commit of the open repository; their relative links lead to the same commit, by the ref ``at``.

    Names of issues in them are links, as ``patterns`` say, and so are ids of commits, if the commits are there when the
    document is first looked at.
    """

    caches: Caches
    links: Links
    contents: Repository
    repository: str
    commit_id: str
    at: bytes | None
    encodings: Sequence[str]
    patterns: IssuePatterns
    reader: Reader

    def find(self, path: bytes, object_id: str, form: Form) -> Rendering | None:
        """The rendering that is kept of a content at a path; None where nothing is."""
        stored = self._store(form).get(self._key(path, object_id, form))
        if stored is None:
            return None
        state, __, rest = stored.decode().partition("\n")
        note, __, html = rest.partition("\n")
        return Rendering(Markup(html) if state == "1" else None, unpack(note))  # noqa: S704 - our own HTML

    def render(self, blob: Blob, form: Form) -> Rendering:
        """The rendering of a file, or of its first ``form.limit`` bytes where the form allows for parts."""
        found = self.find(blob.path, blob.object_id, form)
        if found is not None:
            return found
        data = blob.data.rpartition(b"\n")[0] if blob.truncated else blob.data
        made = render_document(decode(data, self.encodings), form, self._links_at(blob.path), self.reader.say)
        if made.html is not None and not form.wide:
            made = replace(made, html=self._link(made.html))
        if blob.truncated and not made.note:
            made = replace(made, note=_("Only the first %(size)s are shown.", size=size(len(data))))
        content = f"{0 if made.html is None else 1}\n{pack(made.note)}\n{made.html or ''}"
        self._store(form).put(self._key(blob.path, blob.object_id, form), content.encode("utf-8", "replace"))
        return made

    def readme(self, blob: Blob | None) -> Document | None:
        """A README, as plain text where it cannot be rendered; None for what is no text."""
        blob = blob and blob.in_utf8()
        if blob is None or blob.binary:
            return None
        if blob.truncated:
            # of the last character there may be a part only
            blob = replace(blob, data=blob.data[: character_start(blob.data, len(blob.data) - 1)])
        name = one_line(blob.path.rpartition(b"/")[2], self.encodings)
        shown = self._render_readme(blob, find_form(name))
        return Document(name, shown.html or Markup(), shown.note, self._address(blob.path) if shown.note else "")

    def _render_readme(self, blob: Blob, form: Form | None) -> Rendering:
        note = ""
        if blob.truncated:
            note = _("Only the first %(size)s are shown.", size=size(len(blob.data)))
        elif form is not None:
            made = too_large_for(form, blob.size) or self.render(blob, form)
            if made.html is not None:
                return made
            note = made.note
        return Rendering(plain_text(visible_lines(decode(blob.data, self.encodings))), note)

    def _link(self, html: Markup) -> Markup:
        names = find_commit_names(html)
        commits = self.contents.find_commits(names) if names else {}
        addresses = {name: self.links.changeset(self.repository, commit_id) for name, commit_id in commits.items()}
        return link_html(html, TextLinks(addresses, patterns=self.patterns, repository=self.repository))

    def _store(self, form: Form) -> Store:
        return self.caches.large if form.wide else self.caches.small

    def _key(self, path: bytes, object_id: str, form: Form) -> str:
        place = self._address(path)
        patterns = hashlib.blake2b(repr(self.patterns).encode(), digest_size=8).hexdigest() if self.patterns else ""
        language = self.reader.language.tag if form.has_words else ""
        return f"document:{_FORMAT}:{object_id}:{place}:{','.join(self.encodings)}:{patterns}:{language}"

    def _links_at(self, path: bytes) -> DocumentLinks:
        return DocumentLinks(
            path.rpartition(b"/")[0].decode("utf-8", "surrogateescape"),
            lambda to: self._address(to.encode("utf-8", "surrogateescape")),
            lambda to: self.links.raw(self.repository, self.commit_id, to.encode("utf-8", "surrogateescape")),
            lambda cell, output: self.links.raw(self.repository, self.commit_id, path, cell=cell, output=output),
        )

    def _address(self, path: bytes) -> str:
        return self.links.files(self.repository, self.commit_id, path, self.at)


def too_large_for(form: Form, file_size: int) -> Rendering | None:
    """What is said of a file that is too large, in bytes, to be read in this form; None where it is not."""
    if file_size <= form.limit or form.parts:
        return None
    return Rendering(None, _("Files of more than %(limit)s are not rendered.", limit=size(form.limit)))


def documents_of(
    context: RepositoryContext, request: Request, contents: Repository, commit_id: str, at: bytes | None
) -> Documents:
    """The documents of a commit, as this site shows them; ``at`` is the ref at it by which the visitor came."""
    application = request.application
    return Documents(
        application.caches,
        request.links,
        contents,
        context.path,
        commit_id,
        at,
        application.settings.default_encoding,
        request.issue_patterns,
        request.reader,
    )
