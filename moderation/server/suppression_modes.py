"""The names of the two kinds of non-maximum suppression, for whoever needs no model."""

PER_CLASS = "per-class"  # boxes compete within their label
AGNOSTIC = "agnostic"  # boxes of all labels compete, as in the class that is shipped with the model
MODES = (PER_CLASS, AGNOSTIC)
