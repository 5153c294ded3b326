import Foundation
import Testing
import VitrineCore

@Suite("Who is asked instead")
struct JobFallbackTests {
    private static let now = JobTransitionTests.start
    private static let next = JobTransitionTests.alternative("b", cents: 70)
    private static let last = JobTransitionTests.alternative("c", cents: 30)

    private static func job(_ state: JobState) -> Job {
        var job = JobTransitionTests.sampleJob
        job.state = state
        job.alternatives = [next, last]
        job.failures = 3
        job.progress = 0.5
        return job
    }

    private static func passed(
        _ reason: PassedProvider.Reason = .refused,
        _ kind: JobFailure.Kind = .moderated,
        _ billed: JobFailure.Billed = .no
    ) -> PassedProvider {
        PassedProvider(.local, reason, JobFailure(kind, "no", billed: billed))
    }

    @Test("the job asks the other one for the other one's price, from the beginning, and knows who was passed over")
    func goesOn() throws {
        let after = try Self.job(.rendering(JobTransitionTests.remote)).after(
            .fellBack(Self.passed(), to: Self.next),
            at: Self.now
        )

        #expect(after.state == .queued)
        #expect(after.request == Self.next.request)
        #expect(after.fingerprint == Self.next.request.fingerprint)
        #expect(after.price == Self.next.price)
        #expect(after.lane == "b")
        #expect(after.alternatives == [Self.last])
        #expect(after.passed == [Self.passed()])
        #expect(after.failures == 0)
        #expect(after.progress == nil)
        #expect(after.dueAt == Self.now)
    }

    @Test("who was only out is asked again after all others; who refused is not")
    func askedAgain() throws {
        let out = try Self.job(.queued).after(.fellBack(Self.passed(.out, .busy), to: Self.next), at: Self.now)
        let refused = try Self.job(.queued).after(.fellBack(Self.passed(), to: Self.next), at: Self.now)

        #expect(out.alternatives.map(\.request.provider) == ["c", .local])
        #expect(refused.alternatives.map(\.request.provider) == ["c"])
    }

    @Test(
        "nobody else is asked after a failure that leaves it open whether the work is being made",
        arguments: JobFailure.Kind.allCases
    )
    func kinds(kind: JobFailure.Kind) {
        for state in [JobState.submitting("s1"), .rendering(JobTransitionTests.remote)] {
            let after = try? Self.job(state).after(.fellBack(Self.passed(.refused, kind), to: Self.next), at: Self.now)

            #expect((after != nil) == kind.allowsFallback)
        }
        #expect(!JobFailure.Kind.unknownOutcome.allowsFallback)
    }

    @Test("nobody else is asked where money has left or may have", arguments: [JobFailure.Billed.yes, .unknown])
    func billed(billed: JobFailure.Billed) {
        #expect(throws: InvalidTransition.self) {
            try Self.job(.rendering(JobTransitionTests.remote)).after(
                .fellBack(Self.passed(.refused, .renderFailed, billed), to: Self.next),
                at: Self.now
            )
        }
    }

    @Test("a doubtful submission that was looked for is never given to somebody else")
    func doubtful() {
        var job = Self.job(.submitting("s1"))
        job.looks = 1

        #expect(throws: InvalidTransition.self) { try job.after(.fellBack(Self.passed(), to: Self.next), at: Self.now) }
    }

    @Test("what has been sent is not taken from a provider because it is out or dear")
    func sent() {
        for reason in [PassedProvider.Reason.out, .tooDear] {
            for state in [JobState.submitting("s1"), .rendering(JobTransitionTests.remote)] {
                let event = JobEvent.fellBack(Self.passed(reason, .busy), to: Self.next)

                #expect(throws: InvalidTransition.self) { try Self.job(state).after(event, at: Self.now) }
            }
        }
    }

    @Test("a film is not made by two: with a shot done, nobody else is asked; nor is anybody who is not in the list")
    func bounds() {
        var half = Self.job(.queued)
        half.shots = [JobTransitionTests.clip]
        let stranger = JobTransitionTests.alternative("stranger")

        #expect(throws: InvalidTransition.self) {
            try half.after(.fellBack(Self.passed(), to: Self.next), at: Self.now)
        }
        #expect(throws: InvalidTransition.self) {
            try Self.job(.queued).after(.fellBack(Self.passed(), to: stranger), at: Self.now)
        }
    }
}
