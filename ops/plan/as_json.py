"""A plan for programs."""

import json
from typing import Any

from ops.plan.acknowledgement import needed
from ops.plan.change import Change
from ops.plan.model import AppPlan, Plan
from ops.plan.wording import values


def as_json(plan: Plan) -> str:
    """One JSON object: passed, notes, apps with changes and steps, errors, acknowledgements."""
    answer = {
        "base": plan.base,
        "head": plan.head,
        "passed": plan.passed,
        "apps": [_app(app, plan) for app in plan.apps],
        "errors": [vars(obstacle) for obstacle in plan.obstacles],
        "refused": [str(change) for change in plan.refused],
        "unacknowledged": plan.unacknowledged,
        "added_readers": [added.reader for added in plan.added_readers],
        "secrets": list(plan.secrets_notes),
        "not_counted": plan.not_counted,
        "notes": list(plan.notes),
        "silenced": [vars(silence) for silence in plan.silenced],
    }
    return json.dumps(answer, indent=1)


def _app(app: AppPlan, plan: Plan) -> dict[str, Any]:
    return {
        "name": app.name,
        "verb": app.verb,
        "effect": app.effect.words,
        "changes": [_change(change, plan) for change in app.changes],
        "steps": [{**vars(step), "action": str(step.action)} for step in app.steps],
        "errors": [vars(obstacle) for obstacle in app.obstacles],
        "notes": list(app.notes),
    }


def _change(change: Change, plan: Plan) -> dict[str, Any]:
    manifest = change.manifest
    return {
        "group": manifest.group,
        "kind": manifest.kind,
        "namespace": manifest.namespace,
        "name": manifest.name,
        "effect": change.effect.words,
        "reason": change.worst.reason,
        "source": change.worst.source,
        "needs_acknowledgement": needed(change) is not None,
        "acknowledged": plan.acknowledged.cover(change),
        "fields": [
            {
                "field": str(judged.field),
                "old": values(change, judged)[0],
                "new": values(change, judged)[1],
                "effect": judged.effect.words,
                "reason": judged.reason,
                "source": judged.source,
            }
            for judged in change.fields
        ],
    }
