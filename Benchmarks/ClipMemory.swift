import Foundation
import VitrineCore

/// The most memory that `vitrine generate` holds while it makes one clip, from the photo to the finished video; ffmpeg, which is a
/// process of its own, aside.
struct ClipMemory {
    let folder: String

    func run() async throws {
        let shapes = [("9:16", "1080x1920"), ("1:1", "1080x1080")]
        var peaks: [Double] = []
        for (placement, _) in shapes { peaks.append(Double(try await peak(placement)) / 1_048_576) }
        Benchmarks.report(
            "clip-memory",
            peaks.max() ?? 0,
            goal: "<= 200",
            against: "MB",
            zip(shapes, peaks).map { String(format: "%@ %.0f MB", $0.1, $1) }.joined(separator: ", ")
        )
    }

    private func peak(_ placement: String) async throws -> Int {
        let place = folder + "/clip-" + placement.replacingOccurrences(of: ":", with: "x")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "catalog-samples/images/mug-cobalt.jpg", toPath: place + "/mug.jpg")
        try Data("id,title,image_link,price,description\n1,Mug,mug.jpg,9 EUR,x\n".utf8)
            .write(to: URL(filePath: place + "/feed.csv"))
        let process = try Spawned.start(
            Benchmarks.program,
            [
                "generate", place + "/feed.csv", "--out", place + "/out", "--home", place + "/home", "--placement",
                placement, "--quiet",
            ]
        )
        var most = 0
        while let held = Spawned.mostHeld(by: process) {
            most = max(most, held)
            try await TimeSource.system.sleep(.milliseconds(2))
        }
        let run = try await Spawned.end(of: process)
        let videos = try FileManager.default.subpathsOfDirectory(atPath: place + "/out").filter { $0.hasSuffix(".mp4") }
        guard run.code == 0, videos.count == 1 else {
            throw CocoaError(.executableLoad, userInfo: [NSFilePathErrorKey: Benchmarks.program])
        }
        return most
    }
}
