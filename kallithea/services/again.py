"""Units that are run again: those that do nothing but ask the database, and lose nothing where they do it twice."""

import tenacity

from kallithea.core.errors import OvertakenError, UnavailableError

_ATTEMPTS = 4
_MOST_SECONDS = 30.0

#: Calls a function until no other unit has overtaken it, a few times.
again_if_overtaken = tenacity.Retrying(
    retry=tenacity.retry_if_exception_type(OvertakenError),
    stop=tenacity.stop_after_attempt(_ATTEMPTS),
    wait=tenacity.wait_random(0.0, 0.1),
    reraise=True,
)

#: Calls a function until the database is there, for half a minute: what notes that something has been done, which would
#: be done once more. A job is its worker's for longer.
again_while_away = tenacity.Retrying(
    retry=tenacity.retry_if_exception_type(UnavailableError),
    stop=tenacity.stop_after_delay(_MOST_SECONDS),
    wait=tenacity.wait_random_exponential(0.1, max=5.0),
    reraise=True,
)
