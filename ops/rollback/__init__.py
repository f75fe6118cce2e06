"""Back to the image before, by a commit that reverts the one that brought the present image."""
