"""A Kafka broker's files: Kafka's documentation, "Implementation", "Log"; its batches have the fields of those on the wire."""

from . import FieldType, flag, label, of, text, uint

FIELDS: dict[str, FieldType] = {
    "segment": label("a piece of a partition's files: a batch of records, or an entry of an index"),
    "segment.partition": text("the partition: its topic, a hyphen and its number"),
    "segment.file": text("the file; its name is the offset that it begins with"),
    "segment.base_offset": uint("the offset that the segment begins with"),
    "segment.position": uint("where in the file the piece begins, in bytes"),
    "segment.size": uint("how many bytes it takes"),
    "segment.cut": uint("how many bytes of it are not there"),
    "segment.kept": flag("as the file was when it was put aside, and not at the run's end"),
    "segment.sent_in": uint("the packet that brought the batch to this broker", volatile=True),
    "segment.index.relative_offset": uint("an offset, less the segment's own"),
    "segment.index.offset": uint("the offset itself, worked out"),
    "segment.index.position": uint("where in the .log file the batch with that offset begins"),
    "segment.timeindex.timestamp": of("date", "the newest time of any record so far …", volatile=True),
    "segment.timeindex.relative_offset": uint("… and the offset of the record that has it, less the segment's own"),
    "segment.timeindex.offset": uint("the offset itself, worked out"),
    "segment.epoch": uint("a leader's epoch"),
    "segment.epoch.start": uint("the first offset that was written in it"),
}  # fmt: skip
