"""The fields of a Kafka message: length, header, and the body by its schema (https://kafka.apache.org/protocol)."""

from ...core import Part, Short, View
from .batch import batches
from .reader import Cut, Reader
from .request import MessageState

UNSUPPORTED_VERSION = 35  # "The version of API is not supported."
API_VERSIONS = 18


def dissect(view: View, part: Part) -> None:
    """The message that stands in a part."""
    state = part.state if isinstance(part.state, MessageState) else MessageState()
    fields(view, part.start, part.stop, state, to_server=part.to_server)


def fields(view: View, start: int, stop: int, state: MessageState, *, to_server: bool) -> None:
    """Length, header, and the body by its schema."""
    view.add(("kafka", "", start, stop, view.buffer, 0, "kafka"))
    if stop - start < 12 and (to_server or stop - start < 8):
        if not view.quoted:
            view.add(view.broken("kafka", start))
        return
    reader = Reader(view, start, stop)
    reader.topics = state.topics
    try:
        reader.number("kafka.len", "int32")
        if to_server:
            _request(reader, state)
        else:
            _reply(reader, state)
    except Short:
        if not view.quoted:
            view.add(view.broken("kafka", start))
    except Cut:
        view.add(("kafka.cut", True, reader.at, stop, view.buffer, 0, "kafka"))


def _request(reader: Reader, state: MessageState) -> None:
    from .schema import flexible_header, plan

    start = reader.at
    api = reader.number("kafka.api_key", "int16")
    reader.add("kafka.request_key", api, start, start + 2)
    version = reader.number("kafka.api_version", "int16")
    reader.add("kafka.request.version", version, start + 2, start + 4)
    reader.number("kafka.correlation_id", "int32")
    reader.text("kafka.client_id", compact=False)
    if state.reply:
        reader.add("kafka.response_frame", state.reply, start, start)
    if flexible_header(api, version, False):
        reader.tags(None, None)
    _body(reader, plan(api, version, False), start)


def _reply(reader: Reader, state: MessageState) -> None:
    from .schema import flexible_header, plan

    start = reader.at
    reader.number("kafka.correlation_id", "int32")
    if not state.request:
        reader.add("kafka.request_missing", "", start, start)
        return
    version = state.version
    for name, value in (("api_key", state.api), ("response_key", state.api),
                        ("response.version", version), ("request_frame", state.request)):  # fmt: skip
        reader.add(f"kafka.{name}", value, start, start)
    reader.add("kafka.time", reader.view.info.time - state.asked, start, start)
    if state.api == API_VERSIONS and reader.view.data[
        reader.at : reader.at + 2
    ] == UNSUPPORTED_VERSION.to_bytes(2, "big"):
        version = 0  # a broker that does not know the requested version answers in version 0 (KIP-511)
    if flexible_header(state.api, version, True):
        reader.tags(None, None)
    _body(reader, plan(state.api, version, True), start)


def _body(reader: Reader, plan: "object", start: int) -> None:
    from .schema import Plan

    if not isinstance(plan, Plan):
        reader.add("kafka.unread", reader.view.data[reader.at : reader.stop], reader.at, reader.stop)
        return
    reader.structure(plan, batches)
    if reader.at < reader.stop:
        reader.add("kafka.left_over", reader.view.data[reader.at : reader.stop], reader.at, reader.stop)
