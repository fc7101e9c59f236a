"""Names looked up in trees."""

import pathlib
from contextlib import closing

import pytest
from dulwich.object_store import DiskObjectStore
from dulwich.objects import ShaFile, Tree
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kallithea.vcs.git.batch import ObjectBatch
from kallithea.vcs.git.objects import ObjectStore, TreeItem
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.recent import RecentObjects
from tests.factories.repositories import GitBuilder

# Few bytes, among them those that separate the parts of an item, so that one is often found inside another.
_NAMES = st.binary(min_size=1, max_size=4).map(lambda data: bytes(b"a 0417"[byte % 6] for byte in data))
_MODES = st.sampled_from([b"100644", b"40000", b"160000", b"040000", b"7"])
_IDS = st.lists(st.sampled_from(b" a0417\0"), min_size=20, max_size=20).map(bytes)
_ITEMS = st.lists(st.tuples(_MODES, _NAMES, _IDS), max_size=6)


@pytest.fixture
def builder(tmp_path: pathlib.Path) -> GitBuilder:
    return GitBuilder(tmp_path / "repository")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(items=_ITEMS, name=_NAMES)
@example(items=[(b"7", b"abc a", b"0" * 20), (b"100644", b"a", b"1" * 20)], name=b"a")
@example(items=[(b"100644", b"0", b"1" * 14 + b"100644"), (b"40000", b"a", b"1" * 20)], name=b"a")
def test_the_first_item_of_a_name_is_found(
    builder: GitBuilder, items: list[tuple[bytes, bytes, bytes]], name: bytes
) -> None:
    tree = ShaFile.from_raw_string(Tree.type_num, b"".join(b"%s %s\0%s" % item for item in items))
    with closing(DiskObjectStore(str(builder.path / "objects"))) as store:
        store.add_object(tree)
    first = next((item for item in items if item[1] == name), None)
    expected = TreeItem(name, int(first[0], 8), first[2].hex()) if first is not None else None
    batch = ObjectBatch(VcsOptions(), builder.path)
    with closing(ObjectStore(builder.path, batch, RecentObjects())) as objects:
        assert objects.find_item(tree.id.decode(), name) == expected
