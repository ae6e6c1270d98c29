"""Encrypted ClientHello: RFC 9849."""

from . import FieldType, label, octets, uint

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
}
