import CZlib

/// Undoes gzip (also several members after one another) or the bare deflate of a zip archive, piece by piece.
final class Inflater {
    enum Wrapping {
        case gzip
        case bare
    }

    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer
    private let wrapping: Wrapping
    private var hasEnded = false

    init(_ wrapping: Wrapping) throws(FeedError) {
        self.wrapping = wrapping
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(byteCount: 128 << 10, alignment: 16)
        let window: Int32 = wrapping == .gzip ? 31 : -15
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, window, ZLIB_VERSION, size) == Z_OK else {
            throw FeedError(.unreadable, "the unpacker could not be started")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    func read(
        into output: UnsafeMutableRawBufferPointer,
        from source: (UnsafeMutableRawBufferPointer) throws(FeedError) -> Int
    ) throws(FeedError) -> Int {
        guard let out = output.baseAddress?.assumingMemoryBound(to: UInt8.self), !output.isEmpty else { return 0 }
        stream.pointee.next_out = out
        stream.pointee.avail_out = UInt32(output.count)
        while stream.pointee.avail_out == UInt32(output.count) {
            if stream.pointee.avail_in == 0 {
                let count = try source(input)
                if count == 0 {
                    if hasEnded { return 0 }
                    throw FeedError(
                        .damaged,
                        "the packed feed ends in the middle",
                        hint: "upload or download it again; it was cut short"
                    )
                }
                stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_in = UInt32(count)
            }
            if hasEnded {
                guard wrapping == .gzip, stream.pointee.next_in.pointee == 0x1f, inflateReset(stream) == Z_OK else {
                    stream.pointee.avail_in = 0
                    continue
                }
                hasEnded = false
            }
            let status = inflate(stream, Z_NO_FLUSH)
            if status == Z_STREAM_END {
                hasEnded = true
            } else if status != Z_OK && status != Z_BUF_ERROR {
                throw FeedError(
                    .damaged,
                    "the packed feed does not unpack",
                    hint: "pack it again, or give the plain file"
                )
            }
        }
        return output.count - Int(stream.pointee.avail_out)
    }
}
