"""The one runner of other programs."""

import signal
import subprocess
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ops.errors import CommandError


@dataclass(frozen=True)
class Command:
    """A program to run: its arguments, where, how long, and which exit codes are an answer."""

    arguments: Sequence[str | Path]
    fix: str
    """What to do when the program is missing."""
    timeout_seconds: float = 60
    accepted: Container[int] = (0,)
    folder: Path | None = None
    environment: Mapping[str, str] | None = None
    stdin: bytes = field(default=b"", repr=False)
    """What the program reads from its standard input. Secrets go this way: everyone can see the
    arguments in the list of processes."""

    def run(self) -> str:
        """The program's standard output as text; raises CommandError as `output` does."""
        return self.output().decode(errors="replace")

    def output(self) -> bytes:
        """The program's standard output.

        Raises CommandError when it is missing, takes too long, or ends with a code that is not
        accepted; the error ends with the program's last lines.
        """
        with self._found():
            run = subprocess.run(
                self.arguments,
                capture_output=True,
                timeout=self.timeout_seconds,
                cwd=self.folder,
                env=self.environment,
                check=False,
                input=self.stdin,
            )
        if run.returncode not in self.accepted:
            output = (run.stderr or run.stdout).decode(errors="replace").strip()
            end = "\n".join(output.splitlines()[-5:])
            raise CommandError(f"{self.name} failed (exit code {run.returncode}): {end}", output)
        return run.stdout

    def interact(self) -> int:
        """Gives the program this terminal until it ends, however long that takes; its exit code.

        The program itself handles Ctrl-C meanwhile. Raises CommandError when it is missing, or
        ends with a code that is not accepted.
        """
        # A handler, for a program would inherit that a signal is ignored.
        former = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            with self._found():
                run = subprocess.run(
                    self.arguments, cwd=self.folder, env=self.environment, check=False
                )
        finally:
            signal.signal(signal.SIGINT, former)
        if run.returncode not in self.accepted:
            raise CommandError(f"{self.name} failed (exit code {run.returncode})")
        return run.returncode

    @property
    def name(self) -> str:
        """The program's name."""
        return Path(self.arguments[0]).name

    @contextmanager
    def _found(self) -> Iterator[None]:
        """Turns what keeps a program from running into an error."""
        try:
            yield
        except FileNotFoundError as error:
            raise CommandError(f"{error.filename} is missing: {self.fix}") from error
        except PermissionError as error:
            raise CommandError(f"{error.filename} cannot be run: {self.fix}") from error
        except OSError as error:  # of another machine, or cut off
            problem = f"{error.filename} cannot be run: {error.strerror}"
            raise CommandError(f"{problem}; {self.fix}") from error
        except subprocess.TimeoutExpired as error:
            raise CommandError(
                f"{self.name} took longer than {self.timeout_seconds:g} s"
            ) from error
