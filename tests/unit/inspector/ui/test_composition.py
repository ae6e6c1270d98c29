"""The inspector is one App that owns parts: no class of it inherits from another, but for the panes from Pane."""

import ast

from tests import ROOT

UI = ROOT / "machinelab" / "inspector" / "ui"


def bases() -> dict[str, set[str]]:
    """Class → what it inherits from, type arguments left out."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in UI.glob("*.py")]
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return {each.name: {ast.unparse(base).partition("[")[0] for base in each.bases} for each in classes}


def test_only_panes_inherit_from_a_class_of_ours():
    found = bases()
    ours = {name: above & found.keys() for name, above in found.items() if above & found.keys()}
    assert set().union(*ours.values()) == {"Pane"}
    assert ours.keys() == {"PacketList", "GuidePane", "FieldTree", "BytesPane", "LadderPane", "OverlayPane"}


def test_there_is_one_app():
    assert [name for name, above in bases().items() if "App" in above] == ["Inspector"]
