"""PySide6 without what it needs for its error messages alone, until there is one.

A third of the time that importing PySide6 takes goes into compiling what describes the signatures
of its functions, which it keeps as source in a zip file inside its library: the parser, the layout,
even the generator of stub files. They are asked for by ``help``, by ``inspect`` and by the
TypeError of a wrong call. Here their modules are there from the beginning, and read at the first
question.
A PySide6 that loads them in another way loads them as it always did.

Source: sources/shiboken6/libshiboken/embed/signature_bootstrap.py and
shibokensupport/signature/loader.py of PySide6 6.11.
"""

from __future__ import annotations

import importlib.machinery
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_PACKAGE = "shibokensupport.signature."
_UNREAD = frozenset(
    _PACKAGE + name
    for name in (
        "errorhandler",
        "layout",
        "lib.enum_sig",
        "lib.pyi_generator",
        "lib.tool",
        "mapping",
        "parser",
    )
)


_ASKED_UNHEARD = (_PACKAGE + "mapping", "update_mapping")
"""What PySide6 takes out of the dictionary of a module, without asking the module."""
_KEPT: list[Callable[[], Any]] = []
"""PySide6 remembers what it took, and does not hold it."""


@contextmanager
def signatures_unread() -> Iterator[None]:
    """While this lasts PySide6 is imported so; it takes its specifications from where this puts
    its own."""
    usual = importlib.machinery.ModuleSpec
    setattr(importlib.machinery, "ModuleSpec", _Spec)  # noqa: B010 - no type is assigned to
    try:
        yield
    finally:
        setattr(importlib.machinery, "ModuleSpec", usual)  # noqa: B010


class _Spec(ModuleSpec):
    def __init__(self, name: str, loader: Any, **more: Any) -> None:
        super().__init__(name, _Later(loader) if name in _UNREAD else loader, **more)


class _Later(Loader):
    """Hands out a module that is not read yet."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Unread(spec.name, self._loader)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing yet."""


class _Unread(ModuleType):
    """Reads itself when asked for anything a bare module lacks."""

    def __init__(self, name: str, loader: Any) -> None:
        super().__init__(name)
        self.__dict__["_read"] = (name, loader)
        if name == _ASKED_UNHEARD[0]:
            self.__dict__[_ASKED_UNHEARD[1]] = _reading_first(self, _ASKED_UNHEARD[1])

    def __getattr__(self, asked: str) -> Any:
        if asked.startswith("__"):  # who looks through all modules does not mean this one
            raise AttributeError(asked)
        _read(self)
        return getattr(self, asked)


def _read(module: _Unread) -> None:
    name, loader = module.__dict__.pop("_read")
    module.__class__ = ModuleType  # type: ignore[assignment]  # from now on it is like any
    module.__spec__ = ModuleSpec(name, loader)  # PySide6 has changed the name of the other
    loader.exec_module(module)


def _reading_first(module: _Unread, name: str) -> Callable[[], Any]:
    """A function of that name which reads the module before it does what it is for."""

    def function() -> Any:
        if isinstance(module, _Unread):
            _read(module)
        return getattr(module, name)()

    _KEPT.append(function)
    return function
