"""What happened in each experiment, worked out from a run's own packets, log lines and files."""

from machinelab.authoring import Headline, Run, harm, listed, often, some

from .answers import acknowledged, last_number, left, number, older, read


def sizes(run: Run, step: str) -> list[int]:
    """How many records each message of a step has."""
    return [len(item.fields.get("kafka.message_value", ())) for item in run.items(step)]


def produce(run: Run) -> str:
    """Who has it, and when the producer was told."""
    copies = 1 + len(run.receivers("replicate"))
    if not run.claims("produced"):
        return f"The record was sent and no reply asked for; {some(copies, 'broker')} have it, and the producer does not know"
    waited = (run.first("produced").time - run.first("produce").time) / 1e6
    when = "after" if run.claims("caught-up") else "before"
    return f"{copies} brokers have the record; the producer was told after {waited:.1f} ms, {when} the followers had it"


def batch(run: Run) -> str:
    """How many records in how many batches, and how many bytes."""
    records = sum(int(str(size)) for size in run.values("batch", "kafka.batch_size"))
    octets = sum(int(str(size)) for size in run.values("batch", "kafka.message_size"))
    run.first("batch-kept")
    return f"It took {some(len(run.items('batch')), 'request')} to send {some(records, 'record')}: {octets:,} bytes"


def consume(run: Run) -> str:
    """What was read, and what was committed."""
    got = sum(sizes(run, "fetched") + sizes(run, "answered"))
    waited = (run.first("answered").time - run.claims("poll")[-1].time) / 1e6
    return f"The reader got {some(got, 'record')}, the last by a request that waited {waited:,.0f} ms at the broker; committed: offset {last_number(run, 'commit', 'kafka.offset')}"


def timestamps(run: Run) -> str:
    """From which offset, and how many that were too old came along."""
    got = len(read(run))
    return f"The broker said offset {number(run, 'time-told', 'kafka.offset')}; of {some(got, 'record')} that came {older(run)} are older than what was asked for"


def group(run: Run) -> str:
    """How often the shares were dealt anew."""
    if run.claims("member") and not run.claims("join"):
        members, deals = run.senders("member"), len(run.claims("target"))
        return f"{listed(members)} share the topic under the new protocol: {some(deals, 'heartbeat')} brought the assignments, and nobody had to stop"
    members = run.senders("join")
    joins, told = len(run.claims("join")), len(run.claims("rebalance") + run.claims("changed"))
    return f"{listed(members)} shared the topic: {some(joins, 'join request')}, and {often(told)} a member was told to begin anew"


def lag(run: Run) -> str:
    """End less progress."""
    end, done = number(run, "end-told", "kafka.offset"), number(run, "progress", "kafka.committed_offset")
    return f"The group has committed {done} of {end}: it is {some(end - done, 'record')} behind"


def leader_killed(run: Run) -> Headline | str:
    """Whether every acknowledged order can still be read."""
    promised, there = acknowledged(run), len(read(run))
    run.first("fetched")
    if there < promised:
        return harm(
            f"Gone: {some(promised - there, 'acknowledged order')} of {promised}; the leader that died had the only copy"
        )
    return f"The leader died, and of {promised} acknowledged orders none is lost: {there} can be read"


def idempotent(run: Run) -> Headline | str:
    """Once or twice."""
    values = [value for _, value in read(run)]
    run.first("fetched")
    if twice := len(values) - len(set(values)):
        return harm(
            f"The reply was lost, the record sent again, and now it is there twice: {some(twice, 'duplicate')} of {len(values)} records"
        )
    return f"The reply was lost and the record sent again, and it is there once: {some(len(values), 'record')}, no duplicate"


def sent(run: Run) -> int:
    """How many records the reader was sent: those of all batches that hold no marker."""
    return sum(
        int(str(size.value))
        for item in run.items("fetched")
        for size, control in zip(
            item.fields.get("kafka.batch_size", ()),
            item.fields.get("kafka.batch_control_batch", ()),
            strict=False,
        )
        if not control.value
    )


def transaction(run: Run) -> Headline | str:
    """What a reader sees of it. Aborted records are sent as well; a reader of committed records drops them (KIP-98)."""
    got = sent(run)
    run.first("ended")
    if run.knobs["end"] == "commit":
        return f"The transaction was committed, and the reader saw all of it: {some(got, 'record')}"
    if run.knobs["isolation"] == "read_uncommitted" and got:
        return harm(
            f"The transaction was aborted, and the reader took {some(got, 'record')} of it all the same"
        )
    return f"The transaction was aborted: {some(got, 'record')} of it came, marked as aborted, and the reader drops them"


def retention(run: Run) -> str:
    """What is left, and from where."""
    begin = number(run, "beginning", "kafka.offset")
    run.first("out-of-range")
    return f"Deleted as too old: {some(begin, 'record')}; a reader that asked for offset 0 was told that it is out of range, and got {some(len(read(run)), 'record')} from offset {begin}"


def compaction(run: Run) -> str:
    """How many are left of how many."""
    written = sum(sizes(run, "write-old") + sizes(run, "write-new"))
    return f"Of {some(written, 'record')} a reader from offset 0 gets {left(run)}: the last of each key, with gaps between the offsets"


def poison(run: Run) -> Headline | str:
    """Whether the reader got past it."""
    stuck = len(run.claims("stuck"))
    if run.claims("committed") and len(run.claims("committed")) > 1:
        return f"The reader was stuck at offset 1 through {some(stuck, 'start')}, then skipped the record and went on"
    run.first("stuck")
    return harm(
        f"The reader is stuck at offset 1 after {some(stuck, 'restart')}: everything behind that record waits"
    )


def quorum(run: Run) -> str:
    """Who leads, and how long that took."""
    dead, leads = run.first("ask-too-early"), run.first("begin-epoch")
    took = (leads.time - dead.time) / 1e9
    return f"{run.node(leads.src)} is the new controller {took:.1f} s after the first request for a vote; orders were kept all the while"
