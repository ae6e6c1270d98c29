"""What TLS, DTLS and QUIC share: keys and ciphers, hellos, what is known of a handshake message."""
