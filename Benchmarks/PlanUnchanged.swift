import Foundation
import VitrineCore
import VitrinePipeline
import VitrinePresets
import VitrineStorage
import VitrineTesting
import VitrineVideo

/// Planning 100,000 products of which none has changed, against importing them.
struct PlanUnchanged {
    let folder: String
    private let count = 100_000

    func run() async throws {
        let feed = folder + "/google-100k.csv"
        let home = folder + "/home-plan"
        try GoogleTable.write(rows: count, to: feed)
        let arguments = ["import", feed, "--skip-images", "--home", home, "--quiet"]
        _ = try Spawned.run(Benchmarks.program, arguments)
        try await makeEverything(home)
        let imported = try Spawned.run(Benchmarks.program, arguments)
        let plan = ["plan", "--placement", "1:1", "--home", home, "--quiet"]
        let first = try Spawned.run(Benchmarks.program, plan)
        var settled: [Double] = []
        for _ in 0..<3 { settled.append(try Spawned.run(Benchmarks.program, plan).seconds) }
        Benchmarks.report(
            "plan-unchanged",
            settled.median / imported.seconds,
            goal: "<=0.5",
            against: "importing the same 100,000",
            String(
                format: "%.2f s and %.2f s; the plan that settled them took %.2f s",
                settled.median,
                imported.seconds,
                first.seconds
            )
        )
    }

    /// Gives every product the same picture and a finished video, as if it had all been made.
    private func makeEverything(_ home: String) async throws {
        let store = try SQLStore.open(path: home + "/vitrine.db")
        try await OnePicture.give(to: store)
        let maker = PlanMaker(
            catalog: store,
            jobs: store,
            planner: Planner(library: PresetLibrary.shipped().value, offers: LocalProvider.offers),
            time: .system,
            random: .system
        )
        var options = PlanOptions()
        options.placements = [.square]
        _ = try await maker.apply(try await maker.plan(options).id)
        try await BenchShop(store: store, folder: folder + "/plan", provider: "local").work(concurrency: 16)
    }
}
