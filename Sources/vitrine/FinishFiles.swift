import Foundation
import VitrineCore
import VitrinePresets

/// The logos and music that presets of a folder name, taken into the home: what they are put over must not change with a file.
enum FinishFiles {
    /// The library with every file by its digest; a file that cannot be taken is named and left out.
    static func taken(
        _ library: PresetLibrary,
        from folder: String,
        into media: any MediaStore
    ) async throws -> Checked<PresetLibrary> {
        var finishes: [String: [String: String]] = [:]
        var diagnostics: [Diagnostic] = []
        for preset in library.presets where preset.file.hasPrefix(folder + "/") {
            var finish = preset.finish
            for name in Preset.finishFiles {
                guard let value = finish[name], value != "true", !isTaken(value) else { continue }
                do {
                    finish[name] = try await file(value, beside: preset.file, into: media)
                } catch let refusal as Refusal {
                    finish[name] = nil
                    diagnostics.append(
                        Diagnostic(
                            .error,
                            PresetCode.finishFile.rawValue,
                            file: preset.file,
                            line: preset.line,
                            field: "finish." + name,
                            "`\(value)` \(refusal.why); it was left out",
                            hint: "paths begin at the folder of the preset"
                        )
                    )
                }
            }
            if finish != preset.finish { finishes[preset.name] = finish }
        }
        return Checked(library.replacing(finishes: finishes), diagnostics)
    }

    private struct Refusal: Error {
        var why: String
    }

    private static let kinds = ["png", "jpg", "jpeg", "webp", "mp3", "wav", "flac", "ogg", "m4a"]

    private static func isTaken(_ value: String) -> Bool {
        let parts = value.split(separator: ".")
        return parts.count == 2 && Digest(hexadecimal: String(parts[0])) != nil
    }

    private static func file(
        _ name: String,
        beside preset: String,
        into media: any MediaStore
    ) async throws -> String {
        let url = URL(filePath: name, relativeTo: URL(filePath: preset).deletingLastPathComponent())
        let kind = url.pathExtension.lowercased()
        guard kinds.contains(kind) else { throw Refusal(why: "is neither a picture nor music") }
        // Whatever keeps it from being read, its author must look at the path.
        let found = try? FileManager.default.attributesOfItem(atPath: url.path)
        guard let bytes = found?[.size] as? Int else { throw Refusal(why: "is not there") }
        guard bytes <= 64 << 20 else { throw Refusal(why: "is larger than 64 MB") }
        guard let data = try? Data(contentsOf: url) else { throw Refusal(why: "cannot be read") }
        let kept = try await media.put(data, kind: kind)
        return kept.digest.hexadecimal + "." + kept.kind
    }
}
