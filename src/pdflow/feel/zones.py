"""Time zones from the pinned ``tzdata`` package, read without `zoneinfo`.

The package's version decides every offset, so a replay on another machine gives the same instants. Beyond the
last recorded change the POSIX rule at the end of each file (RFC 8536 section 3.3) holds, for any year.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

from pdflow.feel.daycount import date_from_days, days_from_date, days_in_month

_MAX_ID = 64
_SAFE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+){0,2}\Z")


@dataclass(frozen=True, slots=True)
class _Change:
    """A yearly change of a POSIX rule: ``kind`` is M, J or n (plain day of the year)."""

    kind: str
    month: int
    week: int
    day: int
    seconds: int

    def local_seconds(self, year: int) -> int:
        """Seconds since the epoch, in the wall time before the change."""
        january = days_from_date(year, 1, 1)
        if self.kind == "M":
            first = days_from_date(year, self.month, 1)
            offset = (self.day - (first + 4)) % 7 + (self.week - 1) * 7
            if offset >= days_in_month(year, self.month):
                offset -= 7
            day = first + offset
        elif self.kind == "J":
            leap = days_in_month(year, 2) == 29 and self.day > 59
            day = january + self.day - 1 + leap
        else:
            day = january + self.day
        return day * 86400 + self.seconds


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone: recorded changes, then a yearly rule. All offsets in seconds east of UTC."""

    name: str
    changes: tuple[int, ...]
    offsets: tuple[int, ...]
    first_offset: int
    standard: int | None
    daylight: int | None
    begins: _Change | None
    ends: _Change | None
    _seasons: dict[int, tuple[int, int]] = field(default_factory=dict, hash=False, compare=False)

    def _season(self, year: int, begins: _Change, ends: _Change) -> tuple[int, int]:
        """The instants daylight saving begins and ends in a year; remembered, as neighbours ask for the same."""
        found = self._seasons.get(year)
        if found is None:
            if len(self._seasons) > 500:
                self._seasons.clear()
            start = begins.local_seconds(year) - (self.standard or 0)
            found = self._seasons[year] = (start, ends.local_seconds(year) - (self.daylight or 0))
        return found

    def offset_at(self, instant: int) -> int:
        """Offset in force at an instant given in seconds since the epoch."""
        index = bisect_right(self.changes, instant)
        if index < len(self.changes):
            return self.offsets[index - 1] if index else self.first_offset
        if self.standard is None:
            return self.offsets[-1] if self.offsets else self.first_offset
        if self.daylight is None or self.begins is None or self.ends is None:
            return self.standard
        year = date_from_days((instant + self.standard) // 86400)[0]
        start, end = self._season(year, self.begins, self.ends)
        summer = start <= instant < end if start < end else not end <= instant < start
        return self.daylight if summer else self.standard

    def offset_of_local(self, local: int) -> int:
        """Offset of a wall time given in seconds; in a gap or an overlap the offset before the change."""
        earlier = self.offset_at(local - 86400)
        later = self.offset_at(local + 86400)
        if earlier == later:
            return earlier
        if self.offset_at(local - earlier) == earlier:
            return earlier
        return later if self.offset_at(local - later) == later else earlier


_POSIX = re.compile(
    r"(?P<std><[^>]+>|[A-Za-z]+)(?P<off>[+-]?[\d:]+)"
    r"(?:(?P<dst><[^>]+>|[A-Za-z]+)(?P<doff>[+-]?[\d:]+)?,(?P<from>[^,]+),(?P<to>[^,]+))?\Z"
)


def _clock_seconds(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    hours, minutes, seconds = ([int(part) for part in text.lstrip("+-").split(":")] + [0, 0])[:3]
    return sign * (hours * 3600 + minutes * 60 + seconds)


def _change(text: str) -> _Change:
    date, _, time = text.partition("/")
    seconds = _clock_seconds(time) if time else 7200
    if date.startswith("M"):
        month, week, day = (int(part) for part in date[1:].split("."))
        return _Change("M", month, week, day, seconds)
    if date.startswith("J"):
        return _Change("J", 0, 0, int(date[1:]), seconds)
    return _Change("n", 0, 0, int(date), seconds)


def _parse(name: str, data: bytes) -> Zone:
    header = struct.Struct(">4s1s15x6l")
    _, _, isut, isstd, leap, times, types, chars = header.unpack_from(data, 0)
    body = 44 + times * 5 + types * 6 + chars + leap * 8 + isstd + isut
    _, _, isut, isstd, leap, times, types, chars = header.unpack_from(data, body)
    at = body + 44
    changes = struct.unpack_from(f">{times}q", data, at)
    indexes = struct.unpack_from(f">{times}B", data, at + times * 8)
    at += times * 9
    kinds = [struct.unpack_from(">lbb", data, at + i * 6) for i in range(types)]
    footer = data[at + types * 6 + chars + leap * 12 + isstd + isut :].strip(b"\n").decode("ascii")
    rule = _POSIX.match(footer)
    standard = daylight = begins = ends = None
    if rule:
        standard = -_clock_seconds(rule["off"])
        if rule["dst"]:
            daylight = -_clock_seconds(rule["doff"]) if rule["doff"] else standard + 3600
            begins, ends = _change(rule["from"]), _change(rule["to"])
    offsets = tuple(kinds[i][0] for i in indexes)
    return Zone(name, changes, offsets, kinds[0][0], standard, daylight, begins, ends)


@lru_cache(maxsize=1024)
def zone(name: str) -> Zone | None:
    """The zone with an IANA id such as ``America/Chicago``; None when there is none."""
    if len(name) > _MAX_ID or not _SAFE_ID.match(name):
        return None
    path = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    if not path.is_file():
        return None
    data = path.read_bytes()
    return _parse(name, data) if data.startswith(b"TZif") else None
