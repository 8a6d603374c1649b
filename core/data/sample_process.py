"""Makes up the record of a lathe that turned 2,000 washers: what its sensors and gauges read, and what became of each part."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

PARTS: Final = 2000
LOT_SIZE: Final = 50
GOOD: Final = "good"

Column = NDArray[np.float64]

# Lots in which a trouble came up, and how many of their parts it spoilt. Troubles come in runs: a tool chips, a pump fails, a chuck slips.
_TROUBLES: Final[Mapping[str, Mapping[int, int]]] = {
    "tool wear": {5: 11, 14: 9, 23: 12, 32: 10},
    "coolant loss": {8: 10, 19: 12, 35: 12},
    "imbalance": {11: 8, 27: 11, 38: 9},
}
_START: Final = datetime(2026, 9, 7, 6, 0, tzinfo=timezone(timedelta(hours=9)))
_SECONDS_PER_PART: Final = 84
_SECONDS_BETWEEN_LOTS: Final = 660
_PARTS_PER_TOOL: Final = 160

# Heading, digits after the point.
_READINGS: Final[Mapping[str, int]] = {
    "Spindle speed [rpm]": 0,
    "Feed [mm/rev]": 4,
    "Cutting force [N]": 1,
    "Torque [Nm]": 2,
    "Spindle power [kW]": 3,
    "Coolant flow [l/min]": 2,
    "Coolant temperature [°C]": 1,
    "Bearing temperature [°C]": 1,
    "Vibration [mm/s]": 2,
    "Tool use [min]": 1,
    "Outer diameter [mm]": 3,
    "Thickness [mm]": 3,
    "Roughness Ra [µm]": 2,
}


def write_process(path: Path, generator: np.random.Generator) -> None:
    """Writes the table as CSV in UTF-8 with byte order mark, one row per part in the order of time."""
    results = _results(generator)
    stainless = (np.arange(PARTS) // LOT_SIZE) % 5 == 3  # every fifth lot is of the harder steel
    readings = _readings(results, stainless, generator)
    cells = [[f"{value:.{digits}f}" for value in readings[heading]] for heading, digits in _READINGS.items()]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Serial number", "Lot", "Time", "Machine", "Material", *_READINGS, "Result"])
        for part in range(PARTS):
            lot = part // LOT_SIZE
            time = _START + timedelta(seconds=part * _SECONDS_PER_PART + lot * _SECONDS_BETWEEN_LOTS)
            origin = [f"WS-{part + 1:06d}", f"2609-{lot + 1:02d}", time.isoformat(), f"LT-{lot % 2 + 1}"]
            material = "X5CrNi18-10" if stainless[part] else "C45"
            writer.writerow([*origin, material, *(column[part] for column in cells), results[part]])


def _results(generator: np.random.Generator) -> list[str]:
    results = [GOOD] * PARTS
    for trouble, lots in _TROUBLES.items():
        for lot, count in lots.items():
            window = lot * LOT_SIZE + generator.integers(0, LOT_SIZE - 2 * count) + np.arange(2 * count)
            for part in generator.choice(window, count, replace=False):
                results[part] = trouble
    return results


def _readings(results: list[str], stainless: NDArray[np.bool_], generator: np.random.Generator) -> dict[str, Column]:
    """Readings hang together as on a real machine: force drives torque, torque and speed the power, power and coolant the warmth."""

    def noise(spread: float) -> Column:
        return generator.normal(0, spread, PARTS)

    def during(trouble: str, low: float, high: float) -> Column:
        return np.where(np.array(results) == trouble, generator.uniform(low, high, PARTS), 0.0)

    part = np.arange(PARTS)
    day = 2 * np.pi * part * _SECONDS_PER_PART / 86_400
    tool_use = (part % _PARTS_PER_TOOL) * 0.55 + 0.4
    speed = np.where(stainless, 1220.0, 1450.0) + noise(11)
    feed = 0.18 + noise(0.0022)
    force = 620 * np.where(stainless, 1.12, 1.0) * (feed / 0.18) ** 0.8 * (1 + 0.0009 * tool_use) + noise(7)
    force *= 1 + during("tool wear", 0.10, 0.22)
    torque = force * 0.0242 + noise(0.10)
    power = torque * speed * 2 * np.pi / 60 / 1000 / 0.84 + noise(0.018)
    flow = 12 + noise(0.18) - during("coolant loss", 1.6, 4.5)
    lost = 12 - flow
    coolant = 22.5 + 1.1 * np.sin(day) + 0.7 * power + 1.6 * np.clip(lost, 0, None) + noise(0.25)
    bearing = 37 + 1.4 * np.sin(day - 0.6) + 2.1 * power + 1.2 * np.clip(lost, 0, None) + noise(0.35)
    vibration = 1.15 + 0.003 * tool_use + noise(0.07) + during("tool wear", 0.25, 0.6) + during("imbalance", 0.7, 1.7)
    diameter = 34 + 0.00012 * tool_use + 0.0011 * (bearing - 42) + noise(0.0045)
    thickness = 3 + noise(0.006) + during("imbalance", 0.012, 0.035) * generator.choice([-1.0, 1.0], PARTS)
    roughness = 0.82 + 0.0035 * tool_use + 0.16 * (vibration - 1.15) + noise(0.05) + during("tool wear", 0.25, 0.7)
    columns = (speed, feed, force, torque, power, flow, coolant, bearing, vibration, tool_use, diameter, thickness, roughness)
    return dict(zip(_READINGS, columns, strict=True))
