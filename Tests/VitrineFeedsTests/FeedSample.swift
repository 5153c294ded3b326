import Foundation
import Testing
import VitrineCore

@testable import VitrineFeeds

/// A feed written to a file of its own and read to its end.
struct FeedSample {
    var format = ""
    var products: [Product] = []
    var diagnostics: [Diagnostic] = []
    var counts = FeedCounts()
    var encoding = TextEncoding.utf8

    var codes: [String] { diagnostics.map(\.code) }
    var titles: [String] { products.map(\.title) }

    /// Products put together as the store does it.
    var absorbed: [Product] {
        var all: [Product] = []
        for product in products {
            if let index = all.firstIndex(where: { $0.id == product.id }) {
                all[index].absorb(product)
            } else {
                all.append(product)
            }
        }
        return all
    }

    func product(_ key: String) throws -> Product {
        try #require(products.first { $0.key == key }, "no product \(key) among \(products.map(\.key))")
    }

    func diagnostic(_ code: FeedDiagnosticCode) throws -> Diagnostic {
        try #require(diagnostics.first { $0.code == code.rawValue }, "no \(code.rawValue) among \(codes)")
    }

    /// Whether every row became something, or is covered by a complaint.
    var isComplete: Bool {
        counts.rows == counts.productRows + counts.variantRows + counts.pictureRows + counts.skipped
    }

    static func read(
        _ text: String,
        format: String? = nil,
        map: String? = nil,
        all: Bool = false,
        currency: String? = nil,
        batch: Int = 100
    ) throws -> FeedSample {
        try read(Array(text.utf8), format: format, map: map, all: all, currency: currency, batch: batch)
    }

    static func read(
        _ bytes: [UInt8],
        format: String? = nil,
        map: String? = nil,
        all: Bool = false,
        currency: String? = nil,
        batch: Int = 100
    ) throws -> FeedSample {
        try withFile(bytes) { path in
            try read(path: path, format: format, map: map, all: all, currency: currency, batch: batch)
        }
    }

    static func read(
        path: String,
        format: String? = nil,
        map: String? = nil,
        all: Bool = false,
        currency: String? = nil,
        batch: Int = 100
    ) throws -> FeedSample {
        var options = FeedOptions(
            feed: "shop",
            file: "feed.csv",
            format: format,
            includesDrafts: all,
            currency: currency
        )
        if let map {
            let checked = ColumnMap.read(map, file: "shop.map.yaml")
            #expect(checked.diagnostics.isEmpty)
            options.map = checked.value
        }
        let reader = try FeedReader(fileAt: path, options: options)
        var sample = FeedSample()
        while let batch = try reader.next(limit: batch) {
            sample.products += batch.value
            sample.diagnostics += batch.diagnostics
        }
        sample.format = reader.format
        sample.counts = reader.counts
        sample.encoding = reader.encoding
        return sample
    }

    static func failure(_ bytes: [UInt8], format: String? = nil) throws -> FeedError {
        try #require(throws: FeedError.self) { try read(bytes, format: format) }
    }

    static func failure(_ text: String, format: String? = nil) throws -> FeedError {
        try failure(Array(text.utf8), format: format)
    }

    static func withFile<Value>(_ bytes: [UInt8], _ body: (String) throws -> Value) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "vitrine-feeds-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "feed.csv")
        try Data(bytes).write(to: file)
        return try body(file.path)
    }

    /// The root of the repository.
    static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }
}
