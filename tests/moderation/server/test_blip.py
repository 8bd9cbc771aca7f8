"""The real loading and generating code on a tiny BLIP with random weights (opt-in: pytest -m blip)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.moderation.server import samples
from tests.moderation.server.conftest import running

pytestmark = pytest.mark.blip
WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[DEC]",
    "[ENC]",
    "a",
    "woman",
    "cat",
    "on",
    "the",
    "beach",
    "child",
]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `save_pretrained` writes it: model, processor, a vocabulary of a dozen words."""
    pytest.importorskip("torch")
    transformers: Any = pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("tiny-blip")
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    small = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    marks = {"bos_token_id": 4, "pad_token_id": 0, "eos_token_id": 3, "sep_token_id": 3}
    text = {
        **small,
        **marks,
        "vocab_size": len(WORDS),
        "encoder_hidden_size": 16,
        "max_position_embeddings": 256,
    }
    config = transformers.BlipConfig(
        text_config=text, vision_config={**small, "image_size": 32, "patch_size": 16}, projection_dim=16
    )
    transformers.BlipForConditionalGeneration(config).save_pretrained(folder)
    tokenizer = transformers.BertTokenizer(str(folder / "vocab.txt"))
    pictures = transformers.BlipImageProcessor(size={"height": 32, "width": 32})
    transformers.BlipProcessor(pictures, tokenizer).save_pretrained(folder)
    return folder


def test_picture_is_answered_first_and_captioned_then(
    tmp_path: Path, weights: Path, wait_until: Callable[[Callable[[], Any]], Any]
) -> None:
    with running(tmp_path, "--workers", "1", "--blip-model", str(weights)) as one:
        health = one.client.get("/health").json()
        assert (health["blip_available"], health["blip_model"]) == (True, weights.name)
        answer = one.analyze(samples.bundled("color.png"), batch_id="tiny").json()
        assert answer["processing_status"] == "blip_pending"
        assert answer["child_safety"] == "pending"
        response = wait_until(
            lambda: (got := one.client.get("/retrieve-blip", params={"batch_id": "tiny"})).is_success and got
        )
        document = response.json()
        assert document["image_hash"] == answer["image_hash"]
        assert set(document["image_description"]["description"].split()) <= {*WORDS, *map(str.lower, WORDS)}
        assert set(document["combined_assessment"]) == {
            "final_risk_score",
            "risk_level",
            "children_detected",
            "reasoning",
        }
        assert one.client.post("/restart").json()["blip_available"] is True
