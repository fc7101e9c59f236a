"""A verified password is remembered for a minute, bounded, and dead as soon as the password has another version."""

from kallithea.services.verified_passwords import VerifiedPasswords


class Seconds:
    """A clock that counts seconds and stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_remembers_who_had_which_password() -> None:
    remembered = VerifiedPasswords()
    remembered.remember(1, 0, "correct horse")
    assert remembered.knows(1, 0, "correct horse")
    assert not remembered.knows(1, 0, "correct horsf")
    assert not remembered.knows(2, 0, "correct horse")


def test_new_version_of_the_password_is_not_known() -> None:
    remembered = VerifiedPasswords()
    remembered.remember(1, 0, "correct horse")
    assert not remembered.knows(1, 1, "correct horse")


def test_forgets_a_minute_after_the_verification() -> None:
    clock = Seconds()
    remembered = VerifiedPasswords(clock=clock)
    remembered.remember(1, 0, "correct horse")
    clock.now += 59.9
    assert remembered.knows(1, 0, "correct horse")
    clock.now += 0.1
    assert not remembered.knows(1, 0, "correct horse")
    assert len(remembered) == 0


def test_least_recently_used_goes_first() -> None:
    remembered = VerifiedPasswords(bound=2)
    remembered.remember(1, 0, "a")
    remembered.remember(2, 0, "b")
    assert remembered.knows(1, 0, "a")
    remembered.remember(3, 0, "c")
    assert [remembered.knows(user_id, 0, text) for user_id, text in ((1, "a"), (2, "b"), (3, "c"))] == [
        True,
        False,
        True,
    ]


def test_keeps_neither_passwords_nor_what_another_process_could_use() -> None:
    one, other = VerifiedPasswords(), VerifiedPasswords()
    one.remember(1, 0, "correct horse")
    other.remember(1, 0, "correct horse")
    assert b"correct horse" not in b"".join(one._ends)
    assert not one._ends.keys() & other._ends.keys()


def test_parts_cannot_be_shifted() -> None:
    remembered = VerifiedPasswords()
    remembered.remember(1, 2, "3:x")
    assert not remembered.knows(1, 23, "x")
    assert not remembered.knows(12, 3, "x")
