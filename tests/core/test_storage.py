"""What systems and programs say where nothing can be stored, in their own words."""

import errno

import pytest

from kallithea.core.storage import StorageFault, find_storage_fault, find_told_fault


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (errno.ENOSPC, StorageFault.FULL),
        (errno.EDQUOT, StorageFault.FULL),
        (errno.EROFS, StorageFault.READ_ONLY),
        (errno.EACCES, StorageFault.READ_ONLY),
        (errno.EIO, None),
        (errno.ENOENT, None),
    ],
)
def test_refusals_of_the_system(number: int, fault: StorageFault | None) -> None:
    assert find_storage_fault(OSError(number, "")) is fault


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (b"error: unable to write file: No space left on device\n", StorageFault.FULL),
        (b"fatal: sha1 file 'tmp_pack' write error. Out of diskspace\n", StorageFault.FULL),
        (b"fatal: Unable to create '/r/packed-refs.lock': Read-only file system\n", StorageFault.READ_ONLY),
        (b"fatal: Unable to create '/r/packed-refs.lock': Permission denied\n", StorageFault.READ_ONLY),
        (b"error: insufficient permission for adding an object to repository database\n", StorageFault.READ_ONLY),
        (b"fatal: could not open '/r/HEAD' for reading: Permission denied\n", None),
        (b"git@example.com: Permission denied (publickey).\n", None),
    ],
)
def test_words_of_git(said: bytes, fault: StorageFault | None) -> None:
    assert find_told_fault(said) is fault
