// The storage suites run over every driver there is, so that another one joins by one line.
// Nothing here stands in for a store: they are real, and empty at the start of each test.
// Every suite of this target calls it.

import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

/// One kind of store that all suites run over.
enum StoreUnderTest: String, CaseIterable, CustomTestStringConvertible, Sendable {
    case memory = "SQLite in memory"
    case file = "SQLite in a file"

    static let all = allCases

    var testDescription: String { rawValue }

    /// Calls `body` with a new, empty store.
    func run(_ body: (SQLStore) async throws -> Void) async throws {
        switch self {
        case .memory:
            try await body(SQLStore.inMemory())
        case .file:
            try await TemporaryFolder.run { folder in
                try await body(SQLStore.open(path: folder + "/vitrine.db"))
            }
        }
    }
}

/// A folder that ends with the test.
enum TemporaryFolder {
    static func run(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/vitrine-" + RandomSource.system.identifier("t")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer {
            // Losing this error is right: a folder left behind in the temporary one fails no test.
            try? FileManager.default.removeItem(atPath: path)
        }
        try await body(path)
    }
}

/// The kind of the `StoreError` that `body` throws; nil when it throws none.
func trouble(_ body: () async throws -> some Any) async -> StoreError.Kind? {
    do {
        _ = try await body()
        return nil
    } catch let error as StoreError {
        return error.kind
    } catch {
        return nil
    }
}
