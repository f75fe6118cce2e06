"""The order of a sync, as gitops-engine's own sources give it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from ops.documents.manifest import Manifest
from ops.documents.manifest_files import manifests
from ops.plan.change import Comparison
from ops.plan.obstacles import obstacles
from ops.plan.simulation import Step, deletion, sync
from ops.plan.synced_application import SyncedApplication

ARGOCD = "argocd.argoproj.io/"


def application(*options: str, **spec: Any) -> SyncedApplication:
    policy = {"automated": {"prune": True}, "syncOptions": list(options)}
    content = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {
            "name": "app",
            "namespace": "argocd",
            "finalizers": ["resources-finalizer.argocd.argoproj.io"],
        },
        "spec": {"destination": {"namespace": "app"}, "syncPolicy": policy, **spec},
    }
    return SyncedApplication(Manifest(Path("argocd/app.yaml"), 1, content))


def thing(
    kind: str,
    name: str = "x",
    wave: int = 0,
    *,
    namespace: str = "app",
    spec: dict[str, Any] | None = None,
    **annotations: str,
) -> Manifest:
    notes = {f"{ARGOCD}{key.replace('_', '-')}": value for key, value in annotations.items()}
    api, _, kind = kind.rpartition("/")
    metadata = {"name": name, "annotations": {f"{ARGOCD}sync-wave": str(wave), **notes}}
    if namespace:
        metadata["namespace"] = namespace
    content = {"apiVersion": api or "v1", "kind": kind, "metadata": metadata, "spec": spec or {}}
    (found,) = manifests(yaml.safe_dump(content).encode(), Path("dist/app.yaml"))
    return found


def job(name: str = "job", wave: int = 0, phase: str = "Sync", **more: Any) -> Manifest:
    return thing("batch/v1/Job", name, wave, hook=phase, **more)


def deployment(wave: int = 0, **pod: Any) -> Manifest:
    spec = {"template": {"spec": pod}}
    return thing("apps/v1/Deployment", "web", wave, spec=spec)


def told(steps: Iterable[Step]) -> list[str]:
    return [f"{step.wave} {step.action} {step.kind}/{step.name}" for step in steps]


def test_kinds_go_in_order_within_a_wave_and_custom_resources_last() -> None:
    target = [
        thing("traefik.io/v1alpha1/Middleware"),
        thing("networking.k8s.io/v1/Ingress"),
        deployment(),
        thing("Service"),
        thing("ConfigMap"),
    ]
    kinds = [step.kind for step in sync(application(), target, [])]
    assert kinds == ["ConfigMap", "Service", "Deployment", "Ingress", "Middleware"]


def test_wave_waits_for_what_has_health_and_the_last_one_does_not() -> None:
    target = [deployment(0), thing("ConfigMap", wave=0), thing("Service", wave=1)]
    assert told(sync(application(), target, [])) == [
        "0 apply ConfigMap/x",
        "0 apply Deployment/web",
        "0 wait Deployment/web",
        "1 apply Service/x",
    ]


def test_last_wave_waits_if_a_hook_is_in_it() -> None:
    target = [thing("ConfigMap", wave=-1), job(), thing("Service")]
    assert told(sync(application(), target, []))[1:] == [
        "0 apply Service/x",
        "0 hook Job/job",
        "0 wait Service/x",
        "0 wait Job/job",
    ]


def test_sync_of_one_wave_waits_for_its_hooks_alone() -> None:
    target = [job(), thing("Service")]
    waited = [s.name for s in sync(application(), target, []) if s.action == "wait"]
    assert waited == ["job"]
    # a hook for a failure is a wave of its own, though it does not run
    hidden = [*target, job("never", phase="SyncFail")]
    waited = [s.name for s in sync(application(), hidden, []) if s.action == "wait"]
    assert waited == ["x", "job"]


def test_hook_is_deleted_after_pruning_and_before_anything_is_applied() -> None:
    live = [job(), thing("ConfigMap", "old")]
    target = [job(), thing("ConfigMap", "new")]
    assert told(sync(application(), target, live))[:5] == [
        "0 prune ConfigMap/old",
        "0 delete Job/job",
        "0 gone ConfigMap/old",
        "0 apply ConfigMap/new",
        "0 hook Job/job",
    ]


def test_hook_is_not_deleted_before_its_first_run_nor_if_its_last_is_deleted_already() -> None:
    for policy in ("HookSucceeded", "HookSucceeded,BeforeHookCreation"):
        hook = job(hook_delete_policy=policy)
        steps = sync(application(), [hook, thing("ConfigMap")], [hook, thing("ConfigMap")])
        assert [s.action for s in steps if s.kind == "Job"] == ["hook", "wait", "clean"]


def test_hook_of_two_phases_is_deleted_between_them() -> None:
    steps = sync(application(), [job(phase="PreSync,PostSync"), thing("ConfigMap")], [])
    assert [f"{s.phase} {s.action}" for s in steps if s.kind == "Job"] == [
        "PreSync hook",
        "PreSync wait",
        "PostSync delete",
        "PostSync hook",
        "PostSync wait",
    ]


def test_hooks_are_deleted_after_the_whole_sync_as_their_policy_says() -> None:
    target = [
        job("a", -1, hook_delete_policy="HookSucceeded"),
        job("b", -2, hook_delete_policy="HookSucceeded"),
        job("c", -2, hook_delete_policy="HookFailed"),
        thing("ConfigMap"),
    ]
    assert told(sync(application(), target, []))[-3:] == [
        "0 apply ConfigMap/x",
        "-2 clean Job/b",
        "-1 clean Job/a",
    ]


def test_failed_hook_ends_the_sync_with_its_wave() -> None:
    target = [
        job("before", phase="PreSync", hook_delete_policy="HookFailed"),
        job("migrate", -1),
        thing("ConfigMap", wave=-1),
        deployment(0),
        job("last", 9, phase="SyncFail"),
        thing("ConfigMap", "first", -9, hook="SyncFail"),
    ]
    steps = sync(application(), target, [], fails={("batch", "Job", "app", "migrate")})
    assert told(steps)[2:] == [
        "-1 apply ConfigMap/x",
        "-1 hook Job/migrate",
        "-1 wait Job/migrate",
        "0 clean Job/before",
        "-9 hook ConfigMap/first",
        "9 hook Job/last",
        "9 wait Job/last",
    ]


def test_helms_hooks_follow_their_own_annotations() -> None:
    def hook(name: str, types: str, policy: str = "") -> Manifest:
        notes = {"helm.sh/hook": types, "helm.sh/hook-delete-policy": policy}
        found = thing("batch/v1/Job", name)
        found.content["metadata"]["annotations"] = notes
        return found

    target = [
        hook("prepare", "pre-install,pre-upgrade", "hook-succeeded"),
        hook("finish", "post-upgrade"),
        hook("test", "test"),
        thing("ConfigMap"),
    ]
    assert [(s.phase, s.action, s.name) for s in sync(application(), target, target)] == [
        ("PreSync", "hook", "prepare"),
        ("PreSync", "wait", "prepare"),
        ("Sync", "apply", "x"),
        ("PostSync", "delete", "finish"),
        ("PostSync", "hook", "finish"),
        ("PostSync", "wait", "finish"),
        ("PreSync", "clean", "prepare"),
    ]


def test_custom_resources_of_one_name_have_no_order() -> None:
    target = [
        thing("traefik.io/v1alpha1/Middleware", "b"),
        thing("cert-manager.io/v1/Certificate", "b", spec={}),
        thing("cert-manager.io/v1/Certificate", "a"),
        thing("traefik.io/v1alpha1/Middleware", "c"),
        thing("example.org/v1/Novelty", "d"),
    ]
    steps = sync(application(), target, [])
    assert [(s.batch, s.name) for s in steps] == [(0, "a"), (0, "b"), (0, "b"), (0, "c"), (1, "d")]


def test_what_argocd_skips_was_never_there() -> None:
    live = [thing("ConfigMap", "skipped", hook="Skip"), job("never", phase="SyncFail")]
    assert sync(application(), [], live) == []
    assert deletion(application(), live) == []


def test_phases_come_before_waves() -> None:
    target = [
        thing("ConfigMap", wave=-5),
        job("before", 9, "PreSync"),
        job("after", -9, "PostSync"),
    ]
    steps = sync(application(), target, [])
    assert [s.phase for s in steps if s.action in ("apply", "hook")] == [
        "PreSync",
        "Sync",
        "PostSync",
    ]


def test_new_namespace_of_the_destination_is_the_very_first() -> None:
    namespace = thing("Namespace", "app", 5, namespace="")
    steps = sync(application(), [job("before", 0, "PreSync"), namespace], [])
    assert told(steps)[0] == "0 apply Namespace/app"
    assert steps[0].phase == "PreSync"


def test_namespace_is_brought_before_what_is_in_it_and_a_definition_before_its_objects() -> None:
    defines = {"group": "example.org", "names": {"kind": "Novelty"}}
    target = [
        thing("ConfigMap", wave=-1, namespace="other"),
        thing("Namespace", "other", 3, namespace=""),
        thing("example.org/v1/Novelty", wave=-2),
        thing("apiextensions.k8s.io/v1/CustomResourceDefinition", "defined", 4, spec=defines),
    ]
    steps = [s for s in sync(application(), target, []) if s.action == "apply"]
    assert told(steps) == [
        "-2 apply CustomResourceDefinition/defined",
        "-2 apply Novelty/x",
        "-1 apply Namespace/other",
        "-1 apply ConfigMap/x",
    ]


def test_pruning_reverses_its_waves() -> None:
    live = [thing("ConfigMap", f"w{wave}", wave) for wave in (-1, 4)]
    assert told(sync(application(), [], live)) == [
        "-1 prune ConfigMap/w4",
        "-1 gone ConfigMap/w4",
        "-1 prune ConfigMap/w-1",
    ]


def test_waves_of_what_is_still_to_be_pruned_are_reversed_anew_after_each_wave() -> None:
    live = [thing("ConfigMap", f"w{wave}", wave) for wave in (-4, -1, 0, 3)]
    live.append(thing("ConfigMap", "kept", 3, sync_options="Prune=false"))
    target = [thing("ConfigMap", "one", -1), thing("ConfigMap", "two", 1)]
    assert told(s for s in sync(application(), target, live) if s.action != "gone") == [
        "-4 keep ConfigMap/kept",
        "-4 prune ConfigMap/w3",
        "-1 prune ConfigMap/w0",
        "-1 apply ConfigMap/one",
        "-1 prune ConfigMap/w-1",
        "1 apply ConfigMap/two",
        "3 prune ConfigMap/w-4",
    ]


def test_nothing_is_pruned_where_pruning_is_off() -> None:
    app = application(syncPolicy={"automated": {}})
    assert told(sync(app, [], [thing("ConfigMap")])) == ["0 keep ConfigMap/x"]


def test_prune_last_comes_after_everything() -> None:
    live = [thing("ConfigMap", "old", -1)]
    target = [thing("ConfigMap", "new", 7)]
    assert told(sync(application("PruneLast=true"), target, live))[-1] == "8 prune ConfigMap/old"


def test_prune_options_are_those_of_the_live_object() -> None:
    live = [
        thing("ConfigMap", "kept", sync_options="Prune=false"),
        thing("ConfigMap", "asked", sync_options="Delete=false,Prune=confirm"),
    ]
    assert told(sync(application(), [], live)) == [
        "0 confirm ConfigMap/asked",
        "0 prune ConfigMap/asked",
        "0 keep ConfigMap/kept",
    ]


def test_removed_hook_is_not_pruned() -> None:
    assert sync(application(), [thing("ConfigMap")], [thing("ConfigMap"), job()])[-1].kind != "Job"


def test_deletion_goes_from_the_highest_wave_and_leaves_definitions() -> None:
    live = [
        thing("ConfigMap", "a", -1),
        thing("ConfigMap", "b", 2),
        thing("ConfigMap", "c", 0, sync_options="Delete=false"),
        thing("apiextensions.k8s.io/v1/CustomResourceDefinition", "d", 1),
    ]
    steps = deletion(application(), live)
    assert [s.name for s in steps if s.action == "prune"] == ["b", "a"]
    assert {s.name for s in steps if s.action == "keep"} == {"c", "d"}


def test_same_kind_goes_in_one_batch() -> None:
    target = [thing("ConfigMap", "a"), thing("ConfigMap", "b"), thing("Service")]
    assert [step.batch for step in sync(application(), target, [])] == [0, 0, 1]


def problems(target: list[Manifest], live: list[Manifest] | None = None) -> list[str]:
    comparison = Comparison(application(), live=live or [], target=target)
    return [obstacle.problem for obstacle in obstacles(comparison)]


CLAIM = {"storageClassName": "local-path"}
MOUNTS = {"volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "x"}}]}


def test_volume_before_its_pod_is_a_deadlock() -> None:
    claim = thing("PersistentVolumeClaim", wave=-1, spec=CLAIM)
    (problem,) = problems([claim, deployment(0, **MOUNTS)])
    assert problem.startswith("deadlock")


def test_volume_with_its_pod_is_none_nor_one_that_binds_at_once() -> None:
    pod = deployment(0, **MOUNTS)
    assert not problems([thing("PersistentVolumeClaim", wave=0, spec=CLAIM), pod])
    at_once = thing("storage.k8s.io/v1/StorageClass", "local-path", -2, namespace="")
    claim = thing("PersistentVolumeClaim", wave=-1, spec=CLAIM)
    assert not problems([at_once, claim, pod])


def test_volume_that_is_there_already_is_no_deadlock_but_would_be_on_a_first_install() -> None:
    claim = thing("PersistentVolumeClaim", wave=-1, spec=CLAIM)
    changed = deployment(0, **MOUNTS, hostname="x")
    (problem,) = problems([claim, changed], [claim, deployment(0, **MOUNTS)])
    assert problem.startswith("on a first install, deadlock")


def test_volume_after_its_pod_never_lets_the_wave_end() -> None:
    later = thing("PersistentVolumeClaim", wave=1, spec=CLAIM)
    assert any(
        "the sync waits for it before" in p for p in problems([later, deployment(0, **MOUNTS)])
    )


def test_job_before_what_it_needs() -> None:
    pod = {
        "serviceAccountName": "runner",
        "containers": [
            {
                "name": "m",
                "envFrom": [{"secretRef": {"name": "s"}}, {"configMapRef": {"name": "c"}}],
            }
        ],
    }
    migrate = job(wave=0, spec={"template": {"spec": pod}})
    needed = [
        thing("Secret", "s", 1),
        thing("ConfigMap", "c", 1),
        thing("ServiceAccount", "runner", 1),
        thing("postgresql.cnpg.io/v1/Database", "d", 0),
    ]
    found = problems([migrate, *needed])
    assert len(found) == 4
    earlier = [thing(f"{m.content['apiVersion']}/{m.kind}", m.name, -1) for m in needed]
    assert problems([migrate, *earlier]) == []


def test_what_is_rendered_nowhere_is_missing_but_a_secret_comes_from_elsewhere() -> None:
    pod = {
        "serviceAccountName": "runner",
        "containers": [{"name": "m", "envFrom": [{"secretRef": {"name": "s"}}]}],
    }
    assert problems([deployment(0, **pod)]) == [
        "needs ServiceAccount app/runner, which is not rendered"
    ]


def test_what_a_sync_removes_cannot_be_needed() -> None:
    account = thing("ServiceAccount", "runner")
    pod = deployment(0, serviceAccountName="runner")
    assert "needs ServiceAccount app/runner, which is removed" in problems([pod], [account, pod])


def test_presync_job_finds_nothing_on_a_first_install() -> None:
    migrate = job(phase="PreSync", spec={"template": {"spec": {"serviceAccountName": "runner"}}})
    found = problems([migrate, thing("ServiceAccount", "runner", -9)])
    assert any("ServiceAccount app/runner" in problem for problem in found)


def test_ingress_before_its_certificate() -> None:
    ingress = thing("networking.k8s.io/v1/Ingress", wave=1, spec={"tls": [{"secretName": "tls"}]})
    certificate = thing("cert-manager.io/v1/Certificate", wave=1, spec={"secretName": "tls"})
    assert problems([ingress, certificate]) == ["is applied before Certificate app/x is issued"]
    # one that is issued already, and does not change, may come whenever
    assert problems([ingress, certificate], [certificate])[0].startswith("on a first install")


def test_empty_application_is_refused_by_automatic_sync() -> None:
    assert "refuses to delete all" in problems([], [thing("ConfigMap")])[0]
