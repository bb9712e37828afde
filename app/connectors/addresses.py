"""Which addresses on the network are public, and which ones a name stands for.

A name says nothing: whoever owns a domain decides which address it stands for, and may answer
otherwise the next time (rebinding). So a name is looked up once, every address is judged, and the
connection is made to an address that was judged, never to the name.

Sources: the special-purpose registries of IANA (RFC 6890), through ``ipaddress``; RFC 6052 for
IPv4 addresses inside IPv6 ones.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

Resolve = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""The addresses of a host for a port, in the order to try them; raises OSError when it has none."""

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LAST_32 = (1 << 32) - 1


def is_public(address: str) -> bool:
    """Whether an address is one of the internet: not of this machine, the network around it, a
    group of machines, or one that wraps such an address."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])  # behind it: which of our interfaces
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & _LAST_32)))
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour is not None or ip.teredo is not None:
            return False  # tunnels out of use, which lead wherever their owner says
    return ip.is_global and not ip.is_multicast


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """Ask the system; also takes an address, in any of the ways that C libraries write one."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))
