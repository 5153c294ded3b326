/// Why storage could not do what it was asked.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of trouble.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Nothing of that name is there.
        case notFound = "not-found"
        /// The lease has ended or belongs to somebody else; nothing was recorded.
        case leaseLost = "lease-lost"
        /// The same thing is there already, or the state does not allow it.
        case conflict
        /// The cursor is none of this list.
        case badCursor = "bad-cursor"
        /// It has changed since it was read.
        case stale
        /// The idempotency key was used for something else.
        case reusedKey = "reused-key"
        /// The budget does not allow it.
        case overBudget = "over-budget"
        /// No room on the disk.
        case full
        /// Another process has held the file for too long.
        case busy
        /// The database was written by a newer release.
        case tooNew = "too-new"
        /// The file is damaged or is not ours.
        case damaged
        /// The system refuses to read or write.
        case io
    }

    /// The kind.
    public var kind: Kind
    /// What happened, for the operator.
    public var message: String

    /// Trouble of a kind.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
