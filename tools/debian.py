"""Updates the pins of Debian packages in box/debian.lock, including dependencies."""

from box import debian
from box.apt import Apt


def main() -> None:
    """Rewrites the lock file in place."""
    debian.FOLDER.mkdir(parents=True, exist_ok=True)
    apt = Apt(debian.FOLDER / "apt")
    apt.update()
    debian.write_lock([packages.repinned(apt) for packages in debian.read_lock().values()])


if __name__ == "__main__":
    main()
