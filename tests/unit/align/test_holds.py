"""Many experiments asked of one trace at once say what each of them says alone."""

import pytest

from machinelab import catalog
from machinelab.align import Looks, align, filters_of, holds
from tests import references


@pytest.mark.parametrize(
    "lab", ["dns-cold", "nat-punch", "tcp-handshake", "tls-full", "load-balancing-order", "wal-commit"]
)
def test_a_trace_is_all_that_an_experiment_promises_or_not(lab: str) -> None:
    id, name = lab.rsplit("-", 1)
    run = references.opened(id, name).run
    experiments = catalog.load_lab(id).experiments
    looks = Looks(run.trace, (text for each in experiments for text in filters_of(each)))
    found = {each.id: holds(run.trace, each, {}, looks) for each in experiments}
    assert found == {each.id: align(run.trace, each, {}).ok for each in experiments}
    assert found[name] and not all(found.values())
