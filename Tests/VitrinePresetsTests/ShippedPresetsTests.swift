import Testing
import VitrineCore

@testable import VitrinePresets

@Suite("Shipped presets")
struct ShippedPresetsTests {
    @Test("the shipped library is read without a complaint")
    func noComplaints() {
        let checked = PresetLibrary.shipped()

        for diagnostic in checked.diagnostics {
            Issue.record("\(diagnostic.file ?? ""):\(diagnostic.line ?? 0): \(diagnostic.message)")
        }
        #expect(checked.value.presets.count >= 24)
        #expect(checked.value.styles.all.count >= 50)
    }

    @Test("every test inside a shipped preset passes")
    func insideTests() {
        let results = PresetLibrary.shipped().value.runTests()

        for diagnostic in results.flatMap(\.diagnostics) {
            Issue.record("\(diagnostic.file ?? ""):\(diagnostic.line ?? 0): \(diagnostic.message)")
        }
        #expect(results.count > 60)
    }
}
