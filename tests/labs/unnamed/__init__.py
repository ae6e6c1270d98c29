"""Experiments that a capture of packets alone, without nodes' names, does not tell: a file for each lab that has any.

`UNNAMED`: experiment → why (other evidence sets it apart, an everyday connection is all there is of it, a forged address stands
where a node's would be). `LIKE_ANOTHER`: with a knob turned, what was captured is that other experiment's exchange.
`SECRETLESS`: the key log is empty. Nothing lists those files.
"""

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent


@cache
def of(lab: str) -> ModuleType:
    """What a lab says; of a lab without a file an empty module."""
    path = HERE / f"{lab.replace('-', '_')}.py"
    if not path.exists():
        return ModuleType(lab)
    spec = importlib.util.spec_from_file_location(f"unnamed_{lab.replace('-', '_')}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
