"""The public hosts of an app: which Ingress serves each, and with which certificate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ops import kinds
from ops.documents.manifest import Manifest
from ops.errors import OpsError
from ops.kinds.certificate import Certificate
from ops.kinds.ingress import Ingress
from ops.kinds.middleware import Middleware
from railiance.annotations import MIDDLEWARES, NAME


@dataclass(frozen=True)
class PublicHost:
    """A host under which an app can be reached."""

    name: str
    """Empty if its Ingress has no host."""
    ingress: Manifest
    certificate: Manifest | None
    """None if no Certificate writes the Secret that the Ingress uses."""
    is_redirected: bool
    """Whether its visitors are redirected to the main host."""

    @property
    def documents(self) -> Sequence[Manifest]:
        """Its Certificate and its Ingress."""
        return [self.certificate, self.ingress] if self.certificate else [self.ingress]


def is_main(ingress: Manifest) -> bool:
    """Whether an Ingress is that of the main host: it has the app's name."""
    return ingress.name == ingress.labels.get(NAME)


def reference(middleware: Manifest) -> str:
    """How an Ingress names a Middleware."""
    return f"{middleware.namespace}-{middleware.name}@kubernetescrd"


def is_redirected(ingress: Manifest, middlewares: Iterable[Manifest]) -> bool:
    """Whether a Middleware redirects the requests of an Ingress to another host."""
    named = ingress.annotations.get(MIDDLEWARES, "").split(",")
    return any(
        middleware.typed(Middleware).spec.redirect_regex and reference(middleware) in named
        for middleware in middlewares
    )


def hosts_of(app: str, documents: Iterable[Manifest]) -> list[PublicHost]:
    """The hosts of an app, the main one first.

    Raises OpsError if no Ingress is rendered, or none of several has the app's name.
    """
    found = list(documents)
    ingresses = _of(Ingress, found)
    main = [ingress for ingress in ingresses if is_main(ingress)] or ingresses
    if len(main) != 1:
        problem = f"{app}: {len(main)} Ingresses are rendered, and none of them is named {app}"
        raise OpsError(f"{problem}; run `make gate` for details")
    ordered = [*main, *(ingress for ingress in ingresses if ingress is not main[0])]
    certificates, middlewares = _of(Certificate, found), _of(Middleware, found)
    return [
        PublicHost(
            _host(ingress),
            ingress,
            _certificate(ingress, certificates),
            is_redirected(ingress, middlewares),
        )
        for ingress in ordered
    ]


def _of(model: type[Ingress | Certificate | Middleware], found: list[Manifest]) -> list[Manifest]:
    entry = kinds.by_model(model)
    return [manifest for manifest in found if manifest.entry is entry]


def _host(ingress: Manifest) -> str:
    rules = ingress.typed(Ingress).spec.rules
    return rules[0].host if rules else ""


def _certificate(ingress: Manifest, certificates: Iterable[Manifest]) -> Manifest | None:
    secrets = {entry.secret_name for entry in ingress.typed(Ingress).spec.tls}
    found = (c for c in certificates if c.typed(Certificate).spec.secret_name in secrets)
    return next(found, None)
