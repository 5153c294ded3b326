import Foundation
import Hummingbird
import NIOCore
import VitrineCore

/// A file that is being received: written piece by piece away from the cooperative threads, never held in memory.
final class UploadFile {
    /// Where it is.
    let path: String
    /// How many bytes came.
    private(set) var count = 0
    private let handle: FileHandle
    private let pool: BlockingPool
    private var pending = ByteBuffer()

    private static let piece = 1 << 20

    /// A new file at a path.
    init(path: String, pool: BlockingPool) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw StoreError(.io, "the folder of uploads cannot be written") }
        self.path = path
        self.handle = handle
        self.pool = pool
    }

    /// Takes the next bytes.
    func write(_ bytes: ByteBuffer) async throws {
        count += bytes.readableBytes
        pending.writeImmutableBuffer(bytes)
        if pending.readableBytes >= Self.piece { try await flush() }
    }

    /// Writes what is left and waits until it is on the disk.
    func finish() async throws {
        try await flush()
        try await onPool { handle in
            try handle.synchronize()
            try handle.close()
        }
    }

    private func flush() async throws {
        guard pending.readableBytes > 0 else { return }
        let data = Data(pending.readableBytesView)
        pending.clear()
        try await onPool { try $0.write(contentsOf: data) }
    }

    private func onPool(_ body: @escaping @Sendable (FileHandle) throws -> Void) async throws {
        let handle = handle
        do {
            try await pool.run { try body(handle) }
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Self.error(error)
        }
    }

    /// Why a file could not be written.
    static func error(_ error: any Error) -> StoreError {
        isFull(error) ? StoreError(.full, "no room for the upload") : StoreError(.io, "the upload cannot be written")
    }

    /// Whether a write failed for want of room.
    private static func isFull(_ error: any Error) -> Bool {
        let codes = [(error as NSError).code, ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.code]
        return codes.contains(Int(ENOSPC)) || codes.contains(CocoaError.Code.fileWriteOutOfSpace.rawValue)
    }
}
