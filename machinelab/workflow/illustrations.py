"""A guide's pictures of the run that is being read: as text for its fences, as SVG for the files beside it."""

from collections.abc import Callable
from functools import cache

from ..analysis import pictures, plots
from ..analysis.pictures import Shown
from ..analysis.reading import Reading
from ..guide import PictureFence
from ..model import Figure, Plot
from ..render import plot as draw_plot
from ..render.pictures import figure_svg
from ..render.pictures import shown as draw
from ..render.terminal import TerminalStyle


class Illustrations:
    """`found` is the run that is being read; `open` gives that of another experiment, None where there is none.

    Each picture is worked out once, however often it is shown: as text, as SVG.
    """

    def __init__(
        self,
        found: Reading,
        open: Callable[[str], Reading | None],
        shipped: bool,
        recorded: plots.Recorded | None = None,
    ) -> None:
        self.found, self.open, self.shipped, self.recorded = found, open, shipped, recorded
        self._figures: Callable[[str, str], Figure | None] = cache(self._figure_of)
        self._pictures: Callable[[str, str], Shown | None] = cache(self._shown_of)

    def text(self, fence: PictureFence, terminal: TerminalStyle) -> list[str] | None:
        """A picture's lines; None where there is no such picture or run."""
        if (plot := self._plot(fence)) is not None:
            figure = self._figure(plot, fence)
            return None if figure is None else list(draw_plot.plot(figure, terminal))[2:]
        shown = self._shown(fence)
        return None if shown is None else draw.body(shown, terminal)

    def svg(self, fence: PictureFence) -> str | None:
        """The same as a file."""
        if (plot := self._plot(fence)) is not None:
            figure = self._figure(plot, fence)
            return None if figure is None else figure_svg.svg(figure)
        shown = self._shown(fence)
        return None if shown is None else draw.svg(shown)

    def told(self, fence: PictureFence) -> tuple[str, str, str] | None:
        """Its title, what it shows, and of which run it is."""
        if (plot := self._plot(fence)) is not None:
            figure = self._figure(plot, fence)
            source = "" if figure is None else f"From {', '.join(figure.origins)}."
            return plot.title, f"{plot.y}, by {plot.x}.", source
        shown = self._shown(fence)
        return None if shown is None else (shown.picture.title, shown.picture.caption, draw.source(shown))

    def _plot(self, fence: PictureFence) -> Plot | None:
        return next((plot for plot in self.found.lab.plots if plot.id == fence.id), None)

    def _shown(self, fence: PictureFence) -> Shown | None:
        return self._pictures(fence.id, fence.experiment)

    def _shown_of(self, id: str, experiment: str) -> Shown | None:
        known = pictures.available(self.found.lab)
        picture = next((each for each in known if each.id == id), None)
        if picture is None:
            return None
        first, here = next(iter(picture.experiments), ""), self.found.experiment.id
        own = here if here in picture.experiments and not self.shipped else first
        home = self.open(experiment or own)
        return None if home is None else pictures.show(picture, home)

    def _figure(self, plot: Plot, fence: PictureFence) -> Figure | None:
        return self._figures(plot.id, fence.experiment)

    def _figure_of(self, id: str, experiment: str) -> Figure | None:
        lab, info = self.found.lab, self.found.info
        plot = next(each for each in lab.plots if each.id == id)
        if plot.lanes is None:
            instance = info.instance if info else "default"
            shipped = self.shipped or not self.found.own
            return plots.figure(lab, plot, instance, shipped, recorded=self.recorded)
        home = self.open(experiment or plot.experiment)
        return None if home is None else plots.of_one(lab, plot, home)
