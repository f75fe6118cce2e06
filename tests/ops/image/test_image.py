"""`ops image show` and `ops image set`."""

import json
from pathlib import Path

import pytest

from ops.declarations import declared_image
from ops.errors import OpsError
from ops.image import retag
from tests import frozen
from tests.ops.image.conftest import APP, DECLARATION, HOST, RENDERED, REPOSITORY, Desk
from tests.ops.image.gateway import Gateway
from tests.ops.image.images import Pusher, layer

OLD, NEW = "483a4df", "9f1c2ab"
OLD_DIGEST = "sha256:e9bbceb35b0239c835d339295a0ae1d2d8b6d08c02a7b4e992c0ecd37de86d7a"


def test_show_compares_with_the_registry(desk: Desk, pusher: Pusher, gateway: Gateway) -> None:
    digest = pusher.image(OLD, layer("a"))
    answer = desk.ops("image", "show")
    assert answer.returncode == 0
    line = f"{APP}  {HOST}/{REPOSITORY}:{OLD}  {OLD_DIGEST}  the tag now has {digest}\n"
    assert answer.stdout == line

    gateway.faults["/"] = (503, {}, b"")
    answer = desk.ops("image", "show", "--json")
    assert answer.returncode == 1
    (shown,) = json.loads(answer.stdout)
    assert (shown["tag"], shown["digest"], shown["registry_digest"]) == (OLD, OLD_DIGEST, "")
    assert "fails (503)" in shown["problem"]


def test_set_declares_and_renders_tag_and_digest_alone(desk: Desk, pusher: Pusher) -> None:
    digest = pusher.image(NEW, layer("a"))
    before = {name: desk.text(name) for name in (DECLARATION, RENDERED, "argocd/root.yaml")}
    answer = desk.ops("image", "set", NEW)
    assert answer.returncode == 0, answer.stderr
    for name, text in before.items():
        assert desk.text(name) == text.replace(OLD, NEW).replace(OLD_DIGEST, digest)
    assert desk.git("log", "--format=%s") == "as it is\n"
    lines = answer.stdout.splitlines()
    assert lines[0] == f"{APP}: {OLD} -> {NEW}, {digest}"
    assert f"+          image: {HOST}/{REPOSITORY}:{NEW}@{digest}" in lines
    assert lines[-2:] == [
        "next: ops plan HEAD",
        f'      git commit -m "{APP}: image {NEW}" {DECLARATION} dist argocd',
    ]
    assert desk.ops("gate", "dist", "argocd").returncode == 0

    again = desk.ops("image", "set", NEW)
    assert again.stdout == f"{APP} has {NEW}, {digest}: nothing changed\n"


def test_tag_that_was_pushed_again_gets_its_new_digest(desk: Desk, pusher: Pusher) -> None:
    digest = pusher.image(OLD, layer("again"))
    assert desk.ops("image", "set", OLD).stdout.startswith(
        f"{APP}: {OLD} was pushed again; its digest is now {digest}\n"
    )
    assert digest in desk.text(RENDERED)


def test_interrupted_set_is_gone_on_with(desk: Desk, pusher: Pusher) -> None:
    """As if it had been killed between the declaration and its rendering."""
    digest = pusher.image(NEW, layer("a"))
    file = desk.folder / DECLARATION
    file.write_text(file.read_text().replace(OLD, NEW).replace(OLD_DIGEST, digest))
    assert "were out of date" in desk.ops("image", "set", NEW).stdout
    assert digest in desk.text(RENDERED)


def test_whatever_cannot_be_rendered_changes_nothing(desk: Desk, pusher: Pusher) -> None:
    pusher.image("latest", layer("a"))
    refusal = desk.refusal("image", "set", "latest")
    assert refusal.startswith("error: apps/vergabe_teilnahme.py:8: Image.tag: 'latest' moves from")
    assert desk.is_clean


def interrupted(*_: object) -> None:
    """What Ctrl-C does."""
    raise KeyboardInterrupt


def test_ctrl_c_while_rendering_changes_nothing(
    desk: Desk, pusher: Pusher, monkeypatch: pytest.MonkeyPatch
) -> None:
    pusher.image(NEW, layer("a"))
    monkeypatch.setattr(retag, "render", interrupted)
    assert "error: interrupted" in desk.failure("image", "set", NEW, code=130)
    assert desk.is_clean


def test_registry_that_refuses_changes_nothing(desk: Desk, gateway: Gateway) -> None:
    gateway.faults["/"] = (403, {}, b"")
    assert "make the package public" in desk.refusal("image", "set", NEW)
    assert desk.is_clean


FORMS = {
    "a name for the tag": ('tag="483a4df"', "tag=TAG", "tag= of the Image is not a plain string"),
    "an f-string": ('tag="483a4df"', 'tag=f"483a4df"', "tag= of the Image is not a plain string"),
    "a name for the image": ("image=Image(", "image=dict(", "no DjangoApp(name="),
    "another app": ('name="vergabe-teilnahme"', 'name="other"', "no DjangoApp(name="),
    "broken": ("image=Image(", "image=Image((", " is not valid Python: "),
    "a NUL": ("image=Image(", "\0", " is not valid Python: "),
}


def written(folder: Path, content: bytes) -> Path:
    """The declaration's file, in a folder of its own."""
    (folder / "apps").mkdir()
    (folder / DECLARATION).write_bytes(content)
    return folder / DECLARATION


@pytest.mark.parametrize(("old", "new", "sentence"), FORMS.values(), ids=FORMS)
def test_declaration_of_another_form_is_refused(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    file = written(tmp_path, (frozen.FOLDER / DECLARATION).read_text().replace(old, new).encode())
    with pytest.raises(OpsError) as caught:
        declared_image.read(tmp_path, APP)
    assert str(caught.value).startswith(str(file))
    assert sentence in str(caught.value)


def test_everything_but_the_two_values_stays_byte_for_byte(tmp_path: Path) -> None:
    odd = (
        (frozen.FOLDER / DECLARATION)
        .read_bytes()
        .replace(b"    image=Image(", "  # \u00fc\r\n    image=Image(  # 483a4df\n".encode())
        .replace(b'tag="483a4df",', "# \u00df\n        tag='483' 'a4df',  # \u20ac".encode())
        .replace(OLD_DIGEST.encode(), b'sha256:"\n"e9bb')
    )
    written(tmp_path, odd)
    image = declared_image.read(tmp_path, APP)
    assert (image.values["tag"], image.values["digest"]) == (OLD, "sha256:e9bb")
    expected = odd.replace(b"'483' 'a4df'", b'"1"').replace(b'"sha256:"\n"e9bb"', b'"sha256:0"')
    assert image.replaced(tag="1", digest="sha256:0") == expected


def test_declaration_that_is_missing_is_said(desk: Desk) -> None:
    (desk.folder / DECLARATION).unlink()
    refusal = desk.refusal("image", "set", NEW)
    assert f"{DECLARATION}: No such file or directory; {APP} is declared there" in refusal


def test_wrong_use_is_said(desk: Desk) -> None:
    for arguments, sentence in (
        (("a/b",), "'a/b' is not a valid tag"),
        ((NEW, "--app", "other"), "no app 'other' is rendered in dist/; available: vergabe"),
        ((), "Missing argument 'TAG'"),
    ):
        answer = desk.ops("image", "set", *arguments)
        assert answer.returncode == 2
        assert sentence in answer.stderr
