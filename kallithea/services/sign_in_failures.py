"""Wrong passwords make the next attempt wait, and keep nobody out of their own account.

Who fails waits, from the address, and the network, that they fail from. An account at which many fail from anywhere is
besieged: a network from which nobody has signed in to it before then has one attempt, and waits long after it. So an
attacker cannot use up the attempts of anybody elsewhere, and needs a new network for each guess. A browser in which
somebody has signed in before is judged by what failed in it: see ``known_browsers``.
"""

import datetime
import functools
import hashlib
import hmac
import ipaddress
from dataclasses import dataclass

from sqlalchemy import Executable, delete, or_, select
from sqlalchemy.orm import Session

from kallithea.core.actor import Actor
from kallithea.core.addresses import network_of
from kallithea.core.errors import ThrottledError
from kallithea.core.names import name_key
from kallithea.core.words import _
from kallithea.model.known_network import KnownNetwork, note_network
from kallithea.model.sign_in_failure import SignInFailure, count_failure
from kallithea.services.audit import Audit
from kallithea.services.known_browsers import find_browser

#: Failures after which counting begins anew once the last of them is so old.
FORGET = datetime.timedelta(hours=1)
#: For how long a network counts as one that an account is used from.
KNOWN = datetime.timedelta(days=180)
#: Failures at an account, from wherever, that make it besieged.
_BESIEGED = 20
#: Attempts to make an account from one network, within an hour.
_REGISTRATIONS = 50
_DIGITS = 32


@dataclass(frozen=True, slots=True)
class _Rule:
    """From ``free`` failures on, each doubles the wait, from ``shortest`` seconds up to ``longest``."""

    free: int
    shortest: int
    longest: int

    def seconds(self, count: int) -> int:
        return 0 if count < self.free else min(self.longest, self.shortest * 2 ** min(count - self.free, 20))


_ADDRESS = _Rule(free=5, shortest=1, longest=300)
_STRANGER = _Rule(free=1, shortest=60, longest=900)
_NETWORK = _Rule(free=30, shortest=1, longest=900)
# One customer of a provider has so many IPv6 networks.
_SITE = _Rule(free=100, shortest=1, longest=900)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an attempt is received: after so many ``seconds``; ``has_failed``: a right password clears something."""

    seconds: int
    has_failed: bool


class SignInFailures:
    """Counts failures. ``key`` hides which names were tried, and what was typed into the wrong field, in the table.

    An attempt that has to wait is not counted, so that a wait always ends. Names that nobody has count like others.
    """

    def __init__(self, session: Session, now: datetime.datetime, key: str, audit: Audit) -> None:
        self._session = session
        self._now = now
        self._key = key.encode()
        self._audit = audit

    def judge(self, name: str, address: str, mark: str = "") -> Standing:
        """Whether the account may be tried from this address now, by a browser with the mark; two statements."""
        seen = self._session.scalar(select(KnownNetwork.seen).where(KnownNetwork.subject == self._known(name, address)))
        own = self._own(name, address, mark)
        is_known = (seen is not None and seen >= self._now - KNOWN) or own != self._pair(name, address)
        subjects = self._subjects(name, address, mark)
        found = self._session.scalars(select(SignInFailure).where(SignInFailure.subject.in_(sorted(subjects)))).all()
        rows = {row.subject: row for row in found if row.last >= self._now - FORGET}
        siege = rows.pop(self._account(name), None)
        is_besieged = siege is not None and siege.count >= _BESIEGED
        rules = subjects | ({own: _STRANGER} if is_besieged else {})
        if is_known:
            # what others in the same network do is nothing to somebody who comes from there every day
            rules = {own: _ADDRESS}
        seconds = max((self._seconds_left(rows[subject], rules[subject]) for subject in rows.keys() & rules), default=0)
        return Standing(seconds, any(row.subject == own for row in found))

    def add(self, name: str, address: str, mark: str = "") -> int:
        """Count a wrong password; the answer is how many there were lately, at the account from there."""
        # always in the same order, so that two processes never wait for each other
        for subject in sorted(self._subjects(name, address, mark)):
            self._session.execute(self._count(subject))
        own = SignInFailure.subject == self._own(name, address, mark)
        return self._session.scalar(select(SignInFailure.count).where(own)) or 0

    def take_registration(self, address: str) -> None:
        """Count somebody who wants an account, which tells whether a name is taken, for their network.

        Raises ThrottledError where many have wanted one lately; the unit, rolled back by that, counts nothing.
        """
        subject = f"registration:{self._digest(network(address))}"
        self._session.execute(self._count(subject))
        count = self._session.scalar(select(SignInFailure.count).where(SignInFailure.subject == subject)) or 0
        if count > _REGISTRATIONS:
            raise ThrottledError(_("Your network has asked for many mails. Try again in an hour."), 3600)

    def clear(self, name: str, address: str, mark: str = "") -> None:
        """Forget the failures at the account from this address, or in this browser: its password was right.

        What failed elsewhere still counts: an attacker must not profit from the user's work.
        """
        self._session.execute(delete(SignInFailure).where(SignInFailure.subject == self._own(name, address, mark)))

    def know(self, name: str, address: str) -> None:
        """Remember that the owner of the account has signed in from this network."""
        dialect = self._session.get_bind().dialect.name
        self._session.execute(note_network(dialect, self._known(name, address), self._now))

    def forget(self, name: str) -> int:
        """Forget all failures at the account, from wherever; the answer is how many addresses and browsers had any."""
        begins = [f"{kind}:{self._digest(name_key(name))}:" for kind in ("pair", "browser")]
        own = or_(*(SignInFailure.subject.startswith(begin, autoescape=True) for begin in begins))
        found = self._session.scalars(select(SignInFailure.subject).where(own)).all()
        subjects = [*found, self._account(name)]
        self._session.execute(delete(SignInFailure).where(SignInFailure.subject.in_(subjects)))
        return len(found)

    def forgive(self, actor: Actor, name: str) -> int:
        """The same, as somebody asks for it."""
        count = self.forget(name)
        self._audit.add(actor, "user.forgive", f"user:{name}", before={"addresses": count})
        return count

    def _count(self, subject: str) -> Executable:
        return count_failure(self._session.get_bind().dialect.name, subject, self._now, self._now - FORGET)

    def _seconds_left(self, row: SignInFailure, rule: _Rule) -> int:
        end = row.last + datetime.timedelta(seconds=rule.seconds(row.count))
        return max(0, -(-(end - self._now) // datetime.timedelta(seconds=1)))

    def _subjects(self, name: str, address: str, mark: str) -> dict[str, _Rule]:
        """What a failure is counted for, with the rule of each; the account itself has none."""
        found = {self._own(name, address, mark): _ADDRESS, self._account(name): _Rule(1, 0, 0)}
        found[f"network:{self._digest(network(address))}"] = _NETWORK
        wide = _site(address)
        return found | ({f"site:{self._digest(wide)}": _SITE} if wide else {})

    def _own(self, name: str, address: str, mark: str) -> str:
        """The browser, where it is a known one of the account; else the account with the address."""
        browser = find_browser(self._key.decode(), name, mark, self._now)
        if browser is None:
            return self._pair(name, address)
        return f"browser:{self._digest(name_key(name))}:{self._digest(browser)}"

    def _account(self, name: str) -> str:
        return f"account:{self._digest(name_key(name))}"

    def _pair(self, name: str, address: str) -> str:
        return f"pair:{self._digest(name_key(name))}:{self._digest(network_of(address))}"

    def _known(self, name: str, address: str) -> str:
        return f"{self._digest(name_key(name))}:{self._digest(network(address))}"

    def _digest(self, text: str) -> str:
        message = text.encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()[:_DIGITS]


# every poll with a token asks it
@functools.lru_cache(maxsize=1024)
def network(address: str) -> str:
    """The network that an address is counted with: an IPv4 /24, an IPv6 /64; other texts stand for themselves."""
    parsed = _parse(address)
    if parsed is None:
        return address
    return str(ipaddress.ip_network(f"{parsed}/{24 if parsed.version == 4 else 64}", strict=False))


def wide_network(address: str) -> str:
    """The network, or of an IPv6 address the /48 that one customer of a provider may have."""
    return _site(address) or network(address)


def _site(address: str) -> str:
    """The /48 that an IPv6 address lies in, empty for all others."""
    parsed = _parse(address)
    return str(ipaddress.ip_network((parsed, 48), strict=False)) if isinstance(parsed, ipaddress.IPv6Address) else ""


def _parse(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
