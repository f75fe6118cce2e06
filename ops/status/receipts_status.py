"""The last deploys, by their receipts."""

from __future__ import annotations

import json
from typing import Any

from ops.documents.fleet import App
from ops.results.result import Result, State
from ops.status.reading import Live

MOST = 3


def deploys(app: App, live: Live) -> Result:
    """Who deployed what, when, and how it ended; a deploy that failed is past, not a fault now."""
    config_map = live.receipts.result()
    entries = sorted(config_map.data.items()) if config_map else []
    receipts = [_receipt(text) for _, text in entries][-MOST:]
    receipts.reverse()
    text = f"the last {len(receipts)}" if receipts else f"none of {app.name} has left a receipt"
    details = [_line(receipt) for receipt in receipts]
    facts = {"last": receipts}
    return Result(id="deploys", state=State.OK, evidence=text, details=details, facts=facts)


def _receipt(text: str) -> dict[str, Any]:
    """A receipt; empty if it is none."""
    try:
        receipt = json.loads(text)
    except ValueError:
        return {}
    return receipt if isinstance(receipt, dict) else {}


def _line(receipt: dict[str, Any]) -> str:
    if not receipt:
        return "a receipt that cannot be read"
    started, operator, outcome = (
        str(receipt.get(key) or "?") for key in ("started", "operator", "outcome")
    )
    commit = str(receipt.get("commit") or "?")[:7]
    reason = f": {receipt['reason']}" if receipt.get("reason") else ""
    return f"{started} {operator} {commit} {outcome}{reason}"
