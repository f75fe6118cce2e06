"""A plan as a comment of a pull request: what matters first, and never too long for one."""

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_letters, digits

from ops.kinds.description.effect import Effect
from ops.plan.change import Change
from ops.plan.model import AppPlan, Plan
from ops.plan.summary import Entry, Line, Repeated, summary
from ops.plan.wording import (
    LONGEST_NOTE,
    Stage,
    StageLine,
    effects,
    headline,
    plain,
    stages,
    verdict,
)

MOST_CHARACTERS = 65_000
"""What a comment may hold on the forges; GitHub's bound is 65,536, Gitea's is wider."""
MOST_FIELDS, MOST_LINES = 20, 8
_SAFE = frozenset(ascii_letters + digits + " ,/")
_RESERVE = 500
"""Kept free for the line that says what was left out."""


@dataclass(frozen=True)
class Piece:
    """A part of the comment: the lower its rank, the longer it stays when space runs out."""

    rank: int
    what: str
    """What is said to be left out if it is."""
    text: str


def comment(plan: Plan) -> str:
    """The plan in Markdown, at most 65,000 characters however large the change."""
    pieces = list(_pieces(plan))
    space = MOST_CHARACTERS - _RESERVE
    kept: set[int] = set()
    for number in sorted(range(len(pieces)), key=lambda n: pieces[n].rank):
        if len(pieces[number].text) <= space:
            space -= len(pieces[number].text)
            kept.add(number)
    left_out: dict[str, int] = {}
    for number, piece in enumerate(pieces):
        if number not in kept:
            left_out[piece.what] = left_out.get(piece.what, 0) + 1
    text = "".join(piece.text for number, piece in enumerate(pieces) if number in kept)
    if left_out:
        sentence = ", ".join(f"{count:,} {what}" for what, count in left_out.items())
        text += f"\n_Left out, for a comment holds no more: {sentence}. `ops plan` shows all._\n"
    return text


def code(text: object, longest: int = 200) -> str:
    """Any text as inline code, in which no character means anything to Markdown or HTML."""
    return f"<code>{escaped(text, longest)}</code>"


def escaped(text: object, longest: int = 200) -> str:
    """Any text, so that no character means anything to Markdown or HTML."""
    return "".join(c if c in _SAFE else f"&#{ord(c)};" for c in plain(text, longest))


def _pieces(plan: Plan) -> Iterator[Piece]:
    mark = "✅" if plan.passed else "❌"
    head = f"## {mark} {verdict(plan)}\n\n{code(plan.base)} → {code(plan.head)}. {headline(plan)}\n"
    yield Piece(0, "summaries", head)
    for added in plan.added_readers:
        yield Piece(1, "added readers of Secrets", f"- **error** {escaped(added, 1000)}\n")
    for note in plan.secrets_notes:
        yield Piece(2, "notes about secrets/", f"- {escaped(note, 500)}\n")
    for note in plan.notes:
        yield Piece(1, "notes", f"\n> {escaped(note, LONGEST_NOTE)}\n")
    yield from _failures(plan)
    for silence in plan.silenced:
        new = " **new:**" if silence.is_new else ""
        sentence = (
            f"{code(silence.check)} on {code(silence.subject)}: {escaped(silence.reason, 300)}"
        )
        yield Piece(2, "silenced checks", f"- silenced{new} {sentence}\n")
    for app in plan.apps:
        yield Piece(2, "Applications", f"\n### {escaped(app.name)}: {app.verb}\n\n{effects(app)}\n")
        for note in app.notes:
            yield Piece(2, "notes", f"\n> {escaped(note, LONGEST_NOTE)}\n")
        if app.steps:
            yield Piece(4, "timelines", _timeline(app))
        said = summary(app)
        for repeated in said.repeated:
            yield Piece(2, "changes of several objects", _repeated(repeated))
        for entry in said.entries:
            yield Piece(_rank(entry.change), "objects", _entry(entry))


def _rank(change: Change) -> int:
    if change.effect.needs_attention:
        return 3
    return 6 if change.effect in (Effect.NOTHING, Effect.CREATED) else 5


def _failures(plan: Plan) -> Iterator[Piece]:
    for obstacle in plan.obstacles:
        sentence = (
            f"{code(obstacle.subject)}: {escaped(obstacle.problem, 500)}; {escaped(obstacle.fix)}"
        )
        yield Piece(1, "errors", f"- **error** {sentence}\n")
    for change in plan.refused:
        worst = change.worst
        sentence = f"{code(change)}, {code(worst.field)}: {escaped(worst.reason, 500)}"
        yield Piece(1, "refusals", f"- **refused** {sentence}\n")
    if plan.unacknowledged:
        text = "\nTo acknowledge it, end the message of a commit with:\n\n"
        yield Piece(1, "acknowledgements", text)
    for trailer in plan.unacknowledged:
        yield Piece(1, "acknowledgements", f"- {code(trailer, 500)}\n")
    for why in plan.not_counted:
        yield Piece(1, "explanations", f"\n> {escaped(why, LONGEST_NOTE)}\n")


def _timeline(app: AppPlan) -> str:
    """The waves as a mermaid diagram, folded."""
    nodes, edges = [], []
    for number, stage in enumerate(stages(app)):
        label = "<br>".join(_label(line) for line in [stage.title, *_lines(stage)])
        nodes.append(f'  s{number}["{label}"]\n')
        if number:
            edges.append(f"  s{number - 1} --> s{number}\n")
    drawn = "".join([*nodes, *edges])
    head = "<details><summary>What Argo CD does, wave by wave (● changed)</summary>\n\n"
    return f"\n{head}```mermaid\nflowchart TD\n{drawn}```\n\n</details>\n"


def _lines(stage: Stage) -> list[str]:
    """As many lines as fit, those first that the change is about, and how many there are more."""
    fits = len(stage.lines) <= MOST_LINES
    ordered = stage.lines if fits else sorted(stage.lines, key=lambda line: not line.is_changed)
    shown = [_step(line) for line in ordered[:MOST_LINES]]
    return shown if fits else [*shown, f"and {len(ordered) - MOST_LINES:,} more"]


def _step(line: StageLine) -> str:
    return f"{'● ' if line.is_changed else ''}{line.short}"


def _label(text: str) -> str:
    """Any text as a part of a mermaid label; anything unusual by its number."""
    shown = plain(text, 90)
    return "".join(c if c in _SAFE or c in ".-●" else f"#{ord(c)};" for c in shown)


def _repeated(repeated: Repeated) -> str:
    places = ", ".join(code(place) for place in repeated.places)
    return f"\n- {_both(repeated)}<br>in {places}\n"


def _entry(entry: Entry) -> str:
    names = ", ".join(map(code, entry.changes))
    head = f"{names}: {entry.change.effect.words}"
    why = "; ".join(_why(*reason) for reason in entry.reasons)
    if not entry.lines:
        return f"\n- {head} ({why})\n"
    lines = [_line(line) for line in entry.lines[:MOST_FIELDS]]
    more = len(entry.lines) - MOST_FIELDS
    if more > 0:
        lines.append(f"- and {more:,} more fields\n")
    body = f"{why}\n\n{''.join(lines)}"
    return f"\n<details><summary>{head}</summary>\n\n{body}\n</details>\n"


def _why(reason: str, source: str) -> str:
    return f"{escaped(reason, 500)} ([source]({source}))" if source else escaped(reason, 500)


def _line(line: Line) -> str:
    judged = line.judged
    why = f"<br>{judged.effect.words}: {_why(judged.reason, judged.source)}" if judged else ""
    if line.lines:
        value = "".join(f"<br>{code(text)}" for text in line.lines)
        return f"- {code(line.field)}:{value}{why}\n"
    return f"- {_both(line)}{why}\n"


def _both(shown: Repeated | Line) -> str:
    return f"{code(shown.field)}: {code(shown.old, 250)} → {code(shown.new, 250)}"
