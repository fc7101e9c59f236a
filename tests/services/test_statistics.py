"""What was counted is kept, one row for each repository, on every engine."""

import datetime

from kallithea.core.words import _
from kallithea.services.application import Application
from kallithea.services.commit_counts import CommitCounts
from kallithea.services.work import reading, writing
from tests.factories.people import Factory


def test_what_was_counted_is_replaced_and_goes_with_the_repository(every_application: Application) -> None:
    tool = Factory(every_application).repository("tool")
    counts = CommitCounts()
    for number in range(3000):
        counts.add(f"🚀 {number}", f"{number}@example.org", datetime.datetime.now(datetime.UTC), ["C"])
        # longer than what MariaDB calls TEXT
    counts.trim()
    for commit_id in ("a" * 40, "b" * 64):
        with writing(every_application) as services:
            services.statistics.ensure(tool.repository_id, commit_id, counts)
    with reading(every_application) as services:
        found = services.statistics.find(tool.repository_id)
        assert found is not None
        assert (found.commit_id, found.counts, found.problem) == ("b" * 64, counts, "")
    with writing(every_application) as services:
        services.statistics.note_problem(tool.repository_id, "c" * 40, _("There is no such commit."))
    with reading(every_application) as services:
        found = services.statistics.find(tool.repository_id)
        assert found is not None
        assert (found.commit_id, found.counts, found.problem) == ("c" * 40, None, "There is no such commit.")
    with writing(every_application) as services:
        services.session.delete(services.repositories.get("tool"))
    with writing(every_application) as services:
        assert services.statistics.find(tool.repository_id) is None
        services.statistics.delete(tool.repository_id)
