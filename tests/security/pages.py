"""Every page of a repository, by address: those that can be reached by links, and the raw ones."""

from webtest import TestResponse as Answer

from tests.web.site import Browser, get, links


def visit(browser: Browser, commit_id: str, *paths: str, most: int = 80) -> dict[str, Answer]:
    """All answers about the repository ``r``: what its pages link to, and each path in each way to see it."""
    waiting = ["/r", f"/r/changeset/{commit_id}", f"/r/changeset-diff/{commit_id}", f"/r/changeset-patch/{commit_id}"]
    waiting += [f"/r/{verb}/{commit_id}/{path}" for verb in ("files", "annotate", "raw", "rawfile") for path in paths]
    waiting += [
        f"/r/{verb}/{commit_id}"
        for verb in ("files", "files-changes", "files-with-changes", "files-tree", "files-find", "files-names")
    ]
    waiting += [f"/r/changelog/{commit_id}/{path}" for path in paths]
    waiting += [f"/r/files/{commit_id}/{path}?view=source" for path in paths]
    waiting += [f"/r/archive/{commit_id}.{ending}" for ending in ("zip", "tar.gz")]
    waiting += ["/r/compare", f"/r/compare/{commit_id}..", f"/r/compare/...{commit_id}"]
    found: dict[str, Answer] = {}
    while waiting and len(found) < most:
        address = waiting.pop(0)
        if address not in found and address.startswith("/r"):
            found[address] = get(browser, address)
            if found[address].content_type == "text/html":
                waiting += links(found[address])
    return found
