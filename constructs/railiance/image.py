"""The declaration of a container image."""

from typing import Annotated

from railiance import checks
from railiance.declaration import declaration


@declaration
class Image:
    """A container image, pinned to one build.

    People identify the build by the tag; the node pulls by digest.
    """

    repository: Annotated[str, checks.image_repository]
    """Registry and path, without tag or digest."""
    tag: Annotated[str, checks.image_tag]
    """The tag of one build, such as its commit; never latest."""
    digest: Annotated[str, checks.image_digest]
    """The digest that the registry reports for the tag: sha256: and 64 hexadecimal digits."""

    @property
    def reference(self) -> str:
        """The image reference with tag and digest, as in a pod."""
        return f"{self.repository}:{self.tag}@{self.digest}"
