"""A secret that was replaced stays secret."""

from agent.guard.vault import Vault


def test_it_forgets_nothing():
    vault = Vault(["first"])
    before = vault()
    vault.know(["second"])
    assert (before, vault()) == ({"first"}, {"first", "second"})
