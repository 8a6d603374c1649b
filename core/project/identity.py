"""Who and when, as the audit table and the owner files record it."""

from __future__ import annotations

import functools
import getpass
import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from typing import Final

import psutil

CLOCK_TOLERANCE_SECONDS: Final = 10.0
"""A corrected clock moves the reported start of a process; a process id is not given out again that soon."""


def utc_now() -> str:
    """ISO 8601 in UTC with offset, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@functools.cache
def user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a service account may have no name at all
        return "unknown"


@functools.cache
def computer_name() -> str:
    return platform.node() or "unknown"


@functools.cache
def application_version() -> str:
    """The installed version; "source" when the program runs from an unpacked tree that was never installed."""
    try:
        return metadata.version("flawscope")
    except metadata.PackageNotFoundError:
        return "source"


@dataclass(frozen=True)
class ProcessIdentity:
    """A process that can be recognised later: ids are given out again, start times are not."""

    pid: int
    started: float
    computer: str
    user: str

    @classmethod
    def current(cls) -> ProcessIdentity:
        return cls(os.getpid(), psutil.Process().create_time(), computer_name(), user_name())

    @property
    def is_local(self) -> bool:
        return self.computer == computer_name()

    def is_alive(self) -> bool:
        """Whether the process still runs. Only meaningful for a local one."""
        try:
            process = psutil.Process(self.pid)
            return process.status() != psutil.STATUS_ZOMBIE and abs(process.create_time() - self.started) < CLOCK_TOLERANCE_SECONDS
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:  # it exists, under another user
            return True

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> ProcessIdentity:
        """Inverse of `to_json`. Raises ValueError for anything else, such as a file cut off by a crash."""
        try:
            raw = json.loads(text)
            return cls(int(raw["pid"]), float(raw["started"]), str(raw["computer"]), str(raw["user"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a process identity: {text[:100]!r}") from error
