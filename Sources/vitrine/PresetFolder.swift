import Foundation
import VitrineCore
import VitrinePresets

/// The presets of a folder on disk.
enum PresetFolder {
    /// The shipped library with a folder's presets on top.
    static func library(adding folder: String?) throws -> Checked<PresetLibrary> {
        guard let folder else { return PresetLibrary.shipped() }
        let files = try files(in: folder)
        var library = PresetLibrary.read(shippedAnd: files.value)
        library.diagnostics = files.diagnostics + library.diagnostics
        return library
    }

    /// The YAML files of a folder, by name; one that is no text is left out and named.
    static func files(in folder: String) throws -> Checked<[PresetFile]> {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw CommandFailure("the folder of presets `\(folder)` cannot be read", hint: "check `--presets`")
        }
        var files = Checked<[PresetFile]>([])
        for name in names.filter({ $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }).sorted() {
            let path = folder + "/" + name
            do {
                files.value.append(PresetFile(name: path, text: try String(contentsOfFile: path, encoding: .utf8)))
            } catch {
                files.diagnostics.append(
                    Diagnostic(
                        .error,
                        "files.unreadable",
                        file: path,
                        "the file cannot be read as UTF-8 text; it was left out"
                    )
                )
            }
        }
        return files
    }
}
