"""What a page takes from the budget of visitors who are not signed in: see ``services.visitor_budget``."""

from kallithea.core.errors import ThrottledError
from kallithea.core.words import _
from kallithea.web.pages import Cost
from kallithea.web.request import Request


def charge(request: Request, cost: Cost) -> None:
    """Members cost what they cost; of strangers it is taken. Raises ThrottledError."""
    if request.visitor.signed_in:
        return
    seconds = request.application.visitor_budget.charge(request.address, cost)
    if seconds:
        raise ThrottledError(
            _("Your network has asked for much in a short time. Try again a little later, or sign in."), seconds
        )
