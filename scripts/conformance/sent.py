"""What a vendor's client sends for a request is what our adapter sends for it: method, path, header fields, and the names and types of the body.

Usage: sent.py VITRINE [PROVIDER…]. Each provider is asked twice for the same clip, once by its vendor's client and once by `vitrine generate`, and the
simulator tells what came in. A difference fails unless it stands in ALLOWED with its reason; so does a reason for a difference that is none any more.
`happyhorse` has no client of its own.
"""
import base64
import json
import os
import re
import subprocess
import sys
import tempfile

from run import ROOT, fitted, plain

PORT = int(ROOT.rsplit(":", 1)[1])
HOOK = f"http://127.0.0.1:{PORT + 2}/nobody"

# What may differ, by pattern: `sdk` or `ours` says who alone sends it.
EVERYWHERE = {
    r"(sdk|ours) header accept-encoding": "how an answer is packed is the transport's affair",
    r"sdk header (connection|user-agent)": "how a client keeps its connection, and what it calls itself",
    r"sdk header x-stainless-.*": "what a generated client tells about itself",
}
ALLOWED = {
    "apiyi": {r"sdk header x-dashscope-sdk-.*": "what Alibaba's client tells about itself"},
    "dashscope": {r"sdk header x-dashscope-sdk-.*": "what Alibaba's client tells about itself"},
    "ark": {r"sdk header x-client-request-id": "an id that Ark's client makes for its own logs"},
    "openai": {},
    "gemini": {r"sdk header x-goog-api-client": "what Google's client tells about itself"},
    "runway": {},
    "fal": {r"ours header x-fal-no-retry": "without it fal itself would begin a broken job again, up to ten times"},
    "wavespeed": {r"sdk header x-client-(name|os|version)": "what WaveSpeed's client tells about itself"},
}


def dashscope_(picture, base="/dashscope/api/v1", **more):
    import dashscope
    client = dashscope.Client(api_key="sdk", base_url=ROOT + base, max_retries=0)
    client.videos.jobs.create(
        model="happyhorse-1.1-i2v", prompt="p",
        media=[{"type": "first_frame", "url": ROOT + "/_simulator/picture.png"}],
        resolution="720P", duration=3, watermark=False, seed=7, **more)


def apiyi_(picture):
    dashscope_(picture, "/apiyi/wan/api/v1", prompt_extend=False)


def ark_(picture):
    from volcenginesdkarkruntime import Ark
    uri = "data:image/png;base64," + base64.b64encode(picture).decode()
    Ark(api_key="sdk", base_url=ROOT + "/ark/api/v3", max_retries=0).content_generation.tasks.create(
        model="doubao-seedance-2-0-260128",
        content=[{"type": "text", "text": "p"}, {"type": "image_url", "image_url": {"url": uri}, "role": "first_frame"}],
        resolution="720p", ratio="adaptive", duration=4, generate_audio=False, watermark=False,
        safety_identifier="sku-1", callback_url=HOOK)


def openai_(picture):
    import openai
    openai.OpenAI(api_key="sdk", base_url=ROOT + "/openai/v1", max_retries=0).videos.create(
        model="sora-2", prompt="p", seconds="4", size="720x1280",
        input_reference=("a.png", fitted(720, 1280), "image/png"))


def gemini_(picture):
    from google import genai
    from google.genai import types
    client = genai.Client(api_key="sdk", http_options=types.HttpOptions(base_url=ROOT + "/gemini"))
    client.models.generate_videos(
        model="veo-3.1-generate-preview",
        source=types.GenerateVideosSource(prompt="p", image=types.Image(image_bytes=picture, mime_type="image/png")),
        config=types.GenerateVideosConfig(
            aspect_ratio="9:16", duration_seconds=8, resolution="720p", negative_prompt="blur", number_of_videos=1,
            person_generation="allow_adult", webhook_config=types.WebhookConfig(uris=[HOOK])))


def runway_(picture):
    import runwayml
    uri = "data:image/png;base64," + base64.b64encode(picture).decode()
    runwayml.RunwayML(api_key="sdk", base_url=ROOT + "/runway", max_retries=0).image_to_video.create(
        model="gen4.5", prompt_image=uri, prompt_text="p", ratio="720:1280", duration=5, seed=7)


def fal_(picture):
    import fal_client
    import fal_client.client as inside
    inside.QUEUE_URL_FORMAT = ROOT + "/fal/"
    uri = "data:image/png;base64," + base64.b64encode(picture).decode()
    fal_client.SyncClient(key="id:sdk").submit(
        "alibaba/happy-horse/v1.1/image-to-video",
        {"image_url": uri, "prompt": "p", "resolution": "720p", "duration": 3, "seed": 7}, webhook_url=HOOK)


def wavespeed_(picture):
    import wavespeed
    client = wavespeed.Client(api_key="sdk", base_url=ROOT + "/wavespeed")
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(picture)
        file.flush()
        address = client.upload(file.name)
    client.run("alibaba/happyhorse-1.1/image-to-video",
               {"image": address, "prompt": "p", "resolution": "720p", "duration": 3, "seed": 7}, poll_interval=0.1)


def submission(provider):
    """What came in as the one submission to a provider."""
    visits = json.loads(plain("GET", "/_simulator/visits")[2])
    mine = [each for each in visits if each["provider"] == provider and each["exchange"] == "submit"]
    assert len(mine) == 1 and mine[0]["status"] == 200, f"expected one submission to {provider} but got {mine}"
    return ({f"method {mine[0]['method']}", f"path {mine[0]['path']}"}
            | {f"header {name}" for name in mine[0]["headers"]} | {f"field {line}" for line in mine[0]["shape"]})


def ours(program, provider, home):
    """Has our adapter ask a provider for one clip, as a shop does."""
    environment = dict(os.environ)
    lines = subprocess.run([program, "simulate", "--port", str(PORT), "--print-env"], capture_output=True, text=True, check=True)
    environment.update(line.split("=", 1) for line in lines.stdout.split() if "=" in line)
    environment["VITRINE_PUBLIC_URL"] = f"http://127.0.0.1:{PORT + 2}"
    feed = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../catalog-samples/storefront.csv")
    subprocess.run([program, "budget", "set", "100USD", "--home", home], env=environment, check=True, capture_output=True)
    done = subprocess.run(
        [program, "generate", feed, "--limit", "1", "--placement", "9:16", "--provider", provider, "--yes", "--home", home,
         "--out", home + "/out", "--quiet", "--listen", f"127.0.0.1:{PORT + 2}"],
        env=environment, capture_output=True, text=True)
    # 3: the sample feed has rows and pictures that are refused, whatever the provider.
    assert done.returncode in (0, 3), done.stderr


def differences(provider, program, picture):
    """Which lines only one of both sent."""
    plain("POST", "/_simulator/reset")
    globals()[provider + "_"](picture)
    sdk = submission(provider)
    plain("POST", "/_simulator/reset")
    with tempfile.TemporaryDirectory() as home:
        ours(program, provider, home)
    mine = submission(provider)
    return sorted([f"sdk {line}" for line in sdk - mine] + [f"ours {line}" for line in mine - sdk])


def main():
    program, only = sys.argv[1], sys.argv[2:]
    used, failed = set(), 0
    simulator = subprocess.Popen([program, "simulate", "--port", str(PORT)], stdout=subprocess.PIPE, text=True)
    try:
        if not simulator.stdout.readline().startswith("http"):
            sys.exit("the simulator did not begin")
        picture = plain("GET", "/_simulator/picture.png")[2]
        for provider, allowed in ALLOWED.items():
            if only and provider not in only:
                continue
            unexplained = []
            for line in differences(provider, program, picture):
                matches = [pattern for pattern in [*EVERYWHERE, *allowed] if re.fullmatch(pattern, line)]
                used.update((provider if each in allowed else "", each) for each in matches)
                if not matches:
                    unexplained.append(line)
            idle = [pattern for pattern in allowed if (provider, pattern) not in used]
            failed += bool(unexplained or idle)
            for line in unexplained:
                print(f"sent {provider}: {line}, and no reason says why", flush=True)
            for pattern in idle:
                print(f"sent {provider}: `{pattern}` is allowed, and is no difference any more", flush=True)
            if not unexplained and not idle:
                print(f"sent {provider}: the same", flush=True)
        for pattern in EVERYWHERE if not only else []:
            if ("", pattern) not in used:
                failed += 1
                print(f"sent: `{pattern}` is allowed everywhere, and is no difference anywhere any more", flush=True)
    finally:
        simulator.terminate()
        simulator.wait()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
