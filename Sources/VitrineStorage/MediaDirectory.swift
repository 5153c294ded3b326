public import Foundation
import Synchronization
public import VitrineCore

/// Media files in a folder, each under the digest of its bytes, complete or not at all.
///
/// A file stands at `ab/cd/abcd….mp4`. It is written beside its place, synced, and renamed; folders are closed to others (0700).
public struct MediaDirectory: MediaStore {
    private let root: String
    private let random: RandomSource
    private let pool: BlockingPool

    /// The folder at `path`, made if it is not there; throws `full` or `io`.
    public init(path: String, random: RandomSource = .system) throws(StoreError) {
        root = path.hasSuffix("/") ? String(path.dropLast()) : path
        self.random = random
        pool = BlockingPool(name: "media", width: 2)
        try MediaDirectory.makeFolder(root)
        try MediaDirectory.makeFolder(root + "/incoming")
    }

    /// See `MediaStore.put`.
    public func put(_ bytes: Data, kind: String) async throws(StoreError) -> MediaFile {
        try await blocking { () throws(StoreError) in
            let file = MediaFile(digest: Digest(of: bytes), bytes: bytes.count, kind: try MediaDirectory.checked(kind))
            if let known = try find(file.digest) { return try touched(known) }
            let draft = draftPath()
            do throws(StoreError) {
                try MediaDirectory.write(bytes, to: draft)
                try place(draft, as: file)
            } catch {
                unlink(draft)
                throw error
            }
            return file
        }
    }

    /// See `MediaStore.adopt`.
    public func adopt(fileAt path: String, kind: String) async throws(StoreError) -> MediaFile {
        try await blocking { () throws(StoreError) in
            let kind = try MediaDirectory.checked(kind)
            let (digest, count) = try MediaDirectory.digest(ofFileAt: path)
            if let known = try find(digest) {
                unlink(path)
                return try touched(known)
            }
            let file = MediaFile(digest: digest, bytes: count, kind: kind)
            let draft = draftPath()
            let isMoved = rename(path, draft) == 0
            do throws(StoreError) {
                if !isMoved {
                    guard errno == EXDEV || errno == EPERM || errno == EACCES else { throw MediaDirectory.trouble() }
                    try MediaDirectory.copy(path, to: draft)
                }
                chmod(draft, 0o600)
                try MediaDirectory.sync(draft)
                try place(draft, as: file)
            } catch {
                if isMoved { rename(draft, path) } else { unlink(draft) }
                throw error
            }
            if !isMoved { unlink(path) }
            return file
        }
    }

    /// A file that is wanted again: as young as one that was just written, so that a sweep leaves it to whoever asked.
    private func touched(_ file: MediaFile) throws(StoreError) -> MediaFile {
        guard utimensat(AT_FDCWD, place(of: file), nil, 0) == 0 else { throw MediaDirectory.trouble() }
        return file
    }

    /// See `MediaStore.path`.
    public func path(of file: MediaFile) async throws(StoreError) -> String {
        let digest = file.digest
        return try await blocking { () throws(StoreError) in
            let expected = place(of: file)
            if access(expected, F_OK) == 0 { return expected }
            guard let known = try find(digest) else {
                throw StoreError(.notFound, "no \(file.kind) file `\(digest.short)…` is kept")
            }
            return place(of: known)
        }
    }

    /// See `MediaStore.file`.
    public func file(_ digest: Digest) async throws(StoreError) -> MediaFile? {
        try await blocking { () throws(StoreError) in try find(digest) }
    }

    /// See `MediaStore.sweep`.
    public func sweep(keeping needed: Set<Digest>, writtenBefore: Date) async throws(StoreError) -> Int64 {
        try await blocking { () throws(StoreError) in
            var freed: Int64 = 0
            for folder in MediaDirectory.names(in: root) where folder.utf8.count == 2 {
                for inner in MediaDirectory.names(in: "\(root)/\(folder)") {
                    for name in MediaDirectory.names(in: "\(root)/\(folder)/\(inner)") {
                        let digest = name.split(separator: ".").first.flatMap { Digest(hexadecimal: String($0)) }
                        if let digest, needed.contains(digest) { continue }
                        freed += try remove("\(root)/\(folder)/\(inner)/\(name)", writtenBefore: writtenBefore)
                    }
                }
            }
            for name in MediaDirectory.names(in: root + "/incoming") {
                freed += try remove("\(root)/incoming/\(name)", writtenBefore: writtenBefore)
            }
            return freed
        }
    }

    private func blocking<Value: Sendable>(
        _ body: @escaping @Sendable () throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        // Not a cancellation point: what is half written when a task is cancelled is written to its end.
        let outcome: Result<Value, any Error> = await Task { [pool] in
            do {
                return .success(try await pool.run(body))
            } catch {
                return .failure(error)
            }
        }.value
        switch outcome {
        case .success(let value): return value
        case .failure(let error): throw error as? StoreError ?? StoreError(.io, "the media folder cannot be used")
        }
    }

    private func draftPath() -> String { "\(root)/incoming/\(random.identifier("m"))" }

    private func folder(of digest: Digest) -> String {
        let digits = digest.hexadecimal
        return "\(root)/\(digits.prefix(2))/\(digits.dropFirst(2).prefix(2))"
    }

    private func place(of file: MediaFile) -> String {
        "\(folder(of: file.digest))/\(file.digest.hexadecimal).\(file.kind)"
    }

    private func find(_ digest: Digest) throws(StoreError) -> MediaFile? {
        let folder = folder(of: digest)
        guard let name = MediaDirectory.names(in: folder).first(where: { $0.hasPrefix(digest.hexadecimal + ".") })
        else {
            return nil
        }
        var status = stat()
        guard stat("\(folder)/\(name)", &status) == 0 else { return nil }
        return MediaFile(digest: digest, bytes: Int(status.st_size), kind: String(name.dropFirst(65)))
    }

    private func place(_ draft: String, as file: MediaFile) throws(StoreError) {
        let outer = "\(root)/\(file.digest.hexadecimal.prefix(2))"
        let folder = folder(of: file.digest)
        if access(folder, F_OK) != 0 {
            try MediaDirectory.makeFolder(outer)
            try MediaDirectory.makeFolder(folder)
            try MediaDirectory.sync(root)
            try MediaDirectory.sync(outer)
        }
        guard rename(draft, place(of: file)) == 0 else { throw MediaDirectory.trouble() }
        try MediaDirectory.sync(folder)
    }

    private func remove(_ path: String, writtenBefore: Date) throws(StoreError) -> Int64 {
        var status = stat()
        guard lstat(path, &status) == 0 else { return 0 }
        let written = Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
        guard written < writtenBefore.milliseconds else { return 0 }
        guard unlink(path) == 0 else { throw MediaDirectory.trouble() }
        return Int64(status.st_size)
    }
}
