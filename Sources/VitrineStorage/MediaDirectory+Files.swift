import Foundation
import VitrineCore

extension MediaDirectory {
    /// The kind, which becomes the end of a file name; throws `conflict` unless it is a few letters and digits.
    static func checked(_ kind: String) throws(StoreError) -> String {
        let isPlain = kind.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
        guard isPlain, (1...8).contains(kind.utf8.count) else {
            throw StoreError(.conflict, "expected a kind of up to 8 small letters and digits but got `\(kind)`")
        }
        return kind
    }

    /// What the last call of the system said, as a port's error.
    static func trouble(_ code: Int32 = errno) -> StoreError {
        switch code {
        case ENOSPC, EDQUOT: StoreError(.full, "no room on the disk for media")
        case ENOENT: StoreError(.notFound, "the file is not there")
        default: StoreError(.io, "the media folder cannot be used: \(String(cString: strerror(code)))")
        }
    }

    static func makeFolder(_ path: String) throws(StoreError) {
        guard mkdir(path, 0o700) != 0 else { return }
        guard errno == ENOENT || errno == EEXIST else { throw trouble() }
        if errno == EEXIST { return }
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw StoreError(.io, "the media folder cannot be made")
        }
    }

    static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Writes a file of its own and syncs it.
    static func write(_ bytes: Data, to path: String) throws(StoreError) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw trouble() }
        defer { close(file) }
        let failure: StoreError? = bytes.withUnsafeBytes { bytes in
            do throws(StoreError) {
                try writeAll(bytes, to: file)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
        guard fsync(file) == 0 else { throw trouble() }
    }

    /// Makes sure that a file's bytes, or a folder's names, are on disk.
    static func sync(_ path: String) throws(StoreError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw trouble() }
        defer { close(file) }
        guard fsync(file) == 0 else { throw trouble() }
    }

    /// The digest and length of a file, read in pieces.
    static func digest(ofFileAt path: String) throws(StoreError) -> (digest: Digest, count: Int) {
        var digester = Digester()
        var count = 0
        try eachPiece(of: path) { piece throws(StoreError) in
            digester.update(piece)
            count += piece.count
        }
        return (digester.digest(), count)
    }

    /// Copies a file's bytes to a new file.
    static func copy(_ path: String, to target: String) throws(StoreError) {
        let file = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw trouble() }
        defer { close(file) }
        try eachPiece(of: path) { piece throws(StoreError) in try writeAll(piece, to: file) }
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32) throws(StoreError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = Foundation.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw trouble() }
            rest = rest.dropFirst(written)
        }
    }

    private static func eachPiece(
        of path: String,
        _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Void
    ) throws(StoreError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw trouble() }
        defer { close(file) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(file, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw trouble() }
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[0..<count]))
        }
    }
}
