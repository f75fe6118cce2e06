"""A plan as one page that needs nothing else: no script, no network."""

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from ops.host.files import replace
from ops.plan.entries import code, items, show_entry, show_repeated
from ops.plan.model import AppPlan, Plan
from ops.plan.picture import svg
from ops.plan.shapes import class_name, definitions, icon, style
from ops.plan.summary import Entry, summary
from ops.plan.wording import LONGEST_NOTE, headline, plain, verdict

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8881; --bad: #c9252d; --good: #2a7d2a }
@media (prefers-color-scheme: dark) { :root { --bad: #ff7b72; --good: #5bbd5b } }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 76rem; padding: 1rem }
code { font: 0.875em ui-monospace, monospace; overflow-wrap: anywhere }
h1, h2, h3 { line-height: 1.2 } h1 { margin-bottom: 0.5rem }
h3 { font-size: 1rem; margin: 1rem 0 0 }
header { border-left: 0.5rem solid var(--state); padding-left: 1rem }
header h1 { color: var(--state) }
.bad { --state: var(--bad) } .good { --state: var(--good) }
ul.classes { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; padding: 0 }
.attention { border: 2px solid var(--bad); border-radius: 8px; padding: 0 1rem 1rem }
article { background: var(--soft); border-left: 0.4rem solid var(--c); border-radius: 4px }
article { margin: 0.5rem 0; overflow-wrap: anywhere; padding: 0.5rem 0.75rem }
article p, article ul { margin: 0.25rem 0 } b.class { color: var(--c) }
summary { cursor: pointer; overflow-wrap: anywhere }
li { margin: 0.25rem 0; overflow-wrap: anywhere }
pre { background: var(--soft); margin: 0.5rem 0; overflow-wrap: anywhere; padding: 0.5rem }
pre { white-space: pre-wrap }
.shape { height: 1em; margin-right: 0.35em; vertical-align: -0.125em; width: 1em }
.shape, svg use { color: var(--c); fill: var(--c) }
.symbols { height: 0; position: absolute; width: 0 }
.ink { fill: none; stroke: canvas; stroke-width: 2 }
.ring { fill: none; stroke: currentColor; stroke-width: 2 }
svg.order { display: block; height: auto; max-width: 100% }
svg rect { fill: var(--soft); stroke: var(--line) } .symbols rect { fill: inherit; stroke: none }
svg .way { fill: none; stroke: currentColor }
svg text { fill: currentColor; font: 12px system-ui, sans-serif }
svg text.same { opacity: 0.65 } svg text.title, svg text.changed { font-weight: bold }
svg text.app { font-size: 14px; font-weight: bold }
@media (min-width: 60rem) {
  main { align-items: start; display: grid; gap: 2rem; grid-template-columns: 1fr 360px }
}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write(plan: Plan, target: Path) -> None:
    """Writes the page, whole or not at all; raises OpsError if that cannot be."""
    replace(target, page(plan).encode())


def page(plan: Plan) -> str:
    """The page as text: what needs attention first, then each Application; the order beside it."""
    kind = "good" if plan.passed else "bad"
    summaries = [(app, summary(app)) for app in plan.apps]
    urgent = [
        (app, [entry for entry in said.entries if entry.change.effect.needs_attention])
        for app, said in summaries
    ]
    calm = [
        _app(app, list(map(show_repeated, said.repeated)), _calm(said.entries))
        for app, said in summaries
    ]
    order = _order(plan.apps)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(verdict(plan))}</title><style>{_STYLE}{style()}</style></head>"
        f'<body class="{kind}">{definitions()}{_head(plan)}'
        f"{_attention(plan, urgent)}<main><div>{''.join(calm)}</div>{order}</main></body></html>\n"
    )


def _head(plan: Plan) -> str:
    counted = Counter(change.effect for change in plan.changes)
    classes = "".join(
        f'<li class="{class_name(effect)}">{icon(effect)}<b>{counted[effect]:,}</b>'
        f" {escape(effect.words)}</li>"
        for effect in sorted(counted, reverse=True)
    )
    if not plan.apps:
        classes = f"<li>{escape(headline(plan))}</li>"
    return (
        f"<header><h1>{escape(verdict(plan))}</h1>"
        f"<p>{code(plan.base)} → {code(plan.head)}</p></header>"
        f'<ul class="classes">{classes}</ul>'
    )


def _attention(plan: Plan, urgent: Sequence[tuple[AppPlan, Sequence[Entry]]]) -> str:
    """What a reviewer has to read; nothing if there is nothing."""
    body = "".join(_blocking(plan))
    for app, entries in urgent:
        if entries:
            shown = "".join(show_entry(entry, is_open=True) for entry in entries)
            body += f"<h3>{escape(plain(app.name))}</h3>{shown}"
    return f'<section class="attention"><h2>Needs attention</h2>{body}</section>' if body else ""


def _blocking(plan: Plan) -> Iterator[str]:
    yield items([code(f"error: {added}", LONGEST_NOTE) for added in plan.added_readers])
    yield items([escape(plain(note, LONGEST_NOTE)) for note in plan.secrets_notes])
    yield items([escape(plain(note, LONGEST_NOTE)) for note in plan.notes])
    yield items([code(f"error: {obstacle}", LONGEST_NOTE) for obstacle in plan.obstacles])
    if plan.unacknowledged:
        trailers = "\n".join(escape(plain(trailer, 500)) for trailer in plan.unacknowledged)
        yield "<p>To acknowledge it, end the message of a commit with:</p>"
        yield f"<pre><code>{trailers}</code></pre>"
    yield items([escape(plain(why, LONGEST_NOTE)) for why in plan.not_counted])
    yield items(
        [
            f"silenced{' (new)' if s.is_new else ''}: {code(s.check)} on {code(s.subject)}:"
            f" {escape(plain(s.reason, 500))}"
            for s in plan.silenced
        ]
    )


def _calm(entries: Sequence[Entry]) -> list[str]:
    """The other entries, the weightiest first."""
    rest = [entry for entry in entries if not entry.change.effect.needs_attention]
    rest.sort(key=lambda entry: entry.change.effect, reverse=True)
    return [show_entry(entry) for entry in rest]


def _app(app: AppPlan, repeated: list[str], entries: list[str]) -> str:
    notes = items([escape(plain(note, LONGEST_NOTE)) for note in app.notes])
    body = f"{notes}{items(repeated)}{''.join(entries)}"
    title = f"<h2>{escape(plain(app.name))}: {app.verb}</h2>"
    return f"<section>{title}{body}</section>" if body else ""


def _order(apps: Sequence[AppPlan]) -> str:
    if not any(app.steps for app in apps):
        return ""
    return f"<aside><h2>What Argo CD does</h2>{svg(apps)}</aside>"
