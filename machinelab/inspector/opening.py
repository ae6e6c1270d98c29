"""What `inspect` shows: evidence opened for a first paint, then read against its guide; and what can be asked about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import catalog
from ..model import Alignment, Event, Experiment, Figure, Lab, Run, Trace
from ..store import references, runs

if TYPE_CHECKING:
    from ..analysis.comparison import Difference
    from ..analysis.pictures import Shown
    from ..analysis.reading import Reading
    from ..analysis.view import View
    from ..sources.decoding import DecodeAs
    from ..worksheet.session import Session
    from .ui.material import Material

MEMORY = "inspect.json"
LARGE = (
    8_000_000  # bytes of a capture from which on its columns are read, not its packets: some 20,000 of them
)


def memory() -> Path:
    """Where the panes' sizes and the filters asked are remembered."""
    return runs.home() / MEMORY


def bare(trace: Trace, lab: str, origin: str) -> "Material":
    """A trace as it is before anything is known about it: enough for a first paint."""
    from .ui.material import Material

    return Material(
        *blank(trace, lab, origin), export=exporter(trace, lab, origin), name=Path(origin).stem or "capture"
    )


def blank(trace: Trace, lab: str, origin: str) -> "tuple[View, Run]":
    """A trace read against nothing."""
    from ..analysis.view import View

    experiment = Experiment("", "", (), ())
    alignment = Alignment(experiment, (), (), {}, frozenset(), (), (), {})
    view = View(lab, trace, alignment, origin=origin, strict=False, own=False)
    return view, Run(experiment, trace, alignment, {})


def exporter(trace: Trace, lab: str, origin: str) -> Callable[[Path, Sequence[Event] | None], str]:
    """What writes such a trace, or some of its events, into a file."""

    def export(path: Path, events: Sequence[Event] | None) -> str:
        from ..export.writing import ExportSource, write

        return write(ExportSource(blank(trace, lab, origin)[0]), path, events)

    return export


def material(found: "Reading", shipped: bool = False) -> "Material":
    """A run read against its guide."""
    from ..workflow.guide_text import Sections
    from .ui.material import Material

    return Material(
        found.view(),
        found.run,
        Sections(found, shipped).markdown,
        lambda: _session(found),
        lambda: _others(found),
        lambda path, events: _export(found, path, events),
        f"{found.lab.id}-{found.experiment.id}",
        lambda: figures(found, shipped),
        lambda: pictures_of(found),
    )


def figures(found: "Reading", shipped: bool = False) -> "Mapping[str, Callable[[], Figure]]":
    """The lab's pictures that this run is in, title → how to make it: of this run alone, or with all others of its experiment."""
    from ..analysis import plots

    lab, instance = found.lab, found.info.instance if found.info else "default"
    lanes = {
        plot.title: lambda plot=plot: plots.of_one(lab, plot, found)
        for plot in lab.plots
        if plot.lanes is not None and plot.experiment in ("", found.experiment.id)
    }
    several = {
        plot.title: lambda plot=plot: plots.figure(lab, plot, instance, shipped)
        for plot in lab.plots
        if plot.lanes is None and plot.experiment == found.experiment.id
    }
    return lanes | several


def pictures_of(found: "Reading") -> "Mapping[str, Callable[[int], Shown]]":
    """The lab's pictures of this experiment, title → how to make one as the run was at a moment."""
    from ..analysis import pictures

    return {
        picture.title: lambda until, picture=picture: pictures.show(picture, found, until)  # type: ignore[misc]
        for picture in pictures.of(found.lab, found.experiment.id)
    }


def _session(found: "Reading") -> "Session | None":
    from ..worksheet import prose
    from ..worksheet.session import Session, fitting

    file = catalog.worksheet_file(found.lab.id)
    if not found.lab.questions or not file.exists():
        return None
    instance = found.info.instance if found.info else "default"

    from ..analysis import reading

    def open_(name: str) -> "Reading":
        # The questions are about the packets on the screen, whichever run they are of.
        here = references.parse(name)[0] == found.experiment.id
        return found if here else reading.open_asked(found.lab, name, instance)

    return Session(
        replace(found.lab, questions=fitting(found.lab, found.experiment, found.run.knobs)),
        prose.load(file),
        open_,
        instance,
    )


def _others(found: "Reading") -> Mapping[str, Callable[[], "Difference"]]:
    """The other runs of the lab, newest first, then the references: name → how to compare."""
    from ..analysis import reading

    lab = found.lab
    instance = found.info.instance if found.info else "default"
    others: dict[str, Callable[[], Reading]] = {}
    for id in reversed(runs.listing(lab.id, instance)):
        if found.origin != f"run {id}":
            info = runs.read(runs.folder_of(lab.id, instance) / str(id))
            others[f"{info.experiment} (run {id})"] = lambda id=id: reading.open_lab(
                lab, instance=instance, run=id
            )  # type: ignore[misc]
    have = references.recorded(catalog.reference_folder(lab.id))
    order = [name for e in lab.experiments for name in have if name.partition(references.KNOBS)[0] == e.id]
    here = references.name_of(found.experiment, found.run.knobs)
    for name in sorted(order, key=lambda name: name.partition(references.KNOBS)[0] != found.experiment.id):
        if (found.origin, here) != ("reference", name):
            others[f"{name} (reference)"] = lambda name=name: reading.open_recorded(lab, name)  # type: ignore[misc]
    return {name: _comparer(found, open_) for name, open_ in others.items()}


def _comparer(found: "Reading", open_: Callable[[], "Reading"]) -> Callable[[], "Difference"]:
    def compared() -> "Difference":
        from ..analysis.comparison import compare

        return compare(found.run, open_().run)

    return compared


def _export(found: "Reading", path: Path, events: Sequence[Event] | None) -> str:
    from ..export import writing

    return writing.export(found, path, events)


def inspect(
    first: Callable[[], tuple[Trace, str, str]], whole: Callable[[], "Reading"] | None, shipped: bool = False
) -> None:
    """Open the inspector: `first` gives what is painted first (trace, lab, origin), `whole` all that is known (None: no guide)."""
    from .ui.app import Inspector

    trace, lab, origin = first()
    app = Inspector(
        bare(trace, lab, origin), memory(), (lambda: material(whole(), shipped)) if whole else None
    )
    app.run()


def inspect_view(view: "View") -> None:
    """Open the inspector on what a view shows and no more, as of a run that a question is open about (analysis/blind.py)."""
    from .ui.app import Inspector
    from .ui.material import Material

    Inspector(Material(view, name=f"{view.lab}-{view.experiment.id}"), memory()).run()


def inspect_reading(found: "Reading") -> None:
    """Open the inspector on a run that is read already, with all that its guide says."""
    from .ui.app import Inspector

    Inspector(material(found, shipped=not found.own), memory()).run()


def inspect_lab(
    what: str,
    experiment: str | None,
    instance: str = "default",
    run: int | None = None,
    shipped: bool = False,
    given: Mapping[str, str] | None = None,
    decode_as: "DecodeAs | None" = None,
) -> None:
    """Open the inspector on a lab's run, else its reference (with the knobs `given`). Raises UsageError for what there is not."""
    import gc

    gc.disable()  # until the first paint: a part of that time goes into looking for garbage that is not there yet
    lab = catalog.load_lab(what)
    chosen = lab.experiment(experiment) if experiment else None
    if given:
        from ..analysis import reading
        from ..workflow.running import settings

        chosen = chosen or lab.core_path[0]
        name = references.name_of(chosen, settings(chosen, given))
        inspect(
            lambda: first_of_reference(lab, name, decode_as),
            lambda: reading.open_recorded(lab, name, decode_as),
            shipped,
        )
        return
    inspect(
        lambda: first_of_lab(lab, experiment, instance, run, shipped, decode_as),
        lambda: whole_of_lab(lab, experiment, instance, run, shipped, decode_as),
        shipped,
    )


def first_of_lab(
    lab: Lab,
    experiment: str | None,
    instance: str,
    run: int | None,
    shipped: bool,
    decode_as: "DecodeAs | None" = None,
) -> tuple[Trace, str, str]:
    """The events of a run (else of the reference), nothing read into them yet."""
    folder = None if shipped else runs.find(lab.id, experiment, instance, run)
    if folder is None:
        return first_of_reference(lab, experiment or lab.core_path[0].id, decode_as)
    return _first(lab, references.of_run(folder), "", decode_as)


def first_of_reference(lab: Lab, name: str, decode_as: "DecodeAs | None" = None) -> tuple[Trace, str, str]:
    """The events of a reference, nothing read into them yet. Raises UsageError if there is none of that name."""
    return _first(
        lab, references.of_reference(catalog.reference_folder(lab.id), name), "reference", decode_as
    )


def _first(
    lab: Lab, evidence: references.Evidence, origin: str, decode_as: "DecodeAs | None"
) -> tuple[Trace, str, str]:
    from ..sources import timeline
    from ..sources.decoding import decoding

    info = runs.read(evidence.folder)
    keys = evidence.keys if evidence.keys.exists() else None
    if info.decode_as:
        decode_as = decoding((*info.decode_as, *(decode_as.rules if decode_as else ())))
    trace = timeline.load(evidence.capture, evidence.folder / runs.EVIDENCE, info.nodes, keys, decode_as)
    return trace, lab.id, origin or f"run {info.id}"


def first_of_file(
    path: Path, lab: str, keys: Path | None, decode_as: "DecodeAs | None" = None
) -> tuple[Trace, str, str]:
    """The packets of a file. Raises LabError."""
    from ..errors import UsageError
    from ..sources import pcap

    if not path.exists():
        raise UsageError(f"There is no file {path}.", "Give the path of a pcap or pcapng file.")
    return pcap.load(path, keys=keys, decode_as=decode_as), lab, path.name


def whole_of_file(
    path: Path,
    lab: Lab,
    experiment: str | None,
    keys: Path | None,
    decode_as: "DecodeAs | None" = None,
) -> Callable[[], "Reading"]:
    """Reads the file against a guide, when called."""
    from ..analysis import reading

    return lambda: reading.open_file(path, lab, experiment, keys, decode_as)


def whole_of_lab(
    lab: Lab,
    experiment: str | None,
    instance: str,
    run: int | None,
    shipped: bool,
    decode_as: "DecodeAs | None" = None,
) -> "Reading":
    """The run read against its guide."""
    from ..analysis import reading

    return reading.open_lab(lab, experiment, instance=instance, run=run, shipped=shipped, decode_as=decode_as)
