"""Templates: saving and correcting them, filling one in, and who was told something wrong."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from itertools import groupby

from app.domain import templates as wordings
from app.domain.errors import BadInput, NotFound
from app.domain.events import EventType
from app.domain.ids import AgentId, CaseId, DepartmentId, case_ref, hash63, uuid7
from app.domain.names import first_name
from app.domain.records import dataclass
from app.domain.replies import Written
from app.domain.templates import Filled, TemplateVersion
from app.domain.views import CaseView
from app.services.directory import Directory
from app.store import customers, drafts, ledger
from app.store import templates as kept
from app.store.database import Connection, Tx, Workspace
from app.store.templates import SavedVersion, Told

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Template:
    """``versions`` oldest first; ``told``: how many customers were sent a version that turned out
    wrong, and have not been sent a later one since."""

    versions: tuple[SavedVersion, ...]
    told: int = 0

    @property
    def now(self) -> TemplateVersion:
        return self.versions[-1].version

    @property
    def retired(self) -> bool:
        return self.versions[-1].retired


@dataclass(frozen=True, slots=True)
class Wording:
    """A version as it is to be saved; see ``TemplateVersion``."""

    name: str
    text: str
    department: DepartmentId | None = None
    language: str = ""
    owner: AgentId | None = None
    promotional: bool = False


class Templates:
    def __init__(self, workspace: Workspace, directory: Directory) -> None:
        self._workspace = workspace
        self._directory = directory

    def all(self) -> Future[tuple[Template, ...]]:
        """Every template with its versions, by name; the retired ones last."""
        return self._workspace.read(_all)

    def find(self, typed: str) -> Future[Template]:
        """A template by its number or name. Raises NotFound, or BadInput where several match."""

        def look(conn: Connection) -> Template:
            wanted = typed.strip().casefold()
            found = [
                one
                for one in _all(conn)
                if not one.retired and wanted in (str(one.now.id), one.now.name.casefold())
            ]
            if len(found) == 1:
                return found[0]
            if found:
                numbers = ", ".join(str(one.now.id) for one in found)
                raise BadInput(f"Several templates are called “{typed}”.", hint=f"Use {numbers}.")
            raise NotFound(f"There is no template “{typed}”.", hint="See template list.")

        return self._workspace.read(look)

    def save(
        self, wording: Wording, *, template: int | None = None, corrects: int | None = None
    ) -> Future[TemplateVersion]:
        """Keep a new template, or a new version of one.

        ``corrects``: the number of an earlier version that told something wrong. Raises BadInput
        for an empty name or text and for a place that nobody can fill.
        """
        name, text = " ".join(wording.name.split())[:_LONGEST_NAME], wordings.checked(wording.text)
        if not name:
            raise BadInput("The template has no name.", hint="Name what it answers.")
        me = self._directory.me().id
        subject = hash63("template", uuid7()) if template is None else template

        def op(tx: Tx) -> TemplateVersion:
            earlier = [one.version.number for one in kept.versions(tx.conn, subject)]
            if template is not None and not earlier:
                raise NotFound("There is no such template.", hint="See the list of templates.")
            if corrects is not None and corrects not in earlier:
                raise BadInput(f"There is no version {corrects} of “{name}” to correct.")
            worded = TemplateVersion(
                id=subject,
                number=0,
                name=name,
                text=text,
                department=wording.department,
                language=wording.language.strip(),
                owner=wording.owner or me,
                promotional=wording.promotional,
            )
            return kept.keep_version(tx, me, worded, corrects=corrects)

        return self._workspace.write(op)

    def retire(self, template: int) -> Future[None]:
        """Offer it no more. Its versions stay, for the replies that used them."""
        me = self._directory.me().id

        def op(tx: Tx) -> None:
            if not kept.versions(tx.conn, template):
                raise NotFound("There is no such template.", hint="See the list of templates.")
            ledger.decide(tx, me, EventType.TEMPLATE_RETIRED, template)

        return self._workspace.write(op)

    def told_wrong(self, template: int) -> Future[tuple[Told, ...]]:
        """The customers who were told something wrong by it and not yet something right."""
        return self._workspace.read(
            lambda conn: _told_wrong(conn, [one.version for one in kept.versions(conn, template)])
        )

    def draft_correction(self, template: int, case: CaseId) -> Future[Filled]:
        """Put the wording that holds now into the draft of a case; nothing is sent.

        It stands behind what is written there already. Returns it as it was filled.
        """

        def op(tx: Tx) -> Filled:
            view = customers.case_view(tx.conn, case)
            saved = kept.versions(tx.conn, template)
            if view is None or not saved:
                raise NotFound("This case or this template is not in this workspace.")
            filled = wordings.fill(saved[-1].version.text, self.values(tx.conn, view))
            written = Written(text=filled.text)
            drafts.put(tx, case, written.after(drafts.draft(tx.conn, case)))
            return filled

        return self._workspace.write(op)

    def values(self, conn: Connection, view: CaseView) -> dict[str, str]:
        """What stands in the places of a template in a reply on this case, see ``PLACES``."""
        me = self._directory.me()
        person = next(iter(customers.identities(conn, view.customer)), None)
        name = person.name if person is not None else ""
        return {
            "customer": first_name(name) if name else "",
            "name": name,
            "case": f"#{case_ref(view.case)}",
            "agent": me.name.split()[0],
            "department": self._directory.department(view.state.department).name,
            "product": view.state.title,
        }


def _all(conn: Connection) -> tuple[Template, ...]:
    grouped = groupby(kept.versions(conn), key=lambda one: one.version.id)
    found = [Template(tuple(saved)) for _, saved in grouped]
    found = [
        Template(one.versions, len(_told_wrong(conn, [v.version for v in one.versions])))
        for one in found
    ]
    return tuple(sorted(found, key=lambda one: (one.retired, one.now.name.casefold(), one.now.id)))


def _told_wrong(conn: Connection, versions: Iterable[TemplateVersion]) -> tuple[Told, ...]:
    listed = list(versions)
    wrong = [one for one in listed if one.wrong]
    if not wrong:
        return ()
    template, last = wrong[0].id, max(one.number for one in wrong)
    later = [one.number for one in listed if one.number > last]
    right = {one.customer for one in kept.told(conn, template, later)}
    told = kept.told(conn, template, [one.number for one in wrong])
    return tuple(one for one in told if one.customer not in right)
