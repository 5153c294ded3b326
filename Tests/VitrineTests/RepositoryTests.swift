import Foundation
import Testing
import VitrineCore

@Suite("What the repository promises about itself")
struct RepositoryTests {
    @Test("the list of embedded files is what stands in the folders")
    func assets() throws {
        let listed = try String(contentsOfFile: Program.root + "/Sources/CAssets/assets.c", encoding: .utf8)
        var expected: [String] = []
        let folders = [
            ("presets", "yaml"), ("Sources/VitrineFeeds/Profiles", "yaml"),
            ("Sources/VitrineStorage/Migrations", "sql"),
            ("Sources/VitrineExport/Templates", ""), ("Sources/VitrineServer/Templates", ""),
            ("Sources/VitrineServer", "openapi.yaml"),
            ("Sources/VitrineProviders", "prices.yaml"),
        ]
        for (folder, ending) in folders {
            for name in try FileManager.default.contentsOfDirectory(atPath: Program.root + "/" + folder)
            where name.hasSuffix(ending) {
                expected.append(folder + "/" + name)
            }
        }

        for path in expected { #expect(listed.contains("{\"\(path)\", asset_"), "run `make assets`: \(path)") }
        #expect(listed.components(separatedBy: "#embed").count - 1 == expected.count)
    }

    @Test("the settings in the program are the settings in docs/operating.md")
    func settings() throws {
        let source = try String(contentsOfFile: Program.root + "/Sources/vitrine/Settings.swift", encoding: .utf8)
        let docs = try String(contentsOfFile: Program.root + "/docs/operating.md", encoding: .utf8)
        let names = source.matches(of: /name: "(VITRINE_[A-Z_]+)"/).map { String($0.1) }
        let documented = docs.matches(of: /(?m)^\| `(VITRINE_[A-Z_]+)` \|/).map { String($0.1) }

        #expect(!names.isEmpty)
        #expect(names == documented)
        let example = try String(contentsOfFile: Program.root + "/deploy/vitrine.env.example", encoding: .utf8)
        for name in names { #expect(example.contains(name)) }
    }

    @Test("the docs name every state and every event of a job")
    func states() throws {
        let docs = try String(contentsOfFile: Program.root + "/docs/job-states.md", encoding: .utf8)

        for state in JobState.Name.allCases { #expect(docs.contains("| `\(state.rawValue)` |")) }
        for event in JobEvent.Name.allCases { #expect(docs.contains("| `\(event.rawValue)`")) }
    }

    @Test("every code of a diagnostic that the sources say is listed in docs/feeds.md or docs/presets.md")
    func codes() throws {
        var docs = ""
        for name in ["feeds", "presets"] {
            docs += try String(contentsOfFile: Program.root + "/docs/\(name).md", encoding: .utf8)
        }
        var codes: Set<String> = []
        for room in ["VitrineExport", "VitrinePipeline", "VitrinePresets", "VitrineFeeds"] {
            let folder = Program.root + "/Sources/" + room
            for case let path as String in FileManager.default.enumerator(atPath: folder) ?? .init()
            where path.hasSuffix(".swift") {
                let source = try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
                codes.formUnion(
                    source.matches(of: /"((?:feed|row|map|export|presets|catalog)\.[a-z]+(?:-[a-z]+)*)"/).map {
                        String($0.1)
                    }
                )
            }
        }

        #expect(codes.count > 50)
        for code in codes { #expect(docs.contains("| `\(code)`"), "\(code)") }
    }
}
