"""The vendors' own clients against the simulator: what they create, wait for, fetch and cancel must go as with the real servers.

Usage: run.py VITRINE. Each check prints one line; the exit code is 1 when one failed.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.error
import urllib.request
import warnings

warnings.simplefilter("ignore")
PORT = 8291
ROOT = f"http://127.0.0.1:{PORT}"
SECRET = "whsec_" + base64.b64encode(b"simulated-secret-of-24!!").decode()
SCENARIO = f"""
scenario: For the vendors' clients
secret: {SECRET}
blocked: [forbidden]
jobs: {{wait: 0.4, render: 0.8}}
providers:
  gemini: {{links: {{https: true}}}}
  openai: {{webhook: "http://127.0.0.1:{PORT + 1}/openai"}}
faults:
  - {{do: fail, prompt: doomed}}
"""

bells = []


class Bell(http.server.BaseHTTPRequestHandler):
    """Keeps every webhook that comes in."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        bells.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        pass


def plain(method, path, body=None, headers={}):
    """An exchange without any client: status, headers, body."""
    data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
    request = urllib.request.Request(path if path.startswith("http") else ROOT + path, data=data, method=method)
    for name, value in {"content-type": "application/json", **headers}.items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def bell(name):
    """The first webhook that came to a name."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        for path, headers, body in list(bells):
            if path.startswith("/" + name):
                return headers, body
        time.sleep(0.05)
    raise AssertionError(f"no webhook came to /{name}")


def refused(kind, call, **facts):
    """The call must raise that error, with these facts on it."""
    try:
        call()
    except kind as error:
        for name, value in facts.items():
            assert getattr(error, name) == value, f"{name}: {getattr(error, name)!r} instead of {value!r}"
        return error
    raise AssertionError(f"expected {kind.__name__}")


def is_clip(data):
    assert data[4:8] == b"ftyp", f"no MP4: {data[:40]!r}"


def with_scenario(provider, change):
    """Another scenario for one provider while the block runs."""
    class Play:
        def __enter__(self):
            text = SCENARIO.replace(f"  {provider}: {{", f"  x{provider}: {{")
            text = "\n".join(line for line in text.split("\n") if not line.startswith("  x"))
            text = text.replace("providers:\n", f"providers:\n  {provider}: {change}\n")
            assert plain("PUT", "/_simulator/scenario", text.encode())[0] == 204

        def __exit__(self, *_):
            assert plain("PUT", "/_simulator/scenario", SCENARIO.encode())[0] == 204
    return Play()


def dashscope_(picture):
    import dashscope
    from dashscope.v2 import errors
    client = dashscope.Client(api_key="sdk", base_url=ROOT + "/dashscope/api/v1", max_retries=0)
    jobs = client.videos.jobs
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.png")
        open(path, "wb").write(picture)

        def create(prompt="p", media=None):
            return jobs.create(
                model="happyhorse-1.1-i2v", prompt=prompt, media=media or [{"type": "first_frame", "url": path}],
                resolution="720P", duration=3, watermark=False)
        job = create()
        assert job.status == "PENDING", job.status
        done = jobs.wait(job, poll_interval=0.2)
        assert done.succeeded and done.video_url, done
        assert plain("GET", done.video_url, headers={"authorization": "Bearer sdk"})[0] == 403
        is_clip(plain("GET", done.video_url)[2])
        blocked = create("forbidden")
        time.sleep(1.5)
        refused(errors.ContentFilterError, lambda: jobs.fetch(blocked.task_id))
        unknown = jobs.fetch("0385dc79-5ff8-4d82-bcb6-aaaaaaaaaaaa")
        assert unknown.status == "UNKNOWN" and unknown.finished
        cancelled = jobs.cancel(create().task_id)
        assert cancelled.request_id and not cancelled.status
        running = create()
        time.sleep(0.7)
        refused(errors.BadRequestError, lambda: jobs.cancel(running.task_id), code="UnsupportedOperation")
        assert jobs.list(model_name="happyhorse-1.1-i2v").total == 4
        with with_scenario("dashscope", "{limits: {submits_per_minute: 1}}"):
            refused(errors.RateLimitError, create)
    status, _, body = plain(
        "POST", "/dashscope/api/v1/services/aigc/video-generation/video-synthesis", {"model": "happyhorse-1.1-i2v"},
        {"authorization": "Bearer sdk"})
    assert status >= 400 and b"synchronous" in body, body


def apiyi_(picture):
    import dashscope
    client = dashscope.Client(api_key="sdk", base_url=ROOT + "/apiyi/wan/api/v1", max_retries=0)
    job = client.videos.jobs.create(
        model="happyhorse-1.1-i2v", prompt="p", media=[{"type": "first_frame", "url": ROOT + "/_simulator/picture.png"}],
        resolution="720P", duration=3, watermark=False)
    assert job.task_id and job.status == "PENDING"
    seen, url = [], None
    while not url:
        state = json.loads(plain("GET", f"/apiyi/v1/tasks/{job.task_id}", headers={"authorization": "Bearer sdk"})[2])
        if state["status"] not in seen:
            seen.append(state["status"])
        assert state["status"] != "failed", state
        url = state.get("result_url")
        time.sleep(0.1)
    assert seen == ["submitted", "in_progress", "completed"], seen
    assert plain("GET", url, headers={"authorization": "Bearer sdk"})[0] == 403
    is_clip(plain("GET", url)[2])


def ark_(picture):
    from volcenginesdkarkruntime import Ark
    from volcenginesdkarkruntime._exceptions import ArkBadRequestError, ArkNotFoundError, ArkRateLimitError
    tasks = Ark(api_key="sdk", base_url=ROOT + "/ark/api/v3", max_retries=0).content_generation.tasks
    uri = "data:image/png;base64," + base64.b64encode(picture).decode()

    def create(text="p", model="doubao-seedance-2-0-260128"):
        content = [{"type": "text", "text": text},
                   {"type": "image_url", "image_url": {"url": uri}, "role": "first_frame"}]
        return tasks.create(model=model, content=content, resolution="720p", ratio="adaptive", duration=4,
                            generate_audio=False, safety_identifier="sku-1")
    made = create()
    seen = []
    while not seen or seen[-1] not in ("succeeded", "failed"):
        state = tasks.get(task_id=made.id)
        if state.status not in seen:
            seen.append(state.status)
        time.sleep(0.1)
    assert seen == ["queued", "running", "succeeded"], seen
    is_clip(plain("GET", state.content.video_url)[2])
    listed = tasks.list(status="succeeded", page_num=1, page_size=10)
    assert "sku-1" in [item.safety_identifier for item in listed.items]
    queued = create()
    tasks.delete(task_id=queued.id)
    assert tasks.get(task_id=queued.id).status == "cancelled"
    refused(ArkBadRequestError, lambda: create("forbidden"))
    refused(ArkNotFoundError, lambda: create(model="no-such-model"))
    doomed = create("doomed")
    time.sleep(1.6)
    failed = tasks.get(task_id=doomed.id)
    assert failed.status == "failed" and failed.error.code == "InternalServiceError", failed
    with with_scenario("ark", "{limits: {submits_per_minute: 1}}"):
        refused(ArkRateLimitError, create)


def openai_(picture):
    import openai
    client = openai.OpenAI(api_key="sdk", base_url=ROOT + "/openai/v1", max_retries=0, webhook_secret=SECRET)
    frame = fitted(720, 1280)

    def create(prompt="p", **more):
        return client.videos.create(model="sora-2", prompt=prompt, seconds="4", size="720x1280",
                                    input_reference=("a.png", more.get("frame", frame), "image/png"))
    video = create()
    assert video.status == "queued"
    video = client.videos.poll(video.id, poll_interval_ms=100)
    assert video.status == "completed" and video.progress == 100 and video.expires_at, video
    is_clip(client.videos.download_content(video.id).read())
    assert video.id in [each.id for each in client.videos.list(limit=5)]
    assert client.videos.delete(video.id).deleted
    refused(openai.BadRequestError, lambda: create("forbidden"), code="moderation_blocked")
    refused(openai.BadRequestError, lambda: create(frame=picture))
    refused(openai.NotFoundError, lambda: client.videos.retrieve("video_none"))
    headers, body = bell("openai")
    client.webhooks.verify_signature(body, headers)
    refused(Exception, lambda: client.webhooks.verify_signature(body + b" ", headers))
    with with_scenario("openai", "{limits: {submits_per_minute: 1}}"):
        refused(openai.RateLimitError, create)
    with with_scenario("openai", "{retired: true}"):
        refused(openai.APIStatusError, create, status_code=410)


def gemini_(picture):
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from google import genai
    from google.genai import errors, types
    client = genai.Client(api_key="sdk", http_options=types.HttpOptions(base_url=ROOT + "/gemini"))

    def create(prompt="p", **more):
        return client.models.generate_videos(
            model="veo-3.1-generate-preview",
            source=types.GenerateVideosSource(prompt=prompt, image=types.Image(image_bytes=picture, mime_type="image/png")),
            config=types.GenerateVideosConfig(aspect_ratio="9:16", duration_seconds=8, resolution="720p",
                                              negative_prompt="blur", **more))

    def wait(operation):
        while not operation.done:
            time.sleep(0.1)
            operation = client.operations.get(operation)
        return operation
    hook = types.WebhookConfig(uris=[f"http://127.0.0.1:{PORT + 1}/gemini"]) if hasattr(types, "WebhookConfig") else None
    done = wait(create(**({"webhook_config": hook} if hook else {})))
    video = done.response.generated_videos[0].video
    assert video.uri
    is_clip(client.files.download(file=video))
    filtered = wait(create("forbidden"))
    assert not filtered.response.generated_videos and filtered.response.rai_media_filtered_count == 1
    assert wait(create("doomed")).error["code"] == 13
    with with_scenario("gemini", "{limits: {submits_per_minute: 1}}"):
        error = refused(errors.ClientError, create, code=429)
        assert error.status == "RESOURCE_EXHAUSTED", error.status
    if hook:
        headers, body = bell("gemini")
        head, claims, mark = headers["webhook-signature"].split(".")
        key = json.loads(plain("GET", "/gemini/.well-known/jwks.json")[2])["keys"][0]
        number = lambda text: int.from_bytes(decoded(text), "big")
        public = rsa.RSAPublicNumbers(number(key["e"]), number(key["n"])).public_key()
        public.verify(decoded(mark), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
        assert json.loads(decoded(claims))["aud"] == f"http://127.0.0.1:{PORT + 1}/gemini"


def runway_(picture):
    import runwayml
    client = runwayml.RunwayML(api_key="sdk", base_url=ROOT + "/runway", max_retries=0)
    uri = "data:image/png;base64," + base64.b64encode(picture).decode()

    def create(text="p", ratio="1280:720", image=uri):
        return client.image_to_video.create(model="gen4.5", prompt_image=image, prompt_text=text, ratio=ratio, duration=5)
    made = create()
    seen = []
    while not seen or seen[-1] not in ("SUCCEEDED", "FAILED"):
        state = client.tasks.retrieve(made.id)
        if state.status not in seen:
            seen.append(state.status)
        time.sleep(0.1)
    assert seen == ["PENDING", "RUNNING", "SUCCEEDED"], seen
    is_clip(plain("GET", state.output[0])[2])
    blocked = create("forbidden")
    time.sleep(1.6)
    state = client.tasks.retrieve(blocked.id)
    # The client makes any state it has seen before into that state's class: the fields are what counts.
    assert state.status == "FAILED" and state.to_dict()["failureCode"] == "SAFETY.INPUT.TEXT", state
    doomed = create()
    assert client.tasks.delete(doomed.id) is None
    refused(runwayml.NotFoundError, lambda: client.tasks.retrieve(doomed.id))
    uploaded = client.uploads.create_ephemeral(file=("a.png", picture, "image/png"))
    assert uploaded.uri.startswith("runway://")
    assert create(image=uploaded.uri).id
    refused(runwayml.BadRequestError, lambda: create(ratio="1:1"))
    with with_scenario("runway", "{limits: {submits_per_minute: 1}}"):
        refused(runwayml.RateLimitError, create)
    with with_scenario("runway", "{jobs: {wait: 0.1, render: 5}, limits: {in_flight: 1}}"):
        create(), create()
        waiting = create()
        time.sleep(0.3)
        assert client.tasks.retrieve(waiting.id).status == "THROTTLED"
    status, _, body = plain("POST", "/runway/v1/image_to_video", {}, {"authorization": "Bearer sdk"})
    assert status == 400, body


def fal_(picture):
    import fal_client
    import fal_client.client as inside
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    base = ROOT + "/fal"
    inside.QUEUE_URL_FORMAT = base + "/"
    inside.REST_URL = base
    inside.CDN_URL = base
    application = "alibaba/happy-horse/v1.1/image-to-video"
    client = fal_client.SyncClient(key="id:sdk")
    address = client.upload(picture, "image/png", "a.png")

    def submit(prompt="p", **more):
        arguments = {"image_url": address, "prompt": prompt, "resolution": "720p", "duration": 3}
        return client.submit(application, arguments, **more)
    handle = submit(webhook_url=f"http://127.0.0.1:{PORT + 1}/fal")
    events = list(handle.iter_events(interval=0.05))
    assert isinstance(events[-1], fal_client.Completed) or type(handle.status()).__name__ == "Completed", events
    is_clip(plain("GET", handle.get()["video"]["url"])[2])
    assert submit().cancel() is None
    error = refused(fal_client.FalClientHTTPError, handle.cancel)
    assert error.response.status_code == 400
    blocked = submit("forbidden")
    error = refused(fal_client.FalClientHTTPError, blocked.get)
    assert error.response.status_code == 422 and b"content_policy_violation" in error.response.content
    headers, body = bell("fal")
    key = decoded(json.loads(plain("GET", "/fal/.well-known/jwks.json")[2])["keys"][0]["x"])
    lines = [headers["x-fal-webhook-request-id"], headers["x-fal-webhook-user-id"], headers["x-fal-webhook-timestamp"],
             hashlib.sha256(body).hexdigest()]
    Ed25519PublicKey.from_public_bytes(key).verify(
        bytes.fromhex(headers["x-fal-webhook-signature"]), "\n".join(lines).encode())


def wavespeed_(picture):
    import wavespeed
    client = wavespeed.Client(api_key="sdk", base_url=ROOT + "/wavespeed")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.png")
        open(path, "wb").write(picture)
        address = client.upload(path)
    model = "alibaba/happyhorse-1.1/image-to-video"
    order = {"image": address, "prompt": "p", "resolution": "720p", "duration": 3}
    is_clip(plain("GET", client.run(model, order, poll_interval=0.1)["outputs"][0])[2])
    error = refused(RuntimeError, lambda: client.run(model, {**order, "prompt": "doomed"}, poll_interval=0.1))
    assert "Prediction failed" in str(error), error
    error = refused(RuntimeError, lambda: client.run(model, {**order, "duration": 99}, poll_interval=0.1))
    assert "400" in str(error), error
    outcome = client.run_no_throw(model, {**order, "prompt": "doomed"}, poll_interval=0.1)
    assert "failed" in json.dumps(outcome, default=vars), outcome
    key = {"authorization": "Bearer sdk"}
    listed = json.loads(plain("POST", "/wavespeed/api/v3/predictions", {"page": 1, "page_size": 10}, key)[2])
    assert listed["data"]["total"] == 3, listed
    made = json.loads(plain("POST", f"/wavespeed/api/v3/{model}?webhook=http%3A%2F%2F127.0.0.1%3A{PORT + 1}%2Fwavespeed",
                            order, key)[2])
    headers, body = bell("wavespeed")
    assert json.loads(body)["id"] == made["data"]["id"]
    assert client.get_result(made["data"]["id"])["data"]["status"] == "completed"
    secret = json.loads(plain("GET", "/wavespeed/api/v3/webhook/secret", headers=key)[2])["data"]["secret"]
    message = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mark = hmac.new(secret.removeprefix("whsec_").encode(), message, hashlib.sha256).hexdigest()
    assert headers["webhook-signature"] == "v3," + mark


def happyhorse_(picture):
    key = {"authorization": "Bearer sdk"}
    order = {"model": "happyhorse-1.0/video", "prompt": "p", "duration": 3, "mode": "std", "with_audio": True,
             "image_url": ROOT + "/_simulator/picture.png", "webhook_url": f"http://127.0.0.1:{PORT + 1}/happyhorse"}
    made = json.loads(plain("POST", "/happyhorse/v1/happyhorse/generate", order, key)[2])["task_id"]
    _, body = bell("happyhorse")
    assert json.loads(body)["task_id"] == made
    state = json.loads(plain("GET", f"/happyhorse/v1/happyhorse/status/{made}", headers=key)[2])
    assert state["status"] == "succeeded", state
    is_clip(plain("GET", state["output"]["video_url"])[2])


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def fitted(width, height):
    """A picture of exactly that size."""
    import struct
    import zlib
    rows = b"".join(b"\0" + bytes((x * 255 // width if c == 0 else y * 255 // height if c == 1 else 90)
                                  for x in range(width) for c in range(3)) for y in range(height))
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def main():
    checks = [happyhorse_, apiyi_, dashscope_, ark_, openai_, gemini_, runway_, fal_, wavespeed_]
    only = sys.argv[2:]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", PORT + 1), Bell)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as scenario:
        scenario.write(SCENARIO)
        scenario.flush()
        simulator = subprocess.Popen([sys.argv[1], "simulate", "--port", str(PORT), "--scenario", scenario.name],
                                     stdout=subprocess.PIPE, text=True)
        failed = 0
        try:
            if not simulator.stdout.readline().startswith("http"):
                sys.exit("the simulator did not begin")
            picture = plain("GET", "/_simulator/picture.png")[2]
            for check in checks:
                name = check.__name__.rstrip("_")
                if only and name not in only:
                    continue
                try:
                    check(picture)
                    print(f"conformance {name}: passed", flush=True)
                except Exception:
                    failed += 1
                    print(f"conformance {name}: FAILED\n{traceback.format_exc()}", flush=True)
        finally:
            simulator.terminate()
            simulator.wait()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
