"""Wagtail in use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from box.images.others import recipes
from tests.rehearse_apps.others_app import OthersApp


@dataclass
class Wagtail(OthersApp):
    """It has no worker."""

    recipe: ClassVar[recipes.App] = recipes.WAGTAIL
    declared: ClassVar[Path] = Path(__file__).parent / "declarations/wagtail.py"
    schedule: ClassVar[str] = "publish"
