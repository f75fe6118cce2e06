"""What is not for production: asked of declarations here, and of manifests by the gate."""

_DEVELOPMENT = {"dev", "development", "local", "debug", "test", "tests", "testing"}


def is_for_development(settings_module: str) -> bool:
    """Whether a settings module is one to develop or test with, such as project.settings.dev."""
    return bool(_DEVELOPMENT & set(settings_module.rpartition(".")[2].lower().split("_")))


def sets_debug(name: str) -> bool:
    """Whether a variable of this name switches debugging, such as DEBUG or DJANGO_DEBUG."""
    return "DEBUG" in name.upper()
