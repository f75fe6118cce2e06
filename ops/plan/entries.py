"""What happens to objects, as parts of the page."""

from html import escape

from ops.plan.shapes import class_name, icon
from ops.plan.summary import Entry, Line, Repeated
from ops.plan.wording import plain


def code(text: object, longest: int = 200) -> str:
    """Any text as code, on one line."""
    return f"<code>{escape(plain(text, longest))}</code>"


def items(found: list[str]) -> str:
    """A list; nothing if it is empty."""
    return f"<ul>{''.join(f'<li>{item}</li>' for item in found)}</ul>" if found else ""


def show_repeated(repeated: Repeated) -> str:
    """One change of several containers or objects."""
    places = ", ".join(code(place) for place in repeated.places)
    return f"{_both(repeated)}<br>in {places}"


def show_entry(entry: Entry, *, is_open: bool = False) -> str:
    """Objects, the class of what happens to them in its shape and colour, and why."""
    effect = entry.change.effect
    names = ", ".join(map(code, entry.changes))
    head = f'{icon(effect)}<b class="class">{escape(effect.words)}</b>: {names}'
    why = "; ".join(_why(*reason) for reason in entry.reasons)
    if entry.lines:
        lines = items(list(map(_line, entry.lines)))
        state = " open" if is_open else ""
        body = f"<details{state}><summary>{head}</summary><p>{why}</p>{lines}</details>"
    else:
        body = f"<p>{head}</p><p>{why}</p>"
    return f'<article class="{class_name(effect)}">{body}</article>'


def _why(reason: str, source: str) -> str:
    link = f' (<a href="{escape(source)}">source</a>)' if source else ""
    return f"{escape(plain(reason, 500))}{link}"


def _line(line: Line) -> str:
    judged = line.judged
    words = f"<br>{escape(judged.effect.words)}: " if judged else ""
    why = f"{words}{_why(judged.reason, judged.source)}" if judged else ""
    if line.lines:
        value = "".join(f"<br>{code(text)}" for text in line.lines)
        return f"{code(line.field)}:{value}{why}"
    return f"{_both(line)}{why}"


def _both(shown: Repeated | Line) -> str:
    return f"{code(shown.field)}: {code(shown.old, 300)} → {code(shown.new, 300)}"
