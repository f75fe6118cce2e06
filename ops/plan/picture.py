"""The order of a sync as one picture that stands in the page itself."""

from collections.abc import Sequence
from html import escape

from ops.plan.model import AppPlan
from ops.plan.shapes import class_name
from ops.plan.wording import Stage, StageLine, plain, stages

WIDTH, LINE, PADDING, GAP, HEAD = 360, 20, 10, 18, 30
SHAPE = 12
LONGEST = 46
MOST_APPS = 20
"""The rest would be a picture that nobody looks at."""


def svg(apps: Sequence[AppPlan]) -> str:
    """One box a wave, one below the other, narrow enough for a phone; changed objects marked."""
    parts, top = [], 2
    shown = [app for app in apps if app.steps]
    for app in shown[:MOST_APPS]:
        parts.append(_text(app.name, 2, top + HEAD - 12, "app"))
        top += HEAD
        for number, stage in enumerate(stages(app)):
            if number:
                parts.append(_arrow(top))
                top += GAP
            height = 2 * PADDING + LINE * (len(stage.lines) + 1)
            parts.append(_box(stage, top, height))
            top += height
        top += GAP
    if len(shown) > MOST_APPS:
        more = f"and {len(shown) - MOST_APPS:,} more Applications"
        parts.append(_text(more, 2, top + HEAD - 12, "app"))
        top += HEAD
    return (
        f'<svg class="order" role="img" aria-label="What Argo CD does, wave by wave"'
        f' viewBox="0 0 {WIDTH} {top}" width="{WIDTH}">{"".join(parts)}</svg>'
    )


def _arrow(top: int) -> str:
    middle, end = WIDTH // 2, top + GAP
    return f'<path class="way" d="M{middle} {top}V{end - 1}M{middle - 4} {end - 6}l4 5 4-5"/>'


def _box(stage: Stage, top: int, height: int) -> str:
    lines = [
        f'<rect x="2" y="{top}" width="{WIDTH - 4}" height="{height}" rx="6"/>',
        _text(stage.title, PADDING + 2, top + PADDING + 12, "title"),
    ]
    for number, line in enumerate(stage.lines, 1):
        lines.append(_line(line, top + PADDING + 12 + LINE * number))
    return "".join(lines)


def _line(line: StageLine, base: int) -> str:
    left = PADDING + 2
    label = _text(line.short, left + SHAPE + 6, base, "changed" if line.is_changed else "same")
    if line.effect is None:
        return label
    name = class_name(line.effect)
    place = f'x="{left}" y="{base - 10}" width="{SHAPE}" height="{SHAPE}"'
    return f'<use class="{name}" href="#{name}" {place}/>{label}'


def _text(text: str, left: int, base: int, kind: str) -> str:
    return f'<text class="{kind}" x="{left}" y="{base}">{escape(plain(text, LONGEST))}</text>'
