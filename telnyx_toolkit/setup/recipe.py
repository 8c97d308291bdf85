"""Files to write and commands to run, as a shell script to read first, or as JSON."""

import shlex
from dataclasses import dataclass
from typing import Any

_END = "END_OF_FILE"


@dataclass(frozen=True)
class File:
    """A file to write.

    Attributes:
        path: Where.
        content: What.
        mode: Its permissions.
        is_kept: It is left alone where it is there already: a person may have added to it.
    """

    path: str
    content: str
    mode: int = 0o644
    is_kept: bool = False


@dataclass(frozen=True)
class Step:
    """A command to run.

    Attributes:
        name: Which, for programs.
        why: What for, in a line or two.
        argv: The command; no secret, no shell.
        may_fail: Its failure means nothing.
    """

    name: str
    why: tuple[str, ...]
    argv: tuple[str, ...]
    may_fail: bool = False


@dataclass(frozen=True)
class Recipe:
    """All that is to be done, and how it is undone.

    Attributes:
        title: What it is for.
        folders: Folders to make first, for nobody else's eyes.
        files: Files to write then.
        steps: Commands to run then.
        undo: Lines of a shell that take it back.
        notes: What a person has to know or do besides.
    """

    title: str
    folders: tuple[str, ...]
    files: tuple[File, ...]
    steps: tuple[Step, ...]
    undo: tuple[str, ...]
    notes: tuple[str, ...]

    def as_text(self) -> str:
        """A shell script: each line is a command of it or a comment."""
        lines = [f"# {self.title}"]
        lines += [f"# {note}" for note in self.notes]
        lines += [""] * bool(self.folders)
        lines += [f"mkdir -p -m 700 {shlex.quote(folder)}" for folder in self.folders]
        for file in self.files:
            lines += ["", *_written(file)]
        for step in self.steps:
            command = shlex.join(step.argv) + " || true" * step.may_fail
            lines += ["", *(f"# {line}" for line in step.why), command]
        lines += ["", "# To undo it:", *(f"#   {line}" for line in self.undo)]
        return "\n".join(lines) + "\n"

    def as_document(self) -> dict[str, Any]:
        """The same for programs; `mode` is octal text."""
        return {
            "title": self.title,
            "folders": list(self.folders),
            "files": [
                {"path": f.path, "content": f.content, "mode": f"{f.mode:o}", "is_kept": f.is_kept}
                for f in self.files
            ],
            "steps": [
                {"name": s.name, "why": " ".join(s.why), "argv": list(s.argv)} for s in self.steps
            ],
            "undo": list(self.undo),
            "notes": list(self.notes),
        }


def _written(file: File) -> list[str]:
    path = shlex.quote(file.path)
    unless = f"[ -e {path} ] || " if file.is_kept else ""
    return [
        f"{unless}cat > {path} <<'{_END}'",
        *file.content.splitlines(),
        _END,
        f"chmod {file.mode:o} {path}",
    ]
