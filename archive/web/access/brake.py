"""A brake on guessing passwords."""

from collections import OrderedDict
from dataclasses import dataclass, field

TRIES = 10
"""Wrong passwords that an address has before it has to wait."""
WAIT = 900.0
"""Seconds until the first of them is forgotten."""
_MOST = 10_000
"""Addresses that are remembered."""


@dataclass(kw_only=True, slots=True)
class Brake:
    """Wrong tries by address, with the moments at which they were made."""

    tries: OrderedDict[str, list[float]] = field(default_factory=OrderedDict)

    def wait(self, address: str, now: float) -> int:
        """Seconds until the address may try again; 0 for at once.

        >>> brake = Brake()
        >>> for _ in range(TRIES): brake.failed("192.0.2.1", 0.0)
        >>> brake.wait("192.0.2.1", 60.0), brake.wait("192.0.2.2", 60.0), brake.wait("192.0.2.1", 901.0)
        (840, 0, 0)
        """
        recent = [moment for moment in self.tries.get(address, ()) if moment > now - WAIT]
        return int(recent[0] + WAIT - now) or 1 if len(recent) >= TRIES else 0

    def failed(self, address: str, now: float) -> None:
        """Remember a wrong try."""
        tries = self.tries.pop(address, [])
        self.tries[address] = [*tries[1 - TRIES :], now]
        if len(self.tries) > _MOST:
            self.tries.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forget the wrong tries before a right one."""
        self.tries.pop(address, None)
