"""What a run needs of the machine."""

import psutil

from agent.guard.resources import Resources

HUGE = 2**60


def of(tmp_path, disk=0, memory=0):
    return Resources(data=tmp_path, least_disk=disk, least_memory=memory)


def test_it_names_what_is_short_and_by_how_much(tmp_path):
    assert of(tmp_path).shortage() == ""
    assert of(tmp_path, disk=HUGE).shortage().startswith("disk: ")
    assert of(tmp_path, memory=HUGE).shortage().startswith("memory: ")


def test_it_tells_its_figures(tmp_path):
    figures = {sample.name: sample.value for sample in of(tmp_path, disk=HUGE).samples()}
    assert figures["portalwatch_resources_short"] == 1.0
    assert 0 < figures["portalwatch_disk_free_bytes"] < HUGE
    assert 0 < figures["portalwatch_memory_available_bytes"] <= psutil.virtual_memory().total
