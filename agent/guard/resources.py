"""Whether this machine has what a run needs: asked before each run, cheap."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from agent.model import Sample

MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """``least_disk`` bytes free where ``data`` lies and ``least_memory`` bytes of memory; 0 asks for nothing."""

    data: Path
    least_disk: int
    least_memory: int

    def shortage(self) -> str:
        """What is short, in words; empty when nothing is."""
        disk, memory = self._disk(), psutil.virtual_memory().available
        if disk < self.least_disk:
            return f"disk: {disk // MIB} MiB free, {self.least_disk // MIB} needed"
        if memory < self.least_memory:
            return f"memory: {memory // MIB} MiB available, {self.least_memory // MIB} needed"
        return ""

    def samples(self) -> Iterable[Sample]:
        """Free space, available memory, and whether either is short."""
        yield Sample(name="portalwatch_disk_free_bytes", value=self._disk())
        yield Sample(name="portalwatch_memory_available_bytes", value=psutil.virtual_memory().available)
        yield Sample(name="portalwatch_resources_short", value=float(bool(self.shortage())))

    def _disk(self) -> int:
        return shutil.disk_usage(self.data).free
