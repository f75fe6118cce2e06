"""The one table of what a change does: by kind and field, each row with where it is known from.

The first row that fits counts. What no row fits is unknown, and never silently harmless.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Final

from ops.manifests import Manifest
from ops.plan.argocd import delete_policies, is_hook, remains
from ops.plan.difference import ABSENT, Field
from ops.plan.effects import Effect

OBJECT_CREATED, OBJECT_DELETED = "(created)", "(deleted)"
"""Stand for a field where the object as a whole comes or goes."""

_K8S = "https://kubernetes.io/docs/concepts/"
_CODE = "https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/apis/"
_ARGOCD = "https://argo-cd.readthedocs.io/en/release-3.6/"
_CNPG = "https://cloudnative-pg.io/documentation/1.28/"
_CERT = "https://cert-manager.io/docs/"

_DEPLOYMENT = f"{_K8S}workloads/controllers/deployment/"
_STATEFUL = f"{_K8S}workloads/controllers/statefulset/"
_DAEMON = "https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/"
_JOB = f"{_K8S}workloads/controllers/job/"
_APPS_CODE, _BATCH_CODE, _CORE_CODE = (
    f"{_CODE}{group}/validation/validation.go" for group in ("apps", "batch", "core")
)
_VOLUMES = f"{_K8S}storage/persistent-volumes/"
_SERVICE = f"{_K8S}services-networking/service/"
_INGRESS = f"{_K8S}services-networking/ingress/"
_POLICY = f"{_K8S}services-networking/network-policies/"
_LABELS = f"{_K8S}overview/working-with-objects/labels/"
_CRD = "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/"
_RBAC = "https://kubernetes.io/docs/reference/access-authn-authz/rbac/"
_WEBHOOK = (
    "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/"
)
_HOOKS = f"{_ARGOCD}user-guide/sync-waves/"
_OPTIONS = f"{_ARGOCD}user-guide/sync-options/"
_APP = f"{_ARGOCD}operator-manual/declarative-setup/"
_AUTO = f"{_ARGOCD}user-guide/auto_sync/"
_DATABASE = f"{_CNPG}declarative_database_management/"
_CERTIFICATE = f"{_CERT}usage/certificate/"
_TRAEFIK = "https://doc.traefik.io/traefik/v3.7/reference/routing-configuration/kubernetes/"

When = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Rule:
    """A row: for these kinds and fields, this effect, for this reason."""

    kinds: str
    """`group/Kind`, or `Kind` of the core group, several with blanks between; `*` is any kind, and
    `hook` any object that Argo CD replaces and runs with each sync, `immutable` a ConfigMap or
    Secret that says so of itself."""
    fields: str
    """Paths, several with blanks between; a path stands for all below it. After `|` comes one more
    key, in which `*` stands for anything."""
    effect: Effect
    reason: str
    source: str
    when: When | None = None
    """Asked with the old and the new value, for rows that depend on them."""


def _was_there(old: Any, _new: Any) -> bool:
    return old is not ABSENT


def _other(old: Any, new: Any) -> bool:
    return old is not ABSENT and new is not ABSENT


def _became(value: Any) -> When:
    return lambda _old, new: new == value


def _grows(old: Any, new: Any) -> bool:
    before, after = quantity(old), quantity(new)
    return before is not None and after is not None and after > before


_UNITS: dict[str, int] = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15} | {
    f"{letter}i": 1024 ** (power + 1) for power, letter in enumerate("KMGTP")
}


def quantity(text: Any) -> Decimal | None:
    """A Kubernetes quantity of bytes as a number; None if it is none."""
    number = str(text).rstrip("kMGTPKi")
    unit = str(text).removeprefix(number)
    try:
        return Decimal(number) * _UNITS[unit]
    except (InvalidOperation, KeyError):
        return None


def _keeps_less(option: str) -> When:
    def loses(old: Any, new: Any) -> bool:
        return option in str(old) and option not in str(new)

    return loses


_POD_MAKERS = "apps/Deployment apps/StatefulSet apps/DaemonSet"
_DATA_KINDS = (
    "PersistentVolumeClaim PersistentVolume Namespace postgresql.cnpg.io/Database"
    " postgresql.cnpg.io/Cluster apiextensions.k8s.io/CustomResourceDefinition apps/StatefulSet"
)
_ROLES = "rbac.authorization.k8s.io/Role rbac.authorization.k8s.io/ClusterRole"
_BINDINGS = "rbac.authorization.k8s.io/RoleBinding rbac.authorization.k8s.io/ClusterRoleBinding"
_WEBHOOKS = (
    "admissionregistration.k8s.io/MutatingWebhookConfiguration"
    " admissionregistration.k8s.io/ValidatingWebhookConfiguration"
)
_ISSUERS = "cert-manager.io/Issuer cert-manager.io/ClusterIssuer"
_CREATION = (
    "spec.template spec.encoding spec.locale spec.localeProvider spec.localeCollate"
    " spec.localeCType spec.icuLocale spec.icuRules spec.builtinLocale spec.collationVersion"
)
_WIDE_OPEN = "opens the pod towards the node"

RULES: Final = (
    # --- what Argo CD reads, on any kind ---
    Rule(
        _DATA_KINDS,
        "metadata.annotations|argocd.argoproj.io/sync-options",
        Effect.DATA_AT_RISK,
        "no longer kept when its document goes: Prune=false or Prune=confirm is taken away",
        f"{_OPTIONS}#no-prune-resources",
        lambda old, new: any(_keeps_less(o)(old, new) for o in ("Prune=false", "Prune=confirm")),
    ),
    Rule(
        _DATA_KINDS,
        "metadata.annotations|argocd.argoproj.io/sync-options",
        Effect.DATA_AT_RISK,
        "no longer kept when its Application goes: Delete=false or Delete=confirm is taken away",
        f"{_OPTIONS}#no-resource-deletion",
        lambda old, new: any(_keeps_less(o)(old, new) for o in ("Delete=false", "Delete=confirm")),
    ),
    Rule(
        "*",
        "metadata.annotations|argocd.argoproj.io/hook",
        Effect.UNKNOWN,
        "Argo CD begins or ends to keep it true: a hook is neither compared nor pruned",
        _HOOKS,
    ),
    Rule(
        "*",
        "metadata.annotations|argocd.argoproj.io/sync-wave"
        " metadata.annotations|argocd.argoproj.io/hook-delete-policy",
        Effect.IN_PLACE,
        "from now on Argo CD applies it at another time",
        _HOOKS,
    ),
    Rule(
        "*",
        "metadata.annotations|argocd.argoproj.io/sync-options",
        Effect.DATA_AT_RISK,
        "with Force, Argo CD deletes it and creates it anew where a change is refused, if it also"
        " replaces it, or applies it as a client does",
        f"{_OPTIONS}#force-sync",
        lambda _old, new: "Force=true" in str(new),
    ),
    Rule(
        "*",
        "metadata.annotations|argocd.argoproj.io/*",
        Effect.IN_PLACE,
        "another instruction to Argo CD, from the next sync on",
        _OPTIONS,
    ),
    Rule(
        "*",
        "metadata.annotations|silence.railiance.io/* metadata.annotations|platform.railiance.io/*"
        " metadata.annotations|railiance.io/*",
        Effect.NOTHING,
        "a note for the gate and the operator's tool; nothing on the cluster reads it",
        f"{_K8S}overview/working-with-objects/annotations/",
    ),
    # --- hooks, which are replaced ---
    Rule("hook", OBJECT_CREATED, Effect.MIGRATES, "it runs in this sync, and in each one", _HOOKS),
    Rule(
        "hook",
        OBJECT_DELETED,
        Effect.NOTHING,
        "Argo CD never prunes a hook: what ran last stays, and nothing runs it again",
        _HOOKS,
    ),
    Rule(
        "hook",
        "apiVersion metadata spec",
        Effect.MIGRATES,
        "its last run is deleted, and it runs anew as it is now",
        _HOOKS,
    ),
    # --- pods ---
    Rule(
        _POD_MAKERS,
        "spec.template.spec.volumes.[].persistentVolumeClaim"
        " spec.template.spec.volumes.[].hostPath spec.template.spec.volumes.[].nfs"
        " spec.template.spec.volumes.[].csi",
        Effect.DATA_AT_RISK,
        "the pods no longer see the files that they had; those stay where they are",
        _VOLUMES,
        _was_there,
    ),
    Rule(
        _POD_MAKERS,
        "spec.template.spec.hostNetwork spec.template.spec.hostPID spec.template.spec.hostIPC"
        " spec.template.spec.containers.[].ports.[].hostPort"
        " spec.template.spec.containers.[].securityContext.privileged"
        " spec.template.spec.volumes.[].hostPath",
        Effect.EXPOSES,
        f"{_WIDE_OPEN}, or closes it; the pods roll",
        f"{_K8S}security/pod-security-standards/",
    ),
    Rule(
        _POD_MAKERS,
        "spec.template.metadata.annotations|kubectl.kubernetes.io/restartedAt",
        Effect.ROLLS,
        "the pods are asked to restart",
        _DEPLOYMENT,
    ),
    Rule(
        "apps/Deployment",
        "spec.template",
        Effect.ROLLS,
        "the pod template changes",
        f"{_DEPLOYMENT}#updating-a-deployment",
    ),
    Rule(
        "apps/StatefulSet",
        "spec.template",
        Effect.ROLLS,
        "the pod template changes",
        f"{_STATEFUL}#update-strategies",
    ),
    Rule("apps/DaemonSet", "spec.template", Effect.ROLLS, "the pod template changes", _DAEMON),
    Rule(
        _POD_MAKERS,
        "spec.selector",
        Effect.REFUSED,
        "the selector is immutable",
        f"{_DEPLOYMENT}#label-selector-updates",
    ),
    Rule(
        "apps/Deployment apps/StatefulSet",
        "spec.replicas",
        Effect.ROLLS_WITH_GAP,
        "no pod is left",
        f"{_DEPLOYMENT}#scaling-a-deployment",
        _became(0),
    ),
    Rule(
        "apps/Deployment apps/StatefulSet",
        "spec.replicas",
        Effect.IN_PLACE,
        "pods are added or taken away; those that stay do not restart",
        f"{_DEPLOYMENT}#scaling-a-deployment",
    ),
    Rule(
        "apps/Deployment",
        "spec.strategy spec.minReadySeconds spec.revisionHistoryLimit spec.paused"
        " spec.progressDeadlineSeconds",
        Effect.IN_PLACE,
        "how the next rollout goes, not the pods that run",
        f"{_DEPLOYMENT}#writing-a-deployment-spec",
    ),
    Rule(
        "apps/DaemonSet",
        "spec.updateStrategy spec.minReadySeconds spec.revisionHistoryLimit",
        Effect.IN_PLACE,
        "how the next rollout goes, not the pods that run",
        _DAEMON,
    ),
    Rule(
        "apps/StatefulSet",
        "spec.persistentVolumeClaimRetentionPolicy",
        Effect.DATA_AT_RISK,
        "decides whether volumes are deleted with the set or when it shrinks",
        f"{_STATEFUL}#persistentvolumeclaim-retention",
    ),
    Rule(
        "apps/StatefulSet",
        "spec.updateStrategy spec.minReadySeconds spec.revisionHistoryLimit spec.ordinals",
        Effect.IN_PLACE,
        "how the next rollout goes, not the pods that run",
        f"{_STATEFUL}#update-strategies",
    ),
    Rule(
        "apps/StatefulSet",
        "spec.volumeClaimTemplates spec.serviceName spec.podManagementPolicy",
        Effect.REFUSED,
        "forbidden to change in a StatefulSet",
        _APPS_CODE,
    ),
    # --- jobs that are no hooks ---
    Rule(
        "batch/Job",
        "spec.template spec.selector spec.completions spec.completionMode spec.podFailurePolicy"
        " spec.successPolicy spec.backoffLimitPerIndex spec.managedBy",
        Effect.REFUSED,
        "immutable once the Job is there; only a hook, or another name, gives a new one",
        _BATCH_CODE,
    ),
    Rule(
        "batch/Job",
        "spec.activeDeadlineSeconds spec.backoffLimit spec.parallelism spec.suspend"
        " spec.ttlSecondsAfterFinished spec.maxFailedIndexes spec.manualSelector"
        " spec.podReplacementPolicy",
        Effect.IN_PLACE,
        "counts for the run that is there; a finished one does not run again",
        _JOB,
    ),
    Rule(
        "batch/CronJob",
        "spec",
        Effect.IN_PLACE,
        "counts from its next run on; a run that has begun goes on as it was",
        f"{_K8S}workloads/controllers/cron-jobs/",
    ),
    # --- volumes ---
    Rule(
        "PersistentVolumeClaim",
        "spec.resources.requests.storage",
        Effect.REFUSED,
        "a volume grows only if its StorageClass allows expansion, which local-path does not",
        f"{_VOLUMES}#expanding-persistent-volumes-claims",
        _grows,
    ),
    Rule(
        "PersistentVolumeClaim",
        "spec.resources.requests.storage",
        Effect.REFUSED,
        "a volume cannot become smaller",
        f"{_VOLUMES}#expanding-persistent-volumes-claims",
    ),
    Rule(
        "PersistentVolumeClaim",
        "spec.volumeAttributesClassName",
        Effect.UNKNOWN,
        "up to the storage's driver",
        f"{_K8S}storage/volume-attributes-classes/",
    ),
    Rule(
        "PersistentVolumeClaim",
        "spec",
        Effect.REFUSED,
        "the spec of a claim is immutable",
        _CORE_CODE,
    ),
    Rule(
        "PersistentVolume",
        "spec.persistentVolumeReclaimPolicy",
        Effect.DATA_AT_RISK,
        "decides whether the data is deleted with the claim",
        f"{_VOLUMES}#reclaiming",
    ),
    Rule(
        "PersistentVolume",
        "spec.hostPath spec.nfs spec.csi spec.local spec.iscsi spec.volumeMode",
        Effect.REFUSED,
        "a volume's source is immutable",
        _CORE_CODE,
    ),
    Rule(
        "PersistentVolume",
        "spec.nodeAffinity",
        Effect.REFUSED,
        "where a volume lies is immutable once it is said",
        _CORE_CODE,
        _was_there,
    ),
    Rule(
        "PersistentVolume",
        "spec",
        Effect.DATA_AT_RISK,
        "the claim may no longer be bound to this volume",
        _VOLUMES,
    ),
    Rule(
        "storage.k8s.io/StorageClass",
        "allowVolumeExpansion",
        Effect.IN_PLACE,
        "counts for volumes that are asked to grow from now on",
        f"{_K8S}storage/storage-classes/#volume-expansion",
    ),
    Rule(
        "storage.k8s.io/StorageClass",
        "provisioner parameters reclaimPolicy volumeBindingMode",
        Effect.REFUSED,
        "immutable in a StorageClass",
        f"{_CODE}storage/validation/validation.go",
    ),
    # --- databases ---
    Rule(
        "postgresql.cnpg.io/Database",
        f"spec.name {_CREATION}",
        Effect.REFUSED,
        "immutable: it would be another database; create that beside, and move the data by hand",
        _DATABASE,
        _other,
    ),
    Rule(
        "postgresql.cnpg.io/Database",
        _CREATION,
        Effect.IN_PLACE,
        "counts only where a database is created: the one that is there stays as it is",
        _DATABASE,
    ),
    Rule(
        "postgresql.cnpg.io/Database",
        "spec.databaseReclaimPolicy",
        Effect.DATA_AT_RISK,
        "the database is dropped together with this object",
        f"{_DATABASE}#reclaiming-resources",
        _became("delete"),
    ),
    Rule(
        "postgresql.cnpg.io/Database",
        "spec.databaseReclaimPolicy",
        Effect.IN_PLACE,
        "the database stays when this object goes",
        f"{_DATABASE}#reclaiming-resources",
    ),
    Rule(
        "postgresql.cnpg.io/Database",
        "spec.ensure",
        Effect.DATA_AT_RISK,
        "with ensure: absent the database is dropped",
        _DATABASE,
    ),
    Rule(
        "postgresql.cnpg.io/Database",
        "spec.cluster",
        Effect.DATA_AT_RISK,
        "an empty database in another cluster takes its place; the data stays behind",
        _DATABASE,
    ),
    Rule(
        "postgresql.cnpg.io/Database",
        "spec.owner",
        Effect.DATA_AT_RISK,
        "the database gets another owner: roles that reached its tables may not any more",
        _DATABASE,
    ),
    Rule(
        "postgresql.cnpg.io/Database",
        "spec.extensions spec.schemas spec.fdws spec.servers",
        Effect.DATA_AT_RISK,
        "what is absent is dropped, with what depends on it",
        f"{_DATABASE}#managing-extensions-in-a-database",
        lambda _old, new: new == "absent",
    ),
    Rule(
        "postgresql.cnpg.io/Database",
        "spec.extensions spec.schemas spec.fdws spec.servers spec.connectionLimit"
        " spec.allowConnections spec.isTemplate spec.tablespace",
        Effect.IN_PLACE,
        "CloudNativePG alters the database",
        _DATABASE,
    ),
    Rule(
        "postgresql.cnpg.io/Cluster",
        "spec.storage spec.walStorage spec.tablespaces spec.bootstrap spec.instances",
        Effect.DATA_AT_RISK,
        "the volumes of the whole cluster, or what they were filled from",
        f"{_CNPG}storage/",
    ),
    # --- exposure ---
    Rule(
        "networking.k8s.io/Ingress",
        "spec",
        Effect.EXPOSES,
        "hosts, paths or certificates under which the app is reached",
        _INGRESS,
    ),
    Rule(
        "networking.k8s.io/Ingress",
        "metadata.annotations",
        Effect.EXPOSES,
        "the ingress controller and cert-manager take instructions from its annotations",
        f"{_CERT}usage/ingress/",
    ),
    Rule(
        "networking.k8s.io/IngressClass", "spec", Effect.EXPOSES, "who serves the hosts", _INGRESS
    ),
    Rule(
        "networking.k8s.io/NetworkPolicy",
        "spec",
        Effect.EXPOSES,
        "who may connect to the pods, or whom they may reach",
        _POLICY,
    ),
    Rule(
        "traefik.io/Middleware traefik.io/IngressRoute traefik.io/TLSOption"
        " traefik.io/ServersTransport",
        "spec",
        Effect.EXPOSES,
        "what Traefik does with requests",
        _TRAEFIK,
    ),
    Rule(
        "cert-manager.io/Certificate",
        "spec.dnsNames spec.commonName spec.ipAddresses spec.uris spec.emailAddresses"
        " spec.secretName spec.issuerRef spec.privateKey spec.subject spec.usages spec.isCA"
        " spec.keystores spec.otherNames spec.literalSubject spec.secretTemplate",
        Effect.EXPOSES,
        "a new certificate is issued; until then the old one is served, if its Secret stays",
        f"{_CERTIFICATE}#reissuance-triggered-by-user-actions",
    ),
    Rule(
        "cert-manager.io/Certificate",
        "spec.duration spec.renewBefore spec.renewBeforePercentage spec.revisionHistoryLimit",
        Effect.IN_PLACE,
        "counts from the next renewal on",
        _CERTIFICATE,
    ),
    Rule(
        _ISSUERS, "spec", Effect.EXPOSES, "who vouches for certificates", f"{_CERT}configuration/"
    ),
    Rule(
        "Service",
        "spec.clusterIP spec.clusterIPs",
        Effect.REFUSED,
        "a Service's address is immutable",
        _CORE_CODE,
    ),
    Rule(
        "Service",
        "spec.type spec.externalIPs spec.externalName spec.loadBalancerIP"
        " spec.loadBalancerSourceRanges spec.externalTrafficPolicy spec.loadBalancerClass"
        " spec.ports.[].nodePort spec.healthCheckNodePort spec.allocateLoadBalancerNodePorts",
        Effect.EXPOSES,
        "from where the Service can be reached",
        f"{_SERVICE}#publishing-services-service-types",
    ),
    Rule(
        "Service",
        "spec.selector spec.ports spec.publishNotReadyAddresses",
        Effect.EXPOSES,
        "which pods answer, and at which port",
        _SERVICE,
    ),
    Rule(
        "Service",
        "spec.sessionAffinity spec.sessionAffinityConfig spec.internalTrafficPolicy"
        " spec.trafficDistribution",
        Effect.IN_PLACE,
        "how connections are spread over the pods",
        _SERVICE,
    ),
    Rule(
        "Service",
        "spec.ipFamilies spec.ipFamilyPolicy",
        Effect.EXPOSES,
        "under which kinds of address the Service is reached",
        _SERVICE,
    ),
    Rule(
        "Namespace",
        "metadata.labels",
        Effect.EXPOSES,
        "policies select a Namespace by its labels: Pod Security, and who may reach the database",
        f"{_K8S}security/pod-security-admission/",
    ),
    Rule(
        "ServiceAccount",
        "automountServiceAccountToken",
        Effect.EXPOSES,
        "whether pods that start from now on get a token for the API",
        "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    ),
    Rule(
        "ServiceAccount",
        "imagePullSecrets secrets",
        Effect.IN_PLACE,
        "counts for pods that start from now on",
        "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/",
    ),
    Rule(_BINDINGS, "roleRef", Effect.REFUSED, "a binding's role is immutable", _RBAC),
    Rule(
        f"{_ROLES} {_BINDINGS}",
        "rules subjects aggregationRule",
        Effect.EXPOSES,
        "who may do what with the API",
        _RBAC,
    ),
    Rule(
        _WEBHOOKS,
        "webhooks",
        Effect.EXPOSES,
        "who is asked before the API server accepts an object; unreachable, it refuses them",
        _WEBHOOK,
    ),
    # --- settings ---
    Rule(
        "immutable",
        "immutable data binaryData stringData",
        Effect.REFUSED,
        "it says that it is immutable",
        f"{_K8S}configuration/configmap/#configmap-immutable",
    ),
    Rule(
        "Secret",
        "type",
        Effect.REFUSED,
        "a Secret's type is immutable",
        _CORE_CODE,
    ),
    Rule(
        "ConfigMap Secret",
        "data binaryData stringData immutable",
        Effect.IN_PLACE,
        "mounted files follow in a minute; variables, and what is read at start, with the next pod",
        f"{_K8S}configuration/configmap/#mounted-configmaps-are-updated-automatically",
    ),
    Rule(
        "policy/PodDisruptionBudget autoscaling/HorizontalPodAutoscaler ResourceQuota LimitRange",
        "spec",
        Effect.IN_PLACE,
        "a bound for pods; none restarts by it",
        f"{_K8S}workloads/pods/disruptions/",
    ),
    Rule(
        "scheduling.k8s.io/PriorityClass",
        "value preemptionPolicy",
        Effect.REFUSED,
        "immutable in a PriorityClass",
        f"{_CODE}scheduling/validation/validation.go",
    ),
    # --- definitions of kinds ---
    Rule(
        "apiextensions.k8s.io/CustomResourceDefinition",
        "spec.group spec.scope spec.names.kind spec.names.plural",
        Effect.REFUSED,
        "what a kind is called, and whether it is namespaced, is immutable",
        f"{_CRD}custom-resource-definitions/",
    ),
    Rule(
        "apiextensions.k8s.io/CustomResourceDefinition",
        "spec.versions.[].storage spec.versions.[].served spec.versions.[].name",
        Effect.DATA_AT_RISK,
        "objects stored in a version that goes can no longer be read",
        f"{_CRD}custom-resource-definition-versioning/",
        _was_there,
    ),
    Rule(
        "apiextensions.k8s.io/CustomResourceDefinition",
        "spec",
        Effect.IN_PLACE,
        "which objects of the kind are accepted; a field that goes is dropped at the next write",
        f"{_CRD}custom-resource-definitions/",
    ),
    Rule(
        "apiregistration.k8s.io/APIService",
        "spec",
        Effect.EXPOSES,
        "who answers for a part of the API",
        f"{_K8S}extend-kubernetes/api-extension/apiserver-aggregation/",
    ),
    # --- Argo CD's own ---
    Rule(
        "argoproj.io/Application",
        "metadata.finalizers",
        Effect.DATA_AT_RISK,
        "decides whether the app's objects are deleted with the Application",
        f"{_ARGOCD}user-guide/app_deletion/",
    ),
    Rule(
        "argoproj.io/Application",
        "spec.destination spec.project",
        Effect.DATA_AT_RISK,
        "the app goes elsewhere, or is judged by another project; what is there stays unattended",
        _APP,
    ),
    Rule(
        "argoproj.io/Application",
        "spec.source spec.sources",
        Effect.UNKNOWN,
        "the app is read from elsewhere: what is not found there is pruned",
        _APP,
    ),
    Rule(
        "argoproj.io/Application",
        "spec.syncPolicy",
        Effect.IN_PLACE,
        "how and when Argo CD syncs, from now on",
        _AUTO,
    ),
    Rule(
        "argoproj.io/AppProject",
        "spec.description",
        Effect.NOTHING,
        "a text for people",
        f"{_ARGOCD}user-guide/projects/",
    ),
    Rule(
        "argoproj.io/AppProject",
        "spec",
        Effect.EXPOSES,
        "what Argo CD may deploy for the app, from where and to where",
        f"{_ARGOCD}user-guide/projects/",
    ),
    # --- objects that come ---
    Rule(
        "networking.k8s.io/Ingress networking.k8s.io/NetworkPolicy traefik.io/Middleware"
        " traefik.io/IngressRoute cert-manager.io/Certificate networking.k8s.io/IngressClass"
        f" {_ISSUERS} {_WEBHOOKS} {_ROLES} {_BINDINGS} apiregistration.k8s.io/APIService",
        OBJECT_CREATED,
        Effect.EXPOSES,
        "it decides who reaches what, from now on",
        f"{_K8S}services-networking/",
    ),
    Rule(
        "Namespace PersistentVolumeClaim PersistentVolume storage.k8s.io/StorageClass Secret"
        " postgresql.cnpg.io/Database ServiceAccount batch/Job batch/CronJob Service ConfigMap"
        " policy/PodDisruptionBudget autoscaling/HorizontalPodAutoscaler ResourceQuota LimitRange"
        " argoproj.io/Application argoproj.io/AppProject scheduling.k8s.io/PriorityClass"
        f" apiextensions.k8s.io/CustomResourceDefinition {_POD_MAKERS}",
        OBJECT_CREATED,
        Effect.CREATED,
        "it is new",
        _HOOKS,
    ),
    # --- objects that go ---
    Rule(
        "Namespace",
        OBJECT_DELETED,
        Effect.DATA_AT_RISK,
        "takes everything in it along, volumes too",
        f"{_K8S}overview/working-with-objects/namespaces/",
    ),
    Rule(
        "PersistentVolumeClaim PersistentVolume",
        OBJECT_DELETED,
        Effect.DATA_AT_RISK,
        "the storage deletes the files with it, unless its reclaim policy is Retain",
        f"{_VOLUMES}#reclaiming",
    ),
    Rule(
        "postgresql.cnpg.io/Database postgresql.cnpg.io/Cluster",
        OBJECT_DELETED,
        Effect.DATA_AT_RISK,
        "what it describes may be dropped, and nobody looks after it any more",
        f"{_DATABASE}#reclaiming-resources",
    ),
    Rule(
        "apiextensions.k8s.io/CustomResourceDefinition",
        OBJECT_DELETED,
        Effect.DATA_AT_RISK,
        "takes every object of its kind along",
        f"{_CRD}custom-resource-definitions/#delete-a-customresourcedefinition",
    ),
    Rule(
        "apps/StatefulSet",
        OBJECT_DELETED,
        Effect.DATA_AT_RISK,
        "its volumes stay or go by its retention policy",
        f"{_STATEFUL}#persistentvolumeclaim-retention",
    ),
    Rule(
        "*",
        OBJECT_DELETED,
        Effect.DELETED,
        "it is no longer rendered",
        f"{_AUTO}#automatic-pruning",
    ),
    # --- what all kinds have ---
    Rule(
        "*",
        "apiVersion",
        Effect.IN_PLACE,
        "the same object, written in another version of its API",
        "https://kubernetes.io/docs/reference/using-api/#api-versioning",
    ),
    Rule(
        "*",
        "metadata.labels",
        Effect.IN_PLACE,
        "the object's own labels; selectors elsewhere may find it, or no longer",
        _LABELS,
    ),
    Rule(
        "*",
        "metadata.annotations|app.kubernetes.io/* metadata.annotations|kubernetes.io/description"
        " metadata.annotations|controller-gen.kubebuilder.io/version",
        Effect.NOTHING,
        "a text for people",
        f"{_K8S}overview/working-with-objects/annotations/",
    ),
)


def kind_of(manifest: Manifest, former: Manifest | None = None) -> str:
    """The kind as the table writes it; `former` is what was there before, if anything was."""
    was_there = former is not None and remains(former)
    replaces = not was_there or "BeforeHookCreation" in delete_policies(manifest)
    if is_hook(manifest) and replaces:
        return "hook"
    if (former or manifest).content.get("immutable") is True:
        return "immutable"
    return f"{manifest.group}/{manifest.kind}" if manifest.group else manifest.kind


def rule_for(kind: str, changed: Field) -> Rule | None:
    """The first row that fits a single field, or None: unknown."""
    candidates = _candidates(kind)
    shape = changed.shape
    for patterns, rule in candidates:
        if any(_fits(shape, pattern) for pattern in patterns) and (
            rule.when is None or rule.when(changed.old, changed.new)
        ):
            return rule
    return None


_Pattern = tuple[tuple[str, ...], str | None]


@cache
def _candidates(kind: str) -> list[tuple[list[_Pattern], Rule]]:
    return [
        ([_pattern(text) for text in rule.fields.split()], rule)
        for rule in RULES
        if rule.kinds == "*" or kind in rule.kinds.split()
    ]


def _pattern(text: str) -> _Pattern:
    path, bar, key = text.partition("|")
    return tuple(path.split(".")), key if bar else None


def _fits(shape: tuple[str, ...], pattern: _Pattern) -> bool:
    path, key = pattern
    if shape[: len(path)] != path:
        return False
    return key is None or (len(shape) > len(path) and fnmatchcase(shape[len(path)], key))
