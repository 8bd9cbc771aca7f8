"""What integrators were promised: a change of the API shows as a change of docs/openapi.yaml."""

from io import StringIO
from pathlib import Path

import yaml
from django.core.management import call_command

SNAPSHOT = Path(__file__).resolve().parents[4] / "docs" / "openapi.yaml"
COMMAND = "manage.py spectacular --file docs/openapi.yaml"


def test_the_schema_is_the_one_that_is_kept() -> None:
    out = StringIO()
    call_command("spectacular", stdout=out)

    assert out.getvalue().strip() == SNAPSHOT.read_text().strip(), (
        f"The API changed. If it is meant, write it down: .venv/bin/python {COMMAND}"
    )


def test_the_page_begins_with_the_one_rule_and_with_pictures() -> None:
    schema = yaml.safe_load(SNAPSHOT.read_text())
    operations = [operation for path in schema["paths"].values() for operation in path.values()]

    assert "hold the picture on every answer that is not a 200" in " ".join(
        schema["info"]["description"].split()
    )
    assert schema["tags"][0]["name"] == "Moderation"
    assert {tag["name"] for tag in schema["tags"]} == {
        tag for operation in operations for tag in operation["tags"]
    }
