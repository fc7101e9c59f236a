"""A merge against all its parents at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.core.errors import message_of
from kallithea.core.words import _, _n
from kallithea.render.combined_html import render_combined
from kallithea.render.text import one_line
from kallithea.services.diffs import PAGE_LIMITS
from kallithea.vcs.backend import Repository
from kallithea.vcs.combined import CombinedFile
from kallithea.vcs.types import BusyError, Commit, LimitExceededError
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.diff_options import DiffView


@dataclass(frozen=True, slots=True)
class CombinedFileView:
    """A file that differs from every parent's. ``words`` say why there are no rows, or no more of them."""

    path: str
    anchor: str
    note: str
    rows: Markup
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class CombinedView:
    """The files, what is left out, and how many parents there are; ``problem`` says why no file is known."""

    files: tuple[CombinedFileView, ...]
    parents: int
    words: str
    cut_words: str
    problem: str = ""


def make_combined(
    context: RepositoryContext, request: Request, repository: Repository, commit: Commit, view: DiffView
) -> CombinedView:
    """What a merge holds that no single parent explains."""
    try:
        found = repository.combined_diff(commit.commit_id, options=view.options, limits=PAGE_LIMITS)
    except (LimitExceededError, BusyError) as problem:
        request.incomplete = True
        return CombinedView((), len(commit.parent_ids), "", "", message_of(problem))
    encodings = request.application.settings.default_encoding
    files = tuple(
        _make_file(context, request, commit, file, f"f{place}", encodings) for place, file in enumerate(found.files, 1)
    )
    left = found.total - len(files)
    return CombinedView(
        files,
        len(commit.parent_ids),
        _n("%(count)s file differs from every parent", "%(count)s files differ from every parent", found.total),
        _n(
            "%(count)s more file not shown, to keep the page fast. The diffs against single parents show it.",
            "%(count)s more files not shown, to keep the page fast. The diffs against single parents show them.",
            left,
        )
        if left
        else "",
    )


def _make_file(
    context: RepositoryContext,
    request: Request,
    commit: Commit,
    file: CombinedFile,
    anchor: str,
    encodings: Sequence[str],
) -> CombinedFileView:
    renamed = sorted({one_line(path, encodings) for path in file.old_paths if path != file.path})
    whole = request.links.files(context.path, commit.commit_id, file.path) if file.new_mode is not None else ""
    return CombinedFileView(
        one_line(file.path, encodings),
        anchor,
        _("Renamed from %(paths)s", paths=", ".join(renamed)) if renamed else "",
        render_combined(file.hunks, anchor, encodings),
        _words(file),
        whole,
    )


def _words(file: CombinedFile) -> str:
    if file.binary:
        return _("Binary files are not compared.")
    if file.cut:
        return _("More is not shown, to keep the page fast. The diffs against single parents show it.")
    return "" if file.hunks else _("Every change in it came from one of the parents.")
