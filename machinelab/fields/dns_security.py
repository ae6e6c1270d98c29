"""DNSSEC: keys, signatures, and proofs that there is nothing. RFC 4034, RFC 5155."""

from . import FieldType, flag, octets, of, text, uint

# RFC 8624 §3.1 and the registry it speaks of.
ALGORITHMS = {
    1: "RSAMD5", 3: "DSA", 5: "RSASHA1", 6: "DSA-NSEC3-SHA1", 7: "RSASHA1-NSEC3-SHA1", 8: "RSASHA256", 10: "RSASHA512",
    12: "ECC-GOST", 13: "ECDSAP256SHA256", 14: "ECDSAP384SHA384", 15: "ED25519", 16: "ED448",
}  # fmt: skip
DIGESTS = {1: "SHA-1", 2: "SHA-256", 3: "GOST", 4: "SHA-384"}

FIELDS: dict[str, FieldType] = {
    "dns.rrsig.type_covered": uint("which records of this name the signature is for (RFC 4034 §3.1)"),
    "dns.rrsig.algorithm": uint("how it was signed", names=ALGORITHMS),
    "dns.rrsig.labels": uint(
        "how many labels the signed name has: fewer than the owner's means a wildcard answered"
    ),
    "dns.rrsig.original_ttl": uint("the time to live that was signed; a cache counts its own down from here"),
    "dns.rrsig.signature_expiration": of("date", "until when the signature holds", volatile=True),
    "dns.rrsig.signature_inception": of("date", "from when on it holds", volatile=True),
    "dns.rrsig.key_tag": uint("a short number for the key that made it", volatile=True),
    "dns.rrsig.signers_name": text("the zone whose key made it"),
    "dns.rrsig.signature": octets("the signature", volatile=True),
    "dns.dnskey.flags": uint(
        "what the key is for (RFC 4034 §2.1.1): 256 signs the zone, 257 signs its keys", digits=4
    ),
    "dns.dnskey.flags.zone_key": flag("the key signs this zone's records"),
    "dns.dnskey.flags.key_revoked": flag("do not trust this key any more (RFC 5011 §2.1)"),
    "dns.dnskey.flags.secure_entry_point": flag("the key that the parent's DS points to"),
    "dns.dnskey.flags.reserved": uint("bits without a use; 0", digits=4),
    "dns.dnskey.protocol": uint("always 3"),
    "dns.dnskey.algorithm": uint("how the key signs", names=ALGORITHMS),
    "dns.dnskey.key_id": uint(
        "a short number for the key, worked out from it (RFC 4034 appendix B)", volatile=True
    ),
    "dns.dnskey.public_key": octets("the key itself", volatile=True),
    "dns.ds.key_id": uint("the short number of the child's key (RFC 4034 §5)", digits=4, volatile=True),
    "dns.ds.algorithm": uint("how that key signs", names=ALGORITHMS),
    "dns.ds.digest_type": uint("the digest used", names=DIGESTS),
    "dns.ds.digest": octets(
        "the digest of the child's key: with it the parent vouches for the child", volatile=True
    ),
    "dns.nsec.next_domain_name": text(
        "the next name there is: nothing exists between the owner and this (RFC 4034 §4)"
    ),
    "dns.nsec3.algo": uint("how names are hashed (RFC 5155 §3.1.1)", names={1: "SHA-1"}),
    "dns.nsec3.flags": uint("flags"),
    "dns.nsec3.flags.opt_out": flag("unsigned delegations may lie in the gap (RFC 5155 §6)"),
    "dns.nsec3.iterations": uint("how many more times the hash is taken; 0 is best (RFC 9276)"),
    "dns.nsec3.salt_length": uint("how many bytes of salt follow"),
    "dns.nsec3.salt_value": octets("salt mixed into each hash", volatile=True),
    "dns.nsec3.hash_length": uint("how many bytes of hash follow"),
    "dns.nsec3.hash_value": text("the next hashed name: no name hashes to anything between", volatile=True),
}
