import Foundation

/// A file that is being written beside its final place, and takes that place only when it is whole.
///
/// A file that is not kept is gone when the value is.
final class PartialFile {
    /// Why the file cannot be written.
    struct Failure: Error {
        /// What the system says.
        var reason: String

        fileprivate init(_ number: Int32) { reason = String(cString: strerror(number)) }
    }

    private let path: String
    private let temporary: String
    private var descriptor: Int32

    /// A new empty file in the folder of `path`.
    init(for path: String) throws(Failure) {
        self.path = path
        var template = Array((path + ".part-XXXXXX").utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Failure(errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(temporary)
    }

    /// Writes all these bytes at the end.
    func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            let written = Foundation.write(descriptor, start, rest.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Failure(errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// Puts the file in its place.
    func keep() throws(Failure) {
        let closed = close(descriptor)
        descriptor = -1
        guard closed == 0, rename(temporary, path) == 0 else {
            let number = errno
            unlink(temporary)
            throw Failure(number)
        }
    }
}
