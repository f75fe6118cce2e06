"""`ops remove`: an app goes whole or not at all, and what is printed can be done."""

from pathlib import Path

import pytest

from ops.declarations import declared_app
from ops.errors import OpsError
from tests.conftest import ROOT
from tests.ops.image.conftest import APP, Desk
from tests.ops.image.test_new import GIVEN, HEAD, untouched


@pytest.fixture
def two(desk: Desk) -> Desk:
    """A clone in which a second app is committed."""
    answer = desk.ops("new", "mein-laden", *GIVEN, "--media", "1Gi")
    assert answer.returncode == 0, answer.stderr
    (desk.folder / "secrets").mkdir(exist_ok=True)
    (desk.folder / "secrets/README.md").write_text("Encrypted files.\n")
    desk.git("add", "--all", "apps", "dist", "argocd", "secrets")
    desk.commit("a second app")
    return desk


def commands(printed: str) -> list[str]:
    return [line[3:] for line in printed.splitlines() if line.startswith("   ")]


def test_app_goes_and_what_is_printed_is_acknowledged(two: Desk) -> None:
    answer = two.ops("remove", "mein-laden")
    assert answer.returncode == 0, answer.stderr
    assert not list(two.folder.glob("*/mein[-_]laden*"))
    assert "mein" not in two.text("apps/__init__.py")
    assert two.ops("gate").returncode == 0
    for words in (
        "DNS: remove the A record of mein-laden.whywhynot.de",
        "pg_dump --format=custom mein_laden > mein_laden.dump",
        "delete database.postgresql.cnpg.io mein-laden\n",
        "-- dropdb mein_laden\n",
        "remove the role mein_laden from spec.managed.roles of apps-pg, and its Secret",
        "with it all files of the volumes mein-laden-media, Secrets and receipts:",
        "   kubectl --context railiance01 delete namespace mein-laden\n",
    ):
        assert words in answer.stdout
    local = [c for c in commands(answer.stdout) if not c.startswith(("kubectl", "git push"))]
    assert [command.split()[0] for command in local] == ["git", "git", "ops"]
    for command in local:
        shown = two.done(command)
    assert "plan passed" in shown
    assert two.git("status", "--porcelain", "--", "apps", "dist", "argocd", "secrets") == ""


def test_refusals_leave_everything_as_it_is(two: Desk) -> None:
    before = untouched(two)
    assert "no app 'nichts' is rendered" in two.failure("remove", "nichts", code=2)
    (two.folder / "apps/mein_laden.py").write_text("# mine\n")
    assert "not committed; commit or undo these changes first:\n M apps/mein_laden.py" in (
        two.refusal("remove", "mein-laden")
    )
    two.git("checkout", "--quiet", "apps")
    (two.folder / "secrets/other.yaml").write_text("a: b\n")
    assert "the gate failed, so nothing was changed" in two.refusal("remove", "mein-laden")
    assert untouched(two) == before
    assert not list(two.folder.glob(".staged-*"))


def test_only_app_is_not_removed(desk: Desk) -> None:
    before = untouched(desk)
    assert f"{APP} is the only app" in desk.refusal("remove", APP)
    assert untouched(desk) == before


LISTS = {
    "the first": (b"from apps.m import M\nfrom apps.z import Z\n\nAPPS = (M, Z)\n", b"z Z"),
    "the last": (b"from apps.a import A\nfrom apps.m import M\n\nAPPS = (A, M)\n", b"a A"),
    "under another name": (
        b"from apps.a import A\nfrom apps.m import (\n    APP as M,\n)\n\nAPPS = (A, M)\n",
        b"a A",
    ),
}


@pytest.mark.parametrize(("before", "left"), LISTS.values(), ids=LISTS)
def test_list_gets_one_less(tmp_path: Path, before: bytes, left: bytes) -> None:
    (file := tmp_path / "__init__.py").write_bytes(HEAD + before)
    module, name = left.split()
    wanted = b"from apps.%s import %s\n\nAPPS = (%s,)\n" % (module, name, name)
    assert declared_app.unlisted(file, "m", ROOT) == HEAD + wanted
    with pytest.raises(OpsError, match="does not list q in APPS"):
        declared_app.unlisted(file, "q", ROOT)
