"""The routes that take pictures: `/analyze`, `/analyze/batch`, `/infer`."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from moderation.domain.decisions import decide
from moderation.domain.detections import Detection
from moderation.domain.pictures import PictureError, read_header
from moderation.domain.profiles import Profile
from moderation.server import answers, callbacks, errors, uploads
from moderation.server.captioning import Awaited
from moderation.server.errors import ApiError
from moderation.server.process import WorkerDiedError
from moderation.server.site_names import site_name
from moderation.server.state import State

_ONE = uploads.Limits()
_BATCH = uploads.Limits(uploads.BATCH_PICTURES, uploads.BATCH_BYTES)
_LONGEST_ID = 128


@dataclass(frozen=True)
class _Question:
    """What a form asks, apart from its pictures."""

    batch_id: str
    site: str | None
    revision: int | None
    profile: Profile
    context_type: str | None
    usage_intent: str | None
    webhook_url: str | None
    hidden: frozenset[str]
    is_gone: Callable[[], bool]


async def analyze(request: Request) -> Response:
    """Decide about the picture in `image`: with the profile of the form's `site`, or with the default one."""
    state: State = request.app.state.server
    form = await _admitted(request, state, _ONE)
    return JSONResponse(await _analyzed(state, _question(request, state, form), _named(form, "image")[0]))


async def analyze_batch(request: Request) -> Response:
    """Decide about each picture in `images`, in order; a picture that fails is one failed result.

    The batch takes no more workers at once than there are, so that single pictures still come through.
    """
    state: State = request.app.state.server
    form = await _admitted(request, state, _BATCH)
    question, pictures = _question(request, state, form), _named(form, "images", "image")
    turn = asyncio.Semaphore(state.pool.size)

    async def one(picture: bytes) -> dict[str, Any]:
        async with turn:
            return await _result(state, question, picture)

    results = await asyncio.gather(*(one(picture) for picture in pictures))
    return JSONResponse({"batch_id": question.batch_id, "results": results})


async def infer(request: Request) -> Response:
    """Answer as the stock NudeNet image does: detections of each file in `f1`, scores 0-1, boxes [x, y, w,
    h].
    """
    state: State = request.app.state.server
    form = await _admitted(request, state, _BATCH)
    prediction = []
    for picture in _named(form, "f1"):
        found = (await _examined(state, picture, request.state.leaving.done, hashes=False))["found"]
        prediction.append([{"class": label, "score": score, "box": box} for label, score, box in found])
    return JSONResponse({"prediction": prediction, "success": True})


async def _admitted(request: Request, state: State, limits: uploads.Limits) -> uploads.Form:
    """Read the form if there is room for it and its site; given back when the request has been answered."""
    declared = uploads.declared_length(request, limits)
    request.state.room.enter_context(state.admission.admit(declared))
    form = await uploads.read_form(request, limits)
    # What comes after the body is that the caller has left. It would not be heard without asking: Uvicorn
    # stops reading at 64 KiB.
    request.state.leaving = asyncio.ensure_future(request.receive())
    request.state.room.callback(request.state.leaving.cancel)
    if site := form.fields.get("site"):
        request.state.room.enter_context(state.admission.share(site))
    return form


def _named(form: uploads.Form, *names: str) -> list[bytes]:
    pictures = [data for name, data in form.pictures if name in names]
    if not pictures:
        raise uploads.missing()
    return pictures


def _question(request: Request, state: State, form: uploads.Form) -> _Question:
    fields = form.fields
    stored = state.profiles.get(site_name(fields["site"])) if fields.get("site") else None
    batch_id = fields.get("batch_id") or str(uuid.uuid4())
    if len(batch_id) > _LONGEST_ID:
        raise ApiError("BATCH_ID_INVALID", 422, f"A batch_id has at most {_LONGEST_ID} characters.")
    return _Question(
        batch_id=batch_id,
        site=site_name(fields["site"]) if stored else None,
        revision=stored.revision if stored else None,
        profile=stored.profile if stored and stored.profile else state.default.profile(),
        context_type=fields.get("context_type") or None,
        usage_intent=fields.get("usage_intent") or None,
        webhook_url=fields.get("webhook_url") or None,
        hidden=answers.switched_off(fields),
        is_gone=request.state.leaving.done,
    )


async def _examined(
    state: State, picture: bytes, is_gone: Callable[[], bool], *, hashes: bool, site: str = ""
) -> dict[str, Any]:
    """Judge the header, then have a worker look; raises PictureError and WorkerDiedError."""
    read_header(picture)
    answer = await state.pool.ask({"hashes": hashes}, picture, site=site, is_gone=is_gone)
    if "error" in answer:
        raise PictureError(**answer["error"])
    return answer


async def _result(state: State, question: _Question, picture: bytes) -> dict[str, Any]:
    try:
        return {"success": True, **await _analyzed(state, question, picture, within_batch=True)}
    except PictureError as error:
        return errors.body(error.code, error.message)
    except WorkerDiedError:
        return errors.body("WORKER_FAILED", "The picture was not examined.")


async def _analyzed(
    state: State, question: _Question, picture: bytes, *, within_batch: bool = False
) -> dict[str, Any]:
    answer = await _examined(state, picture, question.is_gone, hashes=True, site=question.site or "")
    found = answers.detections(answer["found"])
    image_hash, perceptual, quality = answer["hashes"]
    # In a batch each picture has an id of its own, or their captions could not be told apart.
    batch_id = str(uuid.uuid4()) if within_batch else question.batch_id
    is_captioned = _awaits_caption(state, question, batch_id, image_hash, picture, found)
    verdict = decide(
        found,
        question.profile,
        context_type=question.context_type,
        usage_intent=question.usage_intent,
        caption=None,
        children_detected=None,
        caption_expected=is_captioned,
    )
    of_site = {"site": question.site, "config_revision": question.revision} if question.site else {}
    return {
        "batch_id": batch_id,
        "image_hash": image_hash,
        **answers.decision(verdict, may_reject=question.site is not None),
        **answers.summary(found, question.hidden),
        "combined_assessment": None,
        "processing_status": "blip_pending" if is_captioned else "complete",
        **of_site,
        "labels": [item.payload() for item in found],
        "image_width": answer["width"],
        "image_height": answer["height"],
        "perceptual_hash": perceptual,
        "perceptual_quality": quality,
        "model_digest": state.model_digest,
        "timings_ms": answer["timings_ms"],
    }


def _awaits_caption(
    state: State,
    question: _Question,
    batch_id: str,
    image_hash: str,
    picture: bytes,
    found: tuple[Detection, ...],
) -> bool:
    if state.captions is None:
        return False
    url = question.webhook_url
    return state.captions.accept(
        Awaited(
            batch_id=batch_id,
            image_hash=image_hash,
            picture=picture,
            detections=found,
            profile=question.profile,
            context_type=question.context_type,
            usage_intent=question.usage_intent,
            webhook_url=url if url and callbacks.is_allowed(url, state.callback_allow) else None,
        )
    )
