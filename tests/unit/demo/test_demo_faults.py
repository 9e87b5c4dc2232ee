import pytest

from demo.board import ALL, NETWORK, Board, FaultError, parse_assignment
from demo.faults import CATALOGUE, NEAR, Fault, Layer, UnknownNameError, layer_of, parse_fault


def test_it_pairs_every_fault_with_a_near_miss_on_the_same_layer() -> None:
    faults = {fault for fault in Fault if not fault.healthy}
    assert set(CATALOGUE) == faults
    assert {NEAR + fault for fault in faults} == {fault for fault in Fault if fault.healthy}
    assert all(layer_of(fault) is layer_of(Fault(NEAR + fault)) for fault in faults)


def test_it_knows_where_a_fault_is_played() -> None:
    assert layer_of(Fault.NEAR_CERT_EXPIRED) is Layer.TLS
    assert layer_of(Fault.DOWN) is Layer.SOCKET


def test_it_suggests_the_fault_that_was_meant() -> None:
    with pytest.raises(UnknownNameError, match="fault 'htp500' is unknown, did you mean 'http500'"):
        parse_fault("htp500")


def test_it_lists_what_is_known_when_nothing_is_near() -> None:
    with pytest.raises(UnknownNameError, match="known are down, http500"):
        parse_fault("zzzzzzz")


@pytest.fixture
def board() -> Board:
    return Board(["angiang", "hanoi"])


def test_it_lets_the_newest_fault_win(board: Board) -> None:
    board.put("angiang", "down")
    first = board.placed["angiang"]
    board.put("angiang", "slow")
    assert board.placed["angiang"].fault is Fault.SLOW
    assert board.placed["angiang"].serial > first.serial
    assert "hanoi" not in board.placed


def test_it_tells_a_fault_placed_again_from_the_first(board: Board) -> None:
    board.put("angiang", "flicker")
    first = board.placed["angiang"]
    board.put("angiang", "flicker")
    assert board.placed["angiang"] != first


def test_it_gives_every_portal_a_fault_and_takes_one_back(board: Board) -> None:
    board.put(ALL, "hang")
    board.clear("hanoi")
    assert set(board.placed) == {"angiang"}


def test_it_takes_the_network_down_without_touching_faults(board: Board) -> None:
    board.put("angiang", "slow")
    board.put(NETWORK, "down")
    assert board.network_down
    board.clear(NETWORK)
    assert not board.network_down
    assert set(board.placed) == {"angiang"}


def test_it_clears_everything_at_once(board: Board) -> None:
    board.put(ALL, "slow")
    board.put(NETWORK, "down")
    board.clear_all()
    assert not board.placed
    assert not board.network_down


def test_it_refuses_a_network_that_is_slow(board: Board) -> None:
    with pytest.raises(FaultError, match="only knows 'down'"):
        board.put(NETWORK, "slow")


def test_it_suggests_the_target_that_was_meant(board: Board) -> None:
    with pytest.raises(UnknownNameError, match="target 'hanoy' is unknown, did you mean 'hanoi'"):
        board.put("hanoy", "down")
    with pytest.raises(UnknownNameError, match="target 'hanoy'"):
        board.clear("hanoy")


def test_it_reads_an_assignment() -> None:
    assert parse_assignment(" angiang = down ") == ("angiang", "down")


@pytest.mark.parametrize("text", ["angiang", "=down", "angiang=", " = "])
def test_it_refuses_half_an_assignment(text: str) -> None:
    with pytest.raises(FaultError, match="must read TARGET=FAULT"):
        parse_assignment(text)
