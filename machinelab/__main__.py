"""`python -m machinelab`, and the `machinelab` command."""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line."""
    from .cli.quick import quick

    done = False
    try:
        done = quick(sys.argv[1:])
    except BaseException as error:  # noqa: BLE001 - told as any other command's
        from .cli.app import told

        told(error)
    if done:
        sys.exit(0)
    from .cli.app import main as usual

    usual()


if __name__ == "__main__":
    main()
