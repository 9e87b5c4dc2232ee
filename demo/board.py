"""Which portal suffers from what right now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from agent.errors import PortalwatchError
from demo.faults import Fault, UnknownNameError, parse_fault

ALL = "*"
NETWORK = "network"


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

    @property
    def placed(self) -> Mapping[str, Placed]:
        """What each portal suffers from; healthy ones are not listed."""
        return MappingProxyType(self._placed)

    def put(self, target: str, fault_name: str) -> None:
        """Set the newest fault of a target; raises :class:`UnknownNameError` or :class:`FaultError`."""
        ids = self._ids(target)
        fault = parse_fault(fault_name)
        if target == NETWORK:
            self._put_network(fault)
        self._serial += 1
        self._placed.update({portal: Placed(fault, self._serial) for portal in ids})

    def clear(self, target: str) -> None:
        """Take a target's fault away; raises :class:`UnknownNameError`."""
        for portal in self._ids(target):
            self._placed.pop(portal, None)
        if target == NETWORK:
            self.network_down = False

    def clear_all(self) -> None:
        """Everything is well again."""
        self._placed.clear()
        self.network_down = False

    def _ids(self, target: str) -> tuple[str, ...]:
        if target == ALL:
            return self._portals
        if target == NETWORK:
            return ()
        if target not in self._portals:
            raise UnknownNameError("target", target, (*self._portals, NETWORK, ALL))
        return (target,)

    def _put_network(self, fault: Fault) -> None:
        if fault is not Fault.DOWN:
            raise FaultError(f"fault {fault.value!r} does not apply to the network, which only knows 'down'")
        self.network_down = True
