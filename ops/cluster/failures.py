"""What the API server's refusals mean, as errors that state what was asked, and how to fix it."""

from __future__ import annotations

import httpx2
from lightkube import ApiError

from ops.errors import ClusterError, ConflictError

HTTP_UNAUTHORIZED, HTTP_FORBIDDEN, HTTP_NOT_FOUND, HTTP_CONFLICT = 401, 403, 404, 409


class NotFoundError(ClusterError):
    """There is no such object, or no such kind."""


def unusable(context: str, error: Exception) -> ClusterError:
    """What keeps a context of the kubeconfig from being used at all."""
    problem = f"the address or the credentials of context {context} cannot be used"
    return ClusterError(f"{problem}: {str(error) or type(error).__name__}")


def failure(response: httpx2.Response) -> httpx2.HTTPError:
    """What an answer that is no success means; an API server says why, others may not."""
    if response.headers.get("Content-Type", "").startswith("application/json"):
        return ApiError(request=response.request, response=response)
    problem = f"the API server returned {response.status_code} {response.reason_phrase}"
    return httpx2.HTTPStatusError(problem, request=response.request, response=response)


def refusal(error: ApiError, what: str, context: str, *, secret: bool) -> ClusterError:
    """What the API server's refusal means; of a Secret it may quote a value, so only its reason."""
    status = error.status
    code = status.code or error.response.status_code
    answer = (status.reason if secret else status.message) or f"the API server returned {code}"
    if code == HTTP_NOT_FOUND:
        return NotFoundError(f"cannot {what}: {answer}")
    if code == HTTP_CONFLICT:
        return ConflictError(f"cannot {what}: {answer}")
    fixes = {
        HTTP_UNAUTHORIZED: f"; the credentials of context {context} are not accepted: log in again",
        HTTP_FORBIDDEN: f"; the user of context {context} lacks the permission; ask the "
        "cluster's administrator for it",
    }
    return ClusterError(f"cannot {what}: {answer}{fixes.get(code, '')}")
