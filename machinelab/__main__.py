"""`python -m machinelab`, and the `machinelab` command."""

import signal
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line."""
    try:
        _command()
    except KeyboardInterrupt:  # before the command line was there to answer it
        sys.stderr.write("\nStopped.\n")
        sys.exit(130)
    finally:
        # The command is over. From here on Ctrl-C ends the process, without a word from the interpreter about its own tidying up.
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def _command() -> NoReturn:
    from .cli.encoding import soften
    from .cli.quick import quick

    soften()
    done = False
    try:
        done = quick(sys.argv[1:])
    except BaseException as error:  # noqa: BLE001 - reported as any other command's
        from .cli.program import report

        report(error)
    if done:
        sys.exit(0)
    from .cli.program import main as usual

    usual()


if __name__ == "__main__":
    main()
