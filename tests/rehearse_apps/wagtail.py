"""Wagtail in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tests.rehearse_apps.others_app import OthersApp


@dataclass
class Wagtail(OthersApp):
    """It has no worker."""

    schedule: ClassVar[str] = "publish"
