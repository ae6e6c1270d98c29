"""SQLite: its log, its older journal, and a log that is torn."""

from dataclasses import replace

from machinelab.authoring import ARP, At, Choice, Experiment, Gather, Step

from . import headlines
from .common import where

NOTES = Gather("notebook", "strace", "evidence strace")
FRAMES = Gather("notebook", "sqlitewal", "evidence sqlitewal")


def call(id: str, name: str, file: str, more: str = "", times: tuple[int, int | None] = (1, 1)) -> Step:
    """A system call of the notebook's, on the file whose name ends so."""
    sees = f'syscall.name == "{name}" and syscall.path matches "{file}$"' + (f" and {more}" if more else "")
    return Step(id, "notebook", sees, times=times)


ALL, ANY = (1, None), (0, None)
LOG_HEADER = call("log-header", "pwrite64", "-wal", "syscall.offset == 0")
HEADER_FLUSH = call("header-flush", "fdatasync", "-wal")
APPEND = call("append", "pwrite64", "-wal", "syscall.offset > 0", times=ALL)
APPEND_FLUSH = call("append-flush", "fdatasync", "-wal")
NOTED = Step("noted", "notebook", 'syscall.data matches "^noted"')
THE_HEADER = Step("the-header", "notebook", "sqlitewal.magic", track="file")
THE_FRAME = Step("the-frame", "notebook", "sqlitewal.counts == 1", track="file", times=ALL)

sqlite = Experiment(
    "sqlite",
    "The same idea in a file beside the file",
    headline=headlines.sqlite,
    reset=(At("notebook", "notebook fresh wal {synchronous}"),),
    run=(At("notebook", "notebook write 1"),),
    gather=(NOTES, FRAMES),
    knobs={"synchronous": Choice(("FULL", "NORMAL"))},
    background=(ARP,),
    steps=(
        LOG_HEADER,
        HEADER_FLUSH,
        APPEND,
        *where("synchronous == FULL", APPEND_FLUSH),
        NOTED,
        THE_HEADER,
        THE_FRAME,
    ),
)

KEEP_OLD = call("keep-old", "pwrite64", "-journal", "syscall.length != 12", times=ALL)
OLD_FLUSHED = call("old-flushed", "fdatasync", "-journal")
HOW_MANY = call("how-many", "pwrite64", "-journal", "syscall.length == 12")
KEPT = call("kept", "fdatasync", "-journal")
OVERWRITE = call("overwrite", "pwrite64", "notes.db", times=ALL)
OVERWRITTEN = call("overwritten", "fdatasync", "notes.db")
FORGET = (
    *where("mode == delete", call("journal-gone", "unlink", "-journal")),
    *where("mode == truncate", call("journal-emptied", "ftruncate", "-journal")),
    *where("mode == persist", call("journal-void", "pwrite64", "-journal")),
    *where("mode in {truncate, persist}", call("void-flushed", "fdatasync", "-journal")),
)

journal = Experiment(
    "journal",
    "The older way: keep what was there before",
    headline=headlines.journal,
    reset=(At("notebook", "notebook fresh {mode}"),),
    run=(At("notebook", "notebook write 1"),),
    gather=(NOTES,),
    knobs={"mode": Choice(("delete", "truncate", "persist"))},
    background=(ARP,),
    steps=(KEEP_OLD, OLD_FLUSHED, HOW_MANY, KEPT, OVERWRITE, OVERWRITTEN, *FORGET, NOTED),
)

DAMAGED = "damage in {cut, flip}"

torn = Experiment(
    "torn",
    "A log that ends in the middle of a word",
    headline=headlines.torn,
    reset=(At("notebook", "notebook fresh wal"),),
    run=(
        At("notebook", "notebook write 3"),
        At("notebook", "notebook damage {damage}"),
        At("notebook", "notebook read"),
    ),
    gather=(NOTES, FRAMES),
    knobs={"damage": Choice(("cut", "flip", "none"))},
    background=(ARP,),
    steps=(
        LOG_HEADER,
        replace(APPEND, track="appends"),
        replace(APPEND_FLUSH, times=ALL, track="flushes"),
        replace(NOTED, times=ALL, track="told"),
        THE_HEADER,
        THE_FRAME,
        *where(DAMAGED, Step("torn-frame", "notebook", "sqlitewal.counts == 0", track="file")),
        call("look", "pread64", "-wal", times=ALL),
        Step("answer", "notebook", 'syscall.data matches "^[0-9]"'),
    ),
)
