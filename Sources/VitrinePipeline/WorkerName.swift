/// Who a worker is, so that what a dead one left can be taken up at once rather than when its lease ends.
public struct WorkerName: Sendable {
    /// What its tokens begin with: no other process has it.
    public var name: String
    /// Whether the process that made a token is certainly gone; false where that cannot be known.
    public var isGone: @Sendable (_ token: String) -> Bool

    /// A worker that can tell of others by these means.
    public init(name: String, isGone: @escaping @Sendable (_ token: String) -> Bool) {
        self.name = name
        self.isGone = isGone
    }

    /// A worker that knows of nobody: leases end by themselves.
    public static let unknown = WorkerName(name: "w", isGone: { _ in false })
}
