"""Time stamps for new signatures: from the TSA over HTTP, or as it would have given them at another time."""

from asn1crypto.tsp import TimeStampReq, TimeStampResp
from certomancer.services import TimeStamper as Authority
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper

WITHIN_S = 5


class Stamps:
    """Either ``url`` of a TSA, or an ``authority`` whose clock stands still."""

    def __init__(self, *, url: str = "", authority: Authority | None = None) -> None:
        self._url = url
        self._authority = authority

    def stamper(self) -> TimeStamper:
        """A fresh client; it keeps what it learned of the TSA."""
        return HTTPTimeStamper(self._url, timeout=WITHIN_S) if self._authority is None else _Own(self._authority)


class _Own(TimeStamper):
    def __init__(self, authority: Authority) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._authority = authority

    async def async_request_tsa_response(self, req: TimeStampReq) -> TimeStampResp:
        return self._authority.request_tsa_response(req)
