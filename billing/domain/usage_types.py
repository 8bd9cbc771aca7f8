"""What a use is of: an open list (M-42). MuseNest writes its own types; everybody else may add others.

A type is lower-case words with underscores between, at most 40 characters.
"""

import re

ANALYSIS = "analysis"
REPORTED = "component_generation"  # what a report without a type is of (N-16)
LONGEST = 40
PATTERN = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"

# What only MuseNest writes: nobody reports figures that are metered or billed.
RESERVED = {
    ANALYSIS: "Analysed pictures",
    "config_deployment": "Deployments",
    "resilient_deployment": "Resilient deployments",
    "validated_deployment": "Deployments with canary pictures",
    "batch_analysis": "Pictures analysed in batches",
    "ai_generation": "AI generations",
}


def is_well_formed(usage_type: str) -> bool:
    return len(usage_type) <= LONGEST and re.fullmatch(PATTERN, usage_type) is not None


def label(usage_type: str) -> str:
    """The type for people."""
    return RESERVED.get(usage_type) or usage_type.replace("_", " ").capitalize()
