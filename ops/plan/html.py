"""A plan as one page that needs nothing else: no script, no network."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from ops.host.files import replace
from ops.kinds.description.effect import Effect
from ops.plan.model import AppPlan, Plan
from ops.plan.picture import svg
from ops.plan.summary import Entry, Line, Repeated, summary
from ops.plan.wording import effects, headline, plain, verdict

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8882; --bad: #c22; --good: #292 }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem }
code { font: 0.875em ui-monospace, monospace; overflow-wrap: anywhere }
h1, h2 { line-height: 1.2 } h1.bad { color: var(--bad) } h1.good { color: var(--good) }
section { border-top: 1px solid var(--line) }
details { border: 1px solid var(--line); border-radius: 6px; margin: 0.5rem 0; padding: 0.5rem }
summary { cursor: pointer; overflow-wrap: anywhere }
li { margin: 0.5rem 0; overflow-wrap: anywhere }
b.look { color: var(--bad) }
svg { display: block; height: auto; max-width: 100% }
svg rect { fill: var(--soft); stroke: var(--line) } svg .way { stroke: currentColor }
svg text { fill: currentColor; font: 12px system-ui, sans-serif; opacity: 0.65 }
svg text.title, svg text.changed { font-weight: bold; opacity: 1 }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write(plan: Plan, target: Path) -> None:
    """Writes the page, whole or not at all; raises OpsError if that cannot be."""
    replace(target, page(plan).encode())


def page(plan: Plan) -> str:
    """The page as text."""
    body = "".join(_body(plan))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(verdict(plan))}</title><style>{_STYLE}</style></head>"
        f"<body>{body}</body></html>\n"
    )


def _code(text: object, longest: int = 200) -> str:
    return f"<code>{escape(plain(text, longest))}</code>"


def _body(plan: Plan) -> Iterator[str]:
    kind = "good" if plan.passed else "bad"
    yield f'<h1 class="{kind}">{escape(verdict(plan))}</h1>'
    yield f"<p>{_code(plan.base)} → {_code(plan.head)}. {escape(headline(plan))}</p>"
    yield _list([_code(f"error: {added}", 1000) for added in plan.added_readers])
    yield _list([escape(plain(note, 500)) for note in plan.secrets_notes])
    yield _list([_code(f"error: {obstacle}", 1000) for obstacle in plan.obstacles])
    yield _list(
        [f"refused: {_code(c)}: {escape(plain(c.worst.reason, 500))}" for c in plan.refused]
    )
    if plan.unacknowledged:
        yield "<p>To acknowledge it, end the message of a commit with:</p>"
        yield _list([_code(trailer, 500) for trailer in plan.unacknowledged])
    yield _list(
        [
            f"silenced{' (new)' if s.is_new else ''}: {_code(s.check)} on {_code(s.subject)}:"
            f" {escape(plain(s.reason, 500))}"
            for s in plan.silenced
        ]
    )
    for app in plan.apps:
        yield _app(app)


def _list(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""


def _app(app: AppPlan) -> str:
    notes = _list([escape(note) for note in app.notes])
    said = summary(app)
    changes = _list(list(map(_repeated, said.repeated))) + "".join(map(_entry, said.entries))
    drawn = svg(app) if app.steps else ""
    how = f"<details open><summary>What Argo CD does</summary>{drawn}</details>" if drawn else ""
    title = f"<h2>{escape(plain(app.name))}: {app.verb}</h2><p>{escape(effects(app))}</p>"
    return f"<section>{title}{notes}{changes}{how}</section>"


def _repeated(repeated: Repeated) -> str:
    places = ", ".join(_code(place) for place in repeated.places)
    return f"{_both(repeated)}<br>in {places}"


def _entry(entry: Entry) -> str:
    effect = entry.change.effect
    kind = ' class="look"' if effect >= Effect.UNKNOWN else ""
    names = ", ".join(map(_code, entry.changes))
    head = f"{names}: <b{kind}>{escape(effect.words)}</b>"
    why = "; ".join(_why(*reason) for reason in entry.reasons)
    if not entry.lines:
        return f"<p>{head} ({why})</p>"
    lines = _list(list(map(_line, entry.lines)))
    return f"<details><summary>{head}</summary><p>{why}</p>{lines}</details>"


def _why(reason: str, source: str) -> str:
    link = f' (<a href="{escape(source)}">source</a>)' if source else ""
    return f"{escape(plain(reason, 500))}{link}"


def _line(line: Line) -> str:
    judged = line.judged
    words = f"<br>{escape(judged.effect.words)}: " if judged else ""
    why = f"{words}{_why(judged.reason, judged.source)}" if judged else ""
    if line.lines:
        value = "".join(f"<br>{_code(text)}" for text in line.lines)
        return f"{_code(line.field)}:{value}{why}"
    return f"{_both(line)}{why}"


def _both(shown: Repeated | Line) -> str:
    return f"{_code(shown.field)}: {_code(shown.old, 300)} → {_code(shown.new, 300)}"
