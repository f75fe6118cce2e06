"""What the app has logged meanwhile."""

import re

from ops.smoke.checking import check
from ops.smoke.outcome import FailedError, NotCheckedError
from ops.smoke.visit import Visit

MOST_SHOWN = 3
LONGEST_LINE = 160
WRONG = re.compile(
    r"\b(ERROR|CRITICAL|FATAL)\b"
    r"|Traceback \(most recent call last\)"
    r"|Internal Server Error"
    r"|\" 5[0-9]{2} "  # an answer, in the access log
)


@check(
    "logs",
    "The app has logged no error",
    fix="read the whole log around that line",
)
def logs(visit: Visit) -> str:
    """Reads all lines, after everything else was visited."""
    if not visit.logs:
        raise NotCheckedError("no log to read: give --context or --logs")
    read, wrong = 0, []
    for line in visit.logs():
        read += 1
        if WRONG.search(line):
            wrong.append(line.strip()[:LONGEST_LINE])
    if wrong:
        more = f" (and {len(wrong) - MOST_SHOWN} more)" if len(wrong) > MOST_SHOWN else ""
        raise FailedError(" | ".join(wrong[:MOST_SHOWN]) + more)
    if not read:
        raise NotCheckedError("the log is empty")
    return f"{read} lines, no error"
