"""What every end-to-end test leaves behind it: nothing."""

from collections.abc import AsyncIterator

import pytest

from tests.e2e import lab


@pytest.fixture(autouse=True)
async def no_agent_left() -> AsyncIterator[None]:
    yield
    await lab.end_all()
