"""What the kit does not dissect, read by Scapy's layers; Scapy is imported when such a packet is looked at, never before."""
