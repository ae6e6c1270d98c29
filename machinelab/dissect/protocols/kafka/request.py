"""What a Kafka request and its reply have to know of each other."""

from dataclasses import dataclass, field

Topics = dict[str, str]
"""The name of a topic by its id."""


@dataclass(slots=True)
class MessageState:
    """A request and its reply: what each has to know of the other. Frames are numbers, times nanoseconds; 0: not seen."""

    api: int = -1
    version: int = -1
    request: int = 0
    asked: int = 0
    reply: int = 0
    topics: Topics = field(default_factory=dict)
