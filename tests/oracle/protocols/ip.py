"""Ethernet, ARP, IPv4, IPv6 and ICMP."""

from tests.oracle.exemptions import Protocol
from tests.oracle.protocols.frame import OPINION

RESOLVED = "the reader's own name resolution, no part of the packet"
ADDRESS = "commentary on the address, from a registry that changes"
ELSEWHERE = "tshark gives a place in a buffer that it is not in"

EXEMPTIONS = Protocol(
    left_out={
        **dict.fromkeys(("eth.addr_resolved", "eth.src_resolved", "eth.dst_resolved"), RESOLVED),
        **dict.fromkeys(("eth.addr.oui_resolved", "eth.src.oui_resolved", "eth.dst.oui_resolved"), RESOLVED),
        **dict.fromkeys(("ip.rec_rt_host", "ip.empty_rt_host", "ip.cur_rt_host", "ip.src_rt_host", "ip.dst_rt_host"), RESOLVED),
        **dict.fromkeys(("ip.opt.len.invalid", "ip.opt.deprecated", "eth.src_not_group", "udp.length.bad", "udp.possible_traceroute", "eth.padding_bad"), OPINION),
        **dict.fromkeys(("ip.host", "ip.src_host", "ip.dst_host"), RESOLVED),
        **dict.fromkeys(("ipv6.host", "ipv6.src_host", "ipv6.dst_host"), RESOLVED),
        **{
            f"ipv6.{end}{kind}": ADDRESS
            for end in ("", "src_", "dst_", "addr_")
            for kind in (
                "addr_space", "space", "special_purpose", "special_purpose_source", "special_purpose_destination",
                "special_purpose_forwardable", "special_purpose_reserved", "special_purpose_global",
                "multicast_flags", "multicast_flags.reserved", "multicast_flags.embed_rp",
                "multicast_flags.network_prefix", "multicast_flags.transient", "multicast_scope",
            )
        },
        **dict.fromkeys(("ip.ttl.too_small", "ip.ttl.lncb"), OPINION),
        **dict.fromkeys(("icmp.checksum_bad", "icmp.no_resp", "icmp.resp_not_found"), OPINION),
        **dict.fromkeys(("icmpv6.checksum_bad", "icmpv6.no_resp", "icmpv6.resp_not_found"), OPINION),
        **dict.fromkeys(
            ("arp.duplicate-address-detected", "arp.duplicate-address-frame", "arp.seconds-since-duplicate-address-frame"),
            "an opinion on earlier packets; two networks may use one address",
        ),
    },
    places={"ip.fragments": ELSEWHERE, "ipv6.fragments": ELSEWHERE},
)  # fmt: skip
