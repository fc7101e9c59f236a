"""Pages of a history, the lines beside it, and how long it is."""

from kallithea.cache.stores import Store
from kallithea.services.history_answers import keep_answer
from kallithea.services.history_pages import dump_page, page_key, parse_page
from kallithea.vcs.backend import Repository
from kallithea.vcs.graph import GraphRow, GraphState, lay_out, open_above
from kallithea.vcs.history import LogFilter, LogPage
from kallithea.vcs.types import Kind

#: Commits on one page.
PAGE_SIZE = 50

_GRAPH_FORMAT = 1
_COUNT_FORMAT = 1


def read_history(
    store: Store, repository_id: int, repository: Repository, start: str, wanted: LogFilter, *, offset: int = 0
) -> LogPage:
    """A page of the commits up to ``start``. Raises RevisionNotFoundError, LimitExceededError."""
    key = page_key(repository_id, start, wanted, offset)
    stored = store.get(key) if repository.kind is Kind.GIT else None
    if stored is not None:
        return parse_page(stored)
    page = repository.log(start, wanted, offset=offset, limit=PAGE_SIZE)
    content = dump_page(repository.kind, page)
    if content is not None:
        keep_answer(store, repository, key, content)
    return page


def lay_out_page(
    store: Store, repository_id: int, repository: Repository, start: str, offset: int, page: LogPage
) -> tuple[GraphRow, ...]:
    """The lines beside a page of the whole history up to ``start``.

    They go on where those of the page before ended, if that was shown before; what this page leaves open is kept.
    """
    commits = [(commit.commit_id, commit.parent_ids) for commit in page.commits]
    rows, left_open = lay_out(commits, _find_state(store, repository_id, start, offset) or open_above(commits))
    if page.next is not None:
        key = _graph_key(repository_id, start, page.next)
        if store.get(key) is None:
            keep_answer(store, repository, key, left_open.encode())
    return rows


def _find_state(store: Store, repository_id: int, start: str, offset: int) -> GraphState | None:
    """What the page before left open, None where that is not known."""
    if offset == 0:
        return GraphState()
    stored = store.get(_graph_key(repository_id, start, offset))
    return GraphState.decode(stored) if stored is not None else None


def find_count(store: Store, repository_id: int, start: str) -> int | None:
    """The number of commits up to ``start``, None where nobody has counted them yet."""
    stored = store.get(_count_key(repository_id, start))
    return int(stored) if stored is not None else None


def read_count(store: Store, repository_id: int, repository: Repository, start: str) -> int:
    """The number of commits up to ``start``; the first to ask counts them. Raises RevisionNotFoundError."""
    count = find_count(store, repository_id, start)
    if count is None:
        count = repository.count(start)
        keep_answer(store, repository, _count_key(repository_id, start), b"%d" % count)
    return count


def _graph_key(repository_id: int, start: str, offset: int) -> str:
    return f"graph:{_GRAPH_FORMAT}:{repository_id}:{start}:{offset}"


def _count_key(repository_id: int, start: str) -> str:
    return f"count:{_COUNT_FORMAT}:{repository_id}:{start}"
