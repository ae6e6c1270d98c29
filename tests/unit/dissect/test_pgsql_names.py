"""Every message that is read has a name."""

from machinelab.dissect import pgsql
from machinelab.dissect.pgsql_names import CLIENT, SERVER


def test_every_message_that_is_read_has_a_name() -> None:
    assert pgsql.FROM_CLIENT.keys() <= CLIENT.keys()
    assert pgsql.FROM_SERVER.keys() <= SERVER.keys()
