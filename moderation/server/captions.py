"""BLIP: one sentence about what is in a picture. The weights are the operator's: nothing is downloaded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import torch
from transformers import BlipForConditionalGeneration, BlipProcessor

from moderation.server.decoding import Picture

_NUMBERS = ("max_length", "min_length", "num_beams")


class Captioner:
    """A BLIP model from a folder in the format of transformers' `save_pretrained`.

    `local_files_only` holds for model and processor: a wrong folder is an error, never a download.
    """

    def __init__(self, folder: Path) -> None:
        torch.set_num_threads(1)
        self._processor: Any = BlipProcessor.from_pretrained(folder, local_files_only=True)
        self._model: Any = BlipForConditionalGeneration.from_pretrained(folder, local_files_only=True)
        self._model.eval()

    def caption(self, picture: Picture, settings: Mapping[str, Any]) -> str:
        """Return a sentence for an upright BGR picture.

        Of a profile's BLIP configuration the lengths and the number of beams count. Beam search is
        deterministic, so the temperature, which only matters for sampling, does not.
        """
        inputs = self._processor(images=cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), return_tensors="pt")
        chosen = {name: settings[name] for name in _NUMBERS if name in settings}
        with torch.inference_mode():
            tokens = self._model.generate(**inputs, **chosen, do_sample=False)
        text: str = self._processor.decode(tokens[0], skip_special_tokens=True)
        return text.strip()
