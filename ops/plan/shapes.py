"""A shape and a colour for each class of change, so that neither alone has to be told apart.

Circles need nothing of a reviewer, squares deserve a look, triangles and bars need a review or an
acknowledgement, diamonds and octagons put data at risk or stop the sync.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ops.kinds.description.effect import Effect

SIZE = 16


@dataclass(frozen=True)
class Shape:
    """A class's shape, drawn in a square of 16, and its colour on a light and on a dark page."""

    light: str
    dark: str
    drawn: str


_CIRCLE = '<circle cx="8" cy="8" r="7"/>'
_SQUARE = '<rect x="1" y="1" width="14" height="14" rx="2"/>'
_DOT = '<circle class="ink" cx="8" cy="8" r="3"/>'
_TRIANGLE = '<path d="M8 1 15.5 15H.5Z"/>'

SHAPES = {
    Effect.NOTHING: Shape("#767676", "#999", '<circle class="ring" cx="8" cy="8" r="6"/>'),
    Effect.CREATED: Shape("#2a7d2a", "#5bbd5b", f'{_CIRCLE}<path class="ink" d="M8 4V12M4 8H12"/>'),
    Effect.IN_PLACE: Shape("#2066c0", "#6aa5f0", _CIRCLE),
    Effect.ROLLS: Shape("#0b7a75", "#45bdb7", _CIRCLE + _DOT),
    Effect.ROLLS_WITH_GAP: Shape("#9a6700", "#d9a520", f'{_SQUARE}<path class="ink" d="M8 2V14"/>'),
    Effect.MIGRATES: Shape(
        "#7242c0", "#b08cf0", f'{_SQUARE}<path class="ink" d="M8 3.5V12M4.5 8.5 8 12 11.5 8.5"/>'
    ),
    Effect.EXPOSES: Shape("#b34700", "#f0883e", _SQUARE + _DOT),
    Effect.UNKNOWN: Shape(
        "#9a6700", "#d9a520", f'{_TRIANGLE}<path class="ink" d="M8 6V10.5M8 12V13.6"/>'
    ),
    Effect.NOT_RUN: Shape("#9a6700", "#d9a520", '<path d="M2 1H7V15H2ZM9 1H14V15H9Z"/>'),
    Effect.DELETED: Shape(
        "#c9252d", "#ff7b72", f'{_TRIANGLE}<path class="ink" d="M6 8 10 12M10 8 6 12"/>'
    ),
    Effect.DATA_AT_RISK: Shape(
        "#c9252d",
        "#ff7b72",
        '<path d="M8 0 16 8 8 16 0 8Z"/><path class="ink" d="M8 4V9M8 10.4V12"/>',
    ),
    Effect.REFUSED: Shape(
        "#c9252d",
        "#ff7b72",
        '<path d="M5 0H11L16 5V11L11 16H5L0 11V5Z"/><path class="ink" d="M4 8H12"/>',
    ),
}


def class_name(effect: Effect) -> str:
    """The CSS class of a class of change, which sets its colour as --c."""
    return f"e{effect.value}"


def style() -> str:
    """The colours of the classes, on a light and on a dark page."""
    rules = [_rules((effect, shape.light) for effect, shape in SHAPES.items())]
    dark = _rules((effect, shape.dark) for effect, shape in SHAPES.items())
    rules.append(f"@media (prefers-color-scheme: dark) {{ {dark} }}")
    return "\n".join(rules)


def _rules(colours: Iterable[tuple[Effect, str]]) -> str:
    return " ".join(f".{class_name(effect)} {{ --c: {colour} }}" for effect, colour in colours)


def definitions() -> str:
    """All shapes, to be referred to."""
    symbols = "".join(
        f'<symbol id="{class_name(effect)}" viewBox="0 0 {SIZE} {SIZE}">{shape.drawn}</symbol>'
        for effect, shape in SHAPES.items()
    )
    return f'<svg class="symbols" aria-hidden="true">{symbols}</svg>'


def icon(effect: Effect) -> str:
    """The shape of a class, beside which its words stand."""
    name = class_name(effect)
    return f'<svg class="shape {name}" aria-hidden="true"><use href="#{name}"/></svg>'
