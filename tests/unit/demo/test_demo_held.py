"""What a portal holds for people, and how often it took something in."""

import pytest

from agent.clock import EPOCH
from demo.flow.dossiers import Dossiers, Draft
from demo.flow.store import Document, Store
from demo.stage import Stage


def document(name: str) -> Document:
    return Document(name=name, type="text/plain", data=b"1", at=EPOCH)


def test_a_store_counts_the_documents_of_all_owners() -> None:
    store, first = Store(), document("a")
    store.put("one", first)
    store.put("two", document("b"))
    assert len(store) == 2
    store.remove("one", first.id)
    assert len(store) == 1


@pytest.mark.parametrize("times", [1, 2])
def test_a_dossier_that_came_in_twice_is_told_also_when_it_was_withdrawn(stage: Stage, times: int) -> None:
    dossiers, draft = Dossiers("H01"), Draft(stage.procedures[0], values={"content": "mark"})
    for _ in range(times):
        kept = dossiers.hand_in(draft, owner="one", name="An", at=EPOCH)
        assert len(dossiers) == 1
        dossiers.withdraw(kept.code, "one")
    assert (len(dossiers), dossiers.received) == (0, {"mark": times})
