"""Draws seconds over the number of apps, one line per tool, both axes logarithmic."""

from tools.bench import installed
from tools.bench.contenders import CHANGED, HELM, KUSTOMIZE, SIZES, SYNTHESIZER, UNCHANGED
from tools.bench.figures import Figures

DRAWN = {
    SYNTHESIZER: "#0b6e4f",
    HELM: "#2b59c3",
    KUSTOMIZE: "#8a4fff",
    CHANGED: "#8d8d8d",
    UNCHANGED: "#d1495b",
}
"""Each line's colour, in the order of the legend."""

DECADES = (0.01, 0.1, 1, 10, 100)


def draw(figures: Figures) -> str:
    """The plot as SVG without scripts, so that it renders wherever images do."""
    pygal = installed.pygal()
    style = pygal.style.Style(
        background="white",
        plot_background="white",
        font_family="sans-serif",
        guide_stroke_color="#dddddd",
        major_guide_stroke_color="#dddddd",
        guide_stroke_dasharray="none",
        major_guide_stroke_dasharray="none",
        label_font_size=12,
        major_label_font_size=12,
        stroke_width=2,
        colors=tuple(DRAWN.values()),
    )
    chart = pygal.XY(
        title="Time to render N apps",
        x_title="apps",
        y_title="seconds",
        logarithmic=True,
        x_labels=SIZES,
        y_labels=DECADES,
        range=(DECADES[0], DECADES[-1]),
        value_formatter=lambda value: f"{value:g}",
        x_value_formatter=lambda value: f"{value:,.0f}",
        legend_at_bottom=True,
        legend_at_bottom_columns=len(DRAWN),
        show_x_guides=True,
        dots_size=3,
        width=860,
        height=520,
        js=(),
        style=style,
    )
    chart.uuid = "benchmark"  # otherwise random, in every rule of the style sheet
    for name in DRAWN:
        points = [(n, figures.seconds(name, n)) for n in SIZES if figures.has(name, n)]
        chart.add(name, points)
    return str(chart.render(is_unicode=True)) + "\n"
