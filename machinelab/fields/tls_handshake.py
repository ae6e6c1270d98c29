"""TLS handshake messages and their extensions: RFC 9846 §4, RFC 5246 §7.4, and the IANA registries they name."""

from . import FieldType, label, octets, of, text, uint
from .tls import VERSIONS

TYPES = {
    0: "HELLO REQUEST", 1: "CLIENT HELLO", 2: "SERVER HELLO", 4: "NEW SESSION TICKET", 5: "END OF EARLY DATA",
    8: "ENCRYPTED EXTENSIONS", 11: "CERTIFICATE", 12: "SERVER KEY EXCHANGE", 13: "CERTIFICATE REQUEST",
    14: "SERVER HELLO DONE", 15: "CERTIFICATE VERIFY", 16: "CLIENT KEY EXCHANGE", 20: "FINISHED",
    21: "CERTIFICATE URL", 22: "CERTIFICATE STATUS", 24: "KEY UPDATE", 25: "COMPRESSED CERTIFICATE",
    254: "MESSAGE HASH",
}  # fmt: skip
EXTENSIONS = {
    0: "SERVER NAME", 1: "MAX FRAGMENT LENGTH", 5: "STATUS REQUEST", 10: "SUPPORTED GROUPS", 11: "EC POINT FORMATS",
    13: "SIGNATURE ALGORITHMS", 14: "USE SRTP", 15: "HEARTBEAT", 16: "APPLICATION LAYER PROTOCOL NEGOTIATION",
    18: "SIGNED CERTIFICATE TIMESTAMP", 19: "CLIENT CERTIFICATE TYPE", 20: "SERVER CERTIFICATE TYPE", 21: "PADDING",
    22: "ENCRYPT THEN MAC", 23: "EXTENDED MASTER SECRET", 27: "COMPRESS CERTIFICATE", 28: "RECORD SIZE LIMIT",
    34: "DELEGATED CREDENTIAL", 35: "SESSION TICKET", 41: "PRE SHARED KEY", 42: "EARLY DATA", 43: "SUPPORTED VERSIONS",
    44: "COOKIE", 45: "PSK KEY EXCHANGE MODES", 47: "CERTIFICATE AUTHORITIES", 48: "OID FILTERS",
    49: "POST HANDSHAKE AUTH", 50: "SIGNATURE ALGORITHMS CERT", 51: "KEY SHARE", 57: "QUIC TRANSPORT PARAMETERS",
    17513: "APPLICATION SETTINGS", 17613: "APPLICATION SETTINGS", 65037: "ENCRYPTED CLIENT HELLO",
    65281: "RENEGOTIATION INFO",
}  # fmt: skip
GROUPS = {
    23: "secp256r1", 24: "secp384r1", 25: "secp521r1", 29: "x25519", 30: "x448", 256: "ffdhe2048", 257: "ffdhe3072",
    258: "ffdhe4096", 259: "ffdhe6144", 260: "ffdhe8192", 4587: "SecP256r1MLKEM768", 4588: "X25519MLKEM768",
    4589: "SecP384r1MLKEM1024", 25497: "X25519Kyber768Draft00",
}  # fmt: skip
SIGNATURES = {
    0x0201: "rsa_pkcs1_sha1", 0x0203: "ecdsa_sha1", 0x0401: "rsa_pkcs1_sha256", 0x0403: "ecdsa_secp256r1_sha256",
    0x0501: "rsa_pkcs1_sha384", 0x0503: "ecdsa_secp384r1_sha384", 0x0601: "rsa_pkcs1_sha512",
    0x0603: "ecdsa_secp521r1_sha512", 0x0804: "rsa_pss_rsae_sha256", 0x0805: "rsa_pss_rsae_sha384",
    0x0806: "rsa_pss_rsae_sha512", 0x0807: "ed25519", 0x0808: "ed448", 0x0809: "rsa_pss_pss_sha256",
    0x080A: "rsa_pss_pss_sha384", 0x080B: "rsa_pss_pss_sha512", 0x0904: "mldsa44", 0x0905: "mldsa65", 0x0906: "mldsa87",
}  # fmt: skip
HASHES = {1: "MD5", 2: "SHA1", 3: "SHA224", 4: "SHA256", 5: "SHA384", 6: "SHA512"}
SIGNERS = {1: "RSA", 2: "DSA", 3: "ECDSA"}
SUITES = {
    0x002F: "TLS_RSA_WITH_AES_128_CBC_SHA", 0x0033: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
    0x0035: "TLS_RSA_WITH_AES_256_CBC_SHA", 0x0039: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
    0x003C: "TLS_RSA_WITH_AES_128_CBC_SHA256", 0x003D: "TLS_RSA_WITH_AES_256_CBC_SHA256",
    0x0067: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", 0x006B: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
    0x009C: "TLS_RSA_WITH_AES_128_GCM_SHA256", 0x009D: "TLS_RSA_WITH_AES_256_GCM_SHA384",
    0x009E: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", 0x009F: "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
    0x00FF: "TLS_EMPTY_RENEGOTIATION_INFO_SCSV", 0x1301: "TLS_AES_128_GCM_SHA256", 0x1302: "TLS_AES_256_GCM_SHA384",
    0x1303: "TLS_CHACHA20_POLY1305_SHA256", 0x1304: "TLS_AES_128_CCM_SHA256", 0x1305: "TLS_AES_128_CCM_8_SHA256",
    0x5600: "TLS_FALLBACK_SCSV", 0xC009: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    0xC00A: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", 0xC013: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    0xC014: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", 0xC023: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    0xC024: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", 0xC027: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    0xC028: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", 0xC02B: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    0xC02C: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 0xC02F: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    0xC030: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 0xC09C: "TLS_RSA_WITH_AES_128_CCM",
    0xC09D: "TLS_RSA_WITH_AES_256_CCM", 0xC09E: "TLS_DHE_RSA_WITH_AES_128_CCM", 0xC09F: "TLS_DHE_RSA_WITH_AES_256_CCM",
    0xC0A0: "TLS_RSA_WITH_AES_128_CCM_8", 0xC0A1: "TLS_RSA_WITH_AES_256_CCM_8",
    0xC0AC: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", 0xC0AD: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM",
    0xC0AE: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", 0xC0AF: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8",
    0xCCA8: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0xCCA9: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    0xCCAA: "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
}  # fmt: skip
POINTS = {0: "UNCOMPRESSED", 1: "COMPRESSED PRIME", 2: "COMPRESSED CHAR2"}
COMPRESSIONS = {1: "ZLIB", 2: "BROTLI", 3: "ZSTD"}  # RFC 8879 §7.3
UPDATES = {0: "NOT REQUESTED", 1: "REQUESTED"}

FIELDS: dict[str, FieldType] = {
    "tls.handshake": label("a handshake message (RFC 9846 §4)"),
    "tls.handshake.reassembled_in": uint("the packet that completes this message", volatile=True),
    "tls.handshake.fragments": label("the records that a message was put together from"),
    "tls.handshake.fragment": uint("a packet with a piece of it", volatile=True),
    "tls.handshake.fragment.count": uint("how many pieces there were"),
    "tls.handshake.type": uint("which message", names=TYPES),
    "tls.handshake.length": uint("how many bytes the message has after this"),
    "tls.handshake.version": uint(
        "the version offered or chosen, as TLS 1.2 had it; a 1.3 hello says 1.2 here (RFC 9846 §4.2.2)",
        digits=4, names=VERSIONS,
    ),
    "tls.handshake.random": octets("32 random bytes, new for each connection", volatile=True),
    "tls.handshake.random_time": of("date", "the first four read as a date, as was once meant", volatile=True),
    "tls.handshake.random_bytes": octets("the rest of the random bytes", volatile=True),
    "tls.handshake.session_id_length": uint("how long the session id is"),
    "tls.handshake.session_id": octets(
        "in 1.3 of no meaning: the server repeats it for old middleboxes (RFC 9846 §E.4)", volatile=True
    ),
    "tls.handshake.cipher_suites_length": uint("how many bytes of suites follow, two for each"),
    "tls.handshake.ciphersuites": label("the cipher suites offered"),
    "tls.handshake.ciphersuite": uint("a cipher suite: how records are encrypted, and the hash", digits=4, names=SUITES),
    "tls.handshake.comp_methods_length": uint("how many compression methods are offered"),
    "tls.handshake.comp_methods": label("the compression methods offered"),
    "tls.handshake.comp_method": uint("0: none, the only one that is safe"),
    "tls.handshake.extensions_length": uint("how many bytes of extensions follow"),
    "tls.handshake.extension": label("an extension"),
    "tls.handshake.extension.type": uint("which extension", names=EXTENSIONS),
    "tls.handshake.extension.len": uint("how many bytes it has"),
    "tls.handshake.extension.data": octets("an extension not read here", volatile=True),
    "tls.handshake.extensions_server_name_list_len": uint("how many bytes of names follow"),
    "tls.handshake.extensions_server_name_type": uint("0: a host name"),
    "tls.handshake.extensions_server_name_len": uint("how long the name is"),
    "tls.handshake.extensions_server_name": text("the name of the server asked for, in the clear (SNI, RFC 6066 §3)"),
    "tls.handshake.max_fragment_length": uint("records of so many bytes at most: 1 is 512 (RFC 6066 §4)"),
    "tls.handshake.extensions_ec_point_formats_length": uint("how many formats follow"),
    "tls.handshake.extensions_ec_point_formats": label("how points of a curve may be written"),
    "tls.handshake.extensions_ec_point_format": uint("such a form (RFC 8422 §5.1.2)", names=POINTS),
    "tls.handshake.extensions_supported_groups_length": uint("how many bytes of groups follow"),
    "tls.handshake.extensions_supported_groups": label("the groups offered, best first"),
    "tls.handshake.extensions_supported_group": uint(
        "a group to agree on a secret in (RFC 9846 §4.3.7)", digits=4, names=GROUPS
    ),
    "tls.handshake.extensions_alpn_len": uint("how many bytes of protocols follow"),
    "tls.handshake.extensions_alpn_list": label("protocols to speak on top"),
    "tls.handshake.extensions_alpn_str_len": uint("how long the protocol's name is"),
    "tls.handshake.extensions_alpn_str": text("a protocol to speak on top of TLS (ALPN, RFC 7301)"),
    "tls.handshake.sig_hash_alg_len": uint("how many bytes of signature algorithms follow"),
    "tls.handshake.sig_hash_algs": label("the signature algorithms that can be checked, best first"),
    "tls.handshake.sig_hash_alg": uint("a signature algorithm (RFC 9846 §4.3.3)", digits=4, names=SIGNATURES),
    "tls.handshake.sig_hash_hash": uint("its first byte, in TLS 1.2 a hash", names=HASHES),
    "tls.handshake.sig_hash_sig": uint("its second byte, in TLS 1.2 a kind of key", names=SIGNERS),
    "tls.handshake.extensions.supported_versions_len": uint("how many bytes of versions follow"),
    "tls.handshake.extensions.supported_version": uint(
        "a version offered, or the one chosen (RFC 9846 §4.3.1)", digits=4, names=VERSIONS
    ),
    "tls.extension.psk_ke_modes_length": uint("how many modes follow"),
    "tls.extension.psk_ke_mode": uint("1: a PSK together with a fresh key exchange (RFC 9846 §4.3.9)"),
    "tls.handshake.extensions_key_share_client_length": uint("how many bytes of key shares follow"),
    "tls.handshake.extensions_key_share_group": uint("the group of a key share", names=GROUPS),
    "tls.handshake.extensions_key_share_selected_group": uint(
        "use this group instead (RFC 9846 §4.3.8)", names=GROUPS
    ),
    "tls.handshake.extensions_key_share_key_exchange_length": uint("how long the share is"),
    "tls.handshake.extensions_key_share_key_exchange": octets(
        "one half of the key exchange, made for this connection (RFC 9846 §4.3.8)", volatile=True
    ),
    "tls.compress_certificate.algorithms_length": uint("how many bytes of algorithms follow"),
    "tls.compress_certificate.algorithm": uint("how a certificate may be packed (RFC 8879)", names=COMPRESSIONS),
    "tls.compress_certificate.uncompressed_length": uint("how long it is unpacked"),
    "tls.compress_certificate.compressed_certificate_message.length": uint("how long it is packed"),
    "tls.compress_certificate.compressed_certificate_message": octets("a packed Certificate message", volatile=True),
    "tls.handshake.extensions_reneg_info_len": uint("0 in a first handshake (RFC 5746 §3.4)"),
    "tls.handshake.extensions_padding_data": octets("zeros, to make the message longer (RFC 7685)"),
    "tls.handshake.extensions.session_ticket": octets("a ticket of TLS 1.2 (RFC 5077)", volatile=True),
    "tls.handshake.extensions_status_request_type": uint("1: OCSP (RFC 6066 §8)"),
    "tls.handshake.extensions_status_request_responder_ids_len": uint("how many bytes of responders follow"),
    "tls.handshake.extensions_status_request_exts_len": uint("how many bytes of extensions follow"),
    "tls.record_size_limit": uint("the longest record I take (RFC 8449 §4)"),
    "tls.early_data.max_early_data_size": uint("how much early data I take with this ticket (RFC 9846 §4.3.10)"),
    "tls.handshake.extensions.cookie_len": uint("how long the cookie is"),
    "tls.handshake.extensions.cookie": octets("to be sent back as it is (RFC 9846 §4.3.2)", volatile=True),
    "tls.handshake.extensions.psk.identities.length": uint("how many bytes of identities follow"),
    "tls.handshake.extensions.psk.identity.identity_length": uint("how long the identity is"),
    "tls.handshake.extensions.psk.identity.identity": octets(
        "which secret of ours: the ticket of an earlier connection (RFC 9846 §4.3.11)", volatile=True
    ),
    "tls.handshake.extensions.psk.identity.obfuscated_ticket_age": uint(
        "how old the ticket is in milliseconds, plus a number that hides it (RFC 9846 §4.3.11.1)", volatile=True
    ),
    "tls.handshake.extensions.psk.identity.selected": uint("which of the offered ones, from 0"),
    "tls.handshake.extensions.psk.binders_len": uint("how many bytes of binders follow"),
    "tls.handshake.extensions.psk.binders": label(
        "proof that the sender knows the secret, bound to this very hello (RFC 9846 §4.3.11.2)"
    ),
    "tls.handshake.certificate_request_context_length": uint("0, except for a certificate asked for later"),
    "tls.handshake.certificate_request_context": octets("which request this answers", volatile=True),
    "tls.handshake.certificates_length": uint("how many bytes of certificates follow; 0: none"),
    "tls.handshake.certificates": label("the certificates, the sender's own first (RFC 9846 §4.5.1)"),
    "tls.handshake.certificate_length": uint("how many bytes the certificate has"),
    "tls.handshake.certificate": octets("a certificate, as DER (RFC 5280)", volatile=True),
    "tls.handshake.client_cert_vrfy.sig_len": uint("how long the signature is"),
    "tls.handshake.client_cert_vrfy.sig": octets(
        "a signature over the handshake so far: the sender has the certificate's key (RFC 9846 §4.5.2)", volatile=True
    ),
    "tls.handshake.verify_data": label("a keyed hash over the handshake so far (RFC 9846 §4.5.3)"),
    "tls.handshake.key_update.request_update": uint("whether the other side is to follow (RFC 9846 §4.7.3)", names=UPDATES),
    "tls.handshake.session_ticket_lifetime_hint": uint("for how many seconds the ticket is good"),
    "tls.handshake.session_ticket_age_add": uint("what hides the ticket's age when it is used", volatile=True),
    "tls.handshake.session_ticket_nonce_length": uint("how long the nonce is"),
    "tls.handshake.session_ticket_nonce": octets("makes each ticket's secret its own (RFC 9846 §4.7.1)"),
    "tls.handshake.session_ticket_length": uint("how long the ticket is"),
    "tls.handshake.session_ticket": octets("the ticket: encrypted by the server, for the server", volatile=True),
    "tls.handshake.server_curve_type": uint("3: a curve by its name (RFC 8422 §5.4)", digits=2),
    "tls.handshake.server_named_curve": uint("that curve", digits=4, names=GROUPS),
    "tls.handshake.server_point_len": uint("how long the server's share is"),
    "tls.handshake.server_point": octets("the server's half of the key exchange", volatile=True),
    "tls.handshake.sig_len": uint("how long the signature is"),
    "tls.handshake.sig": octets("a signature over both randoms and the share (RFC 5246 §7.4.3)", volatile=True),
    "tls.handshake.client_point_len": uint("how long the client's share is"),
    "tls.handshake.client_point": octets("the client's half of the key exchange", volatile=True),
    "tls.handshake.epms_len": uint("how long the encrypted secret is"),
    "tls.handshake.epms": octets(
        "the premaster secret, encrypted with the certificate's key (RFC 5246 §7.4.7.1)", volatile=True
    ),
    "tls.handshake.dnames_len": uint("how many bytes of names follow"),
    "tls.handshake.dnames": label("the authorities that are accepted"),
    "tls.handshake.dname_len": uint("how long the name is"),
    "tls.handshake.dname": label("such an authority's name"),
    "tls.handshake.cert_types_count": uint("how many kinds of certificate follow"),
    "tls.handshake.cert_types": label("the kinds of certificate that are accepted"),
    "tls.handshake.cert_type": uint("1 RSA, 64 ECDSA (RFC 5246 §7.4.4)"),
}  # fmt: skip
