"""Settings that administrators change while the site runs."""

import datetime
from typing import Any

from sqlalchemy import Select, String, literal, select
from sqlalchemy.orm import Mapped, mapped_column

from kallithea.core.site_documents import LOOKS
from kallithea.model.meta import Long, Table

#: Name of the setting that lets the grants to visitors count when its value is TRUE.
VISITORS = "visitors"
TRUE = "true"
#: Name of the setting that lists the networks from which people may come; see ``core.allow_lists``.
NETWORKS = "networks"
FALSE = "false"


class Setting(Table):
    """One setting as text; ``services.settings`` gives it a type."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[Long]
    changed: Mapped[datetime.datetime]


def locked_setting(name: str) -> Select[Setting]:
    """The setting with this name as it is now, if it was ever set; nobody else changes it until the commit."""
    found = select(Setting).where(Setting.name == name).with_for_update()
    return found.execution_options(populate_existing=True)


#: One row with the number 0 while the site admits visitors, else none.
VISITORS_ADMITTED: Select[int] = select(literal(0)).where(Setting.name == VISITORS, Setting.value == TRUE)

#: One row: the networks from which people may come, or none where nobody has set them.
SITE_NETWORKS: Select[str] = select(Setting.value).where(Setting.name == NETWORKS)

#: One row: what pages are made with, as ``core.site_documents`` has it, or none where nobody has set it.
SITE_LOOKS: Select[str] = select(Setting.value).where(Setting.name == LOOKS)

#: One row of what concerns everybody who comes: ``visitors``, and ``site_networks`` and ``looks`` or None.
DOOR: Select[*tuple[Any, ...]] = select(
    VISITORS_ADMITTED.exists().label("visitors"),
    SITE_NETWORKS.scalar_subquery().label("site_networks"),
    SITE_LOOKS.scalar_subquery().label("looks"),
)
