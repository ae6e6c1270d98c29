"""What the fields of Kafka's schemas are called here: Wireshark's names, where it has one.

Wireshark names by what a value is, the schemas by what it is for: it calls the high watermark, the offset that is fetched
and the one that is committed all `kafka.offset`. Where that loses what a reader is after, the field stands there twice.
"""

_SAME = {
    "acks": "required_acks",
    "assignment": "member_assignment",
    "auth_bytes": "sasl_authentication",
    "base_offset": "offset",
    "cluster_authorized_operations": "cluster_authorized_ops",
    "authorized_operations": "group_authorized_ops",
    "broker_id": "node_id",
    "committed": "transaction_result",
    "committed_leader_epoch": "leader_epoch",
    "committed_metadata": "metadata",
    "committed_offset": "offset",
    "controller_id": "node_id",
    "end_offset": "offset",
    "current_leader_epoch": "leader_epoch",
    "error_code": "error",
    "fetch_offset": "offset",
    "group_instance_id": "consumer_group_instance",
    "group_id": "consumer_group",
    "groups": "consumer_group",
    "groups_names": "consumer_group",
    "high_watermark": "offset",
    "include_documentation": "config_include_documentation",
    "include_synonyms": "config_include_synonyms",
    "is_sensitive": "config_sensitive",
    "read_only": "config_readonly",
    "include_authorized_operations": "include_group_authorized_ops",
    "include_cluster_authorized_operations": "include_cluster_authorized_ops",
    "include_topic_authorized_operations": "include_topic_authorized_ops",
    "index": "partition_id",
    "isr_nodes": "isr_id",
    "count": "partition_count",
    "coordinator_keys": "coordinator_key",
    "key_type": "coordinator_type",
    "leader": "group_leader_id",
    "log_append_time": "offset_time",
    "max_wait": "max_wait_time",
    "mechanism": "sasl_mechanism",
    "mechanisms": "sasl_mechanism",
    "offline_replicas": "offline_id",
    "partition": "partition_id",
    "partition_error_code": "error",
    "partition_index": "partition_id",
    "partition_indexes": "partition_id",
    "partition_max_bytes": "max_bytes",
    "partitions": "partition_id",
    "preferred_read_replica": "replica_id",
    "producer_id_len": "producer_len",
    "protocol_data": "protocol_name",
    "rack_id": "rack",
    "replica_nodes": "replica_id",
    "replicas": "replica_id",
    "require_stable": "require_stable_offset",
    "source": "config_source",
    "session_epoch": "fetch_session_epoch",
    "session_id": "fetch_session_id",
    "session_lifetime": "session_lifetime_ms",
    "timestamp": "offset_time",
    "topic": "topic_name",
    "topic_authorized_operations": "topic_authorized_ops",
    "topic_names": "topic_name",
    "transactional_ids": "transactional_id",
    "v3_and_below_producer_epoch": "producer_epoch",
    "v3_and_below_producer_id": "producer_id",
    "v3_and_below_transactional_id": "transactional_id",
}
"""Names that mean the same wherever they stand."""

_IN: dict[tuple[str, str], str] = {
    ("ApiVersion", "api_key"): "api_versions.api_key",
    ("FindCoordinatorRequest", "key"): "coordinator_key",
    ("Coordinator", "key"): "coordinator_key",
    ("ApiVersion", "min_version"): "api_versions.min_version",
    ("ApiVersion", "max_version"): "api_versions.max_version",
    ("JoinGroupRequestProtocol", "metadata"): "protocol_metadata",
    ("JoinGroupResponseMember", "metadata"): "member_metadata",
    ("JoinGroupRequest", "reason"): "join_reason",
    ("MemberIdentity", "reason"): "leave_reason",
    ("OffsetForLeaderPartition", "current_leader_epoch"): "current_leader_epoch",
    ("OffsetFetchRequestGroup", "group_id"): "group_id",
    ("OffsetFetchResponseGroup", "group_id"): "group_id",
    ("ForgottenTopic", "topic"): "forgotten_topic_name",
    ("ForgottenTopic", "topic_id"): "forgotten_topic_id",
    ("ForgottenTopic", "partitions"): "forgotten_topic_partition",
    ("MetadataRequestTopic", "name"): "topic_name",
}
"""By the structure that they stand in."""

_OF_CONFIGS = ("resource_name", "resource_type", "value")

TWICE = frozenset({"fetch_offset", "high_watermark", "committed_offset", "base_offset", "end_offset", "committed_leader_epoch", "controller_id", "preferred_read_replica"})  # fmt: skip


def name_of(owner: str, name: str) -> str:
    """The field's name for `name` of the structure `owner`."""
    found = _IN.get((owner, name))
    if found is None:
        if name == "name":
            found = _named(owner)
        elif name in _OF_CONFIGS and "Config" in owner:
            found = f"config_{name}"
        else:
            found = _SAME.get(name, name.strip("_"))
    return f"kafka.{found}"


def also(owner: str, name: str, called: str) -> str:
    """The schema's own name for it, where Wireshark's says less."""
    if called == "kafka.topic_name":
        return "kafka.topic"
    return f"kafka.{name}" if name in TWICE and called != f"kafka.{name}" else ""


def _named(owner: str) -> str:
    """The kind of a thing that is known by name only, from the name of the structure that holds it."""
    if "Config" in owner:
        return "config_key"
    if "Topic" in owner:
        return "topic_name"
    if "Protocol" in owner:
        return "protocol_name"
    return "name"
