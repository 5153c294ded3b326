import Foundation
import Testing
import VitrineCore

@testable import VitrinePresets

@Suite("Codes of complaints")
struct PresetCodeTests {
    private let page = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/presets.md").standardized

    @Test("docs/presets.md lists every code, and no other")
    func documented() throws {
        let text = try String(contentsOf: page, encoding: .utf8)
        let listed = text.split(separator: "\n").filter { $0.hasPrefix("| `presets.") }
            .compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }

        #expect(listed == PresetCode.allCases.map(\.rawValue))
    }

    @Test("the examples of docs/presets.md are read without a complaint")
    func examples() throws {
        let text = try String(contentsOf: page, encoding: .utf8)
        let blocks = text.components(separatedBy: "```yaml\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }

        #expect(blocks.count >= 4)
        for block in blocks {
            let checked = PresetLibrary.read(shippedAnd: [PresetFile(name: "docs.yaml", text: block)])
            #expect(checked.diagnostics.filter { $0.file == "docs.yaml" } == [], "\(block)")
            #expect(checked.value.runTests().filter { $0.file == "docs.yaml" }.flatMap(\.failures) == [])
        }
    }
}
