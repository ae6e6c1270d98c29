"""A module or a package for each kind of evidence that is no packet; a file `evidence/<node>.<kind>` is read by that of its name.

Nothing lists them: a new kind is a new file here, `machinelab new --source NAME` makes one. Each has

    KIND = "<its own name>"
    load(data, node) -> list[Event]     the events of one file, in the source's own order, numbered from 1
    place(events, others, names) -> list  (may be left out) gives times to events whose records carry none, from what the
                                        other sources saw; `others` is source → events, `names` address → node

`..lines` reads what is a log by pattern, `..clock` tells times, those too that count from a program's own start.
"""
