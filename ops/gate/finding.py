"""What the gate reports about an object or a file."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: which rule, where, on what, and how to fix it."""

    id: str
    file: Path
    line: int
    subject: str
    """The object, or the file where there is none."""
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """One line, beginning as compilers begin theirs."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.file}:{self.line}: {self.id} {self.subject}: {self.message}{hint}"
