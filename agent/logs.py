"""Logs: one event a line, dotted names, redacted last of all."""

import logging
import sys
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

import structlog

from agent.guard.redaction import Redactor


def set_up(*, json: bool, level: str, secrets: Callable[[], Iterable[str]]) -> None:
    """Send every log, ours and the libraries', to stderr through a redactor of what is secret at the moment."""

    def redact(logger: object, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return Redactor(secrets())(logger, name, event)

    last = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer()
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        ),
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for chatty in ("apscheduler", "asyncio"):
        logging.getLogger(chatty).setLevel(max(root.level, logging.WARNING))
