import Synchronization

/// Kills a worker at its n-th call of a store or provider, before or after the call took effect; from then on every call of it fails.
public final class Faults: Sendable {
    /// Whether the deadly call still takes effect.
    public enum Moment: Hashable, Sendable, CaseIterable {
        /// It dies before the effect.
        case before
        /// It dies after the effect, before it learns of it.
        case after
    }

    private struct State {
        var calls = 0
        var isDead = false
    }

    private let number: Int
    private let moment: Moment
    private let die: @Sendable () -> Void
    private let state = Mutex(State())

    /// Death at that call, counted from 1; `die` ends more than the worker, where that is wanted.
    public init(at number: Int, _ moment: Moment, die: @escaping @Sendable () -> Void = {}) {
        self.number = number
        self.moment = moment
        self.die = die
    }

    /// Whether the call came.
    public var happened: Bool { state.withLock { $0.isDead } }

    /// Makes one call of the worker; `dead` is thrown when it died before or with it.
    public func call<Value, Failure: Error>(
        dead: Failure,
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let (diesBefore, diesAfter) = state.withLock { state in
            if state.isDead { return (true, false) }
            state.calls += 1
            guard state.calls == number else { return (false, false) }
            state.isDead = true
            return (moment == .before, moment == .after)
        }
        if diesBefore {
            die()
            throw dead
        }
        let value = try await body()
        if diesAfter {
            die()
            throw dead
        }
        return value
    }
}
