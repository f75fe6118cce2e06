"""The last deploys, and the last commands by hand, by their receipts."""

from __future__ import annotations

import json
from typing import Any

from ops.documents.fleet import App
from ops.kinds.config_map import ConfigMap
from ops.results.result import Result, State
from ops.status.argocd_status import SHORT
from ops.status.reading import Live

MOST = 3


def deploys(app: App, live: Live) -> Result:
    """Who deployed what, when, and how it ended; a deploy that failed is past, not a fault now."""
    receipts = _last(live.receipts.result())
    text = f"the last {len(receipts)}" if receipts else f"none of {app.name} has left a receipt"
    return _result("deploys", text, receipts, "commit")


def commands(_: App, live: Live) -> Result:
    """Who ran which command by hand, when, and how it ended."""
    receipts = _last(live.command_receipts.result())
    text = f"the last {len(receipts)} run by hand" if receipts else "none was run by hand"
    return _result("commands", text, receipts, "command")


def _last(config_map: ConfigMap | None) -> list[dict[str, Any]]:
    """The last receipts, the newest first."""
    entries = sorted(config_map.data.items()) if config_map else []
    return [_receipt(text) for _, text in reversed(entries[-MOST:])]


def _result(id_: str, text: str, receipts: list[dict[str, Any]], subject: str) -> Result:
    details = [_line(receipt, subject) for receipt in receipts]
    facts = {"last": receipts}
    return Result(id=id_, state=State.OK, evidence=text, details=details, facts=facts)


def _receipt(text: str) -> dict[str, Any]:
    """A receipt; empty if it is none."""
    try:
        receipt = json.loads(text)
    except ValueError:
        return {}
    return receipt if isinstance(receipt, dict) else {}


def _line(receipt: dict[str, Any], subject: str) -> str:
    if not receipt:
        return "a receipt that cannot be read"
    started, operator, outcome = (
        str(receipt.get(key) or "?") for key in ("started", "operator", "outcome")
    )
    what = str(receipt.get(subject) or "?")
    if subject == "commit":
        what = what[:SHORT]
    reason = f": {receipt['reason']}" if receipt.get("reason") else ""
    return f"{started} {operator} {what} {outcome}{reason}"
