"""Rules that several kinds share."""

from ops.kinds.description.effect import Effect
from ops.kinds.description.rule import CREATED, Rule, was_there
from ops.kinds.description.sources import CONCEPTS, DEPLOYMENTS, SYNC_OPTIONS, SYNC_WAVES, VOLUMES
from railiance.annotations import FILES_DIGEST, SECRETS_DIGEST

NEW = Rule(CREATED, Effect.CREATED, "it is new", SYNC_WAVES)
NEW_OR_KEPT = Rule(
    CREATED,
    Effect.CREATED,
    "it is new; if one is on the cluster already, it is taken over with its data, unless it is "
    "another Application's, which `ops preflight` names (argocd.owner)",
    f"{SYNC_OPTIONS}#no-prune-resources",
)
EXPOSES_WHEN_CREATED = Rule(
    CREATED,
    Effect.EXPOSES,
    "it changes what is reachable or permitted, from now on",
    f"{CONCEPTS}services-networking/",
)

_VOLUMES = "persistentVolumeClaim", "hostPath", "nfs", "csi"


def other_volume(template: str) -> Rule:
    """Pods lose a volume with files that outlive them; `template` is the path of their template."""
    return Rule(
        " ".join(f"{template}.spec.volumes.[].{volume}" for volume in _VOLUMES),
        Effect.DATA_AT_RISK,
        "the pods no longer see the files of the former volume; the files stay there",
        VOLUMES,
        was_there,
    )


POD_TEMPLATE = (
    other_volume("spec.template"),
    Rule(
        "spec.template.spec.hostNetwork spec.template.spec.hostPID spec.template.spec.hostIPC"
        " spec.template.spec.containers.[].ports.[].hostPort"
        " spec.template.spec.containers.[].securityContext.privileged"
        " spec.template.spec.volumes.[].hostPath",
        Effect.EXPOSES,
        "changes the pod's access to the node; the pods roll",
        f"{CONCEPTS}security/pod-security-standards/",
    ),
    Rule(
        "spec.template.metadata.annotations|kubectl.kubernetes.io/restartedAt",
        Effect.ROLLS,
        "the pods are asked to restart",
        DEPLOYMENTS,
    ),
    Rule(
        f"spec.template.metadata.annotations|{SECRETS_DIGEST}",
        Effect.ROLLS,
        "the encrypted secrets change, which pods read only at their start",
        f"{CONCEPTS}configuration/secret/#using-secrets-as-environment-variables",
    ),
    Rule(
        f"spec.template.metadata.annotations|{FILES_DIGEST}",
        Effect.ROLLS,
        "the configuration files change, which pods read only at their start",
        f"{CONCEPTS}configuration/configmap/#mounted-configmaps-are-updated-automatically",
    ),
)
"""For kinds that replace their pods when the template changes; the kind says how it rolls them."""

SELECTOR_IS_IMMUTABLE = Rule(
    "spec.selector",
    Effect.REFUSED,
    "the selector is immutable",
    f"{DEPLOYMENTS}#label-selector-updates",
)
SCALING = (
    Rule(
        "spec.replicas",
        Effect.ROLLS_WITH_GAP,
        "no pod is left",
        f"{DEPLOYMENTS}#scaling-a-deployment",
        lambda _old, new: new == 0,
    ),
    Rule(
        "spec.replicas",
        Effect.IN_PLACE,
        "pods are added or removed; those that stay do not restart",
        f"{DEPLOYMENTS}#scaling-a-deployment",
    ),
)


ON_DELETE = (Effect.IN_PLACE, "with OnDelete, a pod stays as it is until it is deleted")
"""What a changed template does to pods that only a person replaces."""


def rolls(source: str) -> Rule:
    """The pod template changes."""
    return Rule("spec.template", Effect.ROLLS, "the pod template changes", source)


def next_rollout(fields: str, source: str) -> Rule:
    """Fields that only matter for the next rollout."""
    reason = "affects the next rollout, not the running pods"
    return Rule(fields, Effect.IN_PLACE, reason, source)
