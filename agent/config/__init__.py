"""The configuration: five YAML files in, one frozen value out, or every problem with its line."""

from agent.config.derive import accounts, accounts_for, checks, digest, revision, windows
from agent.config.entries import JourneyEntry, Mode, Objective, PortalEntry, Selector, TimeoutRules, WindowEntry
from agent.config.fields import ZONE
from agent.config.loader import load
from agent.config.parts import Known
from agent.config.requirements import Group, Observer, RequirementEntry
from agent.config.services import Service, ServiceKind
from agent.config.settings import InfluxDB, LogFormat, LogLevel, PushGateway, Settings
from agent.config.whole import Config

__all__ = [
    "ZONE",
    "Config",
    "Group",
    "InfluxDB",
    "JourneyEntry",
    "Known",
    "LogFormat",
    "LogLevel",
    "Mode",
    "Objective",
    "Observer",
    "PortalEntry",
    "PushGateway",
    "RequirementEntry",
    "Selector",
    "Service",
    "ServiceKind",
    "Settings",
    "TimeoutRules",
    "WindowEntry",
    "accounts",
    "accounts_for",
    "checks",
    "digest",
    "load",
    "revision",
    "windows",
]
