"""What is written block by block is what Scapy's reader and our own read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machinelab.engine import packetfile
from machinelab.engine.packetfile import Frame
from machinelab.sources.container import Reader

MOMENT = 1_796_067_181_342_597_487  # ns since the epoch: more than a float can tell


def written(frames, digits=9, dropped=0, **about):
    about = {"name": "eth0", "link": 1, **about}
    return b"".join(
        (
            packetfile.opening(about.pop("name"), about.pop("link"), digits, **about),
            packetfile.packets(frames, digits),
            packetfile.closing(MOMENT, digits, len(frames), dropped),
        )
    )


def test_scapys_reader_reads_the_same(tmp_path):
    from scapy.utils import RawPcapNgReader

    frames = [Frame(MOMENT + size, bytes(range(size)), size + 7) for size in (0, 1, 2, 3, 4, 60)]
    file = tmp_path / "x.pcapng"
    file.write_bytes(written(frames, link=101, filter="udp port 53", system="linux"))
    with RawPcapNgReader(str(file)) as reader:
        read = list(reader)
    assert [(about.tshigh << 32 | about.tslow, data, about.wirelen) for data, about in read] == frames
    assert {(about.ifname, about.linktype, about.tsresol) for _, about in read} == {(b"eth0", 101, 10**9)}


@given(
    st.lists(st.tuples(st.integers(0, 2**62), st.binary(max_size=70)), max_size=8), st.sampled_from([6, 9])
)
def test_our_reader_reads_the_same(pairs, digits):
    frames = [Frame(moment, data, len(data)) for moment, data in pairs]
    reader = Reader()
    read = list(reader.feed(written(frames, digits)))
    tick = 10 ** (9 - digits)
    assert [(each.time, each.data, each.length) for each in read] == [
        (moment // tick * tick, data, length) for moment, data, length in frames
    ]
    assert reader.leftover() == 0
    assert [source.name for source in reader.sources] == ["eth0"]


@pytest.mark.parametrize(("dropped", "said"), [(3, [3]), (0, [0]), (None, [])])
def test_a_loss_is_told_where_it_is_known(dropped, said):
    block = packetfile.closing(MOMENT, 9, 10, dropped)
    assert int.from_bytes(block[:4], "little") == packetfile.STATISTICS
    options = dict(_options(block[20:-4]))
    assert options.pop(packetfile.RECEIVED) == 10
    assert list(options.values()) == said


def _options(data):
    at = 0
    while int.from_bytes(data[at : at + 2], "little"):
        code, size = (int.from_bytes(data[at + i : at + i + 2], "little") for i in (0, 2))
        yield code, int.from_bytes(data[at + 4 : at + 4 + size], "little")
        at += 4 + (size + 3 & ~3)
