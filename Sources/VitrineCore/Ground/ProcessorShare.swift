import CScheduler
import Foundation
import Synchronization

/// Keeps processors for answers while many are asked for: what gives way has the others until it is quiet again.
///
/// On full processors the kernel takes turns, so that an answer of a tenth of a millisecond waits for several, however low the priority of the rest. A
/// quarter of the processors is kept, at least one; with a single processor, or where the kernel does not say which there are, nothing is.
public final class ProcessorShare: Sendable, Hashable {
    /// Requests between two looks from which on answers have processors of their own: fifty a second.
    static let many = 10
    private static let look = Duration.milliseconds(200)
    /// For how many looks it is quiet before all is shared again.
    static let patience = 5

    private struct State {
        var givingWay: Set<Int32> = []
        var isDivided = false
        var quietLooks = 0
    }

    private let processors: [Int]
    private let asked = Atomic<Int>(0)
    private let state = Mutex(State())

    /// The processors that this process may use now.
    public init() {
        processors = ProcessorSet.allowed
    }

    /// Counts a request; the one that is one of many divides the processors at once.
    public func ask() {
        if asked.add(1, ordering: .relaxed).newValue == Self.many, left == nil { look() }
    }

    /// Marks the thread that calls as one that gives way.
    public func giveWay() {
        let thread = gettid()
        state.withLock { _ = $0.givingWay.insert(thread) }
    }

    /// The processors that a program which gives way may begin on, in the words of taskset(1); nil while it may have all.
    public var left: String? {
        guard state.withLock({ $0.isDivided }) else { return nil }
        return rest.map(String.init).joined(separator: ",")
    }

    /// Looks five times a second how many ask, until its task is cancelled; then everything has all processors again.
    public func run(_ time: TimeSource) async throws {
        defer {
            asked.store(0, ordering: .relaxed)
            for _ in 0..<Self.patience { look() }
        }
        while true {
            try await time.sleep(Self.look)
            look()
        }
    }

    /// Divides the processors, or shares them again, by what was asked since the last look.
    func look() {
        guard processors.count > 1 else { return }
        let isBusy = asked.exchange(0, ordering: .relaxed) >= Self.many
        let (before, after) = state.withLock { state in
            let before = state.isDivided
            state.quietLooks = isBusy ? 0 : state.quietLooks + 1
            state.isDivided = isBusy || (before && state.quietLooks < Self.patience)
            return (before, state.isDivided)
        }
        if after { divideThreads() }
        if after != before { dividePrograms(after) }
        if before, !after { shareThreads() }
    }

    private var kept: ArraySlice<Int> { processors.suffix(max(1, processors.count / 4)) }
    private var rest: ArraySlice<Int> { processors.dropLast(kept.count) }

    /// Threads come and go, so each look does it anew.
    private func divideThreads() {
        let (answers, renders) = (ProcessorSet(kept), ProcessorSet(rest))
        let givingWay = state.withLock { $0.givingWay }
        for thread in Self.threads(of: "self") { (givingWay.contains(thread) ? renders : answers).give(to: thread) }
    }

    private func shareThreads() {
        let all = ProcessorSet(processors)
        for thread in Self.threads(of: "self") { all.give(to: thread) }
    }

    /// Those that are begun later are told by `left`.
    private func dividePrograms(_ isDivided: Bool) {
        let set = ProcessorSet(isDivided ? Array(rest) : processors)
        for program in Self.programs() { Self.threads(of: "\(program)").forEach(set.give) }
    }

    private static func threads(of process: String) -> [Int32] {
        // Who is gone has no threads.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return names.compactMap { Int32($0) }
    }

    /// The programs that this process has begun, and those that they have.
    private static func programs() -> [Int32] {
        var found: [Int32] = []
        var open = children(of: "self")
        while let program = open.popLast() {
            found.append(program)
            open += children(of: "\(program)")
        }
        return found
    }

    private static func children(of process: String) -> [Int32] {
        threads(of: process).flatMap { thread in
            // A thread that is gone has none; a kernel that does not tell leaves its programs as they are.
            let list = try? String(contentsOfFile: "/proc/\(process)/task/\(thread)/children", encoding: .utf8)
            return (list ?? "").split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// Whether they are the same one.
    public static func == (left: ProcessorShare, right: ProcessorShare) -> Bool { left === right }

    /// See `Hashable`.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
