import Synchronization

/// Work that goes on after its request was answered, one piece at a time, until the server stops.
final class BackgroundWork: Sendable {
    private typealias Piece = (name: String, work: @Sendable () async -> Void)

    private let stream: AsyncStream<Piece>
    private let continuation: AsyncStream<Piece>.Continuation
    private let names = Mutex<Set<String>>([])

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// Queues a piece of work under a name.
    func start(_ name: String, _ work: @escaping @Sendable () async -> Void) {
        names.withLock { _ = $0.insert(name) }
        continuation.yield((name, work))
    }

    /// Whether the work of that name is not done yet.
    func has(_ name: String) -> Bool { names.withLock { $0.contains(name) } }

    /// Does the work until cancelled.
    func run() async {
        for await piece in stream {
            await piece.work()
            names.withLock { _ = $0.remove(piece.name) }
        }
    }
}
