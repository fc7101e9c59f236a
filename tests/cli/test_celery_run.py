"""Which queues share a worker of Celery."""

from kallithea.cli.celery_run import list_kinds
from kallithea.core.jobs import JOBS, DescribePush, IndexRepository, Job, MailNotification, Queue, SendLink


def jobs_with(kind: type[Job]) -> set[type[Job]]:
    """All jobs that may hold the processes which this one waits for."""
    (queues,) = (queues for queues in list_kinds().values() if kind.queue in queues)
    return {job for job in JOBS.values() if job.queue in queues}


def test_every_queue_has_one_worker() -> None:
    assert sorted(queue for queues in list_kinds().values() for queue in queues) == sorted(Queue)


def test_nothing_long_is_where_a_mail_comes_from() -> None:
    """Of a push a mail is sent once it is described."""
    for kind in (SendLink, MailNotification, DescribePush):
        assert max(job.time_limit for job in jobs_with(kind)) == Job.time_limit


def test_nothing_else_is_where_the_index_follows_pushes() -> None:
    assert jobs_with(IndexRepository) == {IndexRepository}
