"""Pages of a history, the lines beside it, and how long it is."""

from kallithea.cache.stores import Store
from kallithea.services.history_answers import keep_answer
from kallithea.services.history_pages import dump_page, has_state, page_key, parse_page, parse_state
from kallithea.vcs.backend import Repository
from kallithea.vcs.graph import GraphRow, GraphState, lay_out, open_above
from kallithea.vcs.history import LogFilter, LogPage

#: Commits on one page.
PAGE_SIZE = 50

_COUNT_FORMAT = 1


def read_history(
    store: Store, repository_id: int, repository: Repository, start: str | None, wanted: LogFilter, *, offset: int = 0
) -> tuple[LogPage, tuple[GraphRow, ...]]:
    """A page of the commits up to ``start``, None for all heads, and the lines beside them where none is left out.

    The lines go on where those of the page before ended, if that was shown before. Raises RevisionNotFoundError,
    LimitExceededError.
    """
    place = place_of(repository, start)
    key = page_key(repository_id, place, wanted, offset)
    stored = store.get(key)
    page = parse_page(stored, repository) if stored is not None else None
    if page is None:
        page = repository.log(start, wanted, offset=offset, limit=PAGE_SIZE)
    rows: tuple[GraphRow, ...] = ()
    left_open, outdated = None, stored is None
    if wanted == LogFilter():
        commits = [(commit.commit_id, commit.parent_ids) for commit in page.commits]
        above = _find_above(store, repository_id, place, offset)
        rows, left_open = lay_out(commits, above if above is not None else open_above(commits))
        # Who came to this page first had to guess what is above it.
        outdated = outdated or (above is not None and not has_state(stored or b"", page, left_open))
    whole = start is not None and wanted == LogFilter()
    content = dump_page(repository.kind, page, left_open, all_ancestors=whole) if outdated else None
    if content is not None:
        keep_answer(store, repository, key, content)
    return page, rows


def _find_above(store: Store, repository_id: int, place: str, offset: int) -> GraphState | None:
    """What the page before leaves open, None where nobody has seen that."""
    if offset == 0:
        return GraphState()
    stored = store.get(page_key(repository_id, place, LogFilter(), offset - PAGE_SIZE))
    return parse_state(stored) if stored is not None else None


def place_of(repository: Repository, start: str | None) -> str:
    """What is kept of a history is kept under this: a commit's id, or for all heads the fingerprint of the refs."""
    return start if start is not None else f"all:{repository.fingerprint()}"


def find_count(store: Store, repository_id: int, place: str) -> int | None:
    """The number of commits up to a commit, or of the place of all heads; None where nobody has counted them yet."""
    stored = store.get(_count_key(repository_id, place))
    return int(stored) if stored is not None else None


def read_count(store: Store, repository_id: int, repository: Repository, start: str | None) -> int:
    """The number of commits up to ``start``, None for all heads; the first to ask counts them.

    Raises RevisionNotFoundError.
    """
    place = place_of(repository, start)
    count = find_count(store, repository_id, place)
    if count is None:
        count = repository.count(start)
        keep_answer(store, repository, _count_key(repository_id, place), b"%d" % count)
    return count


def _count_key(repository_id: int, place: str) -> str:
    return f"count:{_COUNT_FORMAT}:{repository_id}:{place}"
