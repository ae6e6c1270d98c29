"""What DNS records hold, by type: RFC 1035 §3.3 and those that came later. (Signatures are in `dns_security`.)"""

from . import FieldType, flag, label, octets, of, text, uint

# RFC 9460 §14.3.2.
PARAMETERS = {
    0: "MANDATORY", 1: "ALPN", 2: "NO-DEFAULT-ALPN", 3: "PORT", 4: "IPV4HINT", 5: "ECH", 6: "IPV6HINT", 7: "DOHPATH",
    8: "OHTTP",
}  # fmt: skip

FIELDS: dict[str, FieldType] = {
    "dns.a": of("ipv4", "the name's IPv4 address"),
    "dns.aaaa": of("ipv6", "the name's IPv6 address (RFC 3596)"),
    "dns.ns": text("a server that knows this zone: whom to ask next"),
    "dns.cname": text("the name's other name: look that one up instead"),
    "dns.dname": text("all names below this one are found below that one (RFC 6672)"),
    "dns.ptr.domain_name": text("the name that belongs to an address"),
    "dns.soa.mname": text("the server on which the zone is kept"),
    "dns.soa.rname": text("whom to write to about the zone, with a dot for the @"),
    "dns.soa.serial_number": uint("the zone's version: it goes up with every change"),
    "dns.soa.refresh_interval": uint("how often a secondary server looks for a new version, in seconds"),
    "dns.soa.retry_interval": uint("how soon it tries again if that failed, in seconds"),
    "dns.soa.expire_limit": uint("after how long without an answer it gives the zone up, in seconds"),
    "dns.soa.minimum_ttl": uint(
        "for how long a name that does not exist may be remembered, in seconds (RFC 2308 §4)"
    ),
    "dns.mx.preference": uint("which mail server first: the lower, the sooner"),
    "dns.mx.mail_exchange": text("a server that takes the domain's mail"),
    "dns.txt": text("a string, for whoever knows what to do with it"),
    "dns.txt.length": uint("how many bytes the string takes; 255 at most"),
    "dns.spf": text("a mail policy in its own, retired type (RFC 7208 §3.1)"),
    "dns.spf.length": uint("how many bytes of it follow"),
    "dns.srv.instance": text("which of those that offer the service (RFC 6763 §4.1.1)"),
    "dns.srv.service": text("the service that the owner name speaks of (RFC 2782)"),
    "dns.srv.proto": text("the transport that the owner name speaks of"),
    "dns.srv.name": text("the domain that offers the service"),
    "dns.srv.priority": uint("which server first: the lower, the sooner (RFC 2782)"),
    "dns.srv.weight": uint("the server's share among those of the same priority"),
    "dns.srv.port": uint("the port that the service is on"),
    "dns.srv.target": text("the server that offers the service"),
    "dns.hinfo.cpu_length": uint("how many bytes of machine name follow"),
    "dns.hinfo.cpu": text("the machine; or RFC8482, where a server declines to answer ANY"),
    "dns.hinfo.os_length": uint("how many bytes of system name follow"),
    "dns.hinfo.os": text("the operating system"),
    "dns.naptr.order": uint("in which order the rules are read (RFC 3403 §4.1)"),
    "dns.naptr.preference": uint("which rule first among those of the same order"),
    "dns.naptr.flags_length": uint("how many bytes of flags follow"),
    "dns.naptr.flags": text("what to do with the result: u, it is a URI; s, look up SRV; a, an address"),
    "dns.naptr.service_length": uint("how many bytes of service follow"),
    "dns.naptr.service": text("what the rule leads to"),
    "dns.naptr.regex_length": uint("how many bytes of substitution follow"),
    "dns.naptr.regex": text("how to rewrite what was asked for"),
    "dns.naptr.replacement_length": uint("how many bytes the replacement takes"),
    "dns.naptr.replacement": text("the next name to look up"),
    "dns.sshfp.algorithm": uint(
        "the kind of SSH key (RFC 4255)", names={1: "RSA", 2: "DSA", 3: "ECDSA", 4: "ED25519"}
    ),
    "dns.sshfp.fingerprint.type": uint("the digest used", names={1: "SHA-1", 2: "SHA-256"}),
    "dns.sshfp.fingerprint": octets("the digest of the server's SSH key"),
    "dns.caa.flags": uint("flags of the rule (RFC 8659 §4.1)", digits=2),
    "dns.caa.flags.issuer_critical": flag("an authority that does not know this tag must not issue"),
    "dns.caa.issue": text("a rule about who may issue certificates for the name"),
    "dns.caa.issuewild": text("a rule about who may issue wildcard certificates"),
    "dns.caa.iodef": text("where to report what broke the rules"),
    "dns.caa.unknown": text("a rule of another kind"),
    "dns.caa.tag_length": uint("how many bytes the rule's tag takes"),
    "dns.caa.tag": text("the kind of rule: issue, issuewild, iodef"),
    "dns.caa.value": text("what the rule says"),
    "dns.tlsa.certificate_usage": uint(
        "what the record pins: an authority or the server's own certificate (RFC 6698 §2.1.1)"
    ),
    "dns.tlsa.selector": uint("0: the whole certificate; 1: its public key alone"),
    "dns.tlsa.matching_type": uint("0: the thing itself; 1: its SHA-256; 2: its SHA-512"),
    "dns.tlsa.certificate_association_data": octets("what the certificate or key must be"),
    "dns.svcb.svcpriority": uint("0: an alias; else the lower, the sooner (RFC 9460 §2.4.1)"),
    "dns.svcb.targetname": text("the server that offers the service; the root stands for the owner itself"),
    "dns.svcb.svcparam": label("something to know before connecting"),
    "dns.svcb.svcparam.key": uint(
        "what it is about: 1 protocols, 3 port, 4 and 6 addresses", names=PARAMETERS
    ),
    "dns.svcb.svcparam.value.length": uint("how many bytes it takes"),
    "dns.svcb.svcparam.value": octets("the value as it stands"),
    "dns.svcb.svcparam.mandatory.key": uint(
        "a parameter that a client must understand, or leave the record alone", names=PARAMETERS
    ),
    "dns.svcb.svcparam.alpn.length": uint("how many bytes of protocol name follow"),
    "dns.svcb.svcparam.alpn": text("a protocol that the server speaks: h2, h3"),
    "dns.svcb.svcparam.port": uint("the port to connect to"),
    "dns.svcb.svcparam.ipv4hint.ip": of("ipv4", "an address to try before the A record is there"),
    "dns.svcb.svcparam.ipv6hint.ip": of("ipv6", "an address to try before the AAAA record is there"),
    "dns.svcb.svcparam.dohpath": text("where on the server DNS over HTTPS is (RFC 9461)"),
    "dns.svcb.svcparam.odohconfig": octets("the key for oblivious DNS over HTTPS"),
    "dns.data": octets("the data of a record of a type not read here"),
}
