import Foundation
import Testing
import VitrineCore

@testable import VitrineFeeds

@Suite struct DocumentedCodesTests {
    @Test("docs/feeds.md lists exactly the codes that there are, of feeds and of pictures")
    func codes() throws {
        let text = try String(contentsOf: FeedSample.root.appending(path: "docs/feeds.md"), encoding: .utf8)
        let listed = text.matches(of: /(?m)^\| `((?:feed|row|map|image)\.[a-z-]+)` \|/).map { String($0.output.1) }
        let known =
            FeedDiagnosticCode.allCases.map(\.rawValue) + ImageRefusal.Kind.allCases.map { "image." + $0.rawValue }
            + ImageRemark.allCases.map { "image." + $0.rawValue }

        #expect(Set(listed) == Set(known))
        #expect(listed.count == known.count)
    }

    @Test("docs/feeds.md lists exactly the formats that there are")
    func formats() throws {
        let text = try String(contentsOf: FeedSample.root.appending(path: "docs/feeds.md"), encoding: .utf8)
        let listed = text.matches(of: /(?m)^\| `([a-z0-9-]+)` \| [A-Z]/).map { String($0.output.1) }

        #expect(listed == FeedFormat.all.map(\.name))
    }

    @Test("docs/feeds.md shows the mapping that the samples hold")
    func mapping() throws {
        let text = try String(contentsOf: FeedSample.root.appending(path: "docs/feeds.md"), encoding: .utf8)
        let map = try String(contentsOf: SamplesTests.folder.appending(path: "vendure.map.yaml"), encoding: .utf8)

        #expect(text.contains("```yaml\n" + map + "```"))
    }
}
