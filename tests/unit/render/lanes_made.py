"""A figure with lanes, made up: two partitions, one of which nobody follows."""

from machinelab.model import Figure, Lane, Plot, Track

PLOT = Plot("river", "The river", "", "ms since the run began", "offset", lanes=lambda run: ())
BUSY = Lane(
    "orders/0",
    (
        Track("log end", ((10.0, 5), (30.0, 41))),
        Track("high watermark", ((20.0, 5), (40.0, 41))),
        Track("broker2 has", ((0.0, 0), (15.0, 5), (35.0, 41)), "2"),
        Track("broker3 has", ((0.0, 0), (15.0, 5), (50.0, 41)), "3"),
    ),
    ((0.0, "leader broker1, epoch 0"), (45.0, "leader <broker2>, epoch 1")),
)
STILL = Lane("orders/1", (Track("log end", ((10.0, 1_000_000),)),))
FIGURE = Figure("kafka", PLOT, (), ("run 7",), (), (BUSY, STILL))
NOTHING = Figure("kafka", PLOT, (), ("run 7",), (), ())
LONG = Lane("orders/2", (Track("log end", tuple((float(x), x * 3) for x in range(500))),))
