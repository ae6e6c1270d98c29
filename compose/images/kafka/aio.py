"""The same two clients by aiokafka: another reading of Kafka's protocol, in Python from the first byte to the last."""

import argparse
import asyncio
import signal
import socket

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from river import BROKERS, tell


def produce(asked: argparse.Namespace) -> None:
    """Send the records that were asked for, and say what became of each."""
    asyncio.run(_produce(asked))


async def _produce(asked: argparse.Namespace) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=BROKERS,
        client_id=socket.gethostname(),
        acks=asked.acks if asked.acks == "all" else int(asked.acks),
        linger_ms=int(asked.linger),
        max_batch_size=int(asked.batch),
        compression_type=None if asked.codec == "none" else asked.codec,
    ) as producer:
        keys = asked.key.split(",")
        for index in range(asked.count):
            value = f"{asked.value}-{asked.first + index}"
            told = await producer.send_and_wait(
                asked.topic, value.encode(), key=keys[index % len(keys)].encode()
            )
            print(
                f"{value}: partition {told.partition} offset {told.offset}" if told else f"{value}: sent",
                flush=True,
            )


class Told(ConsumerRebalanceListener):
    """Tells the node's `reader` which part of the group's work this member has."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def on_partitions_revoked(self, revoked: object) -> None:
        """Nothing is told: a moment later there is a new part."""

    async def on_partitions_assigned(self, assigned: set[object]) -> None:
        """Its part, be that nothing."""
        tell(self.name, "assigned", len(assigned))


def consume(asked: argparse.Namespace) -> None:
    """Be a member of a group until told to leave it (SIGTERM)."""
    asyncio.run(_consume(asked))


async def _consume(asked: argparse.Namespace) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=BROKERS,
        client_id=asked.name,
        group_id=asked.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        session_timeout_ms=6000,
        heartbeat_interval_ms=500,
        partition_assignment_strategy=(RangePartitionAssignor,),
    )
    consumer.subscribe([asked.topic], listener=Told(asked.name))
    async with consumer:
        await stop.wait()
    tell(asked.name, "assigned", -1)
