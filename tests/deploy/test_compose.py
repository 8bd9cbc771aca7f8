"""The compose file beside the Dockerfile, the settings and the secrets: what one names, the others have."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
APPLICATION = {
    name: service for name, service in OURS.items() if service["build"].get("target") == "musenest"
}


@pytest.fixture(scope="module")
def secrets_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deploy") / "secrets"
    subprocess.run([DEPLOY / "make-secrets", folder], check=True)
    return folder


def settings_in(path: Path) -> set[str]:
    return set(re.findall(r"^#? ?([A-Z][A-Z0-9_]*)=", path.read_text(), re.MULTILINE))


def test_every_target_is_in_the_dockerfile() -> None:
    targets = {service["build"]["target"] for service in OURS.values()}

    assert targets == {"musenest", "moderation", "proxy"}
    assert targets <= set(re.findall(r"^FROM \S+ AS (\S+)$", DOCKERFILE, re.MULTILINE))


def test_every_image_ends_as_nobody_and_has_its_own_first_process() -> None:
    for target in ("musenest", "moderation", "proxy"):
        stage = DOCKERFILE.partition(f" AS {target}\n")[2].partition("\nFROM ")[0]
        assert "USER 10001:10001" in stage
    assert 'ENTRYPOINT ["tini", "--", "/opt/deploy/entrypoint"]' in DOCKERFILE
    assert "EXPOSE 3000" in DOCKERFILE


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    for name in ("data", "models"):
        assert COMPOSE["networks"][name]["internal"] is True
    assert SERVICES["proxy"]["networks"] == ["edge"]
    assert [name for name, service in SERVICES.items() if "edge" in service["networks"]] == ["proxy", "web"]


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - {"postgres"}))
def test_a_service_may_write_nowhere_and_has_no_rights(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_services_come_back_and_operations_do_not() -> None:
    once = {name for name, service in SERVICES.items() if service["restart"] == "no"}

    assert once == {"prepare", "backup", "restore"}
    assert {service["restart"] for service in SERVICES.values()} == {"no", "unless-stopped"}


def test_the_order_is_by_health() -> None:
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
        assert SERVICES[name]["depends_on"]["valkey"] == {"condition": "service_healthy"}
    assert SERVICES["prepare"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert SERVICES["proxy"]["depends_on"]["web"]["condition"] == "service_healthy"
    assert "HEALTHCHECK" in DOCKERFILE.partition(" AS musenest\n")[2].partition("\nFROM ")[0]
    for name in ("postgres", "valkey", "worker"):
        assert SERVICES[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_secrets_are_files_that_make_secrets_makes(name: str, secrets_folder: Path) -> None:
    service = SERVICES[name]
    given = set(service.get("secrets", ()))
    environment: dict[str, str] = service.get("environment", {})

    for setting, value in environment.items():
        if setting.endswith("_FILE"):
            assert value.removeprefix("/run/secrets/") in given
        else:
            assert not re.search("SECRET|KEY|PASSWORD|TOKEN|DATABASE_|REDIS_", setting), setting
    for secret in given:
        assert COMPOSE["secrets"][secret] == {"file": f"./secrets/{secret}"}
        assert (secrets_folder / secret).is_file()


def test_only_what_prepares_has_the_owners_address() -> None:
    for name in ("web", "worker", "beat"):
        assert not {"database_owner_url", "database_admin_url"} & set(SERVICES[name]["secrets"])


def test_every_setting_is_one_that_settings_read() -> None:
    known = settings_in(ROOT / ".env.example") | {"PROMETHEUS_MULTIPROC_DIR"}  # the library's own

    for service in APPLICATION.values():
        assert {setting.removesuffix("_FILE") for setting in service["environment"]} <= known
    asked = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text()))
    assert asked == settings_in(DEPLOY / "environment.example")


def test_secrets_are_made_once_and_differ(secrets_folder: Path) -> None:
    before = {path.name: path.read_text() for path in secrets_folder.iterdir()}

    subprocess.run([DEPLOY / "make-secrets", secrets_folder], check=True)

    assert {path.name: path.read_text() for path in secrets_folder.iterdir()} == before
    values = list(before.values())
    assert len(set(values)) == len(values)
    assert secrets_folder.stat().st_mode & 0o777 == 0o700


def test_the_images_take_nothing_that_is_not_named() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] not in ("", "#")]

    assert rules[0] == "*"
    let_in = {line[1:] for line in rules if line.startswith("!")}
    assert not let_in & {".env", "var", "tests", "bench", ".git", ".venv", "node_modules"}
    for name in ("secrets", "certificates", "backups", "checkpoints", ".env"):
        assert f"deploy/{name}" in rules
    for name in let_in:
        assert (ROOT / name).exists(), name
