import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Regenerations in storage")
struct RegenerationTests {
    private let once = IdempotencyKey(caller: "k_a", text: "once", asked: Digest(of: "this"))

    private func regeneration(
        _ id: JobID,
        prompt: String = "another",
        price: Money = .zero("USD"),
        once: IdempotencyKey? = nil
    ) -> Regeneration {
        let run = RunID("r_\(id)")
        var override = SlotOverride()
        override.prompt = prompt
        return Regeneration(
            override: override,
            run: Run(id: run, plan: nil, createdAt: Sample.start),
            job: Sample.job(id, prompt: prompt, price: price, run: run).job,
            once: once,
            answer: "answer of \(id)"
        )
    }

    private func override(_ store: SQLStore) async throws -> SlotOverride? {
        let product = Sample.slot().product
        return try await store.slots(of: [product])[product]?.first?.override
    }

    @Test(
        "a key is answered once for its caller, refused for another request, and forgotten after a day",
        arguments: StoreUnderTest.all
    )
    func idempotency(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            _ = try await JobCourse.begin(store)
            #expect(try await store.answer(to: once, at: Sample.start) == nil)

            #expect(try await store.regenerate(regeneration("j_1", once: once), at: Sample.start) == .queued)
            let again = try await store.regenerate(regeneration("j_2", once: once), at: Sample.later(86_399))
            #expect(again == .repeated(answer: "answer of j_1"))
            #expect(try await store.job("j_2") == nil)
            #expect(try await store.answer(to: once, at: Sample.later(86_399)) == "answer of j_1")
            #expect(try await store.answer(to: once, at: Sample.later(86_400)) == nil)

            var other = once
            other.asked = Digest(of: "that")
            #expect(await trouble { try await store.answer(to: other, at: Sample.start) } == .reusedKey)
            #expect(
                await trouble { try await store.regenerate(regeneration("j_3", once: other), at: Sample.start) }
                    == .reusedKey
            )
            other.caller = "k_b"
            #expect(try await store.answer(to: other, at: Sample.start) == nil)
        }
    }

    @Test("what is in flight already is refused, and nothing of the request is kept", arguments: StoreUnderTest.all)
    func conflict(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            _ = try await JobCourse.begin(store)
            _ = try await store.regenerate(regeneration("j_1", prompt: "same"), at: Sample.start)
            let before = try await override(store)
            #expect(before?.prompt == "same")

            var double = regeneration("j_2", prompt: "same", once: once)
            double.job.take = 2
            double.override.seed = 9
            #expect(await trouble { try await store.regenerate(double, at: Sample.start) } == .conflict)
            #expect(try await store.job("j_2") == nil)
            #expect(try await store.answer(to: once, at: Sample.start) == nil)
            #expect(try await override(store) == before)
        }
    }

    @Test("what no budget covers is refused whole; what is free needs none", arguments: StoreUnderTest.all)
    func budget(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            _ = try await JobCourse.begin(store)
            let paid = regeneration("j_1", price: Money(micros: 5_000, currency: "USD"), once: once)

            #expect(await trouble { try await store.regenerate(paid, at: Sample.start) } == .overBudget)
            try await store.setBudget(Money(micros: 4_999, currency: "USD"))
            #expect(await trouble { try await store.regenerate(paid, at: Sample.start) } == .overBudget)
            #expect(try await store.job("j_1") == nil)
            #expect(try await store.answer(to: once, at: Sample.start) == nil)
            #expect(try await override(store) == nil)

            try await store.setBudget(Money(micros: 5_000, currency: "USD"))
            #expect(try await store.regenerate(paid, at: Sample.start) == .queued)
            #expect(try await store.job("j_1")?.state.name == .queued)
            var free = regeneration("j_2", prompt: "free")
            free.job.take = 2
            #expect(try await store.regenerate(free, at: Sample.start) == .queued)
        }
    }
}
