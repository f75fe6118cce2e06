"""A defect for each way in which a stated value can be valid and wrong."""

from tests.gate.defects import (
    DIGEST,
    IMAGE,
    POD,
    WEB,
    Change,
    Everywhere,
    Set,
    both,
)

VALUE_DEFECTS: dict[tuple[str, str], list[Change]] = {
    ("sizes.E001", "cores instead of thousandths"): [
        *both(f"{WEB}/resources/limits/cpu", "500"),
        *both(f"{WEB}/resources/requests/cpu", "100"),
    ],
    ("sizes.E001", "bytes without a unit"): [
        *both(f"{WEB}/resources/limits/memory", "512"),
        *both(f"{WEB}/resources/requests/memory", "256"),
    ],
    ("sizes.E001", "half a byte"): both(f"{WEB}/resources/requests/memory", "512m"),
    ("sizes.E001", "a folder in which nothing fits"): [
        Set("Deployment", f"{POD}/volumes/0/emptyDir/sizeLimit", "256")
    ],
    ("sizes.E001", "a volume of five bytes"): [
        Set("PersistentVolumeClaim", "spec/resources/requests/storage", "5")
    ],
    ("exposure.E012", "a host of a local network"): [
        Everywhere("notizen.whywhynot.de", "notizen.local")
    ],
    ("exposure.E012", "a placeholder"): [
        Everywhere("notizen.whywhynot.org", "notizen.example.com")
    ],
    ("database.E004", "the database of another service"): [Set("Database", "spec/name", "gitea")],
    ("image.E002", "a build for development"): both(
        f"{WEB}/image", f"{IMAGE}:v1.4.0-dirty@{DIGEST}"
    ),
    ("settings.E003", "settings below a folder for development"): both(
        f"{WEB}/env/0/value", "notizen.dev.settings"
    ),
}
