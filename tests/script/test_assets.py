import re
from pathlib import Path

import pytest

from script.support import assets
from script.support.service import ServiceError

HOUSE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16">\n  <path d="M1 1"/>\n</svg>\n'
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with two icons installed and four files of packages."""
    icons = tmp_path / "node_modules" / "bootstrap-icons" / "icons"
    icons.mkdir(parents=True)
    for name in ("house", "gear", "trash"):
        (icons / f"{name}.svg").write_text(HOUSE)
    for source in assets.FILES.values():
        path = tmp_path / "node_modules" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content;\n//# sourceMappingURL=content.js.map\n")
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "templates").mkdir()
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("templates/page.html", '{% icon "house" %}'),
        ("templates/deep/page.html", "{% icon 'house' 'Home' %}"),
        ("templates/page.html", '{% include "components/empty.html" with icon="house" %}'),
        ("billing/portal/views.py", 'Entry(icon="house")'),
        ("billing/portal/views.py", '{"icon": "house"}'),
        ("billing/portal/views.py", "# computed: #icon-house"),
        ("static/page.js", 'use.setAttribute("href", `${sprite}#icon-house`)'),
    ],
)
def test_draw_icons_finds_names_wherever_they_are_given(root: Path, name: str, text: str) -> None:
    write(root, name, text)

    assert assets.draw_icons(root)

    sprite = (root / "var" / "assets" / "icons.svg").read_text()
    assert re.findall(r'<symbol id="([^"]+)"', sprite) == ["icon-house"]
    assert '<path d="M1 1"/></symbol>' in sprite


def test_draw_icons_leaves_the_icons_of_the_admin_alone(root: Path) -> None:
    write(root, "billing/admin/tiers.py", '{"icon": "no-such-icon-in-bootstrap"}')

    assets.draw_icons(root)

    assert "symbol" not in (root / "var" / "assets" / "icons.svg").read_text()


def test_draw_icons_names_unknown_icons(root: Path) -> None:
    write(root, "templates/page.html", '{% icon "house" %}{% icon "hous" %}{% icon "geer" %}')

    with pytest.raises(ServiceError, match="no icon named geer, hous"):
        assets.draw_icons(root)


def test_draw_icons_is_idle_where_nothing_changed(root: Path) -> None:
    write(root, "templates/page.html", '{% icon "gear" %}')

    assert [assets.draw_icons(root), assets.draw_icons(root)] == [True, False]


def test_copy_drops_the_reference_to_a_map_that_is_not_served(root: Path) -> None:
    target, source = "vendor/htmx.min.js", assets.FILES["vendor/htmx.min.js"]

    assert [assets.copy(root, target, source), assets.copy(root, target, source)] == [True, False]
    assert (root / "var" / "assets" / target).read_bytes() == b"content;\n"


def test_install_is_idle_where_the_lock_file_is_installed(root: Path) -> None:
    stamp = root / "node_modules" / ".musenest"
    stamp.write_text("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")  # SHA-256 of {}

    assert not assets.install(root)


def test_install_tells_what_npm_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("npm_config_fetch_retries", "0")  # without a network it would try for a minute
    (root / "package.json").write_text('{"dependencies": {"bootstrap": "1.0.0"}}')

    with pytest.raises(ServiceError, match=r"npm ci ended with 1:\n[\s\S]*npm error"):
        assets.install(root)


def test_lock_file_names_no_registry() -> None:
    lock = (assets.ROOT / "package-lock.json").read_text()

    assert '"integrity"' in lock
    assert '"resolved"' not in lock
