"""A plan on a terminal, or as plain text in a pipe."""

import sys

from ops.kinds.description.effect import Effect
from ops.plan.change import Change
from ops.plan.model import AppPlan, Plan
from ops.plan.wording import effects, headline, plain, stages, values, verdict


def show(plan: Plan, *, with_sync: bool = True) -> None:
    """Prints the plan: each app, its changes, its sync; then what stands in the way."""
    from rich.console import Console  # noqa: PLC0415 (slow to import)
    from rich.text import Text  # noqa: PLC0415

    colour = sys.stdout.isatty()
    console = Console(width=None if colour else 10_000, no_color=not colour)
    for line, style in _lines(plan, with_sync=with_sync):
        console.print(Text(line, style=style), soft_wrap=True)


def _lines(plan: Plan, *, with_sync: bool) -> list[tuple[str, str]]:
    lines = [(f"{plain(plan.base)} → {plain(plan.head)}: {headline(plan)}", "bold")]
    for app in plan.apps:
        lines += _app(app)
        lines += _sync(app) if with_sync else []
    for silence in plan.silenced:
        new = " (new)" if silence.is_new else ""
        sentence = f"silenced{new}: {silence.check} on {silence.subject}: {silence.reason}"
        lines.append((plain(sentence, 500), "yellow"))
    for obstacle in plan.obstacles:
        lines.append((plain(f"error: {obstacle}", 1000), "bold red"))
    for change in plan.refused:
        sentence = f"error: {change}: {change.worst.field}: {change.worst.reason}"
        lines.append((plain(sentence, 1000), "bold red"))
    if plan.unacknowledged:
        lines.append(("to acknowledge it, end the message of a commit with:", "bold red"))
        lines += [(f"  {plain(trailer, 500)}", "red") for trailer in plan.unacknowledged]
    lines.append((verdict(plan), "bold green" if plan.passed else "bold red"))
    return lines


def _app(app: AppPlan) -> list[tuple[str, str]]:
    lines = [("", ""), (f"{plain(app.name)} ({app.verb}): {effects(app)}", "bold")]
    for change in app.changes:
        lines += _change(change)
    lines += [(f"  note: {note}", "yellow") for note in app.notes]
    return lines


def _sync(app: AppPlan) -> list[tuple[str, str]]:
    lines = [("  what Argo CD does:", "")] if app.steps else []
    for stage in stages(app):
        lines.append((f"    {stage.title}", "cyan"))
        for action, subject, is_changed in stage.lines:
            mark = "*" if is_changed else " "
            lines.append((f"    {mark} {action} {subject}", "" if is_changed else "dim"))
    return lines


_STYLES = {Effect.NOTHING: "dim", Effect.CREATED: "green", Effect.IN_PLACE: "", Effect.ROLLS: ""}


def _change(change: Change) -> list[tuple[str, str]]:
    style = "red" if change.effect.needs_attention else _STYLES.get(change.effect, "yellow")
    why = "" if change.fields else f" ({change.worst.reason})"
    lines = [(f"  {plain(change)}: {change.effect.words}{plain(why, 500)}", style)]
    for judged in change.fields:
        old, new = values(change, judged)
        lines.append((f"    {plain(judged.field)}: {old} → {new}", ""))
        lines.append((f"      {judged.effect.words}: {plain(judged.reason, 500)}", "dim"))
    return lines
