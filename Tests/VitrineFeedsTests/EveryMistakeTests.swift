import Foundation
import Testing
import VitrineCore

@testable import VitrineFeeds

@Suite struct EveryMistakeTests {
    private static let samples = FeedSample.root.appending(path: "catalog-samples")

    /// What a single Shopify CSV cannot hold; other tests make these.
    private static let elsewhere: Set<FeedDiagnosticCode> = [
        .encoding, .noRows, .missingColumn, .noPictureColumn, .otherFiles, .cutShort, .orphan, .translation, .otherKind,
        .unknownKind,
        .hidden, .cellTooLong, .mapSyntax, .mapUnknownKey, .mapValue, .mapMissing,
    ]

    private static func diagnostics() throws -> [Diagnostic] {
        let options = FeedOptions(feed: "every-mistake", file: "every-mistake.csv")
        let reader = try FeedReader(fileAt: samples.appending(path: "every-mistake.csv").path, options: options)
        var diagnostics: [Diagnostic] = []
        while let batch = try reader.next(limit: 3) { diagnostics += batch.diagnostics }
        return diagnostics
    }

    @Test("the feed with every mistake yields exactly its listed diagnostics")
    func exactlyTheList() throws {
        let found = try EveryMistakeTests.diagnostics()
        let list = EveryMistakeTests.samples.appending(path: "every-mistake.expected.json")
        if ProcessInfo.processInfo.environment["VITRINE_RECORD"] == "1" {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(found).write(to: list)
        }

        let expected = try JSONDecoder().decode([Diagnostic].self, from: Data(contentsOf: list))

        for (index, diagnostic) in found.enumerated() where index < expected.count {
            #expect(diagnostic == expected[index])
        }
        #expect(found.count == expected.count)
    }

    @Test("the feed with every mistake holds one of each that a single CSV can hold")
    func oneOfEach() throws {
        let found = Set(try EveryMistakeTests.diagnostics().compactMap { FeedDiagnosticCode(rawValue: $0.code) })

        #expect(found == Set(FeedDiagnosticCode.allCases).subtracting(EveryMistakeTests.elsewhere))
    }

    @Test("the good products of the feed with every mistake are all there")
    func goodProducts() throws {
        let sample = try FeedSample.read(path: EveryMistakeTests.samples.appending(path: "every-mistake.csv").path)

        #expect(sample.isComplete)
        #expect(
            sample.products.map(\.key) == [
                "right", "no-picture", "bad-picture", "glued-pictures", "too-many-pictures", "bad-price", "rounded",
                "doubled",
                "long-title", "extra", "short", "bytes", "unclosed",
            ]
        )
        #expect(try sample.product("unclosed").title == "A phone whose quote is never closed")
        #expect(try sample.product("bytes").title == "Crème in another encoding")
        #expect(try sample.product("doubled").variants.map(\.key) == ["Ink", "Rust"])
    }
}
