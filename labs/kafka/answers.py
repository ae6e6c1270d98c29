"""Answers worked out from a learner's own run."""

from machinelab.authoring import Answer, Run, packets_of


def read(run: Run, step: str = "fetched") -> list[tuple[int, str]]:
    """The records that the consumer was sent: offset and value of each that is no marker."""
    return [
        (int(offset), text(value))
        for item in run.items(step)
        for offset, value in zip(
            (one.value for one in item.fields.get("kafka.record.offset", ())),
            (one.value for one in item.fields.get("kafka.message_value", ())),
            strict=False,
        )
    ]


def orders_sent(run: Run) -> int:
    """How many orders stand in what the consumer was sent; a transaction's marker is none."""
    return sum(value.startswith("order-") for _, value in read(run))


def text(value: object) -> str:
    """A record's value as its reader takes it."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def acknowledged(run: Run) -> int:
    """How many records the producer was told are kept: the sum over all requests that were answered well."""
    asked = {
        "safe": "forty-one",
        "promised": "lonely",
        "kept-at-last": "sent-again",
        "next-kept": "next-order",
    }
    return sum(
        len(run.items(request)[0].fields["kafka.message_value"])
        for reply, request in asked.items()
        if run.claims(reply)
    )


def lost(run: Run) -> int:
    """How many of the acknowledged records nobody can read any more."""
    return acknowledged(run) - len(read(run))


def settled_41(run: Run) -> Answer:
    """The reply that gave offset 41 to the record that a reader finds there in the end."""
    return packets_of("kept-at-last" if run.claims("kept-at-last") else "next-kept")(run)


def other_41(run: Run) -> Answer:
    """The reply one might take for it: to the order after, or the promise of the leader that died."""
    return packets_of("next-kept" if run.claims("kept-at-last") else "promised")(run)


def asked_41(run: Run) -> Answer:
    """The requests that settle nothing: the leader gives the offset, in its reply."""
    return frozenset().union(*(packets_of(step)(run) for step in ("lonely", "sent-again", "next-order")))


def left(run: Run) -> int:
    """How many records a reader from offset 0 gets, in however many replies."""
    return len(
        {
            one.value
            for event in run.trace.events
            if event.network and run.node(event.dst) == "consumer1"
            for one in event.fields.get("kafka.record.offset", ())
        }
    )


def who_shares_out(run: Run) -> str:
    """The letter of whoever worked out the shares: a member if one hands in an assignment, else the coordinator."""
    handed_in = any(item.fields.get("kafka.member_assignment") for item in run.items("sync"))
    return "c" if handed_in else "a"


def older(run: Run) -> int:
    """How many of the records that came are older than what was asked for."""
    asked = number(run, "ask-time", "kafka.offset_time")
    times = [
        one.value for item in run.items("fetched") for one in item.fields.get("kafka.message_timestamp", ())
    ]
    # A time is in nanoseconds, as all of them here; the question was asked in milliseconds.
    return sum(int(time) // 1_000_000 < asked for time in times if isinstance(time, int))


def number(run: Run, step: str, name: str) -> int:
    """The first value of a field in a step's first message. Raises KeyError."""
    run.first(step)
    return int(run.items(step)[0].fields[name][0].value)


def last_number(run: Run, step: str, name: str) -> int:
    """The last value of a field in a step's first message. Raises KeyError."""
    run.first(step)
    return int(run.items(step)[0].fields[name][-1].value)


def last_of(run: Run, step: str) -> Answer:
    """The packet that was a step's last."""
    run.first(step)
    return frozenset({str(run.claims(step)[-1].number)})
