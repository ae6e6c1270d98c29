"""RESP's fields, Redis's protocol. Those of RESP3 bear the names of Wireshark 4.6, those beside Wireshark's stand in the second table."""

from . import FieldType, flag, label, octets, of, text, uint

WIRESHARKS: dict[str, FieldType] = {
    "resp": label("one message of Redis's protocol: a request, a reply, a push"),
    "resp.string": text("a simple string: a line of text, `+OK` for instance"),
    "resp.error": text("what went wrong: the first word says which kind, as WRONGTYPE, MOVED, READONLY"),
    "resp.integer": of("int", "a whole number of 64 bits"),
    "resp.bulk_string": label("a string of any bytes, with its length in front"),
    "resp.bulk_string.length": of("int", "its length in bytes; −1 is RESP2's null"),
    "resp.bulk_string.value": octets("its bytes"),
    "resp.array": label("values one after another; each request is an array of strings"),
    "resp.array.length": of("int", "how many values; −1 is RESP2's null"),
    "resp.null": label("nothing: RESP3's only null"),
    "resp.boolean": flag("true or false (RESP3)"),
    "resp.double": of("float", "a number with a fraction (RESP3)"),
    "resp.big_number": text("a whole number of any size (RESP3)"),
    "resp.bulk_error": label("an error of any bytes, with its length in front (RESP3)"),
    "resp.bulk_error.length": of("int", "its length in bytes"),
    "resp.bulk_error.value": octets("its bytes"),
    "resp.verbatim_string": label("a string that says what it is: text or Markdown (RESP3)"),
    "resp.verbatim_string.length": of("int", "its length in bytes, the three letters and the colon included"),
    "resp.verbatim_string.encoding": text("what it is: txt or mkd"),
    "resp.verbatim_string.value": octets("its bytes"),
    "resp.set": label("values in no order (RESP3)"),
    "resp.set.length": of("int", "how many values"),
    "resp.push": label("what the server says without being asked (RESP3)"),
    "resp.push.length": of("int", "how many values"),
    "resp.map": label("pairs of a key and a value (RESP3)"),
    "resp.map.length": of("int", "how many pairs"),
    "resp.attribute": label("pairs that say something about the value behind them (RESP3)"),
    "resp.attribute.length": of("int", "how many pairs"),
    "resp.array_recursion_too_deep": label("arrays in arrays, deeper than anybody reads them"),
}
OURS: dict[str, FieldType] = {
    "resp.command": text("what is asked for, in capitals; of a container two words, as CONFIG SET"),
    "resp.argument": text("a word of a request after its command, as text"),
    "resp.password": text("a name or a password in a request", secret=True),
    "resp.inline": text("a request as a person types it, a line in place of an array"),
    "resp.text": text("a string of a reply, as text"),
    "resp.answers": text("the command of the request that this is the reply to"),
    "resp.response_in": uint("the packet with the reply", volatile=True),
    "resp.response_to": uint("the packet with the request", volatile=True),
    "resp.time": of(
        "duration", "how long the client waited, from the request's packet to this one", volatile=True
    ),
    "resp.out_of_band": flag("nobody asked for it: a push, a published message, a line of MONITOR"),
    "resp.replicated": flag("a command that a master hands on to its replica"),
    "resp.keepalive": label("a bare newline: the master is still making the snapshot"),
    "resp.cut": flag("the message has more values than are shown"),
    "resp.rdb": label("a snapshot of all keys, as a replica gets it (an RDB file)"),
    "resp.rdb.version": uint("the version of the file's format"),
    "resp.rdb.aux": text("what its writer noted, as redis-ver or used-mem", volatile=True),
    "resp.rdb.keys": uint("how many keys a database has"),
}
FIELDS: dict[str, FieldType] = WIRESHARKS | OURS
