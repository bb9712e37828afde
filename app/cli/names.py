"""Finding what a person named: a case, a customer, one identity of a customer."""

from __future__ import annotations

from app.cli.session import Session, wait
from app.domain.errors import BadInput
from app.domain.ids import CaseId, CustomerId
from app.domain.views import IdentityView


def find_case(session: Session) -> CaseId:
    """The case that the argument ``case`` names."""
    return wait(session.services.cases.resolve(session.args.case))


def find_customer(session: Session, text: str) -> CustomerId:
    return wait(session.services.customers.resolve(text))


def find_identity(session: Session, text: str) -> IdentityView:
    """One identity: by its id, its handle or its native id; or the only one of a customer."""
    customer = find_customer(session, text)
    identities = wait(session.services.customers.card(customer)).identities
    wanted = text.strip().lstrip("@").casefold()
    for identity in identities:
        names = (str(identity.identity), identity.handle, identity.native_id)
        if wanted in (name.lstrip("@").casefold() for name in names):
            return identity
    if len(identities) == 1:
        return identities[0]
    handles = ", ".join(identity.handle for identity in identities)
    raise BadInput(f"“{text}” has several identities.", hint=f"Name one of them: {handles}.")
