import Foundation
import Testing
import VitrineCore

@testable import VitrinePipeline
@testable import VitrinePresets

@Suite("Who is asked, and for what")
struct FallbackTests {
    static func offer(
        _ provider: ProviderID,
        _ model: String = "m",
        side: Int = 1080,
        shapes: [Placement]? = nil,
        seconds: [Double] = [4, 6, 8],
        sound: Bool = false
    ) -> Offer {
        Offer(
            provider: provider,
            model: model,
            shortSide: side,
            shapes: shapes,
            seconds: seconds,
            fps: [24],
            sound: sound,
            price: Money(micros: 100_000, currency: "USD"),
            unit: .second,
            source: "test",
            date: "2026-11-25"
        )
    }

    static func preset(_ configure: (inout Preset) -> Void = { _ in }) throws -> Preset {
        var preset = try #require(PresetLibrary.shipped().value.preset("footwear"))
        preset.tiers[.draft] = Preset.TierSettings(providers: ["a", "b"])
        preset.video.seconds = 5
        configure(&preset)
        return preset
    }

    static func take(_ provider: ProviderID, _ state: JobState.Name, _ failure: JobFailure.Kind? = nil) -> Take {
        let request = Workshop.request(provider)
        var take = Take(
            number: 1,
            job: "j",
            jobState: state,
            request: request,
            fingerprint: request.fingerprint,
            preset: PresetUse(name: "p", version: "1")
        )
        take.failure = failure
        if state == .finished { take.video = "v" }
        return take
    }

    private func choice(
        _ offers: [Offer],
        _ preset: Preset,
        takes: [Take] = [],
        absent: [ProviderID: String] = [:],
        held: Set<ProviderID> = [],
        override: SlotOverride = SlotOverride(),
        placement: Placement = .story,
        others: Int = 0
    ) throws -> ModelChoice {
        try ModelChooser(
            offers: offers,
            absent: absent,
            held: held,
            preset: preset,
            options: PlanOptions(),
            override: override,
            takes: takes,
            provider: nil,
            placement: placement,
            others: others
        ).choice()
    }

    private func refusal(_ body: () throws -> ModelChoice) -> String {
        do {
            _ = try body()
            return ""
        } catch let error as NoOffer {
            return error.why
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "the next of the list is asked after a refusal, never after an unknown outcome",
        arguments: JobFailure.Kind.allCases
    )
    func failures(kind: JobFailure.Kind) throws {
        let offers = [Self.offer("a"), Self.offer("b")]

        let chosen = try choice(offers, try Self.preset(), takes: [Self.take("a", .failed, kind)])

        #expect(chosen.offer.provider == (kind.allowsFallback ? "b" : "a"))
        #expect(!JobFailure.Kind.unknownOutcome.allowsFallback)
        if kind.allowsFallback { #expect(chosen.notes.last == "by `b`: `a` failed (\(kind.rawValue))") }
    }

    @Test("nobody else is asked where money has left for a failure, or may have", arguments: JobFailure.Kind.allCases)
    func billed(kind: JobFailure.Kind) throws {
        var take = Self.take("a", .failed, kind)
        take.mayHaveCost = true

        let chosen = try choice([Self.offer("a"), Self.offer("b")], try Self.preset(), takes: [take])

        #expect(chosen.offer.provider == "a")
    }

    @Test("4:5 is made by following the first frame: with references, or from text, the plan says who lists it")
    func ratios() throws {
        var ark = Self.offer("a")
        ark.references = 8
        ark.takesText = true
        ark.ratios = [.square, .tall, .story, .wide]
        let preset = try Self.preset { $0.tiers[.draft] = Preset.TierSettings(providers: ["a"]) }
        let texts = try Self.preset {
            $0.tiers[.draft] = Preset.TierSettings(providers: ["a"])
            $0.shots = [Preset.Shot(from: .text, prompt: PromptTemplate(literal: "rain"), isMood: true)]
        }

        #expect(try choice([ark], preset, placement: .portrait).offer.provider == "a")
        #expect(try choice([ark], preset, placement: .tall, others: 2).offer.provider == "a")
        let why = refusal { try choice([ark], preset, placement: .portrait, others: 2) }
        #expect(
            why
                == "`a` `m` makes 4:5 only by following the first frame, and a clip of several `references` has none to follow: "
                + "it makes 1:1, 3:4, 9:16, 16:9"
        )
        #expect(refusal { try choice([ark], texts, placement: .portrait) }.contains("a shot that begins from text"))
        var plain = ark
        plain.references = 0
        #expect(try choice([plain], preset, placement: .portrait, others: 2).offer.provider == "a")
    }

    @Test("who is not at hand, or does not make the shape, is passed over; what was made stays with who made it")
    func passedOver() throws {
        let preset = try Self.preset()
        let offers = [Self.offer("a", shapes: [.wide]), Self.offer("b")]

        #expect(try choice([Self.offer("b")], preset, absent: ["a": "`a` has no key"]).offer.provider == "b")
        #expect(try choice(offers, preset).offer.provider == "b")
        let both = [Self.offer("a"), Self.offer("b")]
        #expect(try choice(both, preset, takes: [Self.take("b", .finished)]).offer.provider == "b")
        #expect(try choice(both, preset, takes: [Self.take("b", .rendering)]).offer.provider == "b")
        #expect(try choice(both, preset, held: ["a"]).notes.last == "by `b`: `a` is held")
        #expect(try choice(both, preset, held: ["a", "b"]).offer.provider == "b")
        #expect(try choice(both, preset, takes: [Self.take("a", .finished)], held: ["a"]).offer.provider == "a")
        #expect(refusal { try choice([], preset, absent: ["a": "`a` has no key"]) } == "`a` has no key")
    }

    @Test(
        "five seconds become four where four and six are known, and the plan says so",
        arguments: [
            (5.0, 4.0), (5.5, 6.0), (7.0, 6.0), (30.0, 8.0), (2.0, 4.0), (6.0, 6.0),
        ]
    )
    func lengths(asked: Double, made: Double) throws {
        let preset = try Self.preset { $0.video.seconds = asked }

        let chosen = try choice([Self.offer("a")], preset)

        #expect(chosen.seconds == made)
        #expect(chosen.notes.isEmpty == (asked == made))
        #expect(chosen.price == Money(micros: Int64(made * 100_000), currency: "USD"))
    }

    @Test("a length that a person named is refused with the nearest")
    func namedLength() throws {
        var override = SlotOverride()
        override.seconds = 5

        let why = refusal { try choice([Self.offer("a")], try Self.preset(), override: override) }

        #expect(why == "`a` `m` does not make 5 s: the nearest is 4 s")
    }

    @Test("a shape, a size or a sound that a model does not make is refused with who can")
    func advice() throws {
        let only = try Self.preset { $0.tiers[.draft] = Preset.TierSettings(providers: ["a"]) }
        let wide = [Self.offer("a", shapes: [.wide]), Self.offer("c", "big")]
        let loud = try Self.preset { preset in
            preset.tiers[.draft] = Preset.TierSettings(providers: ["a"])
            preset.sound.isOn = true
        }
        let large = try Self.preset { preset in
            preset.tiers[.draft] = Preset.TierSettings(providers: ["a"], resolution: "4K")
        }

        #expect(refusal { try choice(wide, only) } == "`a` `m` does not make 9:16: it makes 16:9; `c` `big` can")
        #expect(
            refusal { try choice([Self.offer("a"), Self.offer("c", sound: true)], loud) }
                == "`a` `m` makes no sound; `c` `m` can"
        )
        #expect(
            refusal { try choice([Self.offer("a", side: 720), Self.offer("a", side: 1080)], large) }
                == "`a` `m` does not make 2160 px on the short side: it makes 720, 1080"
        )
    }

    @Test(
        "a silent row is taken where there is one, a heard one where there is not, and each shot has a length of its own"
    )
    func rows() throws {
        let preset = try Self.preset { preset in
            preset.shots = [
                .init(from: .picture, prompt: nil, motion: nil, seconds: 3, isMood: false),
                .init(from: .previous, prompt: nil, motion: nil, seconds: 7.5, isMood: false),
            ]
        }

        #expect(try choice([Self.offer("a", sound: true), Self.offer("a")], try Self.preset()).offer.sound == false)
        #expect(try choice([Self.offer("a", sound: true)], try Self.preset()).offer.sound)
        let chosen = try choice([Self.offer("a")], preset)
        #expect(chosen.shots == [4, 8])
        #expect(chosen.seconds == 12)
        #expect(chosen.price == Money("1.20", currency: "USD"))
    }
}
