"""What only the in-process dispatcher promises."""

from agent.dispatch.local import LocalDispatcher
from tests.factories import request


async def test_it_tells_the_length_of_each_lane():
    dispatcher = LocalDispatcher()
    await dispatcher.submit(request())
    lengths = {sample.labels["lane"]: sample.value for sample in dispatcher.samples()}
    assert lengths == {"browser": 1, "net": 0}
