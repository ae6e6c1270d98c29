"""Every field of every schema that kio has is known to the registry, and Wireshark's names are where Wireshark has them."""

import dataclasses
from importlib import import_module

import pytest
from kio.schema.index import api_key_map, schema_name_map

from machinelab import fields
from machinelab.dissect.protocols.kafka.control import SCHEMAS
from machinelab.dissect.protocols.kafka.schema import Plan, Slot, data_plan, flexible_header, plan, title
from machinelab.fields.kafka_codes import APIS

PLANS = {
    (api, version, reply): found
    for api, name in api_key_map.items()
    for version in schema_name_map[name]
    for reply in (False, True)
    if (found := plan(api, version, reply)) is not None
}
INTEGERS = {
    "int8",
    "int16",
    "int32",
    "int64",
    "uint16",
    "uint32",
    "error_code",
    "timedelta_i32",
    "timedelta_i64",
    "datetime_i64",
}


def slots(plan: Plan) -> list[Slot]:
    """All fields, those of the structures inside too."""
    found = []
    for slot in (*plan.slots, *plan.tagged.values()):
        found += slots(slot.plan) if slot.plan is not None else [slot]
    return found


def test_each_field_is_registered_and_of_the_kind_that_it_is_read_as() -> None:
    inside = [
        found for module in SCHEMAS.values() for version in (0, 1) if (found := data_plan(module, version))
    ]
    for whole in [*PLANS.values(), *inside]:
        for slot in slots(whole):
            if slot.kind == "records":
                continue
            kind = fields.registry()[slot.name].kind
            assert kind in ("int", "uint") or slot.kind not in INTEGERS, slot
            assert kind in ("string", "bytes") or slot.kind not in ("string", "uuid"), slot
            assert not slot.also or slot.also in fields.registry()


def test_the_words_for_the_apis_are_those_of_the_schemas() -> None:
    assert {api: title(api) for api in api_key_map} == APIS
    assert title(999) == "API 999"


@pytest.mark.parametrize(
    ("api", "version", "name"), [(1, 18, "kafka.fetch_offset"), (8, 9, "kafka.committed_offset")]
)
def test_what_wireshark_calls_offset_has_its_own_name_too(api: int, version: int, name: str) -> None:
    found = next(slot for slot in slots(PLANS[api, version, False]) if slot.also == name)
    assert found.name == "kafka.offset"


def test_a_header_ends_in_tags_where_its_body_may_have_some() -> None:
    assert flexible_header(1, 18, False) and flexible_header(1, 18, True)
    assert not flexible_header(0, 8, False)
    assert flexible_header(18, 4, False) and not flexible_header(18, 4, True)  # KIP-511


def test_a_version_that_nobody_has() -> None:
    assert (
        plan(1, 99, False) is None
        and plan(999, 0, False) is None
        and data_plan("leader_change_message", 99) is None
    )


def test_fields_come_in_the_order_in_which_kio_has_them() -> None:
    where = next(iter(schema_name_map["vote"][2].values()))
    module, _, name = where.partition(":")
    entity = getattr(import_module(module), name)
    untagged = [field for field in dataclasses.fields(entity) if "tag" not in field.metadata]
    assert len(PLANS[52, 2, False].slots) == len(untagged)
