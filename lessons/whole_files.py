"""Files that are written whole or not at all. Needs nothing to be installed."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Context with a binary file that takes the place of ``path`` once it is complete.

    Whatever happens meanwhile, whoever opens ``path`` finds the old content or the new
    one, never a part of it; the new content is on the disk before the old one goes.
    Permissions stay as they were. Raises OSError where the file can't be written.
    """
    new = path.with_name(f".{path.name}.new")
    try:
        with new.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, new)
        os.replace(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def replace(path: Path, content: bytes | str) -> None:
    """Write a file's whole content so; text is written in UTF-8. Raises OSError."""
    with replacing(path) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)
