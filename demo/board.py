"""Which portal suffers from what right now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from agent.errors import PortalwatchError
from demo.faults import Fault, UnknownNameError, parse_fault

ALL = "*"
NETWORK = "network"
SERVICES = ("vneid", "payment", "signing", "timestamp")


class FaultError(PortalwatchError):
    """A fault that its target can't have, or a text that names neither."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A fault in force; ``serial`` tells it from the same one placed again."""

    fault: Fault
    serial: int


def parse_assignment(text: str) -> tuple[str, str]:
    """``TARGET=FAULT`` as (target, fault); raises :class:`FaultError`."""
    target, _, fault = text.partition("=")
    if not (target.strip() and fault.strip()):
        raise FaultError(f"fault {text!r} must read TARGET=FAULT, such as angiang=down")
    return target.strip(), fault.strip()


class Board:
    """The faults in force of some portals and of the network they share."""

    def __init__(self, portals: Sequence[str]) -> None:
        self._portals = tuple(portals)
        self._placed: dict[str, Placed] = {}
        self._serial = 0
        self.network_down = False
        self.services_down: frozenset[str] = frozenset()

    @property
    def placed(self) -> Mapping[str, Placed]:
        """What each portal suffers from; healthy ones are not listed."""
        return MappingProxyType(self._placed)

    def put(self, target: str, fault_name: str) -> None:
        """Set the newest fault of a target; raises :class:`UnknownNameError` or :class:`FaultError`."""
        ids = self._ids(target)
        fault = parse_fault(fault_name)
        if target == NETWORK:
            self._require_down(target, fault)
            self.network_down = True
        if target in SERVICES:
            self._require_down(target, fault)
            self.services_down |= {target}
        self._serial += 1
        self._placed.update({portal: Placed(fault, self._serial) for portal in ids})

    def clear(self, target: str) -> None:
        """Take a target's fault away; raises :class:`UnknownNameError`."""
        for portal in self._ids(target):
            self._placed.pop(portal, None)
        if target == NETWORK:
            self.network_down = False
        self.services_down -= {target}

    def clear_all(self) -> None:
        """Everything is well again."""
        self._placed.clear()
        self.network_down = False
        self.services_down = frozenset()

    def _ids(self, target: str) -> tuple[str, ...]:
        if target == ALL:
            return self._portals
        if target in (NETWORK, *SERVICES):
            return ()
        if target not in self._portals:
            raise UnknownNameError("target", target, (*self._portals, NETWORK, *SERVICES, ALL))
        return (target,)

    def _require_down(self, target: str, fault: Fault) -> None:
        if fault is not Fault.DOWN:
            what = "the network" if target == NETWORK else f"the service {target}"
            raise FaultError(f"fault {fault.value!r} does not apply to {what}, which only knows 'down'")
