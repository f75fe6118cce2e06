"""A base that cannot be read does not stand in the way of the change that fixes it."""

from collections.abc import Callable

import pytest

from tests.plan.conftest import APP, ARGOCD, DIST, ROOT, Document, History, effects

REPLICAS = "  replicas: 1\n"
MARKERS = f"<<<<<<< HEAD\n{REPLICAS}=======\n  replicas: 2\n>>>>>>> feature\n"


def link(history: History) -> None:
    (history.folder / DIST).unlink()
    (history.folder / DIST).symlink_to("../apps/elsewhere.yaml")


def write(text: str, file: str = DIST) -> Callable[[History], object]:
    return lambda history: (history.folder / file).write_text(text)


BREAKS: dict[str, tuple[Callable[[History], object], str]] = {
    "conflict markers": (lambda h: h.replace(REPLICAS, MARKERS), f"{DIST}:232: has merge conflict"),
    "key twice": (lambda h: h.replace(REPLICAS, REPLICAS * 2), "duplicate key 'replicas'"),
    "empty": (write(""), "contains no document"),
    "no manifest": (write("just: text\n"), "needs apiVersion"),
    "wrong shape": (lambda h: h.replace(REPLICAS, "  replicas: [1]\n"), "schema of its kind"),
    "not UTF-8": (lambda h: (h.folder / DIST).write_bytes(b"a: \xff\n"), "not UTF-8"),
    "a link": (link, DIST),
    "too deep": (write("a: " + "[" * 1000), "nested more than 500 levels deep"),
    "the Application": (
        write("<<<<<<< a\nx: 1\n>>>>>>> b\n", ARGOCD),
        f"{ARGOCD}:1: has merge conf",
    ),
    "the root Application": (write("a: b: c\n", ROOT), f"{ROOT}:1: not valid YAML"),
}


@pytest.mark.parametrize(("break_it", "problem"), BREAKS.values(), ids=BREAKS)
def test_fix_is_planned_as_from_nothing_known(
    history: History, break_it: Callable[[History], object], problem: str
) -> None:
    history.git("tag", "fixed")
    break_it(history)
    history.commit("merged by mistake")
    planned = history.plan("HEAD", "fixed", code=0)
    assert problem in planned["notes"][0]
    assert planned["notes"][0].startswith("HEAD:")
    assert set(effects(planned).values()) <= {"unknown: needs review", "nothing happens"}
    shown = history.ops("plan", "HEAD", "fixed", "--markdown", folder=history.folder)
    assert "cannot be read" in shown.stdout


def test_data_that_a_readable_file_puts_at_risk_is_still_to_be_acknowledged(
    history: History,
) -> None:
    history.replace(REPLICAS, MARKERS)
    history.commit("merged by mistake")
    history.replace(MARKERS, REPLICAS)

    def keep_no_more(database: Document) -> None:
        database["metadata"]["annotations"].pop("argocd.argoproj.io/sync-options")

    history.change("Database", keep_no_more, file="dist/notizen.k8s.yaml")
    assert history.plan(code=1)["unacknowledged"] == [
        "Acknowledge-Data-Risk: Database databases/notizen-db"
    ]


def test_broken_head_is_an_error_that_names_it(history: History) -> None:
    history.replace(REPLICAS, MARKERS)
    history.commit("merged by mistake")
    named = history.ops("plan", "HEAD~1", "HEAD", folder=history.folder)
    assert named.stderr.startswith(f"error: HEAD:{DIST}:232: has merge conflict markers")
    assert named.returncode == 1
    here = history.ops("plan", "HEAD~1", folder=history.folder)
    assert here.stderr.startswith(f"error: {DIST}:232: has merge conflict markers")


def test_file_that_stays_broken_is_an_error(history: History) -> None:
    history.replace(REPLICAS, MARKERS)
    history.commit("merged by mistake")
    history.change("Application", lambda d: d["metadata"].update(labels={"a": "b"}), file=ARGOCD)
    stays = history.ops("plan", "HEAD", folder=history.folder)
    assert f"{DIST}:232: has merge conflict markers" in stays.stderr
    assert APP in stays.stderr
