"""Labels of Devices and work orders, as a scanner or a person gives them: what each one is."""

from hht.label.kinds import MASK, Label, LabelKind
from hht.label.read import read_label

__all__ = ["MASK", "Label", "LabelKind", "read_label"]
