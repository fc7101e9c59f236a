"""The command with short waits, as a process: a worker that is killed is taken for dead after two seconds."""

import datetime

from kallithea.cli.main import main
from kallithea.services import handed_jobs, held_leases, job_retries, job_watch, taken_jobs


def hurry() -> None:
    taken_jobs.LEASE = datetime.timedelta(seconds=2)
    handed_jobs._SHORTEST = datetime.timedelta(seconds=3)
    job_watch._BEAT_SECONDS = 0.3
    held_leases.LEASE_SECONDS = 2.0
    job_retries._FIRST_RETRY_SECONDS = 0.5


if __name__ == "__main__":
    hurry()
    main()
