import Foundation

extension UnsafeBufferPointer<UInt8> {
    /// Where a text of ASCII first stands; nil if it does not.
    func place(of text: StaticString, from start: Int = 0) -> Int? {
        let length = text.utf8CodeUnitCount
        guard let base = baseAddress, length > 0 else { return nil }
        var from = start
        while from + length <= count,
            let found = memchr(base + from, Int32(text.utf8Start[0]), count - length + 1 - from)
        {
            let place = base.distance(to: UnsafePointer(found.assumingMemoryBound(to: UInt8.self)))
            if memcmp(base + place, text.utf8Start, length) == 0 { return place }
            from = place + 1
        }
        return nil
    }
}
