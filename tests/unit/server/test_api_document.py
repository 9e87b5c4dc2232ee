"""docs/api.md and the routes say the same."""

import re
from pathlib import Path

from agent.board import Board
from agent.server import Site, create_app

DOCUMENT = (Path(__file__).parents[3] / "docs" / "api.md").read_text()


class Nothing:
    def get(self, run_id, *, with_details=False):
        return None


def test_it_documents_every_route_for_programs_and_no_other():
    site = Site(board=Board(checks=tuple), archive=Nothing(), evidence=Path(), public=dict)
    app = create_app(metrics=bytes, ready=dict, site=site)
    served = {route.path for route in app.routes if route.path.startswith(("/api", "/healthz", "/readyz", "/metrics"))}
    documented = set(re.findall(r"^\| `(/[^`]+)`", DOCUMENT, re.MULTILINE))
    assert documented == served
