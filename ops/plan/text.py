"""A plan on a terminal, or as plain text in a pipe."""

import sys

from ops.kinds.description.effect import Effect
from ops.plan.model import AppPlan, Plan
from ops.plan.summary import Entry, Line, Repeated, summary
from ops.plan.wording import LONGEST_NOTE, LONGEST_VALUE, effects, headline, plain, stages, verdict


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
    lines += [(plain(f"error: {added}", 1000), "bold red") for added in plan.added_readers]
    lines += [(plain(note, 500), "yellow") for note in plan.secrets_notes]
    lines += [(f"note: {plain(note, LONGEST_NOTE)}", "yellow") for note in plan.notes]
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
    lines += [(plain(why, LONGEST_NOTE), "red") for why in plan.not_counted]
    lines.append((verdict(plan), "bold green" if plan.passed else "bold red"))
    return lines


def _app(app: AppPlan) -> list[tuple[str, str]]:
    lines = [("", ""), (f"{plain(app.name)} ({app.verb}): {effects(app)}", "bold")]
    said = summary(app)
    for repeated in said.repeated:
        lines += _repeated(repeated)
    for entry in said.entries:
        lines += _entry(entry)
    lines += [(f"  note: {plain(note, LONGEST_NOTE)}", "yellow") for note in app.notes]
    return lines


def _sync(app: AppPlan) -> list[tuple[str, str]]:
    lines = [("  what Argo CD does:", "")] if app.steps else []
    for stage in stages(app):
        lines.append((f"    {stage.title}", "cyan"))
        for line in stage.lines:
            mark = "*" if line.is_changed else " "
            shown = f"    {mark} {line.action} {line.subject}"
            lines.append((shown, "" if line.is_changed else "dim"))
    return lines


_STYLES = {Effect.NOTHING: "dim", Effect.CREATED: "green", Effect.IN_PLACE: "", Effect.ROLLS: ""}


def _repeated(repeated: Repeated) -> list[tuple[str, str]]:
    return [
        (f"  {plain(repeated.field)}: {_both(repeated)}", ""),
        (f"    in {', '.join(map(plain, repeated.places))}", "dim"),
    ]


def _entry(entry: Entry) -> list[tuple[str, str]]:
    effect = entry.change.effect
    style = "red" if effect.needs_attention else _STYLES.get(effect, "yellow")
    names = ", ".join(map(plain, entry.changes))
    why = f" ({plain('; '.join(reason for reason, _ in entry.reasons), 500)})"
    lines = [(f"  {names}: {effect.words}{why}", style)]
    for line in entry.lines:
        value = "" if line.lines else f" {_both(line)}"
        lines.append((f"    {plain(line.field)}:{value}", ""))
        lines += [(f"      {plain(text)}", "") for text in line.lines]
        if line.judged:
            why = f"{line.judged.effect.words}: {plain(line.judged.reason, 500)}"
            lines.append((f"      {why}", "dim"))
    return lines


def _both(shown: Repeated | Line) -> str:
    return f"{plain(shown.old, LONGEST_VALUE)} → {plain(shown.new, LONGEST_VALUE)}"
