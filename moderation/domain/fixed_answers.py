"""The fixed answers of the test mode. They hang on the picture's SHA-256 alone: nothing looks at it.

`PICTURES` are the ones in `docs/test-pictures/`. Of any other picture the first hexadecimal digit decides:
0 to 9 is approved, a to c flagged, d to f rejected.
"""

from enum import StrEnum

from moderation.domain.detections import Box, Detection
from moderation.domain.scores import risk_level
from moderation.domain.verdicts import Reason, Verdict, flagged_for

CODE = "TEST_MODE"


class Fixed(StrEnum):
    APPROVED = "approved"
    FLAGGED = "flagged"
    REJECTED = "rejected"
    ESCALATED = "escalated"  # rejected, by the child-safety rule
    UNASSESSED = "unassessed"  # flagged, because no server answered
    UNREADABLE = "unreadable"  # 422
    OVER_THE_QUOTA = "over-the-quota"  # 429
    UNAVAILABLE = "unavailable"  # 503


PICTURES = {
    "bff9492573876df8d470ccdb431b064b4effcede894b71dbe748b235844c3608": Fixed.APPROVED,
    "d71f55beb7c44efd3e3ce0c261ea327bcacfca3e7fee0e46e0f5e88bd8a38920": Fixed.FLAGGED,
    "5fa5de240279a117fd979a24cae16a62537bd93a51ea1989140bfd01e4311bf1": Fixed.REJECTED,
    "7e5d2a1a091667f1e5a19d064a98369097fe9f4b5c4ad7b207b873b74f2b6047": Fixed.ESCALATED,
    "6cd968ccc4df75d10cae6ce91f5042c0ac258d62bb3540455b7308f866e79159": Fixed.UNASSESSED,
    "63e8da80ec0ae3368a318fac04595a22bc34c8c90bb1a76c3464ddbe4153f5f5": Fixed.UNREADABLE,
    "579630975dba9f6d639e98e37d51bfac9df4868977022e11a09877fdb41f34aa": Fixed.OVER_THE_QUOTA,
    "882e1106419f15a9ac7cc927f6e212b3ae9fe4fc9c60b1c036da4aa93a8bd69d": Fixed.UNAVAILABLE,
}
FIRST_DIGITS = (
    dict.fromkeys("0123456789", Fixed.APPROVED)
    | dict.fromkeys("abc", Fixed.FLAGGED)
    | dict.fromkeys("def", Fixed.REJECTED)
)
SCORES = {Fixed.APPROVED: 5.0, Fixed.FLAGGED: 45.0, Fixed.REJECTED: 90.0, Fixed.ESCALATED: 90.0}
DECISIONS = {Fixed.ESCALATED: "rejected"}
THRESHOLD = 20.0


def outcome_of(image_hash: str) -> Fixed:
    """What the picture with this SHA-256 (64 hexadecimal digits) comes to."""
    return PICTURES.get(image_hash) or FIRST_DIGITS[image_hash[0]]


def detections_of(outcome: Fixed) -> tuple[Detection, ...]:
    """One made-up detection where the picture is not approved."""
    if outcome not in SCORES or outcome == Fixed.APPROVED:
        return ()
    return (Detection("BUTTOCKS_EXPOSED", SCORES[outcome], Box(4, 4, 8, 8)),)


def verdict_of(outcome: Fixed) -> Verdict:
    """The verdict of an outcome that has one: all but those that are refused."""
    if outcome == Fixed.UNASSESSED:
        return flagged_for(
            "SERVER_TIMED_OUT",
            "The moderation server did not answer in time: so says the test mode, which asks none. "
            "The picture is held for a person.",
        )
    score, is_escalated = SCORES[outcome], outcome == Fixed.ESCALATED
    reason = Reason(CODE, "The fixed answer of the test mode: nothing looked at the picture.")
    return Verdict(
        decision=DECISIONS.get(outcome, outcome.value),
        reasons=(reason,),
        nudity_score=score,
        child_risk=95.0 if is_escalated else 0.0,
        final_risk_score=95.0 if is_escalated else score,
        risk_level=risk_level(score),
        threshold=THRESHOLD,
        usage_intent="",
        escalated=is_escalated,
        preserve=is_escalated,
        child_safety="assessed",
        stages_done=("detection", "caption"),
        stages_missing=(),
    )
