"""Files of a commit as documents, kept under the ids of their contents: rendering takes most of the time of a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.cache.stores import Store
from kallithea.render.document import Form, Rendering, find_form, render_document
from kallithea.render.markup import plain_text
from kallithea.render.safe_html import DocumentLinks
from kallithea.render.text import decode, one_line, visible_lines
from kallithea.vcs.types import Blob
from kallithea.web.links import Links

_FORMAT = 2


@dataclass(frozen=True, slots=True)
class Document:
    """A README as HTML."""

    name: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents of one commit; their relative links lead to the same commit."""

    store: Store
    links: Links
    repository: str
    commit_id: str
    encodings: Sequence[str]

    def find(self, path: bytes, object_id: str) -> Rendering | None:
        """The rendering that is kept of a content at a path; None where nothing is."""
        stored = self.store.get(self._key(path, object_id))
        if stored is None:
            return None
        state, _, rest = stored.decode().partition("\n")
        note, _, html = rest.partition("\n")
        return Rendering(Markup(html) if state == "1" else None, note)  # noqa: S704 - our own HTML

    def render(self, blob: Blob, form: Form) -> Rendering:
        """The rendering of a whole file."""
        found = self.find(blob.path, blob.object_id)
        if found is not None:
            return found
        rendering = render(decode(blob.data, self.encodings), form, self._links_at(blob.path))
        content = f"{0 if rendering.html is None else 1}\n{rendering.note}\n{rendering.html or ''}"
        self.store.put(self._key(blob.path, blob.object_id), content.encode("utf-8", "replace"))
        return rendering

    def readme(self, blob: Blob | None) -> Document | None:
        """A README, as plain text where it cannot be rendered; None for what is no text."""
        if blob is None or blob.binary:
            return None
        name = one_line(blob.path.rpartition(b"/")[2], self.encodings)
        form = find_form(name)
        html = self.render(blob, form).html if form is not None and blob.size <= form.limit else None
        return Document(name, plain_text(visible_lines(decode(blob.data, self.encodings))) if html is None else html)

    def _key(self, path: bytes, object_id: str) -> str:
        place = self.links.files(self.repository, self.commit_id, path)
        return f"document:{_FORMAT}:{object_id}:{place}:{','.join(self.encodings)}"

    def _links_at(self, path: bytes) -> DocumentLinks:
        return DocumentLinks(
            path.rpartition(b"/")[0].decode("utf-8", "surrogateescape"),
            lambda to: self.links.files(self.repository, self.commit_id, to.encode("utf-8", "surrogateescape")),
            lambda to: self.links.raw(self.repository, self.commit_id, to.encode("utf-8", "surrogateescape")),
        )
