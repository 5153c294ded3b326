import Foundation
import VitrineCore
import VitrineImaging

/// A folder of pictures made ready to be shown, fit in 1080 × 1080, against `vipsthumbnail` and against libjpeg alone: processor
/// seconds over processor seconds, each in one process over the whole list.
///
/// `PHOTOS` names the folder; else the photos of `../shared/real` are taken where they are there, else `catalog-samples/`.
struct PicturePreparation {
    let folder: String

    /// How this program is called to do our side.
    static let verb = "--prepare-pictures"
    private static let bounds = PixelSize(width: 1080, height: 1080)
    private static let rounds = 3

    static func prepare(_ paths: [String]) throws {
        for path in paths {
            _ = try ImageIntake.prepared(Data(contentsOf: URL(filePath: path)), fitting: bounds)
        }
    }

    func run() throws {
        let pictures = Self.pictures()
        for (name, endings) in [
            ("picture-vips", ["jpg", "jpeg"]), ("picture-png", ["png"]), ("picture-webp", ["webp"]),
        ] {
            let usable = pictures.filter {
                endings.contains(URL(filePath: $0).pathExtension.lowercased()) && isUsable($0)
            }
            guard !usable.isEmpty else { continue }
            let ours = try best(CommandLine.arguments[0], [Self.verb] + usable)
            let thumbnail = ["-s", "1080x1080", "-o", folder + "/%s.jpg[Q=88]"]
            let theirs = try best(Spawned.find("vipsthumbnail"), thumbnail + usable)
            Benchmarks.report(
                name,
                theirs.processor / max(ours.processor, 0.001),
                goal: name == "picture-vips" ? ">= 2.5" : ">= 1",
                against: "vipsthumbnail",
                note(ours, theirs, usable.count)
            )
            let floor = FileManager.default.currentDirectoryPath + "/.build/peers/picture-floor"
            guard name == "picture-vips", FileManager.default.isExecutableFile(atPath: floor) else { continue }
            let bare = try best(floor, usable)
            Benchmarks.report(
                "picture-floor",
                ours.processor / max(bare.processor, 0.001),
                goal: "<= 1.6",
                against: "libjpeg alone",
                note(ours, bare, usable.count)
            )
            Benchmarks.report(
                "picture-memory",
                Double(ours.peak) / 1_048_576,
                goal: "<= 64",
                against: "MB",
                String(format: "vipsthumbnail %d MB", theirs.peak >> 20)
            )
        }
    }

    /// The round that cost least: what else the machine did only adds.
    private func best(_ program: String, _ arguments: [String]) throws -> Spawned {
        var least: Spawned?
        for _ in 0..<Self.rounds {
            let run = try Spawned.run(program, arguments)
            guard run.code == 0 else { throw CocoaError(.executableLoad, userInfo: [NSFilePathErrorKey: program]) }
            if run.processor < least?.processor ?? .infinity { least = run }
        }
        return least ?? Spawned(seconds: 0, processor: 0, peak: 0, code: 0)
    }

    private func isUsable(_ path: String) -> Bool {
        guard let bytes = try? Data(contentsOf: URL(filePath: path)) else { return false }
        return (try? ImageIntake.prepared(bytes, fitting: Self.bounds)) != nil
    }

    private func note(_ ours: Spawned, _ theirs: Spawned, _ count: Int) -> String {
        String(format: "%d pictures, %.2f s and %.2f s of processor", count, ours.processor, theirs.processor)
    }

    private static func pictures() -> [String] {
        let chosen = ProcessInfo.processInfo.environment["PHOTOS"]
        let real = ["../shared/real/photos", "../shared/real/vendure/assets"]
        let folders = chosen.map { [$0] } ?? real.filter { FileManager.default.fileExists(atPath: $0) }
        return (folders.isEmpty ? ["catalog-samples/images"] : folders).flatMap { folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.sorted().map { folder + "/" + $0 }
        }
    }
}
