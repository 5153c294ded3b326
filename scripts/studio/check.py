"""Uses the studio as merchants do, in Chromium, and says what does not hold."""

import base64
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

program, shots = sys.argv[1], sys.argv[2]
trouble = []


class Service:
    def __init__(self, folder):
        self.folder = folder
        self.log = open(folder + "/log", "w+")
        home = folder + "/home"
        self.process = subprocess.Popen(
            [program, "serve", "--home", home, "--port", "0"], stderr=self.log, stdout=subprocess.DEVNULL
        )
        for _ in range(200):
            match = re.search(r"listening on (http://\S+)", open(folder + "/log").read())
            if match:
                self.address = match.group(1)
                return
            time.sleep(0.05)
        raise SystemExit("the service does not listen: " + open(folder + "/log").read())

    def run(self, *words):
        done = subprocess.run([program, *words, "--home", self.folder + "/home"], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{words}: {done.stderr}")
        return done.stdout

    def stop(self):
        self.process.terminate()
        self.process.wait()


def watched(page):
    page.on("console", lambda message: message.type == "error" and trouble.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: trouble.append(f"script: {error}"))
    return page


def drop(page, paths):
    """Drops files on a page, as a hand does."""
    files = [[os.path.basename(path), base64.b64encode(open(path, "rb").read()).decode()] for path in paths]
    page.evaluate(
        """files => {
            const data = new DataTransfer();
            for (const [name, text] of files) {
                const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
                data.items.add(new File([bytes], name, {type: name.endsWith(".csv") ? "text/csv" : "image/jpeg"}));
            }
            for (const name of ["dragenter", "dragover", "drop"])
                document.body.dispatchEvent(new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        files,
    )


def looked_at(browser, address, pages, key=None):
    """Every page at three widths, light and dark: no violation, no sideways scrolling, nothing that jumps."""
    axe = Axe()
    for width, scheme in [(390, "dark"), (390, "light"), (1024, "light"), (1600, "dark"), (1600, "light")]:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = watched(context.new_page())
        page.add_init_script(
            """window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries())
               if (!entry.hadRecentInput) window.shift += entry.value; }).observe({type: "layout-shift", buffered: true});"""
        )
        for name, path in pages:
            page.goto(address + path, wait_until="load")
            page.wait_for_timeout(250)
            where = f"{name} at {width} px, {scheme}"
            found = axe.run(page).response["violations"]
            for violation in found:
                nodes = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
                trouble.append(f"{where}: {violation['id']}: {violation['help']} ({nodes})")
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                trouble.append(f"{where}: scrolls sideways, {wide} px")
            shift = page.evaluate("window.shift")
            if shift > 0.05:
                trouble.append(f"{where}: shifts by {shift:.3f}")
            page.screenshot(path=f"{shots}/{name}-{width}-{scheme}.png")
        context.close()


def large(browser, folder):
    """Ten thousand products imported through the page: a page of a hundred is usable within a second, and the rest stays pleasant."""
    feed = folder + "/large.csv"
    with open(feed, "w") as file:
        file.write("id,title,description,link,price,image_link,product_type\n")
        for number in range(10_000):
            kind = ["Mugs", "Bowls", "Lamps", "Chairs"][number % 4]
            file.write(f"L-{number},{kind[:-1]} {number},Number {number},https://shop.example/{number},9.00 USD,p-{number % 8}.jpg,Home > {kind}\n")
    pictures = []
    for number, path in enumerate(sorted(glob.glob("catalog-samples/images/*.jpg"))[:8]):
        pictures.append(f"{folder}/p-{number}.jpg")
        shutil.copy(path, pictures[-1])
    service = Service(tempfile.mkdtemp(dir=folder))
    try:
        page = watched(browser.new_context(viewport={"width": 1280, "height": 900}).new_page())
        page.goto(service.address + "/studio/imports")
        page.set_input_files("#feed", feed)
        page.set_input_files("#pictures", pictures)
        page.locator("form.landing button").click()
        expect(page.get_by_text("Look at the products")).to_be_visible(timeout=120_000)
        page.get_by_text("Look at the products").click()
        expect(page.locator(".card")).to_have_count(100)
        times = {}
        for name, path in [("a page of 100", "/studio"), ("a category", "/studio?category=Home+%3E+Lamps"), ("a search", "/studio?q=lamp"),
                           ("presets", "/studio/presets"), ("a preset", "/studio/presets/lighting"), ("review", "/studio/review")]:
            best = 9.0
            for _ in range(3):
                begun = time.monotonic()
                page.goto(service.address + path, wait_until="load")
                page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
                best = min(best, time.monotonic() - begun)
            times[name] = best
        print("studio: 10,000 products:", ", ".join(f"{name} {best:.2f} s" for name, best in times.items()))
        if times["a page of 100"] > 1:
            trouble.append(f"a page of 100 products takes {times['a page of 100']:.2f} s")
        trouble.extend(f"{name} of 10,000 products takes {best:.1f} s" for name, best in times.items() if best > 3)
    finally:
        service.stop()


def main():
    samples = os.path.abspath("catalog-samples")
    pictures = sorted(glob.glob(samples + "/images/mug-*.jpg") + glob.glob(samples + "/images/candle*.jpg") + glob.glob(samples + "/images/kettlebell*"))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        service = Service(folder)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        try:
            walk(browser, service, samples, pictures)
            large(browser, folder)
        finally:
            browser.close()
            service.stop()
    for line in trouble:
        print("studio:", line)
    print(f"studio: {len(trouble)} complaints")
    return 1 if trouble else 0


def walk(browser, service, samples, pictures):
    address = service.address
    page = watched(browser.new_context(viewport={"width": 1280, "height": 900}).new_page())

    # A feed is dropped on the empty catalogue, and its import is watched.
    page.goto(address + "/")
    expect(page.get_by_role("heading", name="Bring in your products")).to_be_visible()
    drop(page, [samples + "/storefront.csv", *pictures])
    expect(page.get_by_text("Look at the products")).to_be_visible(timeout=30_000)
    imported = page.url[len(address) :]
    expect(page.get_by_text("was not among the uploaded pictures").first).to_be_visible()
    table = page.request.get(address + imported + "/diagnostics.csv").text()
    if "not among the uploaded pictures" not in table:
        trouble.append("the table of remarks lacks what the page shows")
    # Each remark stands beside the row that it is about, as it is in the file.
    expect(page.locator("code.source").first).to_contain_text("Ambre Numéro Neuf")

    # Videos are made of one product, at a price that is said before; the catalogue follows by itself.
    page.get_by_text("Look at the products").click()
    page.get_by_label("Select Tidewater Stoneware Mug").check()
    page.get_by_role("button", name="Make videos").click()
    expect(page.get_by_text("Together")).to_be_visible()
    page.get_by_role("button", name=re.compile("for free")).click()
    expect(page.get_by_role("status")).to_contain_text("being made")
    card = page.locator(".card", has_text="Tidewater Stoneware Mug")
    expect(card.get_by_text("To review")).to_be_visible(timeout=120_000)

    # Everything is planned, and nothing is made before that is applied.
    page.get_by_role("button", name="Plan everything").click()
    expect(page.get_by_role("button", name=re.compile("^Make "))).to_be_visible(timeout=30_000)
    plan = page.url[len(address) :]
    expect(page.get_by_text("no picture").first).to_be_visible()

    # A part of it is picked: the price is that of the part, and no more than that is made.
    page.get_by_label("Home & Garden > Decor > Home Fragrances > Candles").check()
    page.get_by_role("button", name="Only what is ticked").click()
    expect(page.get_by_role("button", name="Make 2 videos for free")).to_be_visible()
    page.get_by_label("Hearth Soy Candle 1:1").check()
    page.get_by_role("button", name="Only what is ticked").click()
    page.get_by_role("button", name="Make one video for free").click()
    expect(page.get_by_text("This plan was applied.")).to_be_visible()
    made = page.request.get(address + "/v1/jobs").json()["items"]
    if sorted(job["placement"] for job in made).count("1:1") != 2:
        trouble.append(f"a picked part of a plan made {[job['placement'] for job in made]}")

    # The catalogue is narrowed by a category that is chosen.
    page.goto(address + "/studio")
    page.get_by_label("Category").select_option(label="\u2003\u2003\u2003Candles")
    page.wait_for_url("**category=**")
    expect(page.locator(".card")).to_have_count(1)
    page.goto(address + "/studio")

    # Hovering plays the video.
    card.locator(".view").hover()
    expect(card.locator("video.on")).to_be_attached()

    # One is approved by a key.
    page.goto(address + "/studio/review")
    with page.expect_navigation():
        page.keyboard.press("a")
    page.goto(address + "/studio/products/TW-MUG-COB-300")
    expect(page.locator(".take .state", has_text="Approved").first).to_be_visible()
    product = page.url[len(address) :]

    # A take is asked for with other words, and comes in while the page is open.
    page.get_by_text("Say it differently").click()
    page.get_by_label("Prompt").fill("A blue mug turns slowly.")
    page.get_by_label("For", exact=True).select_option("final")
    expect(page.locator("#quote")).to_contain_text("local motion-1", timeout=15_000)
    page.get_by_label("For", exact=True).select_option("draft")
    page.get_by_role("button", name="Make it", exact=True).click()
    expect(page.get_by_text("Take 2")).to_be_visible()
    expect(page.locator(".take", has_text="Take 2").locator("video")).to_be_attached(timeout=120_000)

    # Both takes play in step, and one is laid over the photo.
    page.get_by_role("link", name="Compare").first.click()
    expect(page.locator("[data-step] video")).to_have_count(2)
    compare = page.url[len(address) :]
    while not page.evaluate("[...document.querySelectorAll('video')].every(video => video.readyState > 1)"):
        page.wait_for_timeout(100)
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.wait_for_timeout(1000)
    page.get_by_role("button", name="Pause").click()
    times = page.evaluate("[...document.querySelectorAll('video')].map(video => video.currentTime)")
    if times[0] < 0.3 or abs(times[0] - times[1]) > 0.3:
        trouble.append(f"two takes are not in step: {times}")
    page.get_by_label("Right").select_option("photo")
    page.wait_for_url("**right=photo**")
    page.get_by_label("How much of the photo is seen").fill("20")
    expect(page.locator("[data-step] .frame")).to_have_attribute("style", re.compile("--cut: 20%"))

    # Keys and values are offered while a preset is written, and taken with the keyboard.
    page.goto(address + "/studio/presets/drinkware?product=TW-MUG-COB-300")
    recipe = page.get_by_label("Recipe")
    text = recipe.input_value()
    recipe.press("Control+Home")
    recipe.press("End")
    page.keyboard.type("\nvid")
    expect(page.get_by_role("option", name="video")).to_be_visible(timeout=15_000)
    page.keyboard.press("Enter")
    page.keyboard.type("{mot")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", name="push-in")).to_be_visible()
    page.keyboard.type("orb")
    page.keyboard.press("Enter")
    if "\nvideo: {motion: orbit" not in recipe.input_value():
        trouble.append(f"completion wrote {recipe.input_value()[:80]!r}")
    page.keyboard.press("Control+z")
    recipe.fill(text)

    # What saving would change is told before it, and a draft clip is made of a text that nobody saved.
    recipe.fill(text.replace("motion: turntable", "motion: push-in", 1))
    page.get_by_role("button", name="What would change").click()
    expect(page.get_by_label("What would change", exact=True).get_by_text("would be made")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="Make a draft clip").click()
    expect(page.locator(".drafts video").first).to_be_attached(timeout=120_000)
    draft = page.locator(".drafts figure").first.get_attribute("id").removeprefix("draft-")
    if page.request.get(address + "/v1/presets/drinkware").headers["etag"] != '"v0"':
        trouble.append("a draft saved a preset")

    # Two who save at once do not overwrite one another.
    recipe.fill(text.replace("motion: ", "motoin: ", 1))
    expect(page.locator("#complaints")).to_contain_text("did you mean motion", timeout=15_000)
    other = watched(page.context.new_page())
    other.goto(address + "/studio/presets/drinkware")
    recipe.fill(text.replace("title: ", "title: Better ", 1))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Version 1 is saved")
    expect(page.locator("#preview img").first).to_be_visible()
    other.get_by_label("Recipe").fill(text.replace("title: ", "title: Other ", 1))
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_role("alert")).to_contain_text("Nothing was overwritten")
    if "Other" not in other.get_by_label("Recipe").input_value():
        trouble.append("after a conflict the text of the second one is gone")
    other.close()

    # A preset begins like a product, a style from another one; a style shows what it would do, and one click goes back.
    page.goto(address + "/studio/presets")
    page.get_by_label("New preset").fill("candles-of-ours")
    page.get_by_label("or for products like").fill("HH-CAN-CED")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_label("Recipe")).to_have_value(re.compile("Candles"))
    expect(page.get_by_text("Nothing is wrong with it")).to_be_visible(timeout=15_000)
    page.goto(address + "/studio/styles")
    page.get_by_label("New style").fill("dusk")
    page.get_by_role("button", name="Begin").click()
    style = page.get_by_label("Recipe")
    style.fill(style.input_value().replace('words: "', 'words: "the last light of the day, ', 1))
    expect(page.locator("#preview")).to_contain_text("he last light of the day", timeout=15_000)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Version 1 is saved")
    page.get_by_role("link", name="all versions").click()
    page.get_by_role("button", name="Go back to what was shipped").click()
    expect(page.get_by_role("heading", name="Styles")).to_be_visible()
    if page.get_by_role("link", name="dusk").count():
        trouble.append("an ended style is still there")

    # Videos go out from the studio, too.
    page.goto(address + "/studio/export")
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("^Table")).click()
    if "TW-MUG-COB-300" not in open(download.value.path()).read():
        trouble.append("the exported table lacks an approved video")

    # Style sheet and script keep within their size.
    page.goto(address + "/studio")
    for kind, limit, locator, name in [("css", 30_000, "link[rel=stylesheet]", "href"), ("js", 60_000, "script[src]", "src")]:
        size = len(page.request.get(address + page.locator(locator).get_attribute(name)).body())
        if size > limit:
            trouble.append(f"{kind}: {size} bytes, at most {limit}")

    # The main way without JavaScript.
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(address + "/studio/imports")
    plain.set_input_files("#feed", samples + "/storefront.csv")
    plain.set_input_files("#pictures", pictures)
    plain.locator("form.landing button").click()
    for _ in range(100):
        if plain.get_by_text("Look at the products").count():
            break
        plain.wait_for_timeout(200)
        plain.reload()
    plain.get_by_text("Look at the products").click()
    plain.get_by_label("Select Hearth Soy Candle").check()
    plain.get_by_role("button", name="Make videos").click()
    plain.get_by_role("button", name=re.compile("for free")).click()
    expect(plain.get_by_role("status")).to_contain_text("being made")
    plain.goto(address + product)
    take = plain.locator(".take", has_text="Take 2")
    take.get_by_text("Reject…").click()
    take.get_by_label("Why take 2 is not wanted").fill("the handle is cut")
    take.get_by_role("button", name="Reject", exact=True).click()
    expect(take.locator(".state")).to_have_text("Rejected")
    expect(take).to_contain_text("The handle is cut.")

    pages = [
        ("catalogue", "/studio"), ("product", product), ("compare", compare), ("compare-photo", compare + "&right=photo"),
        ("review", "/studio/review"), ("imports", "/studio/imports"),
        ("import", imported), ("presets", "/studio/presets"), ("preset", "/studio/presets/drinkware"),
        ("versions", "/studio/presets/drinkware/versions"), ("work", "/studio/work"), ("plan", plan), ("nothing", "/studio/products/none"),
        ("nowhere", "/studio/nowhere/at/all"), ("styles", "/studio/styles"), ("style", "/studio/styles/studio"), ("export", "/studio/export"),
    ]
    trouble_before = len(trouble)
    looked_at(browser, address, pages)
    # A page that is not there says 404, which Chromium writes into its console.
    trouble[trouble_before:] = [line for line in trouble[trouble_before:] if "404" not in line]

    # With a key, the studio asks for it once; a key that may only look makes nothing.
    service.run("keys", "create", "--name", "all", "--scope", "admin")
    key = json.loads(service.run("keys", "create", "--name", "eyes", "--scope", "read", "--json"))["key"]
    page.wait_for_timeout(1200)
    page.goto(address + "/studio/review")
    expect(page.get_by_role("heading", name="Sign in to Vitrine")).to_be_visible()
    page.get_by_label("Key").fill("vk_wrong_key")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Key").fill(key)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Review")).to_have_attribute("aria-current", "page")
    page.goto(address + "/studio")
    if page.get_by_role("button", name="Make videos").count():
        trouble.append("a key that may only look is offered to make videos")
    cookie = next(item for item in page.context.cookies() if item["name"] == "vitrine_session")
    if not cookie["httpOnly"] or cookie["sameSite"] != "Lax":
        trouble.append("the cookie can be read by scripts or sent by other places")
    forged = page.request.post(address + "/studio/sign-out", form={"form": "forged"})
    if forged.status != 403:
        trouble.append(f"a form of another session is answered {forged.status}")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to Vitrine")).to_be_visible()
    looked_at(browser, address, [("sign-in", "/studio/sign-in")])
    trouble[:] = [line for line in trouble if "401" not in line and "403" not in line]


sys.exit(main())
