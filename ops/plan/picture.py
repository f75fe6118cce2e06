"""The waves of a sync as a picture that stands in the page itself."""

from html import escape

from ops.plan.model import AppPlan
from ops.plan.wording import Stage, plain, stages

WIDTH, LINE, PADDING, GAP = 360, 16, 10, 18
LONGEST = 50


def svg(app: AppPlan) -> str:
    """One box a wave, one below the other, narrow enough for a phone."""
    boxes, top = [], 2
    for number, stage in enumerate(stages(app)):
        if number:
            middle = WIDTH // 2
            boxes.append(f'<path class="way" d="M{middle} {top - GAP}V{top}"/>')
        height = 2 * PADDING + LINE * (len(stage.lines) + 1)
        boxes.append(_box(stage, top, height))
        top += height + GAP
    name = escape(f"What Argo CD does for {app.name}")
    return (
        f'<svg role="img" aria-label="{name}" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}">'
        f"{''.join(boxes)}</svg>"
    )


def _box(stage: Stage, top: int, height: int) -> str:
    lines = [
        f'<rect x="2" y="{top}" width="{WIDTH - 4}" height="{height}" rx="6"/>',
        f'<text class="title" x="{PADDING}" y="{top + PADDING + 11}">{escape(stage.title)}</text>',
    ]
    for number, (action, subject, is_changed) in enumerate(stage.lines, 1):
        place = top + PADDING + 11 + LINE * number
        kind = ' class="changed"' if is_changed else ""
        what, _, where = subject.partition(" ")
        label = escape(plain(f"{action} {what} {where.rpartition('/')[2]}", LONGEST))
        lines.append(f'<text{kind} x="{PADDING}" y="{place}">{label}</text>')
    return "".join(lines)
