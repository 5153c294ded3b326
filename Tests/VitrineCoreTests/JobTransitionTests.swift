import Foundation
import Testing
import VitrineCore

@Suite("What may happen to a job")
struct JobTransitionTests {
    static let start = Date(milliseconds: 1_000)
    static let later = Date(milliseconds: 9_000)
    static let failure = JobFailure(.unreachable, "no answer")
    static let lost = JobFailure(.unknownOutcome, "no answer", billed: .unknown)
    static let remote = RemoteJob(id: "r1")
    static let video = RemoteVideo(job: remote, location: "https://cdn.example/x.mp4")
    static let clip = Clip(file: MediaFile(digest: Digest(of: "clip"), bytes: 4, kind: "mp4"))

    /// Every state by a name of its own: failures differ by whether the outcome is known.
    static let states: [(name: String, state: JobState)] = [
        ("queued", .queued), ("submitting", .submitting("s1")), ("rendering", .rendering(remote)),
        ("rendered", .rendered(video)), ("fetched", .fetched(clip)), ("finished", .finished("v1")),
        ("failed", .failed(failure)), ("lost", .failed(lost)), ("cancelled", .cancelled),
    ]

    static let events: [(name: String, event: JobEvent)] = [
        ("staged", .staged(asset: "a", until: nil)), ("begun", .begun("s1", reserving: .zero("USD"))),
        ("turnedAway", .turnedAway(failure, retryAt: later)), ("accepted", .accepted(remote, pollAt: later)),
        ("looked", .looked(nextAt: later)), ("stillRendering", .stillRendering(progress: 0.5, pollAt: later)),
        ("rendered", .rendered(video)), ("lapsed", .lapsed(pollAt: later)),
        ("stumbled", .stumbled(failure, retryAt: later)), ("fetched", .fetched(clip)),
        ("attached", .attached(sampleVideo)), ("refinished", .refinished(clip, sampleRequest)),
        ("fellBack", .fellBack(moderated, to: other)), ("gaveUp", .gaveUp(failure)), ("cancelled", .cancelled),
        ("adopted", .adopted(remote, pollAt: later)),
        ("retried", .retried),
    ]

    /// The table of docs/job-states.md: from, event, to.
    ///
    /// Every pair that is not here is refused.
    static let table: [String: String] = [
        "queued staged": "queued", "queued begun": "submitting", "queued gaveUp": "failed",
        "queued fellBack": "queued", "submitting fellBack": "queued", "rendering fellBack": "queued",
        "queued stumbled": "queued", "queued cancelled": "cancelled",
        "submitting turnedAway": "queued", "submitting accepted": "rendering", "submitting looked": "submitting",
        "submitting gaveUp": "failed", "submitting cancelled": "cancelled",
        "rendering stillRendering": "rendering", "rendering rendered": "rendered", "rendering stumbled": "rendering",
        "rendering gaveUp": "failed", "rendering cancelled": "cancelled", "rendering turnedAway": "queued",
        "rendered lapsed": "rendering", "rendered stumbled": "rendered", "rendered fetched": "fetched",
        "rendered gaveUp": "failed", "rendered cancelled": "cancelled",
        "fetched stumbled": "fetched", "fetched attached": "finished", "fetched gaveUp": "failed",
        "fetched cancelled": "cancelled",
        "finished refinished": "fetched",
        "failed retried": "queued",
        "lost retried": "queued", "lost adopted": "rendering", "lost cancelled": "cancelled",
        "cancelled retried": "queued", "cancelled adopted": "rendering",
    ]

    @Test("exactly the pairs of the table are allowed, and each leads where the table says")
    func allPairs() throws {
        for (stateName, state) in Self.states {
            for (eventName, event) in Self.events {
                var job = Self.sampleJob
                job.state = state
                job.alternatives = [Self.other]
                let expected = Self.table["\(stateName) \(eventName)"]

                let after = try? job.after(event, at: Self.start)

                #expect(after?.state.name.rawValue == expected, "\(stateName) \(eventName)")
            }
        }
    }

    @Test("a refused event names the state and the event")
    func refusal() {
        let job = Self.sampleJob

        #expect(throws: InvalidTransition(state: .queued, event: .rendered)) {
            try job.after(.rendered(Self.video), at: Self.start)
        }
    }

    @Test("being turned away, lapsing and stumbling count as failures; going on resets them")
    func failures() throws {
        var job = Self.sampleJob
        job.state = .submitting("s1")
        job.failures = 2

        let turnedAway = try job.after(.turnedAway(Self.failure, retryAt: Self.later), at: Self.start)
        let accepted = try job.after(.accepted(Self.remote, pollAt: Self.later), at: Self.start)

        #expect(turnedAway.failures == 3)
        #expect(turnedAway.lastFailure == Self.failure)
        #expect(turnedAway.dueAt == Self.later)
        #expect(accepted.failures == 0)
        #expect(accepted.lastFailure == nil)
    }

    @Test("a final state holds no lease")
    func leases() throws {
        var job = Self.sampleJob
        job.lease = .init(token: "w1", until: Self.later)

        #expect(try job.after(.gaveUp(Self.failure), at: Self.start).lease == nil)
        #expect(try job.after(.begun("s1", reserving: .zero("USD")), at: Self.start).lease != nil)
    }

    @Test("with shots to come, a fetched clip queues the next one; the last one goes on to finishing")
    func shots() throws {
        var job = Self.sampleJob
        let shot = VideoRequest.Shot(from: .picture, prompt: "a", motion: .still, seconds: 2)
        job.request.shots = [shot, shot]
        job.state = .rendered(Self.video)

        var next = try job.after(.fetched(Self.clip), at: Self.start)
        #expect(next.state == .queued)
        #expect(next.shots == [Self.clip])

        next.state = .rendered(Self.video)
        #expect(try next.after(.fetched(Self.clip), at: Self.start).state == .fetched(Self.clip))
    }

    @Test("what is stored of a state reads back as the same state", arguments: states.map(\.state))
    func stored(state: JobState) throws {
        let read = try JobState(name: state.name, payload: state.payload)

        #expect(read == state)
    }

    static let moderated = PassedProvider(.local, .refused, JobFailure(.moderated, "no"))
    static let other = alternative("other")

    static func alternative(_ provider: ProviderID, cents: Int64 = 0) -> Alternative {
        var request = sampleRequest
        request.provider = provider
        return Alternative(
            request: request,
            price: Money(micros: cents * 10_000, currency: "USD"),
            lane: LaneID(provider.rawValue)
        )
    }

    static let sampleRequest = VideoRequest(
        slot: Slot(product: "p_1", placement: .square),
        pictures: [Digest(of: "picture")],
        frame: FrameRecipe(placement: .square, fit: .pad, background: .auto, productSize: 0.8),
        prompt: "a mug",
        avoid: "",
        style: .init(words: "", tag: nil, look: .studio),
        motion: .orbit,
        seconds: 6,
        fps: 24,
        seed: 7,
        provider: .local,
        model: "motion-1",
        tier: .draft
    )

    static let sampleJob = Job(
        id: "j_1",
        run: "r_1",
        slot: sampleRequest.slot,
        take: 1,
        request: sampleRequest,
        preset: PresetUse(name: "kitchen", version: "1"),
        price: .zero("USD"),
        providerLane: "local",
        createdAt: start
    )

    static let sampleVideo = Video(
        id: "v1",
        slot: sampleRequest.slot,
        take: 1,
        job: "j_1",
        fingerprint: sampleRequest.fingerprint,
        finishFingerprint: sampleRequest.finishFingerprint,
        provider: .local,
        model: "motion-1",
        tier: .draft,
        preset: PresetUse(name: "kitchen", version: "1"),
        clip: FinishedClip(
            file: clip.file,
            poster: MediaFile(digest: Digest(of: "poster"), bytes: 6, kind: "jpg"),
            size: PixelSize(width: 1080, height: 1080),
            seconds: 6,
            fps: 24,
            verdicts: []
        ),
        state: .new,
        createdAt: start
    )
}
