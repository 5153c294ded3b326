import Foundation
import Testing
import VitrineCore
import VitrineProviders

@testable import VitrinePresets

@Suite("Shipped presets")
struct ShippedPresetsTests {
    private static let checked = PresetLibrary.shipped()

    @Test("the shipped library passes its own check against the shipped table of offers without an error or a warning")
    func check() {
        let found = PresetCheck(offers: PriceList.shipped.offers).diagnostics(of: Self.checked).filter {
            $0.severity != .note
        }

        for diagnostic in found {
            Issue.record("\(diagnostic.file ?? ""):\(diagnostic.line ?? 0): \(diagnostic.message) [\(diagnostic.code)]")
        }
    }

    @Test("every test inside a shipped preset passes")
    func insideTests() {
        let results = Self.checked.value.runTests()

        for diagnostic in results.flatMap(\.diagnostics) {
            Issue.record("\(diagnostic.file ?? ""):\(diagnostic.line ?? 0): \(diagnostic.message)")
        }
        #expect(results.count >= 100)
    }

    @Test("the library has presets, styles and categories in plenty, a fallback, and every look in use")
    func contents() {
        let library = Self.checked.value

        #expect(library.presets.count >= 24)
        #expect(library.styles.all.count >= 50)
        #expect(library.categories.nodes.count >= 200)
        #expect(library.presets.filter(\.isFallback).map(\.name) == ["fallback"])
        #expect(Set(library.styles.all.map(\.look)).count >= 16)
    }

    @Test("every shipped preset has Chinese words of its own, and names what to avoid")
    func wordings() {
        for preset in Self.checked.value.presets {
            #expect(preset.locales["zh-cn"]?.prompt != nil, "\(preset.name)")
            #expect(!preset.avoid.text.isEmpty, "\(preset.name)")
            #expect(preset.settings(for: .draft).providers == [.local], "\(preset.name)")
        }
    }

    @Test("what stands in the folder is what travels inside the program")
    func embedded() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../presets").standardized
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }

        #expect(PresetFile.shipped.map(\.name).sorted() == names.map { "presets/" + $0 }.sorted())
        for file in PresetFile.shipped {
            let text = try String(contentsOf: folder.appending(path: String(file.name.dropFirst(8))), encoding: .utf8)
            #expect(file.text == text, "\(file.name)")
        }
    }

    @Test("words of feeds in twelve languages reach the right preset")
    func languages() {
        let words = [
            "Shoes", "Schuhe", "Chaussures", "Zapatos", "Scarpe", "Schoenen", "Buty", "Calçados", "Обувь", "Ayakkabı",
            "靴", "鞋",
        ]

        for word in words {
            let match = Self.checked.value.match(SmallLibrary.product("Qwxzy", category: word))
            #expect(match.preset.name == "footwear", "\(word): \(match.preset.name), \(match.because)")
        }
    }
}
