import Foundation
import VitrineCore
import VitrineImaging

/// The files beside the tests, and limits under which small pictures pass.
enum Fixtures {
    static let tiny = ImageLimits(smallestSide: 1)

    static func file(_ name: String) throws -> Data {
        try Data(contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)"))
    }
}

/// Whether two colours lie within a distance of each other in every channel.
func isNear(_ color: SIMD4<UInt8>, _ expected: UInt32, within distance: Int = 12) -> Bool {
    let channels = [Int(color.x), Int(color.y), Int(color.z)]
    return zip(channels, [16, 8, 0]).allSatisfy { abs($0 - Int(expected >> UInt32($1) & 255)) <= distance }
}

/// The mean difference of two pictures of one size, in steps of 255.
func meanError(_ one: Bitmap, _ other: Bitmap) -> Double {
    let sum = zip(one.pixels, other.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(max(one.pixels.count, 1))
}
