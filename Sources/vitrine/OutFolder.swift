import Foundation
import VitrineExport

/// The folder that `--out` names: files come into it whole, the page last, and copies of ours that are no longer meant go.
struct OutFolder {
    let path: String

    /// Throws when the folder cannot be made or written: before the work, not after it.
    static func check(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure("the folder `\(path)` cannot be made", hint: "name another one with `--out`")
        }
        guard FileManager.default.isWritableFile(atPath: path) else {
            throw CommandFailure("the folder `\(path)` cannot be written", hint: "name another one with `--out`")
        }
    }

    /// Writes the files; a copy whose name bears its digest and that is there already is left as it is.
    func write(_ files: [ExportFile]) throws {
        for file in files.filter({ $0.path != "index.html" }) + files.filter({ $0.path == "index.html" }) {
            let target = path + "/" + file.path
            let folder = URL(filePath: target).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            switch file.contents {
            case .bytes(let bytes):
                try Data(bytes).write(to: URL(filePath: target), options: .atomic)
            case .copy(let source):
                if size(of: target) == size(of: source), OutFolder.bearsDigest(file.path) { continue }
                let partial = target + ".part"
                // What an interrupted copy left is of no use to anybody.
                try? FileManager.default.removeItem(atPath: partial)
                try FileManager.default.copyItem(atPath: source, toPath: partial)
                // Media is for its owner alone; what a merchant asked to be put out is for everybody who may enter the folder.
                guard chmod(partial, 0o644) == 0, rename(partial, target) == 0 else {
                    throw CommandFailure("`\(target)` cannot be written")
                }
            }
        }
    }

    /// Removes what an earlier export wrote here and this one did not, by the list that each leaves; nothing else is touched.
    func sweep(keeping files: [ExportFile]) throws {
        let list = path + "/.vitrine-files"
        let kept = Set(files.map(\.path))
        // A folder without a list holds nothing of ours.
        let earlier =
            (try? String(contentsOfFile: list, encoding: .utf8))?.split(separator: "\n").map(String.init) ?? []
        for name in earlier where !kept.contains(name) && OutFolder.bearsDigest(name) && !name.contains("..") {
            // A file that is gone already is as it should be.
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
        try Data((kept.sorted().joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: list), options: .atomic)
    }

    private static func bearsDigest(_ name: String) -> Bool {
        name.contains(/-[0-9a-f]{12}\.(mp4|jpg|jpeg|png|webp)$/)
    }

    private func size(of path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
    }
}
