"""The departments of a workspace: what they are called, take and sound like."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future

from app.domain.departments import Department
from app.domain.ids import DepartmentId
from app.domain.setup import Setup
from app.services.directory import Directory
from app.services.futures import aside
from app.services.settings_checks import check_part, refuse_homeless
from app.services.settings_text import slug
from app.store.database import Workspace


class Departments:
    def __init__(self, workspace: Workspace, directory: Directory) -> None:
        self._workspace = workspace
        self._directory = directory

    def save(self, departments: Iterable[Department]) -> Future[Setup]:
        """From now on exactly these, in this order. Raises BadInput, at once or later, where one
        has no name, or where one that is gone still holds something."""
        wanted = tuple(departments)
        check_part("departments", wanted)
        setup = self._directory.setup()
        looked = self._workspace.read(
            lambda conn: refuse_homeless(conn, setup, {"departments": wanted})
        )

        def settle() -> Setup:
            looked.result()
            return self._directory.settle(departments=wanted).result()

        return aside(settle, "seamline-departments")

    def new_id(self, name: str) -> DepartmentId:
        """An id for a department of this name, which none has."""
        taken = {department.id for department in self._directory.departments()}
        wanted = base = slug(name) or "department"
        number = 2
        while wanted in taken:
            wanted, number = f"{base}-{number}", number + 1
        return DepartmentId(wanted)
