import Foundation
import Testing
import VitrineCore

@testable import VitrinePresets

@Suite("Preset schema")
struct PresetSchemaTests {
    private func definitions() throws -> [String: Any] {
        let schema = try JSONSerialization.jsonObject(with: Data(PresetSchema.json().utf8)) as? [String: Any]
        #expect(schema?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        return try #require(schema?["$defs"] as? [String: Any])
    }

    private func keys(_ schema: Any?) -> Set<String> {
        Set(((schema as? [String: Any])?["properties"] as? [String: Any])?.keys.map { $0 } ?? [])
    }

    private func property(_ schema: Any?, _ name: String) -> Any? {
        ((schema as? [String: Any])?["properties"] as? [String: Any])?[name]
    }

    @Test("the schema knows exactly the keys that the reader knows")
    func keys() throws {
        let all = try definitions()
        let preset = all["preset"]

        #expect(keys(preset) == Set(PresetKeys.preset))
        #expect(keys(all["groups"]) == Set(PresetKeys.groups))
        #expect(keys(all["match"]) == Set(PresetKeys.match))
        #expect(keys(property(all["groups"], "price")) == Set(PresetKeys.price))
        #expect(keys(property(preset, "frame")) == Set(PresetKeys.frame))
        #expect(keys(property(preset, "video")) == Set(PresetKeys.video))
        #expect(keys(property(preset, "sound")) == Set(PresetKeys.sound))
        #expect(keys(property(property(preset, "sound"), "voice")) == Set(PresetKeys.voice))
        #expect(keys(property(preset, "finish")) == Set(PresetKeys.finish))
        #expect(keys(property(preset, "tiers")) == Set(PresetKeys.tiers))
        #expect(keys(all["tier"]) == Set(PresetKeys.tier))
        #expect(keys(property(all["tier"], "sound")) == Set(PresetKeys.tierSound))
        #expect(keys(all["shot"]) == Set(PresetKeys.shot))
        #expect(keys(all["wording"]) == Set(PresetKeys.wording))
        #expect(keys(all["locale"]) == Set(PresetKeys.locale))
        #expect(keys(all["test"]) == Set(PresetKeys.test))
        #expect(keys(property(all["test"], "expect")) == Set(PresetKeys.expect))
        #expect(keys(all["style"]) == Set(StyleReader.keys))
        #expect(keys(all["category"]) == Set(CategoryReader.keys))
    }

    @Test("every key of every shipped file is in the schema")
    func shipped() throws {
        let all = try definitions()

        for file in PresetFile.shipped {
            let complaints = Complaints()
            for document in YAMLReader.documents(of: file, complaints) {
                let entries = document.entries ?? []
                let kind =
                    entries.contains { $0.key == "preset" }
                    ? "preset" : entries.contains { $0.key == "styles" } ? "style_book" : "category_book"
                let unknown = entries.map(\.key).filter { !keys(all[kind]).contains($0) }
                #expect(unknown == [], "\(file.name):\(document.line)")
            }
            #expect(complaints.diagnostics.isEmpty)
        }
        #expect(PresetFile.shipped.count > 10)
    }

    @Test("every reference of the schema leads somewhere")
    func references() throws {
        let all = try definitions()
        let names = PresetSchema.json().split(separator: "\"#/$defs/").dropFirst().compactMap {
            $0.split(separator: "\"").first
        }

        #expect(names.allSatisfy { all[String($0)] != nil })
        #expect(names.count > 20)
    }
}
