"""What `machinelab new --protocol` and `--source` leave to write: their tests stay red until it is written."""

import re
from pathlib import Path

TODO = re.compile(r"\bTODO\b:?\s*(.*)")


def unfinished(*files: str | Path) -> None:
    """Fails, naming file, line and what to write, while a TODO is left in one of the files."""
    left = [
        f"{Path(file)}:{number}: {found[1]}"
        for file in files
        for number, line in enumerate(Path(file).read_text(encoding="utf-8").splitlines(), start=1)
        if (found := TODO.search(line))
    ]
    assert not left, "Still to write (take each TODO away when it is done):\n" + "\n".join(left)
