"""Wrong passwords make the next attempt wait, for the account and for the network that they came from."""

import datetime
import hashlib
import hmac
import ipaddress
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kallithea.core.names import name_key
from kallithea.model.sign_in_failure import SignInFailure, count_failure

#: Failures after which counting begins anew once the last of them is so old.
FORGET = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Rule:
    """From ``free`` failures on, each doubles the wait, from one second up to ``longest`` seconds."""

    free: int
    longest: int

    def seconds(self, count: int) -> int:
        return 0 if count < self.free else min(self.longest, 2 ** min(count - self.free, 20))


# A network waits longer than an account: a single attacker cannot take every moment in which an account is open.
_ACCOUNT = _Rule(free=5, longest=300)
_NETWORK = _Rule(free=30, longest=900)


class SignInFailures:
    """Counts failures. ``key`` hides which names were tried, and what was typed into the wrong field, in the table.

    An attempt that has to wait is not counted, so that a wait always ends.
    """

    def __init__(self, session: Session, now: datetime.datetime, key: str) -> None:
        self._session = session
        self._now = now
        self._key = key.encode()

    def wait(self, name: str, address: str) -> int:
        """Seconds until the account may be tried again from this address; 0 means now."""
        rules = {self._account(name): _ACCOUNT, self._network(address): _NETWORK}
        rows = self._session.scalars(select(SignInFailure).where(SignInFailure.subject.in_(sorted(rules)))).all()
        return max((self._seconds_left(row, rules[row.subject]) for row in rows), default=0)

    def add(self, name: str, address: str) -> None:
        """Count a wrong password."""
        # always in the same order, so that two processes never wait for each other
        for subject in sorted((self._account(name), self._network(address))):
            statement = count_failure(self._session.get_bind().dialect.name, subject, self._now, self._now - FORGET)
            self._session.execute(statement)

    def has(self, name: str) -> bool:
        """Whether failures of the account are counted, so that a right password must clear them."""
        return self._session.get(SignInFailure, self._account(name)) is not None

    def clear(self, name: str) -> None:
        """Forget the failures of the account: its password was right."""
        self._session.execute(delete(SignInFailure).where(SignInFailure.subject == self._account(name)))

    def _seconds_left(self, row: SignInFailure, rule: _Rule) -> int:
        if row.last < self._now - FORGET:
            return 0
        end = row.last + datetime.timedelta(seconds=rule.seconds(row.count))
        return max(0, -(-(end - self._now) // datetime.timedelta(seconds=1)))

    def _account(self, name: str) -> str:
        return self._subject("account", name_key(name))

    def _network(self, address: str) -> str:
        return self._subject("network", network(address))

    def _subject(self, kind: str, text: str) -> str:
        digest = hmac.new(self._key, f"{kind}:{text}".encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"{kind}:{digest.hexdigest()}"


def network(address: str) -> str:
    """The network that an address is counted with: an IPv4 /24, an IPv6 /64; other texts stand for themselves."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network(f"{parsed}/{24 if parsed.version == 4 else 64}", strict=False))
