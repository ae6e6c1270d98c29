"""Answers worked out from a learner's own run."""

from machinelab.authoring import Answer, Run


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


def at_41(run: Run) -> str:
    """Whose offset 41 is in the end."""
    return dict(read(run))[41]


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
