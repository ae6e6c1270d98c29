"""Large captures, listed and filtered quickly: header fields as arrays, packets dissected only where those cannot tell.

    capture = Capture.open(Path("big.pcapng"))      # mapped and indexed: half a second for a million packets
    len(capture), capture.warnings
    capture.rows(0, 50)                             # light rows for a list: number, time, length, network, src, dst, protocol
    for found in capture.filter('dns.qry.name contains "example" and ip.ttl < 64'):
        found.numbers, found.done, found.total      # packets found since the last report; close the iterator to cancel
    capture.texts(["ip.src", "dns.id"])             # lines, as tshark -T fields
    capture.event(4711)                             # model.Event: every field, span, buffer and message
    capture.conversation(4711)                      # the numbers of the packets it belongs with
    capture.bytes(4711)

Filters are asked of columns of header fields first (`headers`, `fields`, `search`); what those cannot decide is read from the
packet's own message, after its bytes were searched for what must be in them; the rest is dissected whole, conversation by
conversation (`conversations`). The answers are those of the full dissector; a test holds the two together over every
reference. Columns are made when first asked for and kept, so a second filter over the same fields takes milliseconds.

numpy is imported here and nowhere else. A file is looked at again before each read: one that has become shorter is a LabError
(what it loses between that look and the read is read as zeros: `guard`). One that grows is what it was when it was opened;
one that is deleted stays readable.
"""

from .capture import Capture, Found, PacketRow

__all__ = ["Capture", "Found", "PacketRow"]
