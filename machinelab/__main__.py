"""`python -m machinelab`, and the `machinelab` command."""

from .cli.app import main

if __name__ == "__main__":
    main()
