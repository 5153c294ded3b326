import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineVideo

@Suite struct LocalProviderTests {
    @Test("a submitted job is rendered, downloaded and passes all its checks")
    func rendersAClip() async throws {
        let shop = try await Workshop()
        let order = try shop.order(seconds: 2.5)

        let clip = try await shop.clip(of: order)
        let finished = try await shop.finisher.finish(clip, for: order.request, made: Date(milliseconds: 0))

        #expect(finished.verdicts.filter { !$0.passed } == [])
        let checks = ["audio", "black", "codec", "decodes", "duration", "frozen", "size"]
        #expect(finished.verdicts.map(\.check).sorted() == checks)
        #expect(finished.size == order.request.size)
        #expect(finished.seconds == 2.5)
        #expect(finished.fps == 24)
        #expect(finished.poster.bytes > 2000 && finished.poster.bytes <= 200_000)
        #expect(shop.leftovers == ["k1.mp4"])
    }

    @Test("the same order gives the same bytes, another seed others")
    func isDeterministic() async throws {
        let shop = try await Workshop()

        let first = try await shop.clip(of: try shop.order("a", look: .vintageFilm))
        let second = try await shop.clip(of: try shop.order("b", look: .vintageFilm))
        let third = try await shop.clip(of: try shop.order("c", look: .vintageFilm, seed: 8))

        #expect(first.file.digest == second.file.digest)
        #expect(first.file.digest != third.file.digest)
    }

    @Test("two providers on one folder render a job once")
    func rendersOnce() async throws {
        let shop = try await Workshop()
        let order = try shop.order(seconds: 3)
        let mine = shop.provider()
        let theirs = shop.provider()
        let remote = try await mine.submit(order)

        async let first = mine.check(remote, order: order)
        async let second = theirs.check(remote, order: order)
        let answers = try await [first, second]

        let rendered = answers.filter { if case .rendered = $0 { true } else { false } }
        let waiting = answers.filter { if case .rendering = $0 { true } else { false } }
        #expect(rendered.count >= 1)
        #expect(rendered.count + waiting.count == 2)
        #expect(try await theirs.check(remote, order: order) == rendered.first)
        #expect(shop.leftovers == ["k1.mp4"])
    }

    @Test("a lock that another process holds is answered with rendering, and its end is noticed")
    func waitsForOthers() async throws {
        let shop = try await Workshop()
        let order = try shop.order()
        let provider = shop.provider()
        let remote = try await provider.submit(order)
        let folder = WorkFolder(path: shop.work)
        let lock = try #require(try folder.lock(try folder.files(of: remote.id)))

        let held = try await provider.check(remote, order: order)
        #expect(held == .rendering(progress: nil, lookAgainAfter: .seconds(2)))
        lock.release()

        guard case .rendered = try await provider.check(remote, order: order) else {
            Issue.record("expected the clip once the lock was free")
            return
        }
    }

    @Test("a cancelled look stops ffmpeg and leaves no half file")
    func cancelLeavesNothing() async throws {
        let shop = try await Workshop()
        let order = try shop.order(shortSide: 1080, seconds: 30, fps: 30)
        let provider = shop.provider()
        let remote = try await provider.submit(order)
        let part = shop.work + "/k1.part"

        let look = Task { try await provider.check(remote, order: order) }
        // A thread of its own: the tasks of all tests together may not come to it before a third of the clip is made.
        Thread.detachNewThread {
            while !FileManager.default.fileExists(atPath: part) { sched_yield() }
            look.cancel()
        }
        let outcome = await look.result

        #expect(throws: ProviderError.interrupted) { try outcome.get() }
        #expect(shop.leftovers == [])
    }

    @Test("cancelling a job drops its files and can be begun again")
    func cancelDrops() async throws {
        let shop = try await Workshop()
        let order = try shop.order()
        let provider = shop.provider()
        let remote = try await provider.submit(order)
        _ = try await provider.check(remote, order: order)

        await provider.cancel(remote)
        #expect(shop.leftovers == [])

        guard case .rendered = try await provider.check(remote, order: order) else {
            Issue.record("expected the clip to be rendered again")
            return
        }
    }

    @Test("a long clip answers on the way with how far it is, and a later look joins the same render")
    func saysHowFar() async throws {
        let shop = try await Workshop()
        let order = try shop.order(placement: .square, shortSide: 64, seconds: 12.5, fps: 30)
        let provider = shop.provider()
        let remote = try await provider.submit(order)

        let first = try await provider.check(remote, order: order)
        #expect(first == .rendering(progress: 300.0 / 375.0, lookAgainAfter: .zero))
        guard case .rendered = try await provider.check(remote, order: order) else {
            Issue.record("expected the clip at the second look")
            return
        }
    }

    @Test("a half file of a process that died is written anew")
    func overwritesHalfFiles() async throws {
        let shop = try await Workshop()
        let order = try shop.order()
        let provider = shop.provider()
        let remote = try await provider.submit(order)
        try WorkFolder(path: shop.work).make()
        try Data("half".utf8).write(to: URL(filePath: shop.work + "/k1.part"))
        try Data().write(to: URL(filePath: shop.work + "/k1.lock"))

        _ = try await provider.check(remote, order: order)

        #expect(shop.leftovers == ["k1.mp4"])
    }

    @Test("leftovers that nobody holds are swept once they are old, and held ones stay")
    func sweeps() async throws {
        let shop = try await Workshop()
        let folder = WorkFolder(path: shop.work)
        try folder.make()
        for name in ["old.mp4", "old.part", "busy.part"] {
            try Data("x".utf8).write(to: URL(filePath: shop.work + "/" + name))
        }
        _ = try folder.scratch("finish")
        let lock = try #require(try folder.lock(try folder.files(of: "busy")))

        shop.provider().sweep(madeBefore: .distantPast)
        #expect(shop.leftovers.count == 5)
        shop.provider().sweep(madeBefore: .distantFuture)
        #expect(shop.leftovers == ["busy.lock", "busy.part"])
        lock.release()
    }

    @Test("a clip that is no longer there is `missing`")
    func downloadOfNothing() async throws {
        let shop = try await Workshop()
        let video = RemoteVideo(job: RemoteJob(id: "k1"), location: shop.work + "/k1.mp4")

        let error = await #expect(throws: ProviderError.self) {
            try await shop.provider().download(video, to: shop.path + "/x.mp4")
        }
        #expect(error?.failure.kind == .missing)
        #expect(error?.isPassing == false)
    }

    @Test("what cannot be rendered is refused before any work", arguments: [1.5, 2.25, 30.5, 0, -2, .infinity])
    func refusesLengths(seconds: Double) async throws {
        let shop = try await Workshop()

        let error = await #expect(throws: ProviderError.self) {
            try await shop.provider().submit(try shop.order(seconds: seconds))
        }
        #expect(error?.failure.kind == .refused)
        #expect(shop.leftovers == [])
    }

    @Test("a key that is no file name is refused")
    func refusesKeys() async throws {
        let shop = try await Workshop()
        for key in ["../x", "", "a/b", ".hidden"] {
            let error = await #expect(throws: ProviderError.self) {
                try await shop.provider().check(RemoteJob(id: key), order: try shop.order())
            }
            #expect(error?.failure.kind == .fault)
        }
    }

    @Test("a first frame that is gone is `missing`, one that is no picture a fault")
    func refusesFrames() async throws {
        let shop = try await Workshop()
        var order = try shop.order()
        order.framePath = shop.path + "/none.png"
        let gone = await #expect(throws: ProviderError.self) { try await shop.provider().submit(order) }
        #expect(gone?.failure.kind == .missing)

        order.framePath = shop.path + "/text.png"
        try Data("no picture".utf8).write(to: URL(filePath: order.framePath))
        let bad = await #expect(throws: ProviderError.self) {
            try await shop.provider().check(RemoteJob(id: "k1"), order: order)
        }
        #expect(bad?.failure.kind == .fault)
        #expect(shop.leftovers == [])
    }

    @Test("a shot of several takes its own motion and length")
    func rendersShots() async throws {
        let shop = try await Workshop()
        var order = try shop.order(seconds: 6)
        order.request.shots = [
            VideoRequest.Shot(from: .picture, prompt: "", motion: .still, seconds: 4),
            VideoRequest.Shot(from: .picture, prompt: "", motion: .orbit, seconds: 2),
        ]
        order.shot = 1

        let clip = try await shop.clip(of: order)
        let path = try await shop.media.path(of: clip.file)

        #expect(try await VideoProbe.of(fileAt: path, tools: shop.tools)?.seconds == 2)
    }

    @Test("offers hold every whole and half second from 2 to 30 for both sizes, and cost nothing")
    func offers() async throws {
        let offers = try await Workshop().provider().offers

        #expect(offers.map(\.shortSide) == [720, 1080])
        for offer in offers {
            #expect(offer.seconds.count == 57)
            #expect(offer.price.isZero)
            for placement in Placement.allCases {
                for fps in [24, 30] {
                    let serves = offer.serves(
                        model: "motion-1",
                        mode: nil,
                        placement: placement,
                        shortSide: offer.shortSide,
                        seconds: 2.5,
                        fps: fps
                    )
                    #expect(serves)
                }
            }
        }
    }

    @Test("frame counts are exact for every length and rate")
    func frameCounts() {
        for seconds in LocalProvider.lengths {
            for fps in [24, 30] {
                let shot = LocalShot(
                    framePath: "",
                    size: PixelSize(width: 64, height: 64),
                    motion: .still,
                    look: .studio,
                    seconds: seconds,
                    fps: fps,
                    seed: 0
                )
                #expect(Double(shot.frames) == seconds * Double(fps))
            }
        }
    }
}
