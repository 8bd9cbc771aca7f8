"""What integrators were promised: a change of the API shows as a change of docs/openapi.yaml."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

SNAPSHOT = Path(__file__).resolve().parents[4] / "docs" / "openapi.yaml"
COMMAND = "manage.py spectacular --file docs/openapi.yaml"


def test_the_schema_is_the_one_that_is_kept() -> None:
    out = StringIO()
    call_command("spectacular", stdout=out)

    assert out.getvalue().strip() == SNAPSHOT.read_text().strip(), (
        f"The API changed. If it is meant, write it down: .venv/bin/python {COMMAND}"
    )
