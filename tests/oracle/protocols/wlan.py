"""Wireless frames: who speaks to whom and the data inside are read; what a network says of itself is not."""

from tests.oracle.exemptions import Protocol
from tests.oracle.protocols.ip import RESOLVED

UNREAD = "not read here: what a wireless network says of itself is no lab's subject"
WORKED_OUT = "worked out from the radio's notes by tables of Wireshark's own"

EXEMPTIONS = Protocol(
    left_out={
        **dict.fromkeys(("wlan_radio", "wlan_radio."), WORKED_OUT),
        **dict.fromkeys(
            ("wlan.mgt", "wlan.fixed.", "wlan.tag", "wlan.tag.", "wlan.wep.", "wlan.tkip.", "wlan.ccmp.", "wlan.fcs", "wlan.fcs.",
             "radiotap.channel.flags.", "wlan.qos.eosp", "wlan.qos.ack", "wlan.qos.amsdupresent", "wlan.qos.ps_buf_state",
             "wlan.qos.buf_state_indicated", "wlan.qos.bit4", "wlan.qos.txop_dur_req", "wlan.qos.queue_size"),
            UNREAD,
        ),
        **{f"wlan.{end}": RESOLVED for end in ("addr_resolved", "oui", "oui_resolved")},
        **{f"wlan.{end}.": RESOLVED for end in ("addr", "ra", "ta", "da", "sa", "bssid", "staa")},
        **{f"wlan.{end}_resolved": RESOLVED for end in ("ra", "ta", "da", "sa", "bssid", "staa")},
    },
)  # fmt: skip
