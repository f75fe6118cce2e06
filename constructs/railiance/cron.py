"""Cron expressions as a Kubernetes CronJob reads them: checked, in words, and their next run."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIELDS, WEEKDAY = 5, 4
_MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_FIELD = re.compile(rf"([0-9*,/-]|{_MONTHS}|SUN|MON|TUE|WED|THU|FRI|SAT)+", re.IGNORECASE)


def expression(value: str) -> None:
    """Five fields that Kubernetes accepts and that some day fulfils; ValueError for any other.

    `L`, `#`, `?` and 7 for Sunday are refused: Kubernetes does not know them.
    Source: github.com/robfig/cron, "CRON Expression Format".
    """
    fields = value.split(" ")
    if len(fields) != FIELDS or not all(map(_FIELD.fullmatch, fields)):
        raise ValueError(
            f"{value!r} is not a cron expression; give five fields such as '10 3 * * *'"
        )
    if re.search(r"(^|[,/-])7", fields[WEEKDAY]):
        raise ValueError(f"{value!r} has the weekday 7; write 0 for Sunday")
    next_after(value, "Etc/UTC", datetime.now(UTC))


def time_zone(value: str) -> None:
    """A time zone of the IANA database; ValueError for any other."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{value!r} is not a time zone; give one like 'Europe/Berlin'") from None


def next_after(value: str, zone: str, moment: datetime) -> datetime:
    """The first time after a moment at which a schedule runs; ValueError if there is none."""
    from cronsim import CronSim, CronSimError  # noqa: PLC0415 (only apps with schedules need it)

    try:
        return next(CronSim(value, moment.astimezone(ZoneInfo(zone))))
    except (CronSimError, StopIteration):
        raise ValueError(
            f"{value!r} matches no time; give a cron expression such as '10 3 * * *'"
        ) from None


def words(value: str) -> str:
    """The schedule in words, such as `daily at 03:10`."""
    from cronsim import CronSim  # noqa: PLC0415 (only apps with schedules need it)

    text: str = CronSim(value, datetime(2000, 1, 1)).explain()  # noqa: DTZ001 (any date will do)
    if found := re.fullmatch(r"At (\d\d:\d\d) every day", text):
        return f"daily at {found[1]}"
    return text[0].lower() + text[1:]
