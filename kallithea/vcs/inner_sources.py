"""Where repositories inside others come from, as ``.gitmodules`` and ``.hgsub`` say.

Both can be any bytes that somebody has pushed: what is not written as https://git-scm.com/docs/gitmodules and
``hg help subrepos`` say is passed over. Of a source nothing is promised but that it is one line.
"""

import re

GITMODULES = b".gitmodules"
HGSUB = b".hgsub"

_SECTION = re.compile(rb"\[\s*([A-Za-z0-9.-]+)(?:\s+\"((?:[^\"\\]|\\.)*+)\")?\s*\]\s*(.*)")
_ENTRY = re.compile(rb"([A-Za-z][A-Za-z0-9-]*)\s*=\s*(.*)")
_QUOTED = re.compile(rb"\"((?:[^\"\\]|\\.)*+)\"|([#;].*)|\\(.)|([^\"\\#;]+)")
_ESCAPED = re.compile(rb"\\(.)")


def parse_gitmodules(data: bytes) -> dict[bytes, bytes]:
    """The source of each path; where several sections name one, the last counts."""
    found: dict[bytes, bytes] = {}
    section: dict[bytes, bytes] | None = None
    sections: dict[bytes, dict[bytes, bytes]] = {}
    for line in data.splitlines():
        text = line.strip()
        head = _SECTION.match(text)
        if head is not None:
            ours = head[1].lower() == b"submodule" and head[2] is not None
            section = sections.setdefault(head[2], {}) if ours else None
            text = head[3]
        entry = _ENTRY.fullmatch(text)
        if entry is not None and section is not None:
            section[entry[1].lower()] = _unquote(entry[2])
    for one in sections.values():
        if one.get(b"path") and one.get(b"url"):
            found[one[b"path"].strip(b"/")] = one[b"url"]
    return found


def parse_hgsub(data: bytes) -> dict[bytes, bytes]:
    """The source of each path, with the kind before it if that is not Mercurial: ``[git]https://...``."""
    found: dict[bytes, bytes] = {}
    for line in data.splitlines():
        if line.startswith(b"["):
            # what follows says how sources are rewritten
            break
        path, sign, source = line.partition(b"=")
        if sign and path.strip() and source.strip() and not line.startswith((b"#", b";", b" ", b"\t", b"%")):
            found[path.strip().strip(b"/")] = source.strip()
    return found


def _unquote(value: bytes) -> bytes:
    """A value of Git's configuration without quotes, escapes and what is said beside it."""
    parts = []
    for match in _QUOTED.finditer(value):
        quoted, comment, escaped, plain = match.groups()
        if comment is not None:
            break
        parts.append(_ESCAPED.sub(rb"\1", quoted) if quoted is not None else escaped or plain or b"")
    return b"".join(parts).strip()
