"""``scripts/pictures``: the pictures of the documentation, taken of a site with the demo repositories."""

import tempfile
from pathlib import Path

from tests.doors.servers import kallithea_serve, serving
from tests.doors.sites import PASSWORD, make_site
from tests.flows.browser import Theme, visiting

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
_FILE = "tidewatch/tides.py"
PICTURES: tuple[tuple[str, str, Theme], ...] = (
    ("dashboard", "/", "light"),
    ("groups", "/_groups", "light"),
    ("summary", "/demo/git", "light"),
    ("summary-dark", "/demo/hg", "dark"),
    ("file", f"/demo/git/files/tip/{_FILE}", "light"),
    ("annotate", f"/demo/git/annotate/tip/{_FILE}", "light"),
    ("edit", f"/demo/git/edit/tip/{_FILE}", "dark"),
    ("changelog", "/demo/hg/changelog", "light"),
    ("changeset", "/demo/git/changeset/tip", "light"),
    ("compare", "/demo/git/compare/v0.1...v1.0", "dark"),
    ("settings", "/demo/git/settings", "light"),
    ("import", "/_admin/import_repository", "light"),
)


def main() -> None:
    """Take them all."""
    with tempfile.TemporaryDirectory(prefix="kallithea-pictures-") as name:
        site = make_site(Path(name))
        for kind in ("git", "hg"):
            site.kallithea("repository", "delete", kind, "--yes")
        site.kallithea("demo-create", "--owner", "ada")
        with serving(site, kallithea_serve):
            for picture, path, theme in PICTURES:
                with visiting(site.url(""), theme=theme, width=1280, height=800) as visitor:
                    visitor.sign_in("ada", PASSWORD)
                    visitor.open(path)
                    visitor.screenshot(IMAGES / f"{picture}.png")
                    print(IMAGES / f"{picture}.png")


if __name__ == "__main__":
    main()
