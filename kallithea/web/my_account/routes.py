"""What people choose for themselves."""

from typing import Any

from kallithea.web.context import SiteContext
from kallithea.web.my_account import language


def includeme(config: Any) -> None:
    """Register the pages."""
    name, template = "_admin/my_account/language", "my_account/language.mako"
    config.add_page(language.show_language, SiteContext, name, template=template, members=True)
    config.add_page(language.choose_language, SiteContext, name, method="POST", template=template, members=True)
