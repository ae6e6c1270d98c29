"""The TCP lab: what a capture without nodes' names does not tell."""

UNNAMED = {
    "handshake": "an everyday connection is all there is of it",
    "reset": "a forged address stands where a node's would be",
}
LIKE_ANOTHER = {"reset@seq=near": "keepalive"}  # a reset that was only answered by an acknowledgement
