"""What Java's flight recorder noted: evidence beside the packets (JEP 328; the events named lab.* are the lab's own)."""

from . import FieldType, label, of, text, uint

FIELDS: dict[str, FieldType] = {
    "jfr": label("an event of the flight recorder"),
    "jfr.event": text("the event's name"),
    "jfr.start": of("time", "when it began", volatile=True),
    "jfr.duration": of("duration", "how long it lasted", volatile=True),
    "jfr.task": text("which task"),
    "jfr.thread": text("which thread ran it, or was made"),
    "jfr.policy": text("what the pool does with a task that it cannot take"),
    "jfr.queued": uint("how many tasks waited when this one came, itself among them"),
    "jfr.threads": uint("how many threads the pool has made so far"),
}
