"""Encrypted ClientHello: RFC 9849."""

from . import FieldType, label, octets, text, uint

FIELDS: dict[str, FieldType] = {
    "tls.ech.client_hello_type": uint("0: the outer hello, which everybody sees; 1: the inner one"),
    "tls.ech.hpke.keyconfig.cipher_suite": label("how the inner hello is encrypted (RFC 9180 §7)"),
    "tls.ech.hpke.keyconfig.cipher_suite.kdf_id": uint("which key derivation"),
    "tls.ech.hpke.keyconfig.cipher_suite.aead_id": uint("which cipher"),
    "tls.ech.config_id": uint(
        "which of the server's keys it is for; random where there is none", volatile=True
    ),
    "tls.ech.enc_length": uint("bytes of the client's share"),
    "tls.ech.enc": octets("the client's share for the seal", volatile=True),
    "tls.ech.payload_length": uint("bytes of the encrypted hello"),
    "tls.ech.payload": octets(
        "the inner hello, encrypted; or random bytes, which look the same", volatile=True
    ),
    "tls.ech.confirmation": octets("a retry that answers the inner hello (RFC 9849 §7.2.1)", volatile=True),
    "tls.ech.retry_configs": label("the keys that the server has now (RFC 9849 §7.1)"),
    "tls.ech.echconfiglist_length": uint("how many bytes of configurations follow"),
    "tls.ech.echconfig": label("one configuration of a list, the preferred one first (RFC 9849 §4)"),
    "tls.ech.echconfig.version": uint("0xfe0d: the version that RFC 9849 describes", digits=4),
    "tls.ech.echconfig.length": uint("how many bytes follow"),
    "tls.ech.hpke.keyconfig": label("the key that the inner hello is encrypted for"),
    "tls.ech.hpke.keyconfig.config_id": uint("the number that the client names it by", volatile=True),
    "tls.ech.hpke.keyconfig.kem_id": uint("the kind of key; 32 is X25519 (RFC 9180 §7.1)"),
    "tls.ech.hpke.keyconfig.public_key_length": uint("how many bytes the public key takes"),
    "tls.ech.hpke.keyconfig.public_key": octets("the public key", volatile=True),
    "tls.ech.hpke.keyconfig.cipher_suites_length": uint("how many bytes of suites follow"),
    "tls.ech.hpke.keyconfig.cipher_suites": label("what the client may choose among"),
    "tls.ech.echconfigcontents.maximum_name_length": uint(
        "the longest name that padding should hide; 0: not said"
    ),
    "tls.ech.echconfigcontents.public_name_length": uint("how many bytes the public name takes"),
    "tls.ech.echconfigcontents.public_name": text("the name that stands in the clear in every ClientHello"),
    "tls.ech.echconfigcontents.extensions_length": uint("how many bytes of extensions follow"),
    "tls.ech.echconfigcontents.extensions": octets("extensions of the configuration"),
}
