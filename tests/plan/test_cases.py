"""Changes as they come, each with what it does on the cluster."""

import json
import shlex
from typing import Any

import pytest

from ops.plan.build import plan
from tests.plan.conftest import APP, ARGOCD, DIST, ROOT, Document, History, container, effects

MIGRATES = {f"Job {APP}-migrate": "migrations run"}
ROLLS = {f"Deployment {APP}": "pods roll without a gap"}


def test_image_change_migrates_then_rolls_without_a_gap(history: History) -> None:
    history.replace(":483a4df@", ":1234567@")
    planned = history.plan(code=0)
    assert effects(planned) == MIGRATES | ROLLS
    (app,) = planned["apps"]
    assert (app["name"], app["verb"]) == (APP, "upgrade")
    (field,) = app["changes"][0]["fields"]
    assert field["field"] == "spec.template.spec.containers[migrate].image"
    assert ":483a4df@" in field["old"]
    assert ":1234567@" in field["new"]
    assert field["source"].startswith("https://")


def test_new_variable_is_one_field_and_rolls(history: History) -> None:
    def add(deployment: Document) -> None:
        variables = container(deployment)["env"]
        variables.insert(0, {"name": "FEATURE", "value": "on"})

    history.change("Deployment", add)
    planned = history.plan(code=0)
    assert effects(planned) == MIGRATES | ROLLS
    changes = {change["kind"]: change for change in planned["apps"][0]["changes"]}
    assert [f["field"] for f in changes["Deployment"]["fields"]] == [
        "spec.template.spec.containers[web].env[FEATURE]"
    ]
    assert changes["Job"]["reason"] == "unchanged; it runs in every sync"


def test_moved_variable_is_told_as_one_change_of_order(history: History) -> None:
    history.change("Deployment", lambda d: container(d)["env"].reverse())
    planned = history.plan(code=0)
    changes = {change["kind"]: change for change in planned["apps"][0]["changes"]}
    (field,) = changes["Deployment"]["fields"]
    assert field["field"] == "spec.template.spec.containers[web].env[order]"


def test_host_change_changes_exposure_after_the_certificate(history: History) -> None:
    history.replace("vergabe-teilnahme.whywhynot.de", "vergabe.whywhynot.de")
    planned = history.plan(code=0)
    found = effects(planned)
    assert found == MIGRATES | {
        f"Deployment {APP}": "pods roll with a gap",
        f"Certificate {APP}-tls": "exposure changes",
        f"Ingress {APP}": "exposure changes",
    }
    order = [(s["action"], s["kind"]) for s in planned["apps"][0]["steps"]]
    assert order.index(("wait", "Certificate")) < order.index(("apply", "Ingress"))


def test_reclaim_policy_change_puts_data_at_risk(history: History) -> None:
    history.replace("databaseReclaimPolicy: retain", "databaseReclaimPolicy: delete")
    planned = history.plan(code=1)
    assert effects(planned)["Database vergabe-db"] == "data at risk"
    assert planned["unacknowledged"] == ["Acknowledge-Data-Risk: Database databases/vergabe-db"]


def test_database_renamed_is_refused_whatever_is_acknowledged(history: History) -> None:
    history.replace("name: vergabe_db", "name: other_db")
    history.commit("rename\n\nAcknowledge-Data-Risk: Database databases/vergabe-db")
    planned = history.plan("HEAD~1", "HEAD", code=1)
    assert effects(planned)["Database vergabe-db"] == "refused by the API server"
    assert planned["refused"] == ["Database databases/vergabe-db"]


def test_app_removed_deletes_what_is_not_kept(history: History) -> None:
    history.remove_app()
    planned = history.plan(code=1)
    found = effects(planned)
    assert {name for name, effect in found.items() if effect == "nothing happens"} == {
        f"Namespace {APP}",
        "Database vergabe-db",
        f"PersistentVolumeClaim {APP}-media",
    }
    assert set(found.values()) == {"nothing happens", "deleted"}
    assert planned["unacknowledged"] == [f"Acknowledge-Deletion: Application argocd/{APP}"]
    history.commit(f"remove\n\nacknowledge-deletion:  Application   argocd/{APP}")
    history.plan("HEAD~1", "HEAD", code=0)


def test_removal_takes_the_highest_wave_first(history: History) -> None:
    history.remove_app()
    root, app = history.plan()["apps"]
    assert (root["name"], app["verb"]) == ("railiance01", "remove")
    assert [(s["action"], s["kind"]) for s in root["steps"]] == [
        ("prune", "Application"),
        ("apply", "AppProject"),
        ("gone", "Application"),
        ("prune", "AppProject"),
        ("gone", "AppProject"),
        ("apply", "Application"),
    ]
    assert [s["wave"] for s in app["steps"] if s["action"] == "prune"] == [
        2,
        2,
        1,
        0,
        0,
        -1,
        -2,
        -2,
    ]


def test_root_moves_to_its_project_and_back_while_the_project_is_there(history: History) -> None:
    history.drop("AppProject", file=ROOT)
    history.replace("project: railiance01", "project: default", file=ROOT)
    history.commit("former")
    moves = {"HEAD HEAD~1": "apply", "HEAD~1 HEAD": "keep"}
    for revisions, project in moves.items():
        planned = history.plan(*revisions.split(), code=1)
        (root,) = planned["apps"]
        assert [(s["wave"], s["action"], s["kind"]) for s in root["steps"]] == [
            (0, project, "AppProject"),
            (1, "apply", "Application"),
        ]
        assert planned["unacknowledged"] == [
            "Acknowledge-Data-Risk: Application argocd/railiance01"
        ]


def test_selector_change_is_refused(history: History) -> None:
    labels = "matchLabels"
    history.change(
        "Deployment", lambda d: d["spec"]["selector"][labels].update({"app.kubernetes.io/x": "z"})
    )
    planned = history.plan(code=1)
    assert effects(planned)[f"Deployment {APP}"] == "refused by the API server"


@pytest.mark.parametrize("name", ["argocd/Kustomization", "dist/.argocd-source-notizen.yaml"])
def test_file_that_is_no_manifest_by_its_name_fails_the_plan(history: History, name: str) -> None:
    (history.folder / name).write_text("resources: [root.yaml]\n")
    (error,) = history.plan("HEAD~1", history.commit("more"), code=1)["errors"]
    assert (error["subject"], error["fix"]) == (name, "remove it")


def test_hook_alone_never_syncs_and_can_be_acknowledged(history: History) -> None:
    history.change("Job", lambda d: d["spec"].update(backoffLimit=2))
    planned = history.plan(code=1)
    assert effects(planned) == {f"Job {APP}-migrate": "the hook does not run"}
    (app,) = planned["apps"]
    assert "never starts an automatic sync" in app["changes"][0]["reason"]
    assert (app["steps"], planned["errors"]) == ([], [])
    (trailer,) = planned["unacknowledged"]
    history.commit(f"retry more often\n\n{trailer}")
    planned = history.plan("HEAD~1", "HEAD", code=0)
    (note,) = planned["apps"][0]["notes"]
    options = ["ServerSideApply=true", "FailOnSharedResource=true"]
    *words, patch = shlex.split(note.partition(": ")[2])
    assert words == f"kubectl patch application {APP} -n argocd --type merge -p".split()
    assert json.loads(patch)["operation"]["sync"] == {"prune": True, "syncOptions": options}


def test_revert_is_planned_too(history: History) -> None:
    history.replace(":483a4df@", ":1234567@")
    history.commit("second")
    assert effects(history.plan("HEAD", "HEAD~1", code=0)) == MIGRATES | ROLLS


def test_first_install_is_planned_from_the_empty_tree(history: History) -> None:
    empty = history.git("hash-object", "-t", "tree", "/dev/null")
    planned = history.plan(empty, "HEAD", code=0)
    assert [app["verb"] for app in planned["apps"]] == ["install"] * 3
    assert effects(planned)[f"Ingress {APP}"] == "exposure changes"


def test_nothing_but_comments_does_nothing(history: History) -> None:
    path = history.folder / DIST
    path.write_text("# by hand\n" + path.read_text())
    assert history.plan(code=0)["apps"] == []


CASES: dict[str, tuple[str, Any, str, int]] = {
    "a bucket is stated": (
        "Namespace",
        lambda d: d["metadata"]["annotations"].update({"app.railiance.io/storage": "{}"}),
        "nothing happens",
        0,
    ),
    "unknown field": (
        "Service",
        lambda d: d["spec"].update(newField=1),
        "unknown: needs review",
        0,
    ),
    "unknown kind": ("Middleware", lambda d: d.update(kind="Novelty"), "unknown: needs review", 1),
    "volume class": (
        "PersistentVolumeClaim",
        lambda d: d["spec"].update(storageClassName="fast"),
        "refused by the API server",
        1,
    ),
    "volume grows": (
        "PersistentVolumeClaim",
        lambda d: d["spec"]["resources"]["requests"].update(storage="9Gi"),
        "refused by the API server",
        1,
    ),
    "volume no longer kept": (
        "PersistentVolumeClaim",
        lambda d: d["metadata"]["annotations"].pop("argocd.argoproj.io/sync-options"),
        "data at risk",
        1,
    ),
    "recreate": (
        "Deployment",
        lambda d: (
            d["spec"].update(strategy={"type": "Recreate"}),
            container(d).update(image="x"),
        ),
        "pods roll with a gap",
        0,
    ),
    "another volume mounted": (
        "Deployment",
        lambda d: d["spec"]["template"]["spec"]["volumes"][-1]["persistentVolumeClaim"].update(
            claimName="other"
        ),
        "data at risk",
        1,
    ),
    "strategy": (
        "Deployment",
        lambda d: d["spec"].update(minReadySeconds=5),
        "changes in place",
        0,
    ),
    "more replicas": ("Deployment", lambda d: d["spec"].update(replicas=2), "changes in place", 0),
    "service selector": (
        "Service",
        lambda d: d["spec"]["selector"].update(a="b"),
        "exposure changes",
        0,
    ),
    "network": ("NetworkPolicy", lambda d: d["spec"].pop("ingress"), "exposure changes", 0),
    "silenced": (
        "Deployment",
        lambda d: d["metadata"]["annotations"].update(
            {"silence.railiance.io/pods.E005": "until release 2 comes"}
        ),
        "nothing happens",
        0,
    ),
}


@pytest.mark.parametrize(("kind", "how", "effect", "code"), CASES.values(), ids=CASES)
def test_class(history: History, kind: str, how: Any, effect: str, code: int) -> None:
    history.change(kind, how)
    found = plan("HEAD", None, history.folder)
    kinds = (kind, "Novelty")
    assert effect in {c.effect.words for c in found.changes if c.manifest.kind in kinds}
    assert found.passed == (code == 0)


def test_silenced_checks_are_listed(history: History) -> None:
    note = {"silence.railiance.io/pods.E005": "until release 2 comes"}
    history.change("Deployment", lambda d: d["metadata"]["annotations"].update(note))
    (silence,) = history.plan()["silenced"]
    assert silence == {
        "subject": f"Deployment {APP}/{APP}",
        "check": "pods.E005",
        "reason": "until release 2 comes",
        "is_new": True,
    }


def test_renamed_volume_is_no_harmless_new_one(history: History) -> None:
    history.replace("vergabe-teilnahme-media", "vergabe-teilnahme-files")
    planned = history.plan(code=1)
    found = effects(planned)
    assert found["PersistentVolumeClaim vergabe-teilnahme-media"] == "nothing happens"
    assert found["PersistentVolumeClaim vergabe-teilnahme-files"] == "data at risk"


def test_what_is_pruned_is_read_from_the_live_object(history: History) -> None:
    history.drop("Service", "Database", "Namespace")
    found = effects(history.plan(code=1))
    assert found[f"Service {APP}"] == "deleted"
    assert found["Database vergabe-db"] == "nothing happens"
    assert found[f"Namespace {APP}"] == "data at risk"


def test_moved_application_source_is_looked_at(history: History) -> None:
    history.change(
        "Application", lambda d: d["spec"]["source"].update(path="elsewhere"), file=ARGOCD
    )
    planned = history.plan(code=1)
    assert effects(planned)[f"Application {APP}"] == "unknown: needs review"
    assert any("refuses to delete all" in error["problem"] for error in planned["errors"])


def test_file_that_no_application_reads_is_looked_at(history: History) -> None:
    (history.folder / "dist/stray.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: stray}\n"
    )
    assert effects(history.plan(code=0)) == {"ConfigMap stray": "unknown: needs review"}


OPTIONS = "argocd.argoproj.io/sync-options"


def reselect(deployment: Document, options: str) -> None:
    deployment["metadata"]["annotations"][OPTIONS] = options
    deployment["spec"]["selector"]["matchLabels"]["app.kubernetes.io/x"] = "z"


@pytest.mark.parametrize(
    ("options", "effect"),
    [
        ("Replace=true", "refused by the API server"),
        ("Force=true", "refused by the API server"),  # means nothing to a server-side apply
        ("Force=true,ServerSideApply=false", "pods roll with a gap"),
        ("Replace=true, Force=true", "pods roll with a gap"),
    ],
)
def test_what_is_recreated_where_a_change_is_refused(
    history: History, options: str, effect: str
) -> None:
    history.change("Deployment", lambda d: d["metadata"]["annotations"].update({OPTIONS: options}))
    history.commit("options")
    history.change("Deployment", lambda d: reselect(d, options))
    assert effects(history.plan())[f"Deployment {APP}"] == effect


def test_setting_of_a_databases_creation_that_comes_later_changes_nothing_there(
    history: History,
) -> None:
    history.change("Database", lambda d: d["spec"].update(encoding="UTF8"))
    history.commit("encoding")
    assert effects(history.plan("HEAD~1", "HEAD"))["Database vergabe-db"] == "changes in place"
    history.change("Database", lambda d: d["spec"].update(encoding="LATIN1"))
    assert effects(history.plan())["Database vergabe-db"] == "refused by the API server"


def test_no_sync_starts_for_what_only_goes_while_pruning_is_off(history: History) -> None:
    history.change(
        "Application", lambda d: d["spec"]["syncPolicy"]["automated"].update(prune=False), ARGOCD
    )
    history.commit("no pruning")
    history.drop("Middleware")
    planned = history.plan(code=0)
    assert effects(planned) == {"Middleware https-redirect": "nothing happens"}
    assert planned["apps"][0]["steps"] == []


def test_hook_that_is_deleted_after_its_run_is_never_refused(history: History) -> None:
    policy = {"argocd.argoproj.io/hook-delete-policy": "HookSucceeded"}
    history.change("Job", lambda d: d["metadata"]["annotations"].update(policy))
    history.commit("policy")
    history.replace(":483a4df@", ":1234567@")
    assert effects(history.plan(code=0)) == MIGRATES | ROLLS
    # one that stays is in the way of the next
    policy["argocd.argoproj.io/hook-delete-policy"] = "HookFailed"
    history.change("Job", lambda d: d["metadata"]["annotations"].update(policy))
    history.commit("another policy")
    history.replace(":1234567@", ":7654321@")
    assert effects(history.plan(code=1))[f"Job {APP}-migrate"] == "refused by the API server"
