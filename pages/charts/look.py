"""In which language, size and colours is a chart drawn?

Okabe-Ito hues; the dark values are the ones of `.streamlit/config.toml`. Loss is orange and gain is blue, never red
and green, whose meaning is reversed in Chinese finance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from data_access.metric_kinds import Unit
from pages.words.catalogue import Catalogue

Verdict = Literal["loss", "gain", "none"]
FONT = "Source Sans, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, sans-serif"
LARGE, WALL = 1.2, 1.54  # of normal text; on the wall of a room the smallest is 20 pixels


@dataclass(frozen=True, kw_only=True)
class Palette:
    """Colours of marks, and of the text beside them where small text needs more contrast."""

    background: str
    ink: str
    quiet: str
    neutral: str
    faint: str
    palest: str
    band: str
    brand: str
    brand_pale: str
    loss: str
    loss_text: str
    gain: str
    gain_text: str

    def mark(self, verdict: Verdict) -> str:
        return {"loss": self.loss, "gain": self.gain, "none": self.neutral}[verdict]

    def word(self, verdict: Verdict) -> str:
        return {"loss": self.loss_text, "gain": self.gain_text, "none": self.ink}[verdict]


LIGHT = Palette(
    background="#FFFFFF", ink="#17212B", quiet="#5B6670", neutral="#7F7F7F", faint="#C3CAD1", palest="#DDE2E7",
    band="#EEF1F4", brand="#1F3A5F", brand_pale="#8FA0B3", loss="#D55E00", loss_text="#A04400", gain="#0072B2",
    gain_text="#005A8C",
)  # fmt: skip
DARK = Palette(
    background="#12171D", ink="#F2F5F8", quiet="#A9B4BF", neutral="#8C97A3", faint="#46515D", palest="#313A44",
    band="#1E262F", brand="#7FA9D6", brand_pale="#55697F", loss="#F0803C", loss_text="#FFA667", gain="#4FA8DD",
    gain_text="#7CC0EE",
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """Everything a figure needs beside its numbers.

    lower_better: a rise is a loss (transferred, dissatisfied);
    dark: `st.context.theme.type == "dark"`; large: the large-text setting; wall: on the screen
    of a meeting room.
    """

    catalogue: Catalogue
    unit: Unit = Unit.POINTS
    lower_better: bool = False
    dark: bool = False
    large: bool = False
    wall: bool = False

    @property
    def palette(self) -> Palette:
        return DARK if self.dark else LIGHT

    def px(self, size: float) -> float:
        """Pixels at the chosen text size."""
        return size * (WALL if self.wall else LARGE if self.large else 1)

    def text(self, key: str, **values: Any) -> str:
        return self.catalogue.text(f"chart.{key}", unit=self.unit, **values)

    def show(self, value: Any, spec: str) -> str:
        return self.catalogue.show(value, spec, unit=self.unit)

    def level(self, value: Any) -> str:
        """A score or a rate as it stands on an axis: "84.7", "2.8 %"."""
        return self.show(value, "metric_level")

    def gap(self, value: Any) -> str:
        """A difference of two of them: "−1.6", "+0.2 pp"."""
        return self.show(value, "metric_gap")

    def verdict(self, change: float) -> Verdict:
        """Whether a step up or down is a loss or a gain for this metric."""
        if not change or change != change:
            return "none"
        return "loss" if (change < 0) != self.lower_better else "gain"
