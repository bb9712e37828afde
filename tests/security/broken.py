"""Broken answers and files: JSON that lies about itself, pictures that are none."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Body:
    """``body`` is what a server sends, or what stands in a file."""

    family: str
    name: str
    body: bytes

    def __str__(self) -> str:
        return f"{self.family}: {self.name}"


def _nested(opening: bytes, closing: bytes, times: int) -> bytes:
    return opening * times + closing * times


_JSON = {
    "nothing": b"",
    "only space": b" \n\t ",
    "null": b"null",
    "a text": b'"hello"',
    "a number": b"42",
    "an empty list": b"[]",
    "an empty object": b"{}",
    "cut in a text": b'{"id": "1',
    "cut in a number": b'{"id": 1.',
    "cut after a comma": b'{"id": "1",',
    "cut in an escape": b'{"id": "\\u12',
    "cut in a character": b'{"id": "\xe2\x82',
    "broken UTF-8": b'{"id": "\xff\xfe"}',
    "overlong UTF-8": b'{"id": "\xc0\xaf\xe0\x80\xaf"}',
    "surrogates in UTF-8": b'{"id": "\xed\xa0\x80"}',
    "beyond Unicode": b'{"id": "\xf4\x90\x80\x80"}',
    "half a surrogate": b'{"id": "\\ud800"}',
    "the other half": b'{"id": "\\udc00"}',
    "surrogates the wrong way": b'{"id": "\\udc00\\ud800"}',
    "a null character": b'{"id": "a\\u0000b"}',
    "raw control characters": b'{"id": "a\x01\nb"}',
    "UTF-16": '{"id": "1"}'.encode("utf-16"),
    "UTF-32": '{"id": "1"}'.encode("utf-32"),
    "a byte order mark": b'\xef\xbb\xbf{"id": "1"}',
    "not a number": b'{"id": NaN}',
    "infinity": b'{"id": -Infinity}',
    "a huge number": b'{"id": 1e99999}',
    "a number of 5,000 digits": b'{"id": ' + b"9" * 5_000 + b"}",
    "a fraction of 100,000 digits": b'{"id": 0.' + b"1" * 100_000 + b"}",
    "minus nothing": b'{"id": -}',
    "hexadecimal": b'{"id": 0x10}',
    "leading zeros": b'{"id": 007}',
    "the same key twice": b'{"id": "1", "id": "2", "id": {"id": 3}}',
    "the same key 10,000 times": b"{" + b'"id": "1", ' * 10_000 + b'"id": "2"}',
    "10,000 keys": b"{" + b", ".join(b'"k%d": 1' % n for n in range(10_000)) + b"}",
    "a key of 100,000 characters": b'{"' + b"k" * 100_000 + b'": 1}',
    "prototype keys": b'{"__proto__": {"a": 1}, "constructor": {}, "__class__": "x"}',
    "comments": b'/* a */ {"id": "1"} // b',
    "single quotes": b"{'id': '1'}",
    "a comma too many": b'{"id": "1",}',
    "two documents": b'{"id": "1"}{"id": "2"}',
    "words behind it": b'{"id": "1"} trailing',
    "a callback around it": b'callback({"id": "1"})',
    "a guard before it": b')]}\',\n{"id": "1"}',
    "lists 100,000 deep": _nested(b"[", b"]", 100_000),
    "lists 100,000 deep, open": b"[" * 100_000,
    "objects 100,000 deep": b'{"thread": ' * 100_000 + b"null" + b"}" * 100_000,
    "objects 100,000 deep, open": b'{"a":' * 100_000,
    "a million nulls": b"[" + b"null," * 999_999 + b"null]",
    "a web page": b"<!doctype html><html><body>Sign in</body></html>",
    "a web page that says JSON": b'<html>{"id": "1"}</html>',
    "markup with entities": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "random bytes": bytes((n * 197 + 31) % 256 for n in range(4_096)),
    "nothing but nulls": b"\x00" * 4_096,
}


def _png(wide: int, high: int, body: bytes = b"") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    packed = zlib.compress(body, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


_PICTURES = {
    "nothing": b"",
    "one byte": b"\x89",
    "PNG of 50,000 by 50,000": _png(50_000, 50_000, b"\x00" * 1_000_000),
    "PNG of the largest numbers": _png(2**31 - 1, 2**31 - 1),
    "PNG of negative numbers": _png(2**32 - 1, 2**32 - 1),
    "PNG of no size": _png(0, 0),
    "PNG cut in its head": _png(10, 10)[:20],
    "PNG without a picture": _png(10, 10)[:33],
    "PNG with a long chunk": b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR",
    "JPEG of two bytes": b"\xff\xd8",
    "JPEG of endless marks": b"\xff\xd8" + b"\xff" * 100_000,
    "JPEG of empty segments": b"\xff\xd8" + b"\xff\xe0\x00\x00" * 25_000,
    "JPEG with a long segment": b"\xff\xd8\xff\xe0\xff\xff",
    "JPEG of 65,535 by 65,535": b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03",
    "GIF of two bytes": b"GIF89a\x01",
    "GIF of 65,535 by 65,535": b"GIF89a\xff\xff\xff\xff\xf7\x00\x00",
    "WebP cut": b"RIFF\xff\xff\xff\xffWEBPVP8X",
    "WebP of 16,777,216 by 16,777,216": b"RIFF\x00\x00\x00\x00WEBPVP8X" + b"\xff" * 14,
    "bitmap with a negative height": b"BM" + b"\xff" * 52,
    "icon": b"\x00\x00\x01\x00\xff\xff" + b"\xff" * 60,
    "vector picture with a script": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "vector picture that loads": b"<svg><image href='file:///etc/passwd'/></svg>",
    "page that says it is a picture": b"<html><script>alert(1)</script></html>",
    "picture and page in one": b"GIF89a/*\x01\x00\x01\x00*/=1;<script>alert(1)</script>",
    "picture and archive in one": _png(1, 1, b"\x00\x00\x00\x00") + b"PK\x03\x04",
    "program": b"MZ\x90\x00" + b"\x00" * 60,
    "program of this system": b"\x7fELF\x02\x01\x01" + b"\x00" * 60,
    "document": b"%PDF-1.7\n/OpenAction << /JS (app.alert(1)) >>",
    "script of a shell": b"#!/bin/sh\nrm -rf /\n",
    "text": "no picture at all \u202e".encode(),
}

DOCUMENTS = tuple(Body("JSON", name, body) for name, body in _JSON.items())
PICTURES = tuple(Body("pictures", name, body) for name, body in _PICTURES.items())
