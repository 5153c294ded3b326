import Foundation

/// The bytes of a file as they stand on disk, in order or from a place.
final class FileBytes {
    let size: Int64
    private let descriptor: Int32
    private var left: Int64?

    init(path: String) throws(FeedError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno)).lowercased()
            throw FeedError(.unreadable, "cannot open the feed: \(reason)")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            throw FeedError(.unreadable, "expected a file but got a folder", hint: "name the feed's file in it")
        }
        self.descriptor = descriptor
        size = Int64(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    func seek(to offset: Int64, length: Int64? = nil) throws(FeedError) {
        guard lseek(descriptor, off_t(offset), SEEK_SET) == off_t(offset) else {
            throw FeedError(.damaged, "the feed ends in the middle")
        }
        left = length
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
        let wanted = left.map { Int(min(Int64(buffer.count), $0)) } ?? buffer.count
        guard wanted > 0 else { return 0 }
        while true {
            let count = Foundation.read(descriptor, buffer.baseAddress, wanted)
            if count >= 0 {
                if let left { self.left = left - Int64(count) }
                return count
            }
            if errno != EINTR {
                let reason = String(cString: strerror(errno)).lowercased()
                throw FeedError(.unreadable, "cannot read the feed: \(reason)")
            }
        }
    }

    func bytes(at offset: Int64, count: Int) throws(FeedError) -> [UInt8] {
        try seek(to: offset)
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            var failure: FeedError?
            let got = bytes.withUnsafeMutableBytes { buffer -> Int in
                do throws(FeedError) {
                    return try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
                } catch {
                    failure = error
                    return 0
                }
            }
            if let failure { throw failure }
            if got == 0 { break }
            filled += got
        }
        bytes.removeLast(count - filled)
        return bytes
    }
}
