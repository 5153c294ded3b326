import Foundation
import Synchronization
import VitrineCore
import VitrineImaging
import VitrineVideo

/// Makes the clips that the simulated providers give out: once a picture, size and length, two at a time.
final class ClipMaker: Sendable {
    private struct State {
        var clips: [String: Task<Data, any Error>] = [:]
        var last: [Task<Data, any Error>?] = [nil, nil]
        var count = 0
    }

    private let tools: VideoTools
    private let pool: BlockingPool
    private let folder: String
    private let state = Mutex(State())

    /// A maker that keeps its clips in a folder.
    init(tools: VideoTools, pool: BlockingPool, folder: String) {
        self.tools = tools
        self.pool = pool
        self.folder = folder
    }

    /// The clip of an order: its first picture, moving; a ground of one colour where it has none.
    func clip(of order: ClipOrder) async throws -> Data {
        let picture = order.pictures.first
        let name = Digest(
            of: "\(picture?.digest.hexadecimal ?? order.prompt) \(order.size) \(order.seconds) \(order.hasSound)"
        ).hexadecimal
        let task = state.withLock { state in
            if let task = state.clips[name] { return task }
            let turn = state.count % state.last.count
            let before = state.last[turn]
            let task = Task {
                _ = await before?.result
                return try await self.make(order, at: self.folder + "/\(name).mp4")
            }
            state.count += 1
            state.last[turn] = task
            state.clips[name] = task
            return task
        }
        return try await task.value
    }

    private func make(_ order: ClipOrder, at path: String) async throws -> Data {
        let png = try await pool.run {
            guard let picture = order.pictures.first else { return ClipMaker.ground(order.prompt) }
            let bitmap = try ImageIntake.bitmap(
                picture.bytes,
                limits: ImageLimits(smallestSide: 1),
                covering: order.size
            )
            return ImageEncoding.png(bitmap)
        }
        try await StillClip(tools: tools).render(
            png,
            size: order.size,
            seconds: order.seconds,
            hasSound: order.hasSound,
            to: path
        )
        return try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
    }

    /// A picture for a prompt without one: bands of a colour that the prompt decides.
    static func ground(_ prompt: String) -> Data {
        let side = 512
        let number = Digest(of: prompt).number
        let color = (0..<3).map { 64 + Int(number >> UInt64($0 * 8) & 127) }
        var pixels: [UInt8] = []
        pixels.reserveCapacity(side * side * 4)
        for y in 0..<side {
            for x in 0..<side {
                let light = (x + y) / 64 % 2 * 32
                for channel in 0..<3 { pixels.append(UInt8(color[channel] + light)) }
                pixels.append(255)
            }
        }
        guard let bitmap = Bitmap(size: PixelSize(width: side, height: side), pixels: pixels) else {
            preconditionFailure("a drawn picture has four bytes for each pixel")
        }
        return ImageEncoding.png(bitmap)
    }
}
