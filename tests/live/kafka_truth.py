"""What a broker itself says: of each request that it answered (`kafka.request.logger`), and of the files on its disk (`kafka-dump-log`)."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

TOOL = ("java", "-cp", "/opt/kafka/libs/*")
LOGGER = "kafka.request.logger"
# [2026-11-24 14:12:01,004] DEBUG Completed request:{…} (kafka.request.logger)
DONE = re.compile(r"DEBUG Completed request:(\{.*\}) \(kafka\.request\.logger\)")


class Request(NamedTuple):
    """One request: who asked (by the port that it came from, and by name), what, in which version, under which number."""

    port: int
    number: int
    api: int
    version: int
    client: str


def on(node: str, *words: str) -> bytes:
    """What a command on a node writes. Raises CalledProcessError."""
    made = ["docker", "exec", "-u", "kafka", node, *words]
    return subprocess.run(made, capture_output=True, timeout=60, check=True).stdout


def log_requests(node: str, broker: int, level: str) -> None:
    """Have a running broker log the requests that it answers (DEBUG), or no more (WARN)."""
    server = f"broker{broker}:9092"
    entity = ("--entity-type", "broker-loggers", "--entity-name", str(broker))
    change = ("--alter", "--add-config", f"{LOGGER}={level}")
    on(node, *TOOL, "kafka.admin.ConfigCommand", "--bootstrap-server", server, *entity, *change)


def logged(node: str) -> tuple[list[Request], dict[int, str]]:
    """The requests of a broker's log, and the broker's own names of the APIs."""
    found, names = [], {}
    for line in DONE.finditer(on(node, "cat", "/run/kafka/log").decode()):
        said = json.loads(line[1])
        head = said["requestHeader"]
        names[head["requestApiKey"]] = head["requestApiKeyName"]
        found.append(
            Request(
                int(said["connection"].split("-")[1].rpartition(":")[2]),
                head["correlationId"],
                head["requestApiKey"],
                head["requestApiVersion"],
                head["clientId"],
            )
        )
    return found, names


def seen(lines: Sequence[Mapping[str, Any]], broker: str) -> list[Request]:
    """The requests to a broker in what `packets --json` tells."""
    return [request for line in lines if line["dst"] == broker for request in _requests(line["fields"])]


def _requests(fields: Mapping[str, list[str]]) -> Iterator[Request]:
    """A packet may end several requests; then each field stands there as often."""
    apis = fields.get("kafka.request_key", [])
    for place, api in enumerate(apis):
        yield Request(
            int(fields["tcp.srcport"][0]),
            int(fields["kafka.correlation_id"][place]),
            int(api),
            int(fields["kafka.request.version"][place]),
            fields["kafka.client_id"][place],
        )


def between(logged: Sequence[Request], seen: Sequence[Request]) -> set[Request]:
    """Of the logged requests those that came while the capture ran: on each connection, from the first number seen to the last."""
    ends: dict[int, tuple[int, int]] = {}
    for one in seen:
        low, high = ends.get(one.port, (one.number, one.number))
        ends[one.port] = min(low, one.number), max(high, one.number)
    return {
        one for one in logged if one.port in ends and ends[one.port][0] <= one.number <= ends[one.port][1]
    }


def dump(node: str, partition: str) -> str:
    """What Kafka's own tool says of a partition's files, in the order in which they are read here."""
    folder = f"/data/kafka/{partition}"
    names = on(node, "ls", folder).decode().split()
    files = [
        f"{folder}/{name}" for end in (".log", ".index", ".timeindex") for name in names if name.endswith(end)
    ]
    tool = (*TOOL, "kafka.tools.DumpLogSegments", "--print-data-log", "--deep-iteration")
    return on(node, *tool, "--files", ",".join(files)).decode()
