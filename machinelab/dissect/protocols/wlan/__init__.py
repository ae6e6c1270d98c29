"""IEEE 802.11, and radiotap before it."""
