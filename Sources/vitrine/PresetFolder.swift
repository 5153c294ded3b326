import Foundation
import VitrineCore
import VitrinePresets

/// The presets of a folder on disk.
enum PresetFolder {
    /// The shipped library with a folder's presets on top.
    static func library(adding folder: String?) throws -> Checked<PresetLibrary> {
        guard let folder else { return PresetLibrary.shipped() }
        return PresetLibrary.read(shippedAnd: try files(in: folder))
    }

    /// The YAML files of a folder, by name.
    static func files(in folder: String) throws -> [PresetFile] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw CommandFailure("the folder of presets `\(folder)` cannot be read", hint: "check `--presets`")
        }
        return try names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().map { name in
            try file(at: folder + "/" + name)
        }
    }

    /// One file.
    static func file(at path: String) throws -> PresetFile {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandFailure("`\(path)` cannot be read as UTF-8 text")
        }
        return PresetFile(name: path, text: text)
    }
}
