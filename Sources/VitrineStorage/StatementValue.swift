import Foundation
import GRDB
import GRDBSQLite

/// A value that a place of a statement takes, bound straight to it.
///
/// The library's own arguments box and copy each value three times, which cost a busy home and an import a tenth of their time.
protocol StatementValue: DatabaseValueConvertible {
    /// Binds the value to a place, counted from 1; gives back SQLite's result code. (The library has a `bind(to:at:)` of its own.)
    func put(into statement: SQLiteStatement, at place: Int32) -> Int32
}

extension String: StatementValue {
    func put(into statement: SQLiteStatement, at place: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { bytes in
            // SQLite reads a null pointer as NULL, and an empty string may have one.
            guard let start = bytes.baseAddress else { return sqlite3_bind_text(statement, place, "", 0, copied) }
            return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                sqlite3_bind_text64(statement, place, $0, UInt64(bytes.count), copied, UInt8(SQLITE_UTF8))
            }
        }
    }
}

extension Int: StatementValue {
    func put(into statement: SQLiteStatement, at place: Int32) -> Int32 {
        sqlite3_bind_int64(statement, place, Int64(self))
    }
}

extension Int64: StatementValue {
    func put(into statement: SQLiteStatement, at place: Int32) -> Int32 {
        sqlite3_bind_int64(statement, place, self)
    }
}

/// SQLite's sign that it keeps a copy of what is bound (`SQLITE_TRANSIENT`).
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

extension Statement {
    /// Executes the statement to its end with values for its places, in their order.
    ///
    /// Only for statements that give back no rows and neither begin nor end a transaction.
    func run(_ values: [(any StatementValue)?], in database: Database) throws {
        defer { sqlite3_reset(sqliteStatement) }
        try bind(values, in: database)
        guard sqlite3_step(sqliteStatement) == SQLITE_DONE else { throw failure(in: database) }
    }

    /// Does the same with values of known types, which needs no boxes for them: an import does this for every row.
    func run<each Value: StatementValue>(each value: repeat each Value, in database: Database) throws {
        defer { sqlite3_reset(sqliteStatement) }
        var place: Int32 = 0
        for value in repeat each value {
            place += 1
            guard value.put(into: sqliteStatement, at: place) == SQLITE_OK else { throw failure(in: database) }
        }
        guard sqlite3_step(sqliteStatement) == SQLITE_DONE else { throw failure(in: database) }
    }

    /// The whole number in the first column of the first row; nil when that is NULL, or when there is no row.
    func integer(_ values: [(any StatementValue)?], in database: Database) throws -> Int64? {
        defer { sqlite3_reset(sqliteStatement) }
        try bind(values, in: database)
        switch sqlite3_step(sqliteStatement) {
        case SQLITE_DONE: return nil
        case SQLITE_ROW:
            guard sqlite3_column_type(sqliteStatement, 0) != SQLITE_NULL else { return nil }
            return sqlite3_column_int64(sqliteStatement, 0)
        default: throw failure(in: database)
        }
    }

    private func bind(_ values: [(any StatementValue)?], in database: Database) throws {
        for (index, value) in values.enumerated() {
            let place = Int32(index + 1)
            let code = value?.put(into: sqliteStatement, at: place) ?? sqlite3_bind_null(sqliteStatement, place)
            guard code == SQLITE_OK else { throw failure(in: database) }
        }
    }

    private func failure(in database: Database) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(database.sqliteConnection)),
            message: database.lastErrorMessage,
            sql: sql
        )
    }
}
