"""Templates: canned text with places to fill, of which every version is kept.

A place is a name in braces, “{customer}”. What is not known stays as it is and is told, so that
nobody writes “Hello ,”. Doubled braces are braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from app.domain.errors import BadInput
from app.domain.ids import AgentId, DepartmentId
from app.domain.records import dataclass

PLACES: Mapping[str, str] = {
    "customer": "the customer’s first name",
    "name": "the customer’s whole name",
    "case": "the case, as #2Y7A74",
    "agent": "whoever writes",
    "department": "the department that writes",
    "product": "what the conversation is about",
}
"""What a template may name, and what stands there."""
_PLACE = re.compile(r"\{\{|\}\}|\{([^{}\n]{0,40})\}")


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """One wording. ``number`` counts from 1; ``id`` is the template’s and stays.

    ``department`` None: for all. ``language`` as BCP 47, "" for any. ``owner``: who answers for
    it. ``promotional`` makes the promotion guard look at every reply that uses it.
    """

    id: int
    number: int
    name: str
    text: str
    department: DepartmentId | None = None
    language: str = ""
    owner: AgentId | None = None
    promotional: bool = False
    wrong: bool = False
    """Whoever got this version was told something wrong; set by the one that corrects it."""

    @property
    def use(self) -> TemplateUse:
        return TemplateUse(self.id, self.number)


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """The wording that a reply began with: a template, and the number of its version."""

    template: int
    number: int


@dataclass(frozen=True, slots=True)
class Filled:
    """``missing`` are the places that nothing is known for, in their order, each once."""

    text: str
    missing: tuple[str, ...] = ()


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Put the values into their places."""
    missing: list[str] = []

    def value(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        name = match[1].strip().casefold()
        known = values.get(name, "").strip()
        if known:
            return known
        if name not in missing:
            missing.append(name)
        return match[0]

    return Filled(_PLACE.sub(value, text), tuple(missing))


def unfilled(text: str) -> tuple[tuple[int, int], ...]:
    """Where places of a template still wait for their words, as [start, end) in characters."""
    return tuple(
        match.span()
        for match in _PLACE.finditer(text)
        if match[1] is not None and match[1].strip().casefold() in PLACES
    )


def used_in(text: str, versions: Iterable[TemplateVersion]) -> TemplateVersion | None:
    """The version whose words a reply holds, whatever stands in its places; of several the
    longest. For replies of which nobody knows any more what they began with."""
    said = " ".join(text.split())
    found = [one for one in versions if _words(one.text).search(said)]
    return max(found, key=lambda one: (len(one.text), one.number), default=None)


def _words(text: str) -> re.Pattern[str]:
    """What a filled template looks like, however its lines are broken."""
    parts: list[str] = []
    at = 0
    for match in _PLACE.finditer(text):
        parts.append(_escaped(text[at : match.start()]))
        parts.append(".{0,200}?" if match[1] is not None else re.escape(match[0][0]))
        at = match.end()
    parts.append(_escaped(text[at:]))
    return re.compile("".join(parts).strip() or "(?!)")


def _escaped(words: str) -> str:
    return " ".join(re.escape(word) for word in re.split(r"\s+", words))


def checked(text: str) -> str:
    """The text of a template as it may be kept. Raises BadInput for a place nobody can fill."""
    if not text.strip():
        raise BadInput("The template is empty.", hint="Write what a reply would say.")
    for match in _PLACE.finditer(text):
        name = match[1]
        if name is not None and name.strip().casefold() not in PLACES:
            known = ", ".join(f"{{{place}}}" for place in PLACES)
            raise BadInput(
                f"A template cannot fill “{{{name}}}”.",
                hint=f"It can fill {known}. Double the braces to write braces.",
            )
    return text.strip()


def suited(
    versions: Iterable[TemplateVersion], *, department: DepartmentId, language: str
) -> list[TemplateVersion]:
    """The newest version of each template, what suits best first: of the department and in the
    language, then of the department, then in the language, then the rest; by name within."""
    newest: dict[int, TemplateVersion] = {}
    for version in versions:
        held = newest.get(version.id)
        if held is None or version.number > held.number:
            newest[version.id] = version

    def order(one: TemplateVersion) -> tuple[bool, bool, str, int]:
        return (
            one.department not in (department, None),
            not _same_language(one.language, language),
            one.name.casefold(),
            one.id,
        )

    return sorted(newest.values(), key=order)


def _same_language(one: str, other: str) -> bool:
    """ "de" and "de-AT" are; a template of no language suits every one."""
    first, second = (language.partition("-")[0].casefold() for language in (one, other))
    return not one or first == second
