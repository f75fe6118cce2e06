"""Copies the files of a folder into the app's default storage; runs in a pod of the app's image.

It uses the app's own Django and storage, so that the app finds each file under the same name. It
deletes nothing, replaces only what is older than the file, and compares every file afterwards.
"""

import hashlib
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

COPIED, REPLACED, THERE = "copied", "replaced by a newer file", "already there"
NEWER, DELETED = "newer in the bucket", "deleted meanwhile"
DIFFERS = "different after the copy"
SHOWN = (NEWER, REPLACED, DIFFERS)
PART_BYTES = 2**20
SHOWN_EVERY = 100
"""Files between two lines of progress."""


def main() -> None:
    """Copy the folder that is given; exit 1 unless every file is in the storage afterwards."""
    import django  # noqa: PLC0415 (in the pod alone)
    from django.core.files.storage import FileSystemStorage, default_storage  # noqa: PLC0415

    django.setup()
    if isinstance(default_storage, FileSystemStorage):
        sys.exit(
            "the app's settings store uploads in a folder, not in a bucket: deploy an image whose "
            'STORAGES["default"] uses the declared variables'
        )
    # Otherwise django-storages reads a whole file into memory.
    if hasattr(default_storage, "max_memory_size"):
        default_storage.max_memory_size = PART_BYTES
    sys.exit(copy(Path(sys.argv[1]), default_storage))


def copy(folder: Path, storage: Any) -> int:
    """Copy and compare each file; the exit code."""
    counts = dict.fromkeys((COPIED, REPLACED, THERE, NEWER, DELETED, DIFFERS), 0)
    for number, (name, file) in enumerate(_files(folder), 1):
        try:
            outcome = _copy_one(file, name, storage)
        except FileNotFoundError:
            if file.exists():
                raise
            outcome = DELETED
        counts[outcome] += 1
        if outcome in SHOWN:
            print(f"{outcome}: {name}", flush=True)
        if number % SHOWN_EVERY == 0:
            print(f"{number} files", flush=True)
    print(", ".join(f"{count} {what}" for what, count in counts.items()), flush=True)
    alike = counts[COPIED] + counts[REPLACED] + counts[THERE]
    print(f"{alike} of {sum(counts.values())} files have the same checksum in the bucket")
    return 1 if counts[DIFFERS] else 0


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file with its name in the storage, in the order of names."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "lost+found" not in file.parts:
            yield file.relative_to(folder).as_posix(), file


def _copy_one(file: Path, name: str, storage: Any) -> str:
    """Copy a file unless the storage has it, or something newer; what was done."""
    outcome = COPIED
    if storage.exists(name):
        if _same(file, name, storage):
            return THERE
        if _moment(file) <= storage.get_modified_time(name):
            return NEWER
        outcome = REPLACED
        storage.delete(name)
    _save(file, name, storage)
    return outcome if _same(file, name, storage) else DIFFERS


def _save(file: Path, name: str, storage: Any) -> None:
    from django.core.files import File  # noqa: PLC0415 (in the pod alone)

    with file.open("rb") as content:
        saved = storage.save(name, File(content, name=name))
    if saved != name:
        storage.delete(saved)


def _same(file: Path, name: str, storage: Any) -> bool:
    if not storage.exists(name) or storage.size(name) != file.stat().st_size:
        return False
    with file.open("rb") as here, storage.open(name, "rb") as there:
        return _digest(here) == _digest(there)


def _digest(content: IO[bytes]) -> bytes:
    digest = hashlib.sha256()
    while part := content.read(PART_BYTES):
        digest.update(part)
    return digest.digest()


def _moment(file: Path) -> datetime:
    """When a file was last written, as the storage states its times: with a zone or without."""
    from django.conf import settings  # noqa: PLC0415 (in the pod alone)

    moment = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return moment if settings.USE_TZ else moment.astimezone().replace(tzinfo=None)


if __name__ == "__main__":
    main()
