"""The empty page on every address that a script knows, and the script."""

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

from aiohttp import web

from demo.common import static_text
from demo.stage import Stage

_YEAR = "public, max-age=31536000, immutable"


class Shell:
    """One portal's ``template`` and ``scripts``, joined in this order; ``constants`` are what they are built with."""

    def __init__(
        self, stage: Stage, template: str, scripts: Sequence[str], constants: Callable[[], Mapping[str, object]]
    ) -> None:
        self._stage = stage
        self._template = template
        self._scripts = scripts
        self._constants = constants

    def routes(self, paths: Sequence[str]) -> list[web.RouteDef]:
        """The shell on these paths, and the script."""
        return [
            *(web.get(path, self.page) for path in paths),
            web.get("/main.{digest:[0-9a-f]{16}}.js", self.bundle),
        ]

    async def page(self, _: web.Request) -> web.Response:
        """The shell."""
        return self._stage.document(self._template, bundle=f"/main.{self._digest()}.js")

    async def bundle(self, request: web.Request) -> web.Response:
        """The script."""
        # A page that was loaded before a change gets the new script too, but must not keep it under the old name.
        age = _YEAR if request.match_info["digest"] == self._digest() else "no-store"
        return web.Response(
            text=self._script(), content_type="text/javascript", charset="utf-8", headers={"Cache-Control": age}
        )

    def _digest(self) -> str:
        return sha256(self._script().encode()).hexdigest()[:16]

    def _script(self) -> str:
        constants = json.dumps(self._constants(), ensure_ascii=False)
        return "\n".join([f"const environment = {constants};", *(static_text(name) for name in self._scripts)])
