"""The last deploys, by their receipts."""

from __future__ import annotations

import json
from typing import Any

from ops.rendered import App
from ops.status.item import Item, Verdict
from ops.status.live import Live

MOST = 3


def deploys(app: App, live: Live) -> Item:
    """Who deployed what, when, and how it ended; a deploy that failed is past, not a fault now."""
    document = live.receipts.result() or {}
    receipts = [_receipt(text) for _, text in sorted((document.get("data") or {}).items())][-MOST:]
    receipts.reverse()
    text = f"the last {len(receipts)}" if receipts else f"none of {app.name} has left a receipt"
    lines = [_line(receipt) for receipt in receipts]
    return Item("deploys", Verdict.OK, text, more=lines, facts={"last": receipts})


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
    said = [str(receipt.get(key) or "?") for key in ("started", "operator", "outcome")]
    commit = str(receipt.get("commit") or "?")[:7]
    reason = f": {receipt['reason']}" if receipt.get("reason") else ""
    return f"{said[0]} {said[1]} {commit} {said[2]}{reason}"
