import Foundation

/// The outermost boxes of an MP4 file.
struct MP4Layout: Hashable, Sendable {
    /// Their names in order.
    var boxes: [String] = []
    /// Whether every box ends within the file and the last one ends with it, so that another can follow.
    var isWhole = false

    /// Whether a player can begin before it has the whole file.
    var startsFast: Bool {
        guard let index = boxes.firstIndex(of: "moov") else { return false }
        return index < boxes.firstIndex(of: "mdat") ?? boxes.endIndex
    }

    /// Reads the boxes' headers and nothing else; at most 64 of them.
    init(fileAt path: String) throws {
        let file = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { close(file) }
        let end = try file.seekToEnd()
        var position: UInt64 = 0
        while position < end, boxes.count < 64 {
            try file.seek(toOffset: position)
            let header = [UInt8](try file.read(upToCount: 16) ?? Data())
            guard header.count >= 8 else { return }
            var count = MP4Layout.number(header[0..<4])
            boxes.append(String(decoding: header[4..<8], as: UTF8.self))
            if count == 1, header.count == 16 { count = MP4Layout.number(header[8..<16]) }
            guard count >= 8, count <= end - position else { return }
            position += count
        }
        isWhole = position == end && !boxes.isEmpty
    }

    private func close(_ file: FileHandle) {
        // A handle that was only read from loses nothing.
        try? file.close()
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
