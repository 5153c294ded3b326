import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

/// The stored JSON of states is a file format: what this release writes must be read for ever.
@Suite("Stored states")
struct StoredStateTests {
    private static let states: [(String, JobState)] = [
        ("queued", .queued),
        ("submitting", .submitting("k_3f9a")),
        ("rendering", .rendering(RemoteJob(id: "r/1", address: "https://example.com/jobs/1?x=\"y\""))),
        ("rendering-without-address", .rendering(RemoteJob(id: "r1"))),
        (
            "rendered",
            .rendered(
                RemoteVideo(
                    job: RemoteJob(id: "r1"),
                    location: "https://example.com/v.mp4",
                    expiresAt: Date(milliseconds: 1_795_000_000_123),
                    cost: Money(micros: 350_000, currency: "USD")
                )
            )
        ),
        ("rendered-least", .rendered(RemoteVideo(job: RemoteJob(id: "r1"), location: "/home/work/k.mp4"))),
        ("fetched", .fetched(Clip(file: MediaFile(digest: Digest(of: "clip"), bytes: 123_456, kind: "mp4")))),
        ("finished", .finished("v_3f9a")),
        (
            "failed",
            .failed(JobFailure(.unknownOutcome, "no answer in 120 s", hint: "look before you retry", billed: .unknown))
        ),
        ("failed-least", .failed(JobFailure(.refused, "no"))),
        ("cancelled", .cancelled),
    ]

    private static func fixture(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/states/1.0/\(name).txt")
    }

    @Test("a state that an earlier release wrote is read", arguments: states.indices)
    func golden(index: Int) throws {
        let (name, state) = StoredStateTests.states[index]
        let lines = try String(contentsOf: StoredStateTests.fixture(name), encoding: .utf8).split(separator: "\n")

        let stateName = try #require(JobState.Name(rawValue: String(lines[0])))
        let read = try JobState(name: stateName, payload: lines.count > 1 ? String(lines[1]) : nil)

        #expect(read == state)
        #expect(state.payload == (lines.count > 1 ? String(lines[1]) : nil))
    }

    @Test("every state has a golden file")
    func complete() {
        let covered = Set(StoredStateTests.states.map { $0.1.name })
        #expect(covered == Set(JobState.Name.allCases))
    }

    @Test("a state and the payload of another do not go together")
    func mismatch() {
        #expect(throws: DecodingError.self) { try JobState(name: .rendering, payload: "\"k\"") }
        #expect(throws: DecodingError.self) { try JobState(name: .submitting, payload: nil) }
        #expect(throws: DecodingError.self) { try JobState(name: .failed, payload: "{\"kind\":\"new-kind\"}") }
    }
}
