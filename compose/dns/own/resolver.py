"""A resolver of your own: `python3 /etc/dns/resolver.py NAME [TYPE]`. It starts at the root and follows each referral.

Read it, run it, break it, mend it: `machinelab try dns own -- python3 /etc/dns/resolver.py www.example.test`.
"""

import os
import sys

from dnslib import QTYPE, RCODE, DNSRecord

ROOT = os.environ["INTERNET"] + ".10"  # the one address that a resolver has to know beforehand: its root hint
PATIENCE = 2  # seconds for a reply
LONGEST = 20  # questions for one name: a walk that takes more goes in circles


def ask(server, name, kind):
    """Send one question to one server; give its reply."""
    query = DNSRecord.question(name, kind)  # a new id, which the reply has to repeat
    query.header.rd = 0  # no recursion desired: a pointer is enough, we walk on by ourselves
    reply = DNSRecord.parse(query.send(server, 53, timeout=PATIENCE))
    if reply.header.tc:  # cut short: the same again over TCP
        reply = DNSRecord.parse(query.send(server, 53, tcp=True, timeout=PATIENCE))
    if reply.header.id != query.header.id:
        sys.exit(f"{server}: a reply to somebody else's question")
    print(
        f"{server:15}  {name} {kind}?  {RCODE[reply.header.rcode]}, {len(reply.rr)} answers, {len(reply.auth)} authority"
    )
    return reply


def resolve(name, kind):
    """The records of that name and type: those of its alias, if it is one; none if there are none."""
    server = ROOT
    for _ in range(LONGEST):
        reply = ask(server, name, kind)
        own = [record for record in reply.rr if record.rname == name]
        found = [record for record in own if QTYPE[record.rtype] == kind]
        alias = [record for record in own if record.rtype == QTYPE.CNAME]
        if found:
            return found
        if alias:
            return alias + resolve(str(alias[0].rdata.label), kind)
        if reply.header.aa or reply.header.rcode:  # who keeps the zone says no, or somebody refuses
            return []
        server = next_server(reply)
    sys.exit(f"{name}: {LONGEST} questions, and no end in sight")


def next_server(reply):
    """Where a referral points: the first of its servers whose address came along (glue), else the first, looked up."""
    servers = sorted(str(record.rdata.label) for record in reply.auth if record.rtype == QTYPE.NS)
    glue = {str(record.rname): str(record.rdata) for record in reply.ar if record.rtype == QTYPE.A}
    for server in servers:
        if server in glue:
            return glue[server]
    address = resolve(servers[0], "A") if servers else []
    return str(address[-1].rdata) if address else sys.exit("a referral to nobody")


if __name__ == "__main__":
    print(*resolve(sys.argv[1].rstrip(".") + ".", (sys.argv[2:] or ["A"])[0]) or ["no such record"], sep="\n")
