import Foundation
import Testing
import VitrineCore
import VitrineTesting

@Suite("The ground")
struct GroundTests {
    @Test("a digest is that of the bytes, however they come")
    func digests() {
        var digester = Digester()
        digester.update(Data("ab".utf8))
        digester.update(Data("c".utf8))

        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(Digest(of: "abc").hexadecimal == known)
        #expect(digester.digest().hexadecimal == known)
        #expect(Digest(hexadecimal: known.uppercased()) == nil)
        #expect(Digest(hexadecimal: "abc") == nil)
    }

    @Test("a blocking pool gives back what its work returns or throws")
    func pool() async throws {
        let pool = BlockingPool(name: "test", width: 2)

        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<50 { group.addTask { try await pool.run { number * 2 } } }
            return try await group.reduce(0, +)
        }

        #expect(values == 2450)
        await #expect(throws: StoreError.self) { try await pool.run { throw StoreError(.io, "no") } }
    }

    @Test("a task that prefers a blocking pool runs on its threads, and so do its children")
    func executor() async {
        let pool = BlockingPool(name: "test", width: 1, niceness: 7)
        func niceness() async -> Int32 { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }

        let inside = await withTaskExecutorPreference(pool) {
            async let child = niceness()
            return await [niceness(), child]
        }

        #expect(inside == [7, 7])
        #expect(await niceness() != 7)
    }

    @Test("waits double from the first to the longest, with at most a quarter of jitter, and end")
    func retries() {
        let policy = RetryPolicy(first: .seconds(2), longest: .seconds(10), limit: 5)

        let waits = (1...5).map { policy.wait(after: $0, unit: 0) }
        #expect(waits == [.seconds(2), .seconds(4), .seconds(8), .seconds(10), nil])
        #expect(policy.wait(after: 1, unit: 0.9999) ?? .zero <= .milliseconds(2500))
    }

    @Test("a placement has the asked short side and even sides", arguments: Placement.allCases)
    func sizes(placement: Placement) {
        for side in [720, 1080] {
            let size = placement.size(shortSide: side)
            #expect(size.shortSide == side)
            #expect(size.width % 2 == 0 && size.height % 2 == 0)
            #expect(abs(size.aspect - placement.ratio.aspect) < 0.01)
        }
    }

    @Test("a picture encoded anew is the same picture; one of another colour is not")
    func pictures() {
        let size = PixelSize(width: 100, height: 100)
        func picture(_ value: UInt8, _ name: String) -> SourceImage {
            SourceImage(
                digest: Digest(of: name),
                format: .jpeg,
                size: size,
                bytes: 1,
                hasTransparency: false,
                signature: Data(repeating: value, count: 768)
            )
        }

        #expect(picture(100, "a").shows(picture(103, "b")))
        #expect(!picture(100, "a").shows(picture(120, "b")))
    }

    @Test("the shown video is the chosen take, else the newest approved one, else the newest that nobody refused")
    func shown() {
        func take(_ number: Int, _ state: Video.State, chosen: Bool = false) -> Video {
            var video = JobTransitionTests.sampleVideo
            video.take = number
            video.state = state
            video.isChosen = chosen
            return video
        }

        #expect([take(1, .approved), take(2, .new), take(3, .rejected)].shown?.take == 1)
        #expect([take(1, .new), take(2, .new), take(3, .rejected)].shown?.take == 2)
        #expect([take(1, .new, chosen: true), take(2, .new)].shown?.take == 1)
        #expect([take(1, .quarantined), take(2, .rejected)].shown == nil)
    }

    @Test("a category is within itself and what stands above it")
    func categories() {
        let shoes = CategoryPath("Apparel & Accessories > Shoes")

        #expect(shoes.isWithin(CategoryPath("Apparel & Accessories")))
        #expect(shoes.isWithin(shoes))
        #expect(!CategoryPath("Apparel & Accessories").isWithin(shoes))
    }
}
