"""Passwords: what may be one, how they are hashed, and hashes that older systems made."""

import hashlib
import re
import threading
import unicodedata

import bcrypt
import pytest

from kallithea.auth import passwords
from kallithea.auth.passwords import find_password_problem, hash_password, is_outdated, verify_password


def test_right_and_wrong_password() -> None:
    found = hash_password("correct horse")
    assert found.startswith("$argon2id$")
    assert verify_password("correct horse", found)
    assert not verify_password("correct horsf", found)


def test_each_hash_has_its_own_salt() -> None:
    assert hash_password("correct horse") != hash_password("correct horse")


def test_letters_are_the_same_however_they_are_composed() -> None:
    found = hash_password(unicodedata.normalize("NFD", "schöner Garten"))
    assert verify_password(unicodedata.normalize("NFC", "schöner Garten"), found)


def test_colon_and_blanks_belong_to_a_password() -> None:
    found = hash_password(" a:b:c d ")
    assert verify_password(" a:b:c d ", found)
    assert not verify_password("a:b:c d", found)


@pytest.mark.parametrize("text", ["x" * 1025, "é" * 513, "nul\0inside", "lone \ud800 surrogate"], ids=ascii)
def test_what_can_be_no_password_is_refused_before_hashing(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = hash_password("correct horse")
    monkeypatch.setattr(passwords, "_SLOTS", None)  # hashing would need it
    assert find_password_problem(text) == "use at most 1\u202f024 bytes of text, without NUL characters"
    assert not verify_password(text, found)
    assert not verify_password(text, None)
    with pytest.raises(ValueError, match="too many bytes"):
        hash_password(text)


def test_long_password_counts_to_its_end() -> None:
    found = hash_password("x" * 1024)
    assert verify_password("x" * 1024, found)
    assert not verify_password("x" * 1023 + "y", found)


def test_short_password_is_a_problem() -> None:
    assert find_password_problem("1234567") == "use at least 8 characters"
    assert find_password_problem("12345678") is None


@pytest.mark.parametrize("password", ["correct horse", "grüße", "x" * 80])
def test_bcrypt_of_older_systems_cuts_after_72_bytes(password: str) -> None:
    found = bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4)).decode()
    assert verify_password(password, found)
    assert verify_password(password + "y", found) == (len(password) > 72)
    assert not verify_password("wrong", found)
    assert is_outdated(found)


@pytest.mark.parametrize("prefix", ["$2a$", "$2b$", "$2y$"])
def test_all_spellings_of_bcrypt(prefix: str) -> None:
    found = bcrypt.hashpw(b"correct horse", bcrypt.gensalt(4)).decode()
    assert verify_password("correct horse", prefix + found[4:])


def test_sha256_of_even_older_systems() -> None:
    found = hashlib.sha256(b"correct horse").hexdigest()
    assert verify_password("correct horse", found)
    assert not verify_password("wrong", found)
    assert is_outdated(found)


@pytest.mark.parametrize("stored", ["", "*", "plain text", "$2b$99$" + "x" * 53, "$argon2id$v=19$broken"])
def test_stored_text_that_is_no_hash_fits_no_password(stored: str) -> None:
    assert not verify_password(stored, stored)
    assert not verify_password("", stored)


def test_new_hash_is_not_outdated() -> None:
    assert not is_outdated(hash_password("correct horse"))


def test_nobodys_hash_costs_as_much_as_anybodys() -> None:
    costs = re.compile(r"\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$")
    nobody, somebody = costs.match(passwords._NOBODY), costs.match(hash_password("correct horse"))
    assert nobody is not None
    assert somebody is not None
    assert nobody[0] == somebody[0]


def test_name_that_nobody_has_hashes_as_often(monkeypatch: pytest.MonkeyPatch) -> None:
    found = hash_password("correct horse")
    hashed: list[str] = []
    verify = passwords._HASHER.verify

    def count(password: str | bytes, hash_: str | bytes) -> bool:
        hashed.append(str(hash_))
        return verify(password, hash_)

    monkeypatch.setattr(passwords._HASHER, "verify", count)
    assert not verify_password("wrong", None)
    assert not verify_password("wrong", found)
    assert not verify_password("wrong", hashlib.sha256(b"x").hexdigest())
    assert not verify_password("wrong", bcrypt.hashpw(b"x", bcrypt.gensalt(4)).decode())
    assert len(hashed) == 4


def test_two_hash_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock, begun = 0, 0, threading.Lock(), threading.Barrier(2, timeout=30)

    def hash_(password: str | bytes) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        # only two can ever meet here, and always two do
        begun.wait()
        with lock:
            running -= 1
        return "hash"

    monkeypatch.setattr(passwords._HASHER, "hash", hash_)
    threads = [threading.Thread(target=hash_password, args=("correct horse",)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most == 2
