"""Which files of commits and comparisons people have viewed.

No rights are asked: these are notes of whoever may read a repository.
"""

import contextlib
import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kallithea.core.errors import ConflictError
from kallithea.model.viewed_file import ViewedFile, viewed_codes
from kallithea.services.insertion import insert

#: Marks that are kept for one user; older ones make room.
MOST_MARKS = 10_000
#: How long a mark is kept.
KEPT = datetime.timedelta(days=180)


class ViewedFiles:
    """Remembers marks, which are set and taken away one by one.

    Files are named by ``core.file_codes``, and a comparison by its ``pair_code`` in place of the id of a commit.
    """

    def __init__(self, session: Session, now: datetime.datetime) -> None:
        self._session = session
        self._now = now

    def list_(self, user_id: int, repository_id: int, commit_id: str) -> tuple[str, ...]:
        """Codes of the files of a commit that the user has viewed, in their order."""
        return tuple(sorted(self._session.scalars(viewed_codes(user_id, repository_id, commit_id))))

    def ensure(self, user_id: int, repository_id: int, commit_id: str, code: str) -> None:
        """Mark a file as viewed."""
        key = {"user_id": user_id, "repository_id": repository_id, "commit_id": commit_id, "file_code": code}
        if self._session.get(ViewedFile, key) is None:
            self._make_room(user_id)
            # somebody who clicks twice has two requests
            with contextlib.suppress(ConflictError):
                insert(self._session, ViewedFile(**key, seen=self._now), "")

    def delete(self, user_id: int, repository_id: int, commit_id: str, code: str) -> None:
        """Take the mark away."""
        key = (user_id, repository_id, commit_id, code)
        columns = (ViewedFile.user_id, ViewedFile.repository_id, ViewedFile.commit_id, ViewedFile.file_code)
        same = (column == value for column, value in zip(columns, key, strict=True))
        self._session.execute(delete(ViewedFile).where(*same))

    def _make_room(self, user_id: int) -> None:
        own = ViewedFile.user_id == user_id
        seen = select(ViewedFile.seen).where(own).order_by(ViewedFile.seen.desc())
        oldest = self._session.scalar(seen.offset(MOST_MARKS - 1).limit(1))
        if oldest is not None:
            self._session.execute(delete(ViewedFile).where(own, ViewedFile.seen <= oldest))
