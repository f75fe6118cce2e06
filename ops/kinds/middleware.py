"""Traefik's Middleware: redirects, and the maintenance page."""

from ops.kinds.description.changes import EXPOSES_WHEN_CREATED
from ops.kinds.description.effect import Effect
from ops.kinds.description.kind import Data, Kind, Owner, Tree, no_references
from ops.kinds.description.rule import Rule
from ops.kinds.description.sources import TRAEFIK
from ops.objects.base import Object, Part


class RedirectScheme(Part, frozen=True):
    """A redirect to another scheme."""

    scheme: str = ""


class RedirectRegex(Part, frozen=True):
    """A redirect of the addresses that match."""

    regex: str = ""
    replacement: str = ""
    permanent: bool = False


class ForwardAuth(Part, frozen=True):
    """A server that is asked whether a request may pass."""

    address: str = ""


class MiddlewareSpec(Part, frozen=True):
    """What is done with requests."""

    forward_auth: ForwardAuth | None = None
    redirect_regex: RedirectRegex | None = None
    redirect_scheme: RedirectScheme = RedirectScheme()


class Middleware(Object, frozen=True):
    """A Middleware."""

    spec: MiddlewareSpec = MiddlewareSpec()


KIND = Kind(
    kind="Middleware",
    group="traefik.io",
    version="v1alpha1",
    plural="middlewares",
    namespaced=True,
    model=Middleware,
    owner=Owner.APP,
    fields=Tree.from_paths(
        *("spec.redirectScheme.scheme", "spec.redirectScheme.permanent"),
        *("spec.redirectRegex.regex", "spec.redirectRegex.replacement"),
        "spec.redirectRegex.permanent",
        *("spec.forwardAuth.address", "spec.forwardAuth.authRequestHeaders"),
    ),
    guarded=False,
    needed=True,
    stage=None,
    kept=(),
    pods=None,
    refers_to=no_references,
    holds=Data.NONE,
    health=None,
    apply_order=None,
    recreated=Effect.ROLLS_WITH_GAP,
    changes=(
        Rule("spec", Effect.EXPOSES, "what Traefik does with requests", TRAEFIK),
        EXPOSES_WHEN_CREATED,
    ),
)
