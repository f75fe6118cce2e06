"""Images of Django apps that others wrote, from PyPI, for rehearsals on a real node.

``python -m box.images.others`` writes each to ``.tools/images/<app>.tar``. Only pins, and how each
image is made, are here.
"""
