"""What issue 2 shows: a customer makes a site stricter, deploys it, tries pictures, and sees why."""

import re
from pathlib import Path

import pytest
import skimage
from playwright.sync_api import FilePayload, expect

from script.support.supervisor import Supervisor
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PICTURES = Path(skimage.__file__).parent / "data"
DEPLOYED_WITHIN = 60_000


def deploy(visit: Visit, button: str) -> None:
    visit.page.get_by_role("button", name=button).click()
    expect(visit.page.locator(".in-step")).to_contain_text(
        "What is in force is what is saved", timeout=DEPLOYED_WITHIN
    )


def decide(visit: Visit, picture: str) -> None:
    image = visit.page.locator("#image")
    image.wait_for(state="attached")
    visit.page.wait_for_load_state()  # its scripts hear of the file
    image.set_input_files(PICTURES / picture)
    visit.page.get_by_role("button", name="Decide").click()


def test_journey_from_the_sign_in_to_a_decision(programs: Supervisor, visit: Visit) -> None:
    visit.sign_in(visit.site.acme)
    deploy_for_the_first_time(visit)
    make_it_stricter(visit)
    try_a_picture_that_is_rejected(visit)
    try_a_picture_that_is_approved(visit)
    look_back(visit)


def deploy_for_the_first_time(visit: Visit) -> None:
    page, acme = visit.page, visit.site.acme
    page.get_by_role("link", name="Acme Family").click()
    page.wait_for_url(f"**{acme.url('sites/acme-family')}")
    deploy(visit, "Deploy for the first time")
    expect(page.locator("#site-state")).to_have_text("Deployed")
    expect(page.locator("#history")).to_contain_text("Successful: version 1")


def make_it_stricter(visit: Visit) -> None:
    """What is unsaved shows beside the slider, the bar appears, then the plan, then it is deployed."""
    page = visit.page
    expect(page.locator("#preview")).to_contain_text("20 %")
    detection = page.get_by_label("Counts from", exact=True)
    detection.press("ArrowRight")
    expect(page.locator("#effect-detection")).to_contain_text(
        "Counts from 21 % in public, from 36 % in private."
    )
    rejection = page.locator("[name='usage_intents.public_site.rejection_threshold']")
    rejection.press("ArrowLeft")
    bar = page.locator("[data-save-bar]")
    expect(bar).to_contain_text("2 unsaved changes")
    bar.get_by_role("button", name="Save").click()
    expect(page.locator(".toast-line").first).to_contain_text("not in force until you deploy it")
    expect(page.locator("#site-state")).to_have_text("Outdated")
    plan = page.locator("#deployment .diff")
    expect(plan).to_contain_text("Detection threshold")
    expect(plan.locator("del").first).to_have_text("0.25")
    expect(plan.locator("ins").first).to_have_text("0.26")
    deploy(visit, "Deploy 2 changes")
    expect(page.locator("#site-state")).to_have_text("Deployed")
    expect(page.locator("#history")).to_contain_text("Successful: version 2")


def try_a_picture_that_is_rejected(visit: Visit) -> None:
    page = visit.page
    page.get_by_role("main").get_by_role("link", name="Try a picture").click()
    decide(visit, "color.png")
    verdict = page.locator(".verdict.is-rejected")
    expect(verdict).to_contain_text("This picture must not be shown.")
    expect(verdict).to_contain_text("BUTTOCKS_EXPOSED")
    expect(verdict.locator("tbody tr").first).to_contain_text("83.5 %")
    picture = verdict.locator("[data-picture]")
    expect(picture).to_have_class("picture is-blurred")
    picture.get_by_role("button", name="Show the picture").click()
    expect(picture).to_have_class("picture")
    expect(picture.locator("img")).to_have_js_property("naturalWidth", 371)
    expect(picture.locator("img")).to_have_attribute("src", re.compile("^blob:"))
    box = picture.locator(".box").first
    box.focus()
    expect(box.locator(".tag")).to_be_visible()
    expect(verdict.locator("tr.is-named")).to_contain_text("Exposed buttocks")


def try_a_picture_that_is_approved(visit: Visit) -> None:
    decide(visit, "chelsea.png")
    approved = visit.page.locator(".verdict.is-approved")
    expect(approved).to_contain_text("This picture may be shown.")
    expect(approved).to_contain_text("A stage is missing")
    expect(approved).to_contain_text("No caption was written")
    approved.get_by_role("link", name="decision").click()


def look_back(visit: Visit) -> None:
    page = visit.page
    expect(page.locator("h1")).to_have_text("This picture may be shown.")
    assert page.locator("main img").count() == 0
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Decisions").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Overview").click()
    expect(page.locator("#chart-title")).to_have_text("50 % of 2 pictures were held back in the last 30 days")


def test_deployment_goes_on_when_the_page_is_left(programs: Supervisor, visit: Visit) -> None:
    page, acme = visit.page, visit.site.acme
    visit.sign_in(acme)
    visit.open(acme.url("sites/acme-family"))
    page.get_by_role("button", name="Deploy for the first time").click()
    expect(page.locator(".progress-line, .in-step")).to_be_visible()
    visit.open(acme.url("sites"))
    for _ in range(120):
        if page.locator("tbody .pill").inner_text() == "Deployed":
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator("tbody .pill")).to_have_text("Deployed")


def test_server_that_is_off_is_named_while_the_tries_go_on(programs: Supervisor, visit: Visit) -> None:
    page, acme = visit.page, visit.site.acme
    programs.running["moderation"].terminate()
    programs.running["moderation"].wait()
    visit.sign_in(acme)
    visit.open(acme.url("sites/acme-family"))
    page.get_by_role("button", name="Deploy for the first time").click()
    progress = page.locator(".progress-line")
    expect(progress).to_contain_text("did not succeed", timeout=DEPLOYED_WITHIN)
    expect(progress).to_contain_text("you may leave this page")


def test_what_is_no_picture_is_refused_in_its_place(programs: Supervisor, visit: Visit) -> None:
    page, acme = visit.page, visit.site.acme
    visit.sign_in(acme)
    visit.open(acme.url("sites/acme-family"))
    deploy(visit, "Deploy for the first time")
    visit.open(acme.url("sites/acme-family/try"))
    page.locator("#image").set_input_files(
        FilePayload(name="a.svg", mimeType="image/svg+xml", buffer=b"<svg/>")
    )
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("#result")).to_contain_text("Only JPEG, PNG, WebP and GIF pictures are accepted.")
    # Chromium and htmx each write a line about a status of 415; nothing else may be there.
    assert [line for line in visit.complaints if "415" not in line] == []
    visit.complaints.clear()


def test_other_customer_finds_nothing_of_it(visit: Visit) -> None:
    page, site = visit.page, visit.site
    visit.sign_in(site.borealis)
    visit.open(site.acme.url("sites/acme-family"))
    expect(page.locator("h1")).to_have_text("There is nothing here")
    assert "Acme" not in page.inner_text("body")
    assert [line for line in visit.complaints if "404" not in line] == []
    visit.complaints.clear()
