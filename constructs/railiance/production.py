"""Rules against development settings, used by declarations and by the gate."""

import re

_DEVELOPMENT = {
    *("dev", "devel", "develop", "development", "local", "debug", "test", "tests", "testing"),
    *("ci", "sandbox"),
}
_PRODUCTION = {"prod", "production", "live"}
_UNFINISHED = {*_DEVELOPMENT - {"local", "ci"}, "dirty", "snapshot", "wip"}

_OFF = {"", "0", "f", "false", "n", "no", "off"}


def is_for_development(settings_module: str) -> bool:
    """Whether a settings module is for development or tests, such as project.settings.dev.

    The first part names the project, whatever it is called.
    """
    *folders, last = settings_module.lower().split(".")
    words = set(_words(settings_module.rpartition(".")[2]))
    if words & _PRODUCTION:
        return False
    return bool(_DEVELOPMENT & {last, *words, *folders[1:]})


def is_unfinished(tag: str) -> bool:
    """Whether an image's tag says that it is a build of a developer, such as 1.4-dirty."""
    return bool(_UNFINISHED & set(_words(tag)))


def _words(name: str) -> list[str]:
    """The words of a name in lower case, such as dev and local of DevLocal2 or dev_local."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return [word.rstrip("0123456789") for word in re.split(r"[-_.]", apart.lower())]


def sets_debug(name: str) -> bool:
    """Whether a variable with this name turns debugging on, such as DEBUG or DJANGO_DEBUG."""
    return "DEBUG" in name.upper()


def enables_debug(value: str) -> bool:
    """Whether a value may turn debugging on: any but those that every parser reads as off."""
    return value.strip().lower() not in _OFF
