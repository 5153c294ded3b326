// Benchmarks: each prints one line, `bench NAME RATIO goal GOAL against WHAT`, both sides measured in one run.
// They never fail on a slow machine and are no tests.
// Called by `make bench`, which builds them and the program for release.

import Foundation

@main
struct Benchmarks {
    static func main() async throws {
        let wanted = Array(CommandLine.arguments.dropFirst())
        if let verb = wanted.first, [ContactSheet.cutouts, ContactSheet.frames].contains(verb), wanted.count > 2 {
            return try ContactSheet.write(verb, to: wanted[1], of: Array(wanted.dropFirst(2)))
        }
        if let order = WorkerOrder(wanted) { return try await order.work() }
        if wanted.first == ManyInFlight.verb { return try await ManyInFlight.work(Array(wanted.dropFirst())) }
        if wanted.first == EmptyRoute.verb { return try await EmptyRoute.serve() }
        if wanted.first == PicturePreparation.verb { return try PicturePreparation.prepare(Array(wanted.dropFirst())) }
        let folder = FileManager.default.temporaryDirectory.path + "/vitrine-bench-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        if wanted.first == "styles" {
            return try StyleSheet(folder: folder).run(photo: "catalog-samples/images/toy-rings.png", to: "docs")
        }
        if wanted.first == "faults" {
            let isFine = try await FaultRun(folder: folder, goal: Int(wanted.dropFirst().first ?? "") ?? 2000).run()
            if !isFine {
                fflush(nil)
                exit(1)
            }
            return
        }
        func isWanted(_ name: String) -> Bool { wanted.isEmpty || wanted.contains(name) }
        if isWanted("feed-import") { try FeedImport(folder: folder).run() }
        if isWanted("plan-unchanged") { try await PlanUnchanged(folder: folder).run() }
        if isWanted("jobs") { try await JobThroughput(folder: folder).run() }
        if isWanted("pictures") { try PicturePreparation(folder: folder).run() }
        let camera = CameraSpeed(folder: folder)
        if isWanted("frames-zoompan") { try camera.frames() }
        if isWanted("clip-encode") { try await camera.clip() }
        if isWanted("smoothness") { try camera.smoothness() }
        if isWanted("clip-memory") { try await ClipMemory(folder: folder).run() }
        let provider = ProviderSpeed(folder: folder)
        if isWanted("makespan") { try await provider.makespan() }
        if isWanted("lane-limit") { try await provider.laneLimit() }
        if isWanted("in-flight") { try await ManyInFlight(folder: folder).run() }
        let service = ServiceSpeed(folder: folder)
        if isWanted("http-read") { try await service.read() }
        if isWanted("http-regenerate") { try await service.regenerate() }
        if isWanted("http-list") { try await service.list() }
        if isWanted("http-streams") { try await service.streams() }
        if isWanted("http-reads-while-rendering") { try await service.rendering() }
        if isWanted("help") { try Help(folder: folder).run() }
    }

    /// Prints one comparison.
    static func report(_ name: String, _ ratio: Double, goal: String, against what: String, _ note: String) {
        let text = String(format: "%.3f", ratio)
        print("bench \(name) \(text) goal \(goal) against \(what)   (\(note))")
    }

    /// The path of this program.
    static var itself: String { Bundle.main.executablePath ?? CommandLine.arguments[0] }

    /// The program that was built beside this one.
    static var program: String {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "vitrine").path
    }
}
