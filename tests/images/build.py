"""Builds what the tests run in: an image for each folder beside this file, and those of every lab."""

import sys
from pathlib import Path

from machinelab.engine import images
from machinelab.errors import LabError

HERE = Path(__file__).parent
LABS = HERE.parents[1] / "compose"


def tell(what: str, state: str, fraction: float | None = None, /) -> None:
    if fraction is not None:
        print(f"{what}: {state}", flush=True)


def main() -> None:
    wanted = {image.tag: image for image in images.of_folder(HERE, "test-")}
    for file in sorted(LABS.glob("*/compose.yaml")):
        wanted.update({image.tag: image for image in images.of_lab(file.parent.name, file)})
    images.ensure(wanted.values(), tell)


if __name__ == "__main__":
    try:
        main()
    except LabError as error:
        sys.exit(str(error))
