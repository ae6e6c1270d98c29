"""Every message that is read has a name."""

from machinelab.dissect.protocols.pgsql import dissector as pgsql
from machinelab.dissect.protocols.pgsql.names import CLIENT, SERVER


def test_every_message_that_is_read_has_a_name() -> None:
    assert pgsql.FROM_CLIENT.keys() <= CLIENT.keys()
    assert pgsql.FROM_SERVER.keys() <= SERVER.keys()
