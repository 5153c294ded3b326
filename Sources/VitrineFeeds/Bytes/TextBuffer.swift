import Foundation

/// The part of a feed's text that is being looked at: it is filled from behind and emptied from the front.
final class TextBuffer {
    /// The first byte kept.
    private(set) var base: UnsafeMutablePointer<UInt8>
    /// Where the text that has not been taken begins, counted from `base`.
    var head = 0
    /// Where the text that has been read ends, counted from `base`.
    private(set) var tail: Int
    /// Whether there is nothing behind `tail`.
    private(set) var isAtEnd: Bool
    private var capacity: Int
    private let stream: TextStream?

    init(_ stream: TextStream) {
        self.stream = stream
        capacity = 512 << 10
        base = .allocate(capacity: capacity)
        tail = 0
        isAtEnd = false
    }

    /// A copy of what the other one holds, without what stands behind it.
    init(copying other: TextBuffer) {
        stream = nil
        capacity = max(1, other.tail - other.head)
        base = .allocate(capacity: capacity)
        base.initialize(from: other.base + other.head, count: other.tail - other.head)
        tail = other.tail - other.head
        isAtEnd = true
    }

    deinit {
        base.deallocate()
    }

    /// Everything that has been read and not been taken.
    var text: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base + head, count: tail - head) }

    /// Reads more behind `tail`, and says whether there was more.
    ///
    /// What was taken is dropped, so `head` is 0 after it.
    func fill() throws(FeedError) -> Bool {
        guard let stream, !isAtEnd else { return false }
        if head > 0 {
            memmove(base, base + head, tail - head)
            tail -= head
            head = 0
        }
        if capacity - tail < 256 << 10 {
            let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
            larger.update(from: base, count: tail)
            base.deallocate()
            base = larger
            capacity *= 2
        }
        let room = UnsafeMutableRawBufferPointer(start: base + tail, count: min(256 << 10, capacity - tail))
        let count = try stream.read(into: room)
        tail += count
        isAtEnd = count == 0
        return count > 0
    }
}
