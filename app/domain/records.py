"""``dataclass`` of the standard library, whose functions are made when they are first needed.

The standard library compiles half a dozen functions for every dataclass as soon as its module is
imported, a millisecond each: half of what importing the console took, most of it for records that
are made much later and never compared or printed. Here a class has its slots at once and gets the
rest, from the standard library itself, at its first use; it is then what it would have been.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from threading import RLock
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

_KNOWN = {"frozen", "slots", "eq", "repr"}
_OF_FROZEN = ("__setattr__", "__delattr__", "__getstate__", "__setstate__")
_TOLD = ("__dataclass_fields__", "__dataclass_params__")
_making = RLock()

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, **options):
        """As ``dataclasses.dataclass``. What has no slots, a base or further options is made at
        once, as ever."""
        if cls is None:
            return lambda described: dataclass(described, **options)
        later = options.get("slots") and options.keys() <= _KNOWN and cls.__bases__ == (object,)
        return _Later(cls, options).front if later else dataclasses.dataclass(cls, **options)


class _Later:
    """``front`` is the class everybody knows; it is finished when one of its functions is called or
    its fields are asked for."""

    def __init__(self, described: type, options: dict[str, Any]) -> None:
        self._described: type | None = described
        self._options = options
        own = vars(described)
        fields = tuple(
            name
            for name, kind in own.get("__annotations__", {}).items()
            if not str(kind).startswith("ClassVar")
        )
        # A default would stand where the slot is to be.
        left_out = {"__dict__", "__weakref__", *fields}
        body = {name: value for name, value in own.items() if name not in left_out}
        body.update(__slots__=fields, __match_args__=fields)
        for name in self._to_make():
            body.setdefault(name, self._function(name))
        if options.get("eq", True) and not options.get("frozen"):
            body.setdefault("__hash__", None)
        for name in _TOLD:
            body[name] = _PutOff(self, name)
        self.front: type = type(described)(described.__name__, (object,), body)
        self.front.__qualname__ = described.__qualname__

    def _to_make(self) -> list[str]:
        names = ["__init__"]
        names += ["__repr__"] if self._options.get("repr", True) else []
        names += ["__eq__"] if self._options.get("eq", True) else []
        if self._options.get("frozen"):
            names += _OF_FROZEN
            names += ["__hash__"] if self._options.get("eq", True) else []
        return names

    def _function(self, name: str) -> Callable[..., Any]:
        def put_off(*given: Any, **named: Any) -> Any:
            self.finish()
            return getattr(self.front, name)(*given, **named)

        return put_off

    def finish(self) -> None:
        with _making:  # whichever thread is first
            if self._described is None:
                return
            # Without words of its own a class would be given its signature, which is slow to tell.
            self._described.__doc__ = self._described.__doc__ or self._described.__name__
            made = vars(dataclasses.dataclass(**self._options)(self._described))
            for name in (*self._to_make(), *_TOLD):
                setattr(self.front, name, made[name])
            self._described = None


class _PutOff:
    """An attribute of a class that is told only once the class is finished."""

    def __init__(self, later: _Later, name: str) -> None:
        self._later = later
        self._name = name

    def __get__(self, _instance: object, _owner: type) -> Any:
        self._later.finish()
        return getattr(self._later.front, self._name)
