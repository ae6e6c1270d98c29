"""The threads behind the loop: what waits for one, and the share of them that a name may have."""

from machinelab.authoring import At, Choice, Experiment, Step

from . import headlines
from .common import CALLS, NOISE, QUICK, TRACE, answered, asks, does, where

OPENS = 'nodetrace.category == "node.fs.async" and nodetrace.name == "open"'
FILE = 'nodetrace.what == "/etc/hostname"'

pool = Experiment(
    "pool",
    "Four threads, five files",
    headline=headlines.pool,
    reset=(At("server", "server start threads={threads}"),),
    run=(At("client", "ask server /pool?pipes=4&ms=500 /quick+50"),),
    gather=(TRACE,),
    knobs={"threads": Choice(("4", "8"))},
    background=(*NOISE, CALLS),
    steps=(
        asks("ask-files", "/pool"),
        asks("ask-quick", QUICK),
        Step("open-pipe", "server", f'{OPENS} and nodetrace.what contains "pipe" and nodetrace.duration > 0.4', times=(4, 4), track="pipes"),
        *where(
            "threads == 4",
            Step("open-late", "server", f"{OPENS} and {FILE} and nodetrace.duration > 0.4", track="file"),
            does("file-late", "file", "nodetrace.duration > 0.4", track="program"),
            answered("quick-done", "ask-quick"),
            answered("files-done", "ask-files", after="quick-done"),
        ),
        *where(
            "threads == 8",
            Step("open-at-once", "server", f"{OPENS} and {FILE} and nodetrace.duration < 0.4", track="file"),
            does("file-at-once", "file", "nodetrace.duration < 0.4", track="program"),
            answered("files-done-first", "ask-files"),
            answered("quick-done-then", "ask-quick", after="files-done-first"),
        ),
        does("quick", "quick", track="quick"),
    ),
)  # fmt: skip

ASKS_NAME = Step("ask-name", "server > names", "dns.flags.response == 0", times=(4, 4), track="names")
LOOKUP = 'nodetrace.name == "lookup"'

lookups = Experiment(
    "lookups",
    "Four names, and nobody answers",
    headline=headlines.lookups,
    reset=(At("server", "server start threads={threads}"), At("names", "resolver {names}")),
    # Node.js ends when it has finished what it began: the lookups, too.
    run=(At("client", "ask server /lookups?names=4"), At("server", "server stop")),
    gather=(TRACE,),
    after=(At("names", "resolver go"),),
    knobs={"names": Choice(("stop", "go")), "threads": Choice(("4", "8", "1"))},
    background=(*NOISE, CALLS),
    steps=(
        asks("ask-file", "/lookups"),
        ASKS_NAME,
        *where(
            "names == stop",
            Step("gives-up", "server", f"{LOOKUP} and nodetrace.duration > 0.9", times=(4, 4), track="lookups"),
        ),
        *where(
            "names == go",
            Step("name-told", reply_to="ask-name", sees="dns.flags.response == 1", times=(4, 4), track="told"),
            Step("found", "server", f"{LOOKUP} and nodetrace.duration < 0.9", times=(4, 4), track="lookups"),
        ),
        *where("threads != 1", does("file", "file", track="file"), answered("file-done", "ask-file")),
        *where(
            "threads == 1",
            does("file-behind", "file", track="file"),
            answered("file-done-late", "ask-file", after="ask-file", wait=1.0),
        ),
    ),
)  # fmt: skip
