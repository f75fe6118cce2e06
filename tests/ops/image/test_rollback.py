"""`ops rollback`: back by a revert, if git and the schema allow it."""

import shutil
from pathlib import Path

import pytest

from ops.gate import freshness
from ops.registry import Reference
from ops.rollback.history import standing
from tests.ops.image.conftest import APP, DECLARATION, RENDERED, REPOSITORY, Desk, copied
from tests.ops.image.gateway import Gateway
from tests.ops.image.images import Pusher, layer

SAME = ("0001_initial", "0002_frist")
NEWER = (*SAME, "0003_los")


@pytest.fixture(scope="session")
def three_images(
    clone: Path, registry_address: str, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A clone with three images after the first; the last has a migration more."""
    folder = tmp_path_factory.mktemp("three-images") / "clone"
    desk = Desk(copied(clone, folder))
    pusher = Pusher(registry_address, REPOSITORY)
    for tag, names in {"v1": SAME, "v2": SAME, "v3": NEWER}.items():
        desk.use(tag, pusher.migrations(tag, names))
    return folder


@pytest.fixture
def history(desk: Desk, three_images: Path) -> Desk:
    shutil.rmtree(desk.folder)
    copied(three_images, desk.folder)
    return desk


def tags(desk: Desk) -> list[str]:
    """Of the images that stand, newest first."""
    changes = standing(desk.folder, Path(RENDERED), "")
    return [Reference.parse(change.image).tag for change in changes]


def back_to(desk: Desk, commit: str) -> None:
    desk.git("reset", "--quiet", "--hard", commit)


def test_revert_brings_back_the_image_before_and_says_why(history: Desk) -> None:
    back_to(history, "HEAD~1")
    answer = history.ops("rollback", "--reason", "500 on\nlogin")
    assert answer.returncode == 0, answer.stderr
    lines = answer.stdout.splitlines()
    commit = history.git("rev-parse", "--short=7", "HEAD~1").strip()
    assert lines[:3] == [
        f"{APP}: v2 -> v1, by reverting",
        f"  {commit} image v2",
        "the schema allows it: v1 knows all 3 migrations of v2",
    ]
    assert not history.git("diff", "HEAD~2", "HEAD")
    assert history.is_clean
    whole = history.git("rev-parse", "HEAD~1").strip()
    assert history.git("log", "-1", "--format=%B").strip() == (
        f'Revert "image v2"\n\nThis reverts commit {whole}.\n\n'
        f"Rollback: {APP} from v2 to v1\n"
        "Schema: the schema allows it: v1 knows all 3 migrations of v2\n"
        "Reason: 500 on login"
    )


def test_revert_and_what_it_reverted_no_longer_stand(history: Desk) -> None:
    """So going back twice goes back by two, and not forth again."""
    history.git("revert", "--no-edit", "HEAD")
    assert tags(history) == ["v2", "v1", "483a4df"]
    history.git("revert", "--no-edit", "HEAD")
    assert tags(history) == ["v3", "v2", "v1", "483a4df"]


def test_newer_schema_refuses_and_says_how_to_take_it_back(history: Desk) -> None:
    head = history.git("rev-parse", "HEAD")
    refusal = history.refusal("rollback")
    assert "the schema is newer: v2 does not know ausschreibung.0003_los\n" in refusal
    image_of = f"--image-of {head[:7]}"
    assert f"  ops manage --app {APP} {image_of} migrate ausschreibung 0002_frist\n" in refusal
    assert "give --schema-is-compatible" in refusal
    assert head == history.git("rev-parse", "HEAD")


def test_reverted_image_counts_as_having_migrated(history: Desk) -> None:
    """It went back with --schema-is-compatible, so the database may still have what it added."""
    commit = history.git("rev-parse", "--short=7", "HEAD").strip()
    assert history.ops("rollback", "--schema-is-compatible").returncode == 0
    assert history.image == "v2"
    refusal = history.refusal("rollback")
    assert "v1 does not know ausschreibung.0003_los (deployed before: v3)\n" in refusal
    assert f"  ops manage --app {APP} --image-of {commit} migrate ausschreibung 0002" in refusal
    assert history.image == "v2"


def test_images_in_between_count_as_having_migrated(desk: Desk, pusher: Pusher) -> None:
    desk.use("v1", pusher.migrations("v1", SAME))
    commit = desk.git("rev-parse", "HEAD").strip()
    desk.use("v2", pusher.migrations("v2", NEWER))
    desk.use("v3", pusher.migrations("v3", SAME))
    refusal = desk.refusal("rollback", "--to", commit)
    assert "v1 does not know ausschreibung.0003_los (deployed before: v2)\n" in refusal


def test_registry_that_does_not_answer_is_no_permission(history: Desk, gateway: Gateway) -> None:
    gateway.faults["/"] = (503, {}, b"")
    refusal = history.refusal("rollback")
    assert "cannot check whether the schema allows it: registry gitea.coulomb.social" in refusal
    assert "ops manage" not in refusal
    assert history.image == "v3"
    assert history.ops("rollback", "--schema-is-compatible").returncode == 0
    assert history.image == "v2"
    assert "Schema: declared compatible by the operator" in history.git("log", "-1")


def test_image_without_any_migration_is_no_permission(desk: Desk, pusher: Pusher) -> None:
    desk.use("v1", pusher.image("v1", layer("app/manage.py")))
    desk.use("v2", pusher.migrations("v2", SAME))
    assert "contains no migrations; is it a Django image?" in desk.refusal("rollback")


def test_back_to_a_commit_reverts_all_since(history: Desk) -> None:
    commit = history.git("rev-parse", "HEAD~2").strip()
    (history.folder / "README.md").write_text("something else")
    history.git("add", "README.md")
    history.commit("something else")
    answer = history.ops("rollback", "--to", commit[:10], "--schema-is-compatible")
    assert answer.returncode == 0, answer.stderr
    assert history.image == "v1"
    assert history.git("diff", "--name-only", commit, "HEAD") == "README.md\n"
    subjects = history.git("log", "-3", "--format=%s").splitlines()
    assert subjects == ['Revert "image v2"', 'Revert "image v3"', "something else"]


def test_nothing_to_go_back_to_is_said(desk: Desk, pusher: Pusher) -> None:
    assert "nothing to go back to; there is no earlier image" in desk.refusal("rollback")
    desk.use("v1", pusher.migrations("v1", SAME))
    assert "has no other image" in desk.refusal("rollback", "--to", "HEAD")
    assert "'nowhere' is not a commit" in desk.refusal("rollback", "--to", "nowhere")
    assert "'--all' is not a commit" in desk.refusal("rollback", "--to", "--all")


def test_commit_of_another_branch_is_refused(desk: Desk) -> None:
    desk.git("checkout", "--quiet", "--orphan", "other")
    other = desk.commit("of another branch")
    desk.git("checkout", "--quiet", "main")
    assert "is not in the history of the current commit" in desk.refusal("rollback", "--to", other)


def test_work_that_is_not_committed_is_kept(history: Desk) -> None:
    file = history.folder / DECLARATION
    file.write_text(changed := file.read_text() + "# mine\n")
    assert f"not committed: {DECLARATION}; commit it" in history.refusal("rollback")
    assert file.read_text() == changed


def test_merge_under_way_is_left_alone(history: Desk) -> None:
    (history.folder / ".git/MERGE_HEAD").write_text(history.git("rev-parse", "HEAD~1"))
    assert "git has an operation in progress (MERGE_HEAD)" in history.refusal("rollback")
    assert (history.folder / ".git/MERGE_HEAD").exists()


def test_revert_that_does_not_apply_changes_nothing(history: Desk) -> None:
    file = history.folder / DECLARATION
    file.write_text(file.read_text().replace("repository=", "# beside the tag\n    repository="))
    head = history.commit("a comment beside the tag")
    refusal = history.refusal("rollback", "--schema-is-compatible")
    assert f"{DECLARATION}: the same lines have changed since" in refusal
    assert "`ops image set v2 --app vergabe-teilnahme` goes back without it" in refusal
    assert history.git("rev-parse", "HEAD").strip() == head
    assert history.is_clean
    assert not (history.folder / ".git/REVERT_HEAD").exists()


def test_commit_that_git_refuses_changes_nothing(history: Desk) -> None:
    history.git("config", "--unset", "user.email")
    history.git("config", "user.useConfigOnly", "true")
    refusal = history.refusal("rollback", "--schema-is-compatible")
    assert "git failed (exit code 128): " in refusal
    assert "no email was given" in refusal
    assert history.is_clean
    assert history.image == "v3"


def test_ctrl_c_after_the_revert_takes_it_back(
    history: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(freshness, "findings", interrupted)
    said = history.failure("rollback", "--schema-is-compatible", code=130)
    assert said == "error: interrupted; run the same command again to continue\n"
    assert history.image == "v3"
    assert history.is_clean
    assert history.git("log", "-1", "--format=%s") == "image v3\n"


def test_result_that_is_not_what_is_declared_is_taken_back(history: Desk) -> None:
    file = history.folder / RENDERED
    file.write_text(file.read_text().replace("replicas: 1", "replicas: 2"))
    head = history.commit("by hand")
    refusal = history.refusal("rollback", "--schema-is-compatible")
    assert "would not be what the declarations render" in refusal
    assert history.git("rev-parse", "HEAD").strip() == head
    assert history.is_clean


def test_image_of_a_merged_branch_is_found(desk: Desk, pusher: Pusher) -> None:
    desk.use("v1", pusher.migrations("v1", SAME))
    desk.git("checkout", "--quiet", "-b", "branch")
    desk.use("v2", pusher.migrations("v2", SAME))
    desk.git("checkout", "--quiet", "main")
    desk.git("merge", "--quiet", "--no-ff", "--no-edit", "branch")
    assert tags(desk) == ["v2", "v1", "483a4df"]


def test_merge_with_an_image_of_its_own_is_refused(desk: Desk, pusher: Pusher) -> None:
    first = desk.use("v1", pusher.migrations("v1", SAME))
    desk.git("checkout", "--quiet", "-b", "branch", "HEAD~1")
    desk.use("v2", pusher.migrations("v2", SAME))
    desk.git("checkout", "--quiet", "main")
    desk.git("merge", "--quiet", "--strategy=ours", "--no-commit", "branch")
    merge = desk.use("v3", pusher.migrations("v3", SAME))
    refusal = desk.refusal("rollback")
    assert f"{merge[:7]} is a merge with an image of its own" in refusal
    assert f"goes back to its first parent, {first[:7]}" in refusal


def test_revert_that_leads_elsewhere_is_taken_back(desk: Desk, pusher: Pusher) -> None:
    """Back to the image of a branch that a merge left out, which no revert brings."""
    desk.git("checkout", "--quiet", "-b", "branch")
    branch = desk.use("v2", pusher.migrations("v2", SAME))
    desk.git("checkout", "--quiet", "main")
    desk.use("v1", pusher.migrations("v1", SAME))
    desk.git("merge", "--quiet", "--strategy=ours", "--no-edit", "branch")
    head = desk.git("rev-parse", "HEAD")
    refusal = desk.refusal("rollback", "--to", branch)
    assert "the revert results in gitea.coulomb.social/coulomb/vergabe-teilnahme:483a4df" in refusal
    assert desk.git("rev-parse", "HEAD") == head
    assert desk.is_clean


def test_folder_without_git_is_said(desk: Desk) -> None:
    (desk.folder / ".git").rename(Path(f"{desk.folder}-git"))
    assert "git failed (exit code 128): fatal: not a git repository" in desk.refusal("rollback")
