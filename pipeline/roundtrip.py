"""Records to plain JSON values and back; what stands in a part of a dataset."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
Reader = Callable[[Any], Any]


def to_json(record: Any) -> Any:
    """A record as plain JSON values; fields that equal their default are left out."""
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        out = {}
        for f in dataclasses.fields(record):
            value = getattr(record, f.name)
            if value != f.default:
                out[f.name] = to_json(value)
        return out
    if isinstance(record, (tuple, list)):
        return [to_json(v) for v in record]
    return record


def from_json(kind: type[T], data: Any) -> T:
    """The record of type `kind` that `to_json` made.

    Raises:
        TypeError: if `data` lacks a field without default or has an unknown one.
    """
    return typing.cast(T, _record_reader(typing.cast(Any, kind))(data))


@functools.cache
def _reader(hint: Any) -> Reader | None:
    """What turns JSON into a value of type `hint`, made once a type; None where JSON has it already."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        inner = _reader(next(a for a in typing.get_args(hint) if a is not type(None)))
        return inner and (lambda data: None if data is None else inner(data))
    if origin is tuple:
        item = _reader(typing.get_args(hint)[0])
        return (lambda data: tuple(map(item, data))) if item else tuple
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _record_reader(hint)
    return None


@functools.cache
def _record_reader(kind: type) -> Reader:
    hints = typing.get_type_hints(kind)
    readers = {name: reader for name, hint in hints.items() if (reader := _reader(hint))}

    def read(data: Any) -> Any:
        if unknown := set(data) - set(hints):
            raise TypeError(f"{kind.__name__} has no field {', '.join(sorted(unknown))}")
        return kind(**{name: readers[name](value) if name in readers else value for name, value in data.items()})

    return read
