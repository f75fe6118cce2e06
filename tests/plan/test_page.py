"""The page: what needs attention stands first, and each class has its shape and colour."""

from ops.kinds.description.effect import Effect
from ops.plan.build import plan
from ops.plan.html import page
from ops.plan.shapes import SHAPES, class_name
from tests.plan.conftest import APP, History


def test_every_class_has_a_shape_of_its_own() -> None:
    assert set(SHAPES) == set(Effect)
    assert len({shape.drawn for shape in SHAPES.values()}) == len(SHAPES)


def test_what_needs_attention_stands_before_the_rest(history: History) -> None:
    history.replace(":483a4df@", ":1234567@")
    history.replace("databaseReclaimPolicy: retain", "databaseReclaimPolicy: delete")
    history.change("Service", lambda d: d["spec"].update(newField=1))
    text = page(plan("HEAD", None, history.folder)).partition("</header>")[2]
    marks = [f'<article class="{class_name(effect)}">' for effect in Effect]
    places = [(text.index(mark), Effect(n)) for n, mark in enumerate(marks) if mark in text]
    first, after = text.index("Needs attention"), text.index(f"{APP}: upgrade")
    urgent = {effect for place, effect in places if first < place < after}
    calm = {effect for place, effect in places if place > after}
    assert urgent == {Effect.DATA_AT_RISK, Effect.UNKNOWN}
    assert calm == {Effect.MIGRATES, Effect.ROLLS}
    assert text.index("<pre><code>Acknowledge-Data-Risk: Database") < after


def test_nothing_to_look_at_has_no_such_section(history: History) -> None:
    history.replace(":483a4df@", ":1234567@")
    assert "Needs attention" not in page(plan("HEAD", None, history.folder))
    assert "Nothing happens on the cluster." in page(plan("HEAD", "HEAD", history.folder))


def test_order_is_one_picture_of_all_applications(history: History) -> None:
    empty = history.git("hash-object", "-t", "tree", "/dev/null")
    text = page(plan(empty, "HEAD", history.folder))
    assert text.count('role="img"') == 1
    for name in ("railiance01", APP, "notizen"):
        assert '<text class="app" x="2" y="' in text
        assert f">{name}</text>" in text
    assert f'<use class="{class_name(Effect.CREATED)}"' in text
