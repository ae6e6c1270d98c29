"""What a schema's field is called: Wireshark's name for it, and no entry about a field that no schema has."""

import dataclasses
from functools import cache
from importlib import import_module

import pytest
from kio.schema.index import schema_name_map

from machinelab.dissect.protocols.kafka import names as kafka_names
from machinelab.dissect.protocols.kafka.names import also, name_of


@cache
def fields_of_all() -> set[tuple[str, str]]:
    """(structure, field) of everything that kio has: worked out when a test asks, for it takes 2 s."""
    places = {
        at.partition(":")[0]
        for versions in schema_name_map.values()
        for kinds in versions.values()
        for at in kinds.values()
    }
    found = [value for place in places for value in vars(import_module(place)).values()]
    return {
        (entity.__name__, field.name)
        for entity in found
        if isinstance(entity, type) and dataclasses.is_dataclass(entity)
        for field in dataclasses.fields(entity)
    }


@pytest.mark.parametrize(
    ("owner", "field", "name"),
    [
        ("ProduceRequest", "acks", "kafka.required_acks"),
        ("FetchPartition", "fetch_offset", "kafka.offset"),
        ("FindCoordinatorRequest", "key", "kafka.coordinator_key"),
        ("ApiVersion", "api_key", "kafka.api_versions.api_key"),
        ("JoinGroupRequestProtocol", "name", "kafka.protocol_name"),
        ("CreatableTopic", "name", "kafka.topic_name"),
        ("CreatableTopicConfigs", "name", "kafka.config_key"),
        ("CreatableTopicConfigs", "value", "kafka.config_value"),
        ("SomethingNew", "never_heard_of", "kafka.never_heard_of"),
    ],
)
def test_a_field_is_called_by_wiresharks_name(owner: str, field: str, name: str) -> None:
    assert name_of(owner, field) == name


def test_what_is_named_for_more_than_its_kind_has_its_own_name_too() -> None:
    for field in kafka_names.TWICE:
        called = name_of("FetchPartition", field)
        assert also("FetchPartition", field, called) == f"kafka.{field}" != called
    assert also("FetchPartition", "log_start_offset", "kafka.log_start_offset") == ""
    assert also("CreatableTopic", "name", "kafka.topic_name") == "kafka.topic"


def test_no_entry_is_about_a_field_that_there_is_not() -> None:
    names = {field for _, field in fields_of_all()}
    assert set(kafka_names._SAME) <= names
    assert set(kafka_names._IN) <= fields_of_all()
    assert names >= kafka_names.TWICE


def test_every_name_is_one() -> None:
    for owner, field in fields_of_all():
        called = name_of(owner, field)
        assert called.startswith("kafka.") and called == called.lower() and not called.endswith(("_", ".")), (
            called
        )
