import GRDB
import VitrineCore

extension StoreError {
    /// The trouble as a port's error: without SQL and without paths.
    init(storing error: any Error) {
        switch error {
        case let error as StoreError:
            self = error
        case let error as DatabaseError:
            self = StoreError(error)
        case is DecodingError:
            self = StoreError(.damaged, "the database holds a value that this release cannot read")
        case is InvalidTransition:
            self = StoreError(.conflict, "the state does not allow it")
        default:
            self = StoreError(.io, "the database cannot be used")
        }
    }

    private init(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(.full, "no room on the disk for the database")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.busy, "another process has held the database for too long")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(.damaged, "the file is damaged or is no database of vitrine")
        case .SQLITE_CONSTRAINT where error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY:
            self.init(.notFound, "what it belongs to is not there")
        case .SQLITE_CONSTRAINT:
            self.init(.conflict, "the database does not allow that value: \(error.message ?? "constraint failed")")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH:
            self.init(.io, "the system does not let the database be opened or written")
        default:
            self.init(
                .io,
                "the system could not read or write the database (SQLite \(error.extendedResultCode.rawValue))"
            )
        }
    }

    /// The outcome of `body` with its error as a port's error.
    static func result<Value>(_ body: () throws -> Value) -> Result<Value, StoreError> {
        do {
            return .success(try body())
        } catch {
            return .failure(StoreError(storing: error))
        }
    }

    /// What `body` gives back, with its error as a port's error.
    static func wrapping<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
        try result(body).get()
    }
}
