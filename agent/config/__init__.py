"""The configuration: four YAML files in, one frozen value out, or every problem with its line."""

from agent.config.derive import checks, digest, revision, windows
from agent.config.entries import JourneyEntry, Mode, Objective, PortalEntry, Selector, TimeoutRules, WindowEntry
from agent.config.fields import ZONE
from agent.config.loader import load
from agent.config.parts import Known
from agent.config.services import Service, ServiceKind
from agent.config.settings import InfluxDB, LogFormat, LogLevel, PushGateway, Settings
from agent.config.whole import Config

__all__ = [
    "ZONE",
    "Config",
    "InfluxDB",
    "JourneyEntry",
    "Known",
    "LogFormat",
    "LogLevel",
    "Mode",
    "Objective",
    "PortalEntry",
    "PushGateway",
    "Selector",
    "Service",
    "ServiceKind",
    "Settings",
    "TimeoutRules",
    "WindowEntry",
    "checks",
    "digest",
    "load",
    "revision",
    "windows",
]
