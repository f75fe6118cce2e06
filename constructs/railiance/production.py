"""Rules against development settings, used by declarations and by the gate."""

_DEVELOPMENT = {"dev", "development", "local", "debug", "test", "tests", "testing"}

_OFF = {"", "0", "f", "false", "n", "no", "off"}


def is_for_development(settings_module: str) -> bool:
    """Whether a settings module is for development or tests, such as project.settings.dev."""
    return bool(_DEVELOPMENT & set(settings_module.rpartition(".")[2].lower().split("_")))


def sets_debug(name: str) -> bool:
    """Whether a variable with this name turns debugging on, such as DEBUG or DJANGO_DEBUG."""
    return "DEBUG" in name.upper()


def enables_debug(value: str) -> bool:
    """Whether a value may turn debugging on: any but those that every parser reads as off."""
    return value.strip().lower() not in _OFF
