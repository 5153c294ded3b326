import Foundation
import GRDB
import VitrineCore

/// SQL with placeholders `?1`, prepared once a connection.
extension Database {
    /// Executes a statement; gives back how many rows it changed.
    @discardableResult
    func run(_ sql: String, _ values: (any StatementValue)?...) throws -> Int {
        try run(sql, values: values)
    }

    /// Executes a statement; gives back how many rows it changed.
    @discardableResult
    func run(_ sql: String, values: [(any StatementValue)?]) throws -> Int {
        try cachedStatement(sql: sql).run(values, in: self)
        return changesCount
    }

    /// The first row of the answer.
    func row(_ sql: String, _ values: (any StatementValue)?...) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments(values))
    }

    /// All rows of the answer.
    func rows(_ sql: String, _ values: (any StatementValue)?...) throws -> [Row] {
        try rows(sql, values: values)
    }

    /// All rows of the answer.
    func rows(_ sql: String, values: [(any StatementValue)?]) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: arguments(values))
    }

    /// The whole number in the first column of the first row.
    func integer(_ sql: String, _ values: (any StatementValue)?...) throws -> Int64? {
        try cachedStatement(sql: sql).integer(values, in: self)
    }

    /// Calls `body` with each row of the answer, which is valid only during the call.
    func each(_ sql: String, values: [(any StatementValue)?], _ body: (Row) throws -> Void) throws {
        let cursor = try Row.fetchCursor(cachedStatement(sql: sql), arguments: arguments(values))
        while let row = try cursor.next() { try body(row) }
    }
}

/// The values in the library's own words.
private func arguments(_ values: [(any StatementValue)?]) -> StatementArguments {
    StatementArguments(values.map { $0?.databaseValue ?? .null })
}

/// `?n, ?n+1, …`: the places of a list of values.
func places(_ count: Int, from first: Int = 1) -> String {
    (first..<(first + count)).map { "?\($0)" }.joined(separator: ", ")
}

extension Sequence {
    /// The elements in lists of at most `size`: statements have a limited number of places.
    func lists(of size: Int) -> [[Element]] {
        var lists: [[Element]] = []
        var list: [Element] = []
        for element in self {
            list.append(element)
            if list.count == size {
                lists.append(list)
                list = []
            }
        }
        if !list.isEmpty { lists.append(list) }
        return lists
    }
}

extension Row {
    func text(_ column: String) -> String { self[column] }
    func optionalText(_ column: String) -> String? { self[column] }
    func number(_ column: String) -> Int64 { self[column] }
    func count(_ column: String) -> Int { Int(clamping: number(column)) }
    func optionalNumber(_ column: String) -> Int64? { self[column] }
    func date(_ column: String) -> Date { Date(milliseconds: number(column)) }
    func optionalDate(_ column: String) -> Date? { optionalNumber(column).map(Date.init(milliseconds:)) }
    func flag(_ column: String) -> Bool { number(column) != 0 }

    /// A value that was stored as JSON.
    func value<Value: Decodable>(_ column: String) throws -> Value { try StoredJSON.value(text(column)) }

    /// A value that was stored as JSON, if it was.
    func optionalValue<Value: Decodable>(_ column: String) throws -> Value? {
        try optionalText(column).map { try StoredJSON.value($0) }
    }

    /// A name out of a fixed list.
    func name<Name: RawRepresentable<String>>(_ column: String) throws -> Name {
        guard let name = Name(rawValue: text(column)) else {
            throw StoreError(.damaged, "the database holds an unknown name `\(text(column))` in `\(column)`")
        }
        return name
    }
}
