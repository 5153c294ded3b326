import Foundation
import VitrineCore
import VitrineStorage
import VitrineTesting
import VitrineTransport

/// The running service, asked over loopback.
struct ServiceSpeed {
    let folder: String

    /// Reads of one product, against an empty route of the same library.
    func read() async throws {
        let home = try shop(rows: 1000, named: "read")
        let words = folder + "/empty-said"
        let peer = try Spawned.start(
            "/bin/sh",
            ["-c", "exec \"$0\" \(EmptyRoute.verb) 2> \"$1\"", Benchmarks.itself, words]
        )
        let empty = try await ServedHome.address(in: words)
        let service = try await ServedHome(home)
        var ours: [Double] = []
        var theirs: [Double] = []
        var refused = 0
        for _ in 0..<3 {
            theirs.append(try Load.run(empty + "/", in: folder).rate)
            let load = try Load.run(service.address + "/v1/products/item-500", in: folder)
            ours.append(load.rate)
            refused += load.refused
        }
        kill(peer, SIGTERM)
        _ = try await Spawned.end(of: peer)
        try await service.stop()
        Benchmarks.report(
            "http-read",
            ours.median / theirs.median,
            goal: ">=0.4",
            against: "an empty Hummingbird route",
            String(format: "%.0f and %.0f a second, %d refused", ours.median, theirs.median, refused)
        )
    }

    /// Regenerations that are durable when they are answered, against the same rows inserted one transaction each.
    func regenerate() async throws {
        let home = try shop(rows: 2000, named: "regenerate")
        try await withPictures(home)
        let service = try await ServedHome(home)
        let script = """
            local number = 0
            wrk.method = "POST"
            wrk.body = '{"placement":"1:1"}'
            request = function()
                number = number + 1
                wrk.headers["Content-Type"] = "application/json"
                wrk.headers["Idempotency-Key"] = "k-" .. number
                return wrk.format(nil, "/v1/products/item-" .. (number % 2000) .. "/videos")
            end
            """
        let load = try Load.run(service.address, seconds: 5, connections: 32, script: script, in: folder)
        try await service.stop()
        let bare = try BareInserts(home: home, folder: folder).transactionsPerSecond()
        Benchmarks.report(
            "http-regenerate",
            load.rate / bare.rate,
            goal: ">=0.5",
            against: "a bare loop of the same inserts under FULL",
            String(
                format: "%.0f and %.0f a second, %d refused, rows of %@",
                load.rate,
                bare.rate,
                load.refused,
                bare.tables.joined(separator: ", ")
            )
        )
    }

    /// The list of 100,000 products, its last half of pages against its first.
    func list() async throws {
        let home = try shop(rows: 100_000, named: "list")
        let service = try await ServedHome(home)
        let pages = try await self.pages(of: service)
        var first: [Load] = []
        var last: [Load] = []
        for _ in 0..<3 {
            first.append(
                try Load.run(service.address, connections: 4, script: Self.asking(pages.prefix(500)), in: folder)
            )
            last.append(
                try Load.run(service.address, connections: 4, script: Self.asking(pages.suffix(500)), in: folder)
            )
        }
        try await service.stop()
        let rates = (first.map(\.rate).median, last.map(\.rate).median)
        Benchmarks.report(
            "http-list",
            rates.1 / rates.0,
            goal: ">=0.9",
            against: "the first 500 pages of 100,000 products",
            String(
                format: "of %d pages the last 500: %.0f and %.0f a second, %d refused",
                pages.count,
                rates.1,
                rates.0,
                (first + last).map(\.refused).reduce(0, +)
            )
        )
        let times = (last.map(\.median).median, last.map(\.slowest).median)
        Benchmarks.report(
            "http-list-p99",
            times.1 / times.0,
            goal: "<=5",
            against: "its median",
            String(format: "%.2f and %.2f ms", times.1, times.0)
        )
    }

    /// The paths of the list's pages, each as the one before says.
    private func pages(of service: ServedHome) async throws -> [String] {
        let transport = CurlTransport(allowing: Set([AllowedHost("127.0.0.1:\(service.port)")].compactMap { $0 }))
        var pages = ["/v1/products?limit=100"]
        while pages.count < 1000 {
            let answer = try await transport.send(
                VitrineCore.HTTPRequest("GET", service.address + pages[pages.count - 1])
            )
            let list = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
            guard let next = list?["next"] as? String else { break }
            pages.append("/v1/products?limit=100&cursor=" + next)
        }
        return pages
    }

    /// Lua that asks for one path after the other.
    private static func asking(_ paths: some Sequence<String>) -> String {
        """
        local paths = {\(paths.map { "\"\($0)\"" }.joined(separator: ", "))}
        local number = 0
        request = function()
            number = number % #paths + 1
            return wrk.format("GET", paths[number])
        end
        """
    }

    /// The memory of 500 streams of events that have nothing to tell.
    func streams() async throws {
        let service = try await ServedHome(try shop(rows: 10, named: "streams"))
        _ = try Load.run(service.address + "/v1/products", seconds: 1, in: folder)
        let before = service.memory
        var clients: [LoopbackClient] = []
        for _ in 0..<500 {
            let client = try LoopbackClient(port: service.port)
            client.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            _ = await client.receive(12)
            clients.append(client)
        }
        let held = service.memory - before
        let count = clients.count
        clients.removeAll()
        try await service.stop()
        Benchmarks.report(
            "http-streams",
            Double(held) / 1e6,
            goal: "<=50",
            against: "MB for \(count) idle event streams",
            String(format: "%.0f MB before", Double(before) / 1e6)
        )
    }

    /// The slowest of a hundred reads while clips are rendered, against a service that renders nothing.
    ///
    /// The reads that a page of the studio makes, one after the other over four connections, and that of one product over a
    /// single one, which is answered from what was kept.
    func rendering() async throws {
        let home = folder + "/home-rendering"
        let samples = FileManager.default.currentDirectoryPath + "/catalog-samples/storefront.csv"
        _ = try Spawned.run(Benchmarks.program, ["import", samples, "--home", home, "--quiet"])
        let product = "/v1/products/TW-MUG-COB-300"
        let reads = Self.asking([
            "/v1/products?limit=20", product, "/v1/products?q=mug", "/v1/jobs?limit=20", "/v1/videos", "/v1/spend",
        ])
        func loads(_ service: ServedHome) throws -> (page: Load, product: Load) {
            (
                try Load.run(service.address, seconds: 6, connections: 4, script: reads, in: folder),
                try Load.run(service.address + product, seconds: 6, connections: 1, in: folder)
            )
        }
        var service = try await ServedHome(home)
        let alone = try loads(service)
        try await service.stop()
        for item in ["TW-MUG-COB-300", "TW-MUG-SAG-300", "TW-MUG-TER-300"] + ["TW-MUG-COB-300", "TW-MUG-SAG-300"] {
            _ = try Spawned.run(Benchmarks.program, ["regenerate", item, "--home", home, "--quiet"])
        }
        service = try await ServedHome(home, workers: true)
        let beside = try loads(service)
        try await service.stop()
        let left = try await SQLStore.open(path: home + "/vitrine.db").counts(JobQuery())
        let done = "\(left.all - left.open) of \(left.all) jobs were done meanwhile"
        for (reads, beside, alone) in [
            ("a page's reads over 4 connections", beside.page, alone.page),
            ("one product over one connection", beside.product, alone.product),
        ] {
            Benchmarks.report(
                "http-reads-while-rendering",
                beside.slowest / alone.slowest,
                goal: "<=2",
                against: "the p99 of a service that renders nothing, \(reads)",
                String(
                    format: "%.2f and %.2f ms at %.0f and %.0f a second; ",
                    beside.slowest,
                    alone.slowest,
                    beside.rate,
                    alone.rate
                ) + done
            )
        }
    }

    /// A home with a catalogue of so many products.
    private func shop(rows: Int, named name: String) throws -> String {
        let feed = folder + "/\(name).csv"
        let home = folder + "/home-\(name)"
        try GoogleTable.write(rows: rows, to: feed)
        let run = try Spawned.run(Benchmarks.program, ["import", feed, "--skip-images", "--home", home, "--quiet"])
        guard run.code == 0 else { throw CocoaError(.fileReadCorruptFile) }
        return home
    }

    /// Gives every product the same picture.
    private func withPictures(_ home: String) async throws {
        try await OnePicture.give(to: try SQLStore.open(path: home + "/vitrine.db"))
    }
}
