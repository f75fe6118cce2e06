"""One defect for every check, as a change to a rendering that passes the gate.

Each is made so that exactly its own check finds it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

Documents = dict[str, list[dict[str, Any]]]
"""The documents of each file."""

NOTIZEN, ARGOCD, ROOT = "dist/notizen.k8s.yaml", "argocd/notizen.yaml", "argocd/root.yaml"
WERKSTATT = "dist/werkstatt.k8s.yaml"
"""The made-up app that has everything; a change to it names this file."""
VERGABE_HOST = "vergabe-teilnahme.whywhynot.de"


@dataclass(frozen=True)
class Set:
    """Sets a field of a made-up app's object of a kind; without a value, removes it."""

    kind: str
    path: str
    value: Any = None
    files: tuple[str, ...] = (NOTIZEN, ARGOCD)
    name: str = ""
    """Which object; by default the first of its kind."""

    def apply(self, documents: Documents) -> None:
        target: Any = next(
            document
            for file in self.files
            for document in documents[file]
            if document["kind"] == self.kind and self.name in ("", document["metadata"]["name"])
        )
        *parents, last = [_key(part) for part in self.path.split("/")]
        for key in parents:
            target = target[key]
        if self.value is None:
            del target[last]
        elif last == len(target):
            target.append(self.value)
        else:
            target[last] = self.value


def _key(part: str) -> str | int:
    """An index, or a key in which `~` stands for `/`."""
    return int(part) if part.isdigit() else part.replace("~", "/")


@dataclass(frozen=True)
class Everywhere:
    """Replaces a text wherever it stands in the made-up app's documents."""

    old: str
    new: str

    def apply(self, documents: Documents) -> None:
        for file in (NOTIZEN, ARGOCD):
            documents[file] = self._replaced(documents[file])

    def _replaced(self, node: Any) -> Any:
        if isinstance(node, dict):
            return {key: self._replaced(value) for key, value in node.items()}
        if isinstance(node, list):
            return [self._replaced(item) for item in node]
        return node.replace(self.old, self.new) if isinstance(node, str) else node


@dataclass(frozen=True)
class Remove:
    """Removes the made-up app's object of a kind."""

    kind: str
    file: str = NOTIZEN

    def apply(self, documents: Documents) -> None:
        documents[self.file] = [d for d in documents[self.file] if d["kind"] != self.kind]


@dataclass(frozen=True)
class Add:
    """Adds a document to one of the made-up app's files."""

    document: dict[str, Any]
    file: str = NOTIZEN

    def apply(self, documents: Documents) -> None:
        documents[self.file].append(self.document)


Change = Set | Everywhere | Remove | Add


KEPT = {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"}


def metadata(
    name: str,
    namespace: str | None = "notizen",
    wave: str = "-2",
    sync_options: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    return {
        "name": name,
        **({"namespace": namespace} if namespace else {}),
        "labels": {
            "app.kubernetes.io/name": "notizen",
            "app.kubernetes.io/managed-by": "railiance-apps",
        },
        "annotations": {"argocd.argoproj.io/sync-wave": wave, **sync_options},
    }


POD = "spec/template/spec"
WEB = f"{POD}/containers/0"
WAITING = f"{POD}/initContainers/0"
CRON_POD = "spec/jobTemplate/spec/template/spec"
IMAGE = "gitea.coulomb.social/coulomb/notizen"
DIGEST = "sha256:" + "0123456789abcdef" * 4
WAVE = "metadata/annotations/argocd.argoproj.io~sync-wave"
SYNC_OPTIONS = "metadata/annotations/argocd.argoproj.io~sync-options"
SILENCE = "silence.railiance.io~shape"
STORAGE = "metadata/annotations/app.railiance.io~storage"
BOTH = ("Deployment", "Job")
PAGE = "werkstatt-maintenance"
REDIRECT, REPLACEMENT = "main-host-redirect", "spec/redirectRegex/replacement"


def both(path: str, value: Any = None) -> list[Change]:
    """The same change to web pods, to what they wait in, and to the migrate Job."""
    changes: list[Change] = [Set(kind, path, value) for kind in BOTH]
    if path.startswith(WEB):
        changes.append(Set("Deployment", path.replace(WEB, WAITING), value))
    return changes


def full(kind: str, path: str, value: Any = None, name: str = "") -> list[Change]:
    """A change to the app that has everything."""
    return [Set(kind, path, value, (WERKSTATT,), name)]


def variable(name: str, value: str) -> list[Change]:
    return both(f"{WEB}/env/5", {"name": name, "value": value})


def added(api_version: str, kind: str, content: dict[str, Any]) -> list[Change]:
    """One more object, which the app's project allows."""
    document = {"apiVersion": api_version, "kind": kind, "metadata": metadata("more"), **content}
    allowed = {"group": api_version.rpartition("/")[0], "kind": kind}
    return [Add(document), Set("AppProject", "spec/namespaceResourceWhitelist/10", allowed)]


def fact(name: str, value: str) -> Change:
    """The platform states another fact."""
    path = f"metadata/annotations/platform.railiance.io~{name}"
    return Set("Application", path, value, (ROOT,))


DEFECTS: dict[tuple[str, str], list[Change]] = {
    ("argocd.E001", "a kind is allowed that is not rendered"): [
        Set("AppProject", "spec/namespaceResourceWhitelist/0", {"group": "", "kind": "Secret"}),
        Set(
            "AppProject",
            "spec/namespaceResourceWhitelist/1",
            {"group": "", "kind": "PersistentVolumeClaim"},
        ),
    ],
    ("argocd.E002", "another app's namespace is a destination"): [
        Set("AppProject", "spec/destinations/1/namespace", "vergabe-teilnahme")
    ],
    ("argocd.E002", "every cluster is a destination"): [
        Set("AppProject", "spec/destinations/0/server", "*")
    ],
    ("argocd.E002", "another cluster is deployed to"): [
        Set("Application", "spec/destination/server", "https://other.example.org")
    ],
    ("argocd.E003", "another repository is read"): [
        Set("Application", "spec/source/repoURL", "https://git.example.org/other.git")
    ],
    ("argocd.E003", "a project for another repository"): [
        Set("AppProject", "spec/sourceRepos", ["*"])
    ],
    ("argocd.E004", "goes on when nothing is rendered"): [
        Set("Application", "spec/syncPolicy/automated/allowEmpty", value=True)
    ],
    ("argocd.E004", "never tried again"): [Set("Application", "spec/syncPolicy/retry/limit", 0)],
    ("argocd.E004", "tried again without pauses"): [
        Set("Application", "spec/syncPolicy/retry/backoff")
    ],
    ("argocd.E004", "client-side apply"): [
        Set("Application", "spec/syncPolicy/syncOptions", ["Validate=false"])
    ],
    ("argocd.E004", "drift by hand stays"): [
        Set("Application", "spec/syncPolicy/automated/selfHeal", value=False)
    ],
    ("argocd.E005", "a file that no Application reads"): [Remove("Application", ARGOCD)],
    ("argocd.E009", "other files are read as well"): [
        Set("Application", "spec/source/directory/include", "notizen*.yaml")
    ],
    ("argocd.E009", "the root Application reads what a file in its folder says"): [
        Set("Application", "spec/source/directory", None, (ROOT,))
    ],
    ("argocd.E009", "the root Application reads one app alone, and all others are pruned"): [
        Set("Application", "spec/source/directory/include", "notizen.yaml", (ROOT,))
    ],
    ("argocd.E007", "the root Application is in Argo CD's own project"): [
        Set("Application", "spec/project", "default", (ROOT,))
    ],
    ("argocd.E007", "the root Application is in an app's project"): [
        Set("Application", "spec/project", "notizen", (ROOT,))
    ],
    ("argocd.E007", "the root project allows Secrets"): [
        Set(
            "AppProject",
            "spec/namespaceResourceWhitelist/2",
            {"group": "", "kind": "Secret"},
            (ROOT,),
        )
    ],
    ("argocd.E007", "the root project deploys anywhere"): [
        Set("AppProject", "spec/destinations/0/namespace", "*", (ROOT,))
    ],
    ("argocd.E007", "the root project allows Namespaces"): [
        Set(
            "AppProject",
            "spec/clusterResourceWhitelist",
            [{"group": "", "kind": "Namespace"}],
            (ROOT,),
        )
    ],
    ("argocd.E008", "the root project is pruned"): [Set("AppProject", SYNC_OPTIONS, None, (ROOT,))],
    ("argocd.E006", "every Namespace is allowed"): [
        Set("AppProject", "spec/clusterResourceWhitelist/0", {"group": "", "kind": "Namespace"})
    ],
    ("exposure.E013", "a host outside the domains of apps"): [fact("app-domains", "example.net")],
    ("exposure.E014", "a path that ends its rule"): [
        Set("Ingress", "spec/rules/0/http/paths/0/path", "/`) || Host(`gitea.coulomb.social")
    ],
    ("image.E006", "images of somebody who has registered"): [fact("image-owners", "railiance")],
    ("ownership.E004", "a namespace of the platform"): [fact("reserved-namespaces", "notizen")],
    ("database.E001", "the database is dropped with its object"): [
        Set("Database", "spec/databaseReclaimPolicy", "delete")
    ],
    ("database.E001", "the database is to be absent"): [Set("Database", "spec/ensure", "absent")],
    ("database.E002", "a sync prunes the database"): [
        Set("Database", SYNC_OPTIONS, "Delete=false")
    ],
    ("database.E003", "the role owns another app's database"): [
        Set("Database", "spec/owner", "vergabe")
    ],
    ("database.E003", "Gitea's role"): [Set("Database", "spec/owner", "gitea")],
    ("database.E003", "the superuser"): [Set("Database", "spec/owner", "postgres")],
    ("database.E004", "two objects for one database"): [Set("Database", "spec/name", "vergabe_db")],
    ("database.E005", "a dedicated cluster"): [Set("Database", "spec/cluster/name", "gitea-db")],
    ("database.E007", "an extension is to be absent"): [
        Set("Database", "spec/extensions", [{"name": "pg_trgm", "ensure": "absent"}])
    ],
    ("database.E007", "an extension that reads the server's files"): [
        Set("Database", "spec/extensions", [{"name": "file_fdw", "ensure": "present"}])
    ],
    ("database.E011", "a role before the cluster knows the kind"): [
        Add(
            {
                "apiVersion": "postgresql.cnpg.io/v1",
                "kind": "DatabaseRole",
                "metadata": metadata("notizen", "databases", sync_options=KEPT),
                "spec": {
                    "name": "notizen",
                    "cluster": {"name": "apps-pg"},
                    "login": True,
                    "passwordSecret": {"name": "notizen-app-credentials"},
                },
            }
        ),
        Set(
            "AppProject",
            "spec/namespaceResourceWhitelist/10",
            {"group": "postgresql.cnpg.io", "kind": "DatabaseRole"},
        ),
    ],
    ("database.E006", "a namespace without the client label"): [
        Set("Namespace", "metadata/labels/railiance.io~postgres-client")
    ],
    ("exposure.E001", "a host without TLS"): [
        Set("Ingress", "spec/rules/1", {"host": "www.notizen.whywhynot.de"})
    ],
    ("exposure.E001", "a default backend for every host"): [
        Set(
            "Ingress",
            "spec/defaultBackend",
            {"service": {"name": "notizen", "port": {"name": "http"}}},
        )
    ],
    ("exposure.E002", "the Certificate is for another host"): [
        Set("Certificate", "spec/dnsNames", ["other.whywhynot.de"])
    ],
    ("exposure.E002", "the Certificate writes another secret"): [
        Set("Certificate", "spec/secretName", "other-tls")
    ],
    ("exposure.E002", "the Certificate has another name than its secret"): [
        Set("Certificate", "metadata/name", "other")
    ],
    ("exposure.E002", "a second Certificate"): [
        Add(
            {
                "apiVersion": "cert-manager.io/v1",
                "kind": "Certificate",
                "metadata": metadata("other", wave="1"),
                "spec": {
                    "secretName": "notizen-env",
                    "dnsNames": ["gitea.coulomb.social"],
                    "issuerRef": {
                        "group": "cert-manager.io",
                        "kind": "ClusterIssuer",
                        "name": "letsencrypt-prod",
                    },
                },
            }
        )
    ],
    ("exposure.E003", "the Ingress comes with the Certificate"): [Set("Ingress", WAVE, "1")],
    ("exposure.E003", "an additional host's Ingress comes with its Certificate"): [
        Set("Ingress", WAVE, "3", name="notizen-notizen-whywhynot-org")
    ],
    ("exposure.E002", "an additional host's Certificate is for another host"): [
        Set("Certificate", "spec/dnsNames", ["other.de"], name="notizen-whywhynot-org-tls")
    ],
    ("exposure.E004", "another app's host"): [Everywhere("notizen.whywhynot.de", VERGABE_HOST)],
    ("exposure.E005", "Gitea's host"): [Everywhere("notizen.whywhynot.de", "gitea.coulomb.social")],
    ("exposure.E006", "a port on the node"): [Set("Service", "spec/type", "NodePort")],
    ("exposure.E006", "an address of the node"): [
        Set("Service", "spec/externalIPs", ["92.205.130.254"])
    ],
    ("exposure.E007", "another middleware besides"): [
        Set(
            "Ingress",
            "metadata/annotations/traefik.ingress.kubernetes.io~router.middlewares",
            "notizen-https-redirect@kubernetescrd,default-x@kubernetescrd",
        )
    ],
    ("exposure.E007", "a priority over others"): [
        Set("Ingress", "metadata/annotations/traefik.ingress.kubernetes.io~router.priority", "99")
    ],
    ("exposure.E006", "the node's network"): [Set("Deployment", f"{POD}/hostNetwork", value=True)],
    ("exposure.E007", "no redirect to HTTPS"): [
        Set("Ingress", "metadata/annotations/traefik.ingress.kubernetes.io~router.middlewares")
    ],
    ("exposure.E008", "another ingress class"): [Set("Ingress", "spec/ingressClassName", "nginx")],
    ("exposure.E008", "the staging issuer"): [
        Set("Certificate", "spec/issuerRef/name", "letsencrypt-staging")
    ],
    ("exposure.E009", "cert-manager edits the Ingress"): [
        Set("Ingress", "metadata/annotations/acme.cert-manager.io~http01-edit-in-place", "true")
    ],
    ("exposure.E010", "a redirect to a stranger's host"): [
        Set("Middleware", REPLACEMENT, "https://evil.example.org/${1}", name=REDIRECT)
    ],
    ("exposure.E010", "a redirect to the start page"): [
        Set("Middleware", REPLACEMENT, "https://notizen.whywhynot.de/", name=REDIRECT)
    ],
    ("exposure.E010", "a redirect for the time being"): [
        Set("Middleware", "spec/redirectRegex/permanent", value=False, name=REDIRECT)
    ],
    ("exposure.E010", "a redirect of some addresses"): [
        Set("Middleware", "spec/redirectRegex/regex", "^https://[^/]+/old/(.*)", name=REDIRECT)
    ],
    ("exposure.E007", "a redirect to plain HTTP"): [
        Set("Middleware", "spec/redirectScheme/scheme", "http")
    ],
    ("exposure.E011", "the main host waits for an additional one's certificate"): [
        Set("Certificate", WAVE, "2", name="notizen-whywhynot-org-tls")
    ],
    ("gate.E001", "silenced without a reason"): [
        Set("Deployment", "metadata/annotations/silence.railiance.io~pods.E005", " ")
    ],
    ("gate.E001", "the safety contract silenced"): [
        Set(
            "Deployment",
            "metadata/annotations/silence.railiance.io~secrets.E001",
            "it is only a test",
        )
    ],
    ("gate.E001", "a check silenced that does not exist"): [
        Set("Deployment", "metadata/annotations/silence.railiance.io~pods.E999", "why not")
    ],
    ("gate.E002", "a check silenced that finds nothing"): [
        Set(
            "Deployment",
            "metadata/annotations/silence.railiance.io~pods.E008",
            "no longer true of this app",
        )
    ],
    ("image.E001", "an image by its tag alone"): both(f"{WEB}/image", f"{IMAGE}:v1.4.0"),
    ("image.E002", "latest"): both(f"{WEB}/image", f"{IMAGE}:latest@{DIGEST}"),
    ("image.E001", "half a digest"): both(f"{WEB}/image", f"{IMAGE}:v1.4.0@sha256:abc"),
    ("image.E002", "no tag"): both(f"{WEB}/image", f"{IMAGE}@{DIGEST}"),
    ("image.E003", "a new image for the web pods only"): [
        Set("Deployment", f"{WEB}/image", f"{IMAGE}:v1.5.0@sha256:{'b' * 64}")
    ],
    ("image.E003", "another image for what pods wait in"): [
        Set("Deployment", f"{WAITING}/image", f"{IMAGE}:v1.3.0@sha256:{'b' * 64}")
    ],
    ("image.E004", "pulled at every start"): [
        Set("Deployment", f"{WEB}/imagePullPolicy", "Always")
    ],
    ("image.E005", "another registry"): both(
        f"{WEB}/image", f"docker.io/library/notizen:v1.4.0@{DIGEST}"
    ),
    ("labels.E001", "an object without labels"): [Set("Service", "metadata/labels", {})],
    ("network.E001", "a policy over the whole namespace"): [
        Set("NetworkPolicy", "spec/podSelector", {})
    ],
    ("network.E002", "a policy that covers no pod"): [
        Set("NetworkPolicy", "spec/podSelector/matchLabels/app.kubernetes.io~name", "other")
    ],
    ("network.E002", "a policy whose expressions exclude the pods"): [
        Set(
            "NetworkPolicy",
            "spec/podSelector/matchExpressions",
            [{"key": "app.kubernetes.io/name", "operator": "DoesNotExist"}],
        )
    ],
    ("network.E003", "everyone may reach the pods"): [Set("NetworkPolicy", "spec/ingress/0/from")],
    ("network.E003", "a whole namespace may reach the pods"): [
        Set("NetworkPolicy", "spec/ingress/0/from/0/podSelector")
    ],
    ("maintenance.E001", "visitors' cookies sent to a stranger"): full(
        "Middleware", "spec/forwardAuth/address", "https://evil.example.org", name=PAGE
    ),
    ("maintenance.E001", "another app's page is asked"): full(
        "Middleware",
        "spec/forwardAuth/address",
        "http://notizen-maintenance.notizen.svc",
        name=PAGE,
    ),
    ("maintenance.E002", "another program as the page"): full(
        "Deployment", f"{WEB}/command", ["python", "-m", "http.server"], name=PAGE
    ),
    ("maintenance.E002", "passes signed with what everybody can read"): full(
        "Deployment", f"{WEB}/command/3", "DJANGO_SETTINGS_MODULE", name=PAGE
    ),
    ("maintenance.E002", "a page that is asked before it answers"): full(
        "Deployment", f"{WEB}/readinessProbe", name=PAGE
    ),
    ("maintenance.E003", "a Middleware that is applied after the Ingress"): full(
        "Middleware", WAVE, "2", name=PAGE
    ),
    ("maintenance.E003", "a page that is pruned before the Ingress changes"): full(
        "Service", SYNC_OPTIONS, name=PAGE
    ),
    ("ownership.E001", "a role"): [
        Add(
            {
                "apiVersion": "rbac.authorization.k8s.io/v1",
                "kind": "Role",
                "metadata": metadata("reader"),
                "rules": [],
            }
        ),
        Set(
            "AppProject",
            "spec/namespaceResourceWhitelist/10",
            {"group": "rbac.authorization.k8s.io", "kind": "Role"},
        ),
    ],
    ("ownership.E002", "a kind that is the platform's"): [
        *added("v1", "LimitRange", {"spec": {"limits": [{"type": "Pod"}]}})
    ],
    ("ownership.E002", "a pod that no check looks into"): [
        *added("v1", "Pod", {"spec": {"containers": [{"name": "a", "image": "a"}]}})
    ],
    ("shape.E005", "a kind that nothing knows"): [
        *added("policy/v1", "PodDisruptionBudget", {"spec": {"minAvailable": 1}})
    ],
    ("ownership.E003", "another app's namespace"): [
        Add(
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": metadata("spy", "vergabe-teilnahme"),
                "automountServiceAccountToken": False,
            }
        )
    ],
    ("pods.E001", "no readiness probe"): [Set("Deployment", f"{WEB}/readinessProbe")],
    ("pods.E002", "a probe without Host"): [
        Set("Deployment", f"{WEB}/livenessProbe/httpGet/httpHeaders/0/name", "X-Other")
    ],
    ("pods.E003", "a probe over http"): [
        Set("Deployment", f"{WEB}/startupProbe/httpGet/httpHeaders/1/value", "http")
    ],
    ("pods.E004", "may run as root"): both(f"{POD}/securityContext/runAsNonRoot"),
    ("pods.E004", "capabilities kept"): both(f"{WEB}/securityContext/capabilities"),
    ("pods.E004", "privileges gained"): both(f"{WEB}/securityContext/allowPrivilegeEscalation"),
    ("pods.E004", "no seccomp profile"): both(f"{POD}/securityContext/seccompProfile"),
    ("pods.E004", "a folder of the node"): [
        Set("Deployment", f"{POD}/volumes/3", {"name": "node", "hostPath": {"path": "/"}})
    ],
    ("pods.E004", "the node's processes"): both(f"{POD}/hostPID", value=True),
    ("pods.E004", "privileged"): [
        *both(f"{WEB}/securityContext/allowPrivilegeEscalation", value=True),
        *both(f"{WEB}/securityContext/privileged", value=True),
    ],
    ("pods.E004", "a profile of a version that knows no rules"): [
        Set("Namespace", "metadata/labels/pod-security.kubernetes.io~enforce-version", "v1.0")
    ],
    ("pods.E004", "a namespace that lets any pod in"): [
        Set("Namespace", "metadata/labels/pod-security.kubernetes.io~enforce", "baseline")
    ],
    ("pods.E005", "a writable root"): both(
        f"{WEB}/securityContext/readOnlyRootFilesystem", value=False
    ),
    ("pods.E005", "nowhere to write"): [Set("Deployment", f"{WEB}/volumeMounts/0/mountPath", "/x")],
    ("pods.E006", "no memory limit"): both(f"{WEB}/resources/limits/memory"),
    ("pods.E007", "a mounted token"): [
        Set("Deployment", f"{POD}/automountServiceAccountToken", value=True)
    ],
    ("pods.E007", "an account whose token is mounted"): [
        Set("ServiceAccount", "automountServiceAccountToken")
    ],
    ("pods.E008", "the old pod ends first"): [
        Set("Deployment", "spec/strategy", {"type": "Recreate"})
    ],
    ("pods.E008", "no pause before the end"): [Set("Deployment", f"{WEB}/lifecycle")],
    ("pods.E009", "killed while it finishes"): [
        Set("Deployment", f"{POD}/terminationGracePeriodSeconds", 20)
    ],
    ("pods.E010", "the image's own user"): both(f"{POD}/securityContext/runAsUser"),
    ("pods.E011", "service links"): both(f"{POD}/enableServiceLinks"),
    ("secrets.E001", "a Secret"): [
        Add({"apiVersion": "v1", "kind": "Secret", "metadata": metadata("notizen-env")}),
        Set("AppProject", "spec/namespaceResourceWhitelist/10", {"group": "", "kind": "Secret"}),
    ],
    ("secrets.E002", "a secret by value"): variable("MAIL_PASSWORD", "x"),
    ("secrets.E002", "a secret in a ConfigMap"): [
        *added("v1", "ConfigMap", {"data": {"SMTP_PASSWORD": "x"}}),
    ],
    ("secrets.E006", "another app's Secret"): both(
        f"{WEB}/env/12/valueFrom/secretKeyRef/name", "gitea-env"
    ),
    ("secrets.E002", "a password by value"): variable("DBPASSWORD", "x"),
    ("secrets.E003", "a URL with a password"): variable("CACHE", "redis://u:geheim@redis/0"),
    ("secrets.E006", "a Secret's file that is not the app's"): full(
        "Deployment", f"{POD}/volumes/4/secret/secretName", "werkstatt-tls"
    ),
    ("secrets.E006", "another registry login"): full(
        "CronJob", f"{CRON_POD}/imagePullSecrets/0/name", "gitea-login"
    ),
    ("settings.E001", "DEBUG"): variable("DJANGO_DEBUG", "1"),
    ("settings.E001", "DEBUG that is not surely off"): variable("DEBUG", "None"),
    ("settings.E002", "a setting for a schedule only"): full(
        "CronJob", f"{CRON_POD}/containers/0/env/0/value", "werkstatt.other"
    ),
    ("settings.E007", "code from a folder of uploads"): variable("PYTHONPATH", "/app/media"),
    ("settings.E007", "a library before all others"): variable("LD_PRELOAD", "/app/media/a.so"),
    ("settings.E007", "a proxy"): variable("https_proxy", "http://proxy.example.org:3128"),
    ("settings.E007", "no TLS to the database"): variable("PGSSLMODE", "disable"),
    ("settings.E007", "another database"): variable("PGHOST", "db.example.org"),
    ("settings.E007", "cookies without TLS"): variable("SESSION_COOKIE_SECURE", "False"),
    ("settings.E007", "any host"): variable("DJANGO_ALLOWED_HOSTS", "*"),
    ("settings.E007", "settings for development"): variable("ENVIRONMENT", "development"),
    ("settings.E007", "a value put together in the pod"): variable("SITE", "https://$(HOME)/"),
    ("settings.E007", "gunicorn that reloads code"): both(
        f"{WEB}/env/6/value", "--graceful-timeout=30 --reload"
    ),
    ("settings.E006", "names that are no JSON"): [
        Set("Namespace", "metadata/annotations/app.railiance.io~names", "{")
    ],
    ("settings.E006", "a secret of no known kind"): [
        Set(
            "Namespace",
            "metadata/annotations/app.railiance.io~names",
            '{"secrets": {"SECRET_KEY": "anything"}}',
        )
    ],
    ("image.E003", "a schedule of another image"): full(
        "CronJob",
        f"{CRON_POD}/containers/0/image",
        "gitea.coulomb.social/coulomb/werkstatt:2025@sha256:" + "c" * 64,
    ),
    ("network.E003", "everybody reaches Valkey"): full(
        "NetworkPolicy", "spec/ingress/0/from", [], name="werkstatt-valkey"
    ),
    ("network.E003", "every app reaches Valkey"): full(
        "NetworkPolicy", "spec/ingress/0/from/0/namespaceSelector", {}, name="werkstatt-valkey"
    ),
    ("network.E004", "the controller reaches workers"): full(
        "NetworkPolicy",
        "spec/podSelector/matchLabels",
        {"app.kubernetes.io/name": "werkstatt"},
        name="werkstatt",
    ),
    ("network.E004", "a worker with a port"): full(
        "CronJob", f"{CRON_POD}/containers/0/ports", [{"name": "rpc", "containerPort": 9000}]
    ),
    ("processes.E001", "a schedule without a deadline"): full(
        "CronJob", "spec/jobTemplate/spec/activeDeadlineSeconds"
    ),
    ("processes.E001", "a schedule that Kubernetes gives up"): full(
        "CronJob", "spec/startingDeadlineSeconds"
    ),
    ("processes.E001", "a schedule that no day fulfils"): full(
        "CronJob", "spec/schedule", "0 0 31 2 *"
    ),
    ("processes.E002", "a failed run that ends deploys"): full(
        "CronJob", "metadata/annotations/argocd.argoproj.io~ignore-healthcheck"
    ),
    ("processes.E003", "web pods that nobody waits for"): full(
        "Deployment", "metadata/annotations/argocd.argoproj.io~ignore-healthcheck", "true"
    ),
    ("processes.E004", "Valkey without a memory limit"): full(
        "StatefulSet", f"{POD}/containers/0/command/9", "0"
    ),
    ("processes.E004", "a queue that drops tasks"): full(
        "StatefulSet", f"{POD}/containers/0/command/11", "allkeys-lru"
    ),
    ("processes.E004", "Valkey without a password"): full(
        "StatefulSet", f"{POD}/containers/0/command/1", "/etc/valkey/other.conf"
    ),
    ("shape.E004", "Valkey's Service selects workers, too"): full(
        "Service", "spec/selector", {"app.kubernetes.io/name": "werkstatt"}, name="werkstatt-valkey"
    ),
    ("sync.E003", "a folder in a later wave than the migrate Job"): full(
        "PersistentVolumeClaim", WAVE, "0", name="werkstatt-data"
    ),
    ("sync.E012", "a worker that does not wait"): full(
        "Deployment", f"{POD}/initContainers", [], name="werkstatt-mail"
    ),
    ("sync.E012", "a schedule that waits otherwise"): full(
        "CronJob", f"{CRON_POD}/initContainers/0/command", ["true"]
    ),
    ("sync.E012", "an upgrade step that is none"): full(
        "Job", f"{POD}/initContainers/1/command", ["sh", "-c", "true"]
    ),
    ("sync.E012", "a development server"): full(
        "Deployment", f"{POD}/containers/0/command", ["python", "manage.py", "runserver"]
    ),
    ("settings.E002", "a setting for the web pods only"): [
        Set("Deployment", f"{WEB}/env/3/value", "en")
    ],
    ("settings.E002", "a setting for what pods wait in only"): [
        Set("Deployment", f"{WAITING}/env/3/value", "en")
    ],
    ("settings.E002", "variables imported for the web pods only"): [
        Set("Deployment", f"{WEB}/envFrom", [{"secretRef": {"name": "other"}}])
    ],
    ("settings.E003", "development settings"): both(f"{WEB}/env/0/value", "notizen.settings.dev"),
    ("settings.E004", "a wildcard host"): both(
        f"{WEB}/env/1/value", "notizen.whywhynot.de,.whywhynot.de"
    ),
    ("settings.E005", "an origin that is not trusted"): both(
        f"{WEB}/env/2/value", "https://www.notizen.whywhynot.de"
    ),
    ("sync.E001", "no wave"): [Set("Service", WAVE)],
    ("sync.E001", "a wave that is no number"): [Set("Middleware", WAVE, "last")],
    ("sync.E001", "a wave that only Python reads"): [Set("Middleware", WAVE, "2_0")],
    ("sync.E002", "a PreSync hook"): [
        Set("Job", "metadata/annotations/argocd.argoproj.io~hook", "PreSync")
    ],
    ("sync.E002", "a failed Job stays in the way"): [
        Set("Job", "metadata/annotations/argocd.argoproj.io~hook-delete-policy", "HookSucceeded")
    ],
    ("sync.E003", "a volume before its pod"): [Set("PersistentVolumeClaim", WAVE, "-2")],
    ("sync.E004", "the pods before the migration"): [
        Set("Deployment", WAVE, "-1"),
        Set("PersistentVolumeClaim", WAVE, "-1"),
    ],
    ("sync.E004", "the migration before the database"): [Set("Job", WAVE, "-2")],
    ("sync.E004", "a schedule that a sync waits for"): full("CronJob", WAVE, "0"),
    ("sync.E005", "a sync prunes the volume"): [
        Set("PersistentVolumeClaim", SYNC_OPTIONS, "Prune=false")
    ],
    ("sync.E006", "a sync prunes the namespace"): [Set("Namespace", SYNC_OPTIONS)],
    ("sync.E007", "a migration without end"): [Set("Job", "spec/activeDeadlineSeconds")],
    ("sync.E007", "a Job that removes itself"): [Set("Job", "spec/ttlSecondsAfterFinished", 0)],
    ("sync.E008", "no namespace"): [
        Add(
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": metadata("lost", None),
                "automountServiceAccountToken": False,
            }
        )
    ],
    ("sync.E007", "a migration tried without end"): [Set("Job", "spec/backoffLimit", 100)],
    ("sync.E010", "a hook of Helm's"): [
        Set("Ingress", "metadata/annotations/helm.sh~hook", "pre-install")
    ],
    ("sync.E012", "a Job that migrates nothing"): [Set("Job", f"{WEB}/command", ["true"])],
    ("sync.E012", "a Job that does not wait until the database lets it in"): [
        Set("Job", f"{WEB}/command", ["python", "manage.py", "migrate", "--noinput"])
    ],
    ("sync.E012", "Django's own server"): [
        Set("Deployment", f"{WEB}/command", ["python", "manage.py", "runserver"])
    ],
    ("sync.E012", "pods that do not wait for their migrations"): [
        Set("Deployment", f"{POD}/initContainers", [])
    ],
    ("sync.E012", "pods that wait for nothing"): [
        Set("Deployment", f"{WAITING}/command", ["true"])
    ],
    ("sync.E012", "two migrations at once"): [Set("Job", "spec/parallelism", 2)],
    ("shape.E001", "a second source"): [
        Set("Application", "spec/sources", [{"repoURL": "https://git.example.org/other.git"}])
    ],
    ("shape.E001", "a role in Argo CD"): [
        Set("AppProject", "spec/roles", [{"name": "deploy", "policies": []}])
    ],
    ("shape.E001", "another role's schema"): [
        Set("Database", "spec/schemas", [{"name": "public", "owner": "gitea"}])
    ],
    ("shape.E001", "capabilities added"): [
        Set("Deployment", f"{WEB}/securityContext/capabilities/add", ["SYS_ADMIN"])
    ],
    ("shape.E001", "a container that stays beside the pod's own"): [
        Set("Deployment", f"{WAITING}/restartPolicy", "Always")
    ],
    ("shape.E001", "arguments"): [Set("Deployment", f"{WEB}/args", ["--reload"])],
    ("shape.E001", "a pod's annotation"): [
        Set(
            "Deployment",
            "spec/template/metadata/annotations",
            {"container.apparmor.security.beta.kubernetes.io/web": "unconfined"},
        )
    ],
    ("shape.E001", "a middleware that shows who asks"): [
        Set("Middleware", "spec/ipAllowList", {"sourceRange": ["192.0.2.0/24"]})
    ],
    ("shape.E002", "no migrate Job"): [
        Remove("Job"),
        Set("AppProject", "spec/namespaceResourceWhitelist/4"),
    ],
    ("shape.E002", "no database"): [
        Remove("Database"),
        Set("AppProject", "spec/namespaceResourceWhitelist/8"),
    ],
    ("shape.E003", "an account that is not there"): [
        Set("Deployment", f"{POD}/serviceAccountName", "other")
    ],
    ("shape.E003", "a Service that is not there"): [
        Set("Ingress", "spec/rules/0/http/paths/0/backend/service/name", "other")
    ],
    ("shape.E003", "a volume that is not there"): [
        Set(
            "Deployment",
            f"{POD}/volumes/3",
            {"name": "more", "persistentVolumeClaim": {"claimName": "more"}},
        )
    ],
    ("shape.E003", "a volume that nobody mounts"): [
        Set("Deployment", f"{POD}/volumes/2"),
        Set("Deployment", f"{WEB}/volumeMounts/2"),
    ],
    ("shape.E004", "a Service that selects the migration too"): [
        Set("Service", "spec/selector/app.kubernetes.io~component")
    ],
    ("shape.E004", "a port that no pod has"): [Set("Service", "spec/ports/0/targetPort", "web")],
    ("sync.E010", "a volume as a hook"): [
        Set("PersistentVolumeClaim", "metadata/annotations/argocd.argoproj.io~hook", "Sync")
    ],
    ("sync.E011", "a volume deleted and made anew"): [
        Set("PersistentVolumeClaim", SYNC_OPTIONS, "Prune=false,Delete=false,Replace=true")
    ],
    ("storage.E001", "a bucket that is not stated as JSON"): [Set("Namespace", STORAGE, "media")],
    ("storage.E001", "a bucket in a list"): [Set("Namespace", STORAGE, "[]")],
    ("storage.E001", "a bucket with an unknown part"): [Set("Namespace", STORAGE, '{"path": "A"}')],
    ("storage.E001", "a bucket that no pod knows"): [Set("Namespace", STORAGE, "{}")],
    ("sync.E009", "an object twice"): [
        Add(
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": metadata("notizen"),
                "automountServiceAccountToken": False,
            }
        )
    ],
}


def apply(changes: list[Change], documents: Documents) -> None:
    for change in changes:
        change.apply(documents)
