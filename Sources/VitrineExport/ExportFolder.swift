import Foundation

/// Why an export could not be written, in words.
public struct ExportFailure: Error, Hashable, Sendable {
    /// What happened.
    public var message: String

    /// A failure in words.
    public init(_ message: String) { self.message = message }
}

/// The folder into which the files of an export go.
public struct ExportFolder: Sendable {
    private let path: String

    /// A folder, made when something is written.
    public init(_ path: String) { self.path = path }

    /// Writes the files, each whole or not at all, the page last; gives back how many bytes were written.
    ///
    /// A copy that is there already with the same size is left as it is, since its name holds a digest of its bytes.
    public func write(_ files: [ExportFile]) throws(ExportFailure) -> Int {
        var count = 0
        for file in files.filter({ !$0.isPage }) + files.filter(\.isPage) {
            guard file.isInside else { throw ExportFailure("`\(file.path)` leads out of the folder") }
            let place = URL(filePath: path).appending(path: file.path)
            do {
                try FileManager.default.createDirectory(
                    at: place.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                count += try write(file.contents, to: place)
            } catch {
                let reason = (error as NSError).localizedDescription
                throw ExportFailure("`\(place.path)` could not be written: \(reason)")
            }
        }
        return count
    }

    private func write(_ contents: ExportFile.Contents, to place: URL) throws -> Int {
        switch contents {
        case .bytes(let bytes):
            try Data(bytes).write(to: place, options: .atomic)
            return bytes.count
        case .copy(let source):
            let size = try ExportFolder.size(of: source)
            // A file that is not there is the usual case.
            if (try? ExportFolder.size(of: place.path)) == size { return 0 }
            let temporary = place.deletingLastPathComponent().appending(path: ".\(place.lastPathComponent).part")
            // What an earlier export that was stopped left here is of no use.
            try? FileManager.default.removeItem(at: temporary)
            try FileManager.default.copyItem(at: URL(filePath: source).resolvingSymlinksInPath(), to: temporary)
            guard rename(temporary.path, place.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
            return size
        }
    }

    private static func size(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.size] as? NSNumber)?.intValue ?? 0
    }
}

extension ExportFile {
    fileprivate var isPage: Bool { path == "index.html" }

    fileprivate var isInside: Bool {
        !path.hasPrefix("/") && !path.split(separator: "/").contains("..") && !path.isEmpty
    }
}
