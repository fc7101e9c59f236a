"""A commit's changes as plain text."""

from email.utils import format_datetime

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.services.changesets import spool_diff
from kallithea.vcs.types import Commit
from kallithea.web.answers import Response
from kallithea.web.changesets.sides import read_parent, sides_of
from kallithea.web.contents import find, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.downloads import send_text
from kallithea.web.request import Request
from kallithea.web.ui.diff_options import read_view


def show_diff(context: RepositoryContext, request: Request) -> Response:
    """The diff as plain text, of the whole commit or of a path of it."""
    return _answer(context, request, patch=False)


def show_patch(context: RepositoryContext, request: Request) -> Response:
    """The diff after a header, as ``git am`` and ``hg import`` read it."""
    return _answer(context, request, patch=True)


def download_diff(context: RepositoryContext, request: Request) -> Response:
    """The diff to keep."""
    response = _answer(context, request, patch=False)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{context.rest[0].decode("ascii", "replace")[:64]}.diff"'
    )
    return response


def _answer(context: RepositoryContext, request: Request, *, patch: bool) -> Response:
    with open_contents(context, request) as repository:
        if not context.rest:
            raise NotFoundError(_("There is no such commit."))
        found = find(context, request, repository)
        commit = repository.commit(found.commit_id)
        sides = sides_of(commit, read_parent(request, commit))
        before = patch_header(commit, context.repository.kind) if patch else b""
        size, spool = spool_diff(repository, repository, sides, read_view(request).options, found.path, before=before)
    return send_text(size, spool)


def patch_header(commit: Commit, kind: str) -> bytes:
    """What stands before the diff in a patch that keeps author, date and message."""
    author = commit.author.name + (b" <" + commit.author.email + b">" if commit.author.email else b"")
    if kind == "hg":
        when = commit.author.when
        offset = when.utcoffset()
        date = f"{int(when.timestamp())} {-int(offset.total_seconds()) if offset else 0}"
        parents = "".join(f"# Parent  {parent}\n" for parent in commit.parent_ids)
        head = b"# HG changeset patch\n# User " + author
        return (
            head
            + f"\n# Date {date}\n# Node ID {commit.commit_id}\n{parents}".encode()
            + commit.message.strip()
            + b"\n\n"
        )
    subject, _end, body = commit.message.strip().partition(b"\n")
    date = format_datetime(commit.author.when)
    head = f"From {commit.commit_id} Mon Sep 17 00:00:00 2001\nFrom: ".encode() + author
    return head + f"\nDate: {date}\nSubject: [PATCH] ".encode() + subject + b"\n" + body + b"\n---\n\n"
