"""What the owner states before an adult site goes live (REQUIREMENTS.md, 28). Another wording has another
version, and is stated anew.
"""

WORDING_VERSION = 1
WORDING = (
    "Everybody who can be seen in pictures on our adult sites was at least 18 years old when the picture was "
    "made and has agreed to its publication. We keep the records that prove both, and show them to who may "
    "lawfully ask."
)
