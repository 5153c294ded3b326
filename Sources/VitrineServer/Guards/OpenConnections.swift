import NIOCore
import Synchronization

/// The connections that a server has, so that those which outlast its grace can be cut.
final class OpenConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isCut = false
    }

    private let state = Mutex(State())

    /// Remembers a connection until it is closed; closes it at once when all were cut.
    func opened(_ channel: any Channel) {
        let isCut = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            return state.isCut
        }
        if isCut { channel.close(promise: nil) }
    }

    /// Forgets a connection that is closed.
    func closed(_ channel: any Channel) {
        state.withLock { $0.channels[ObjectIdentifier(channel)] = nil }
    }

    /// Closes all connections, whatever they were about.
    func cut() {
        let channels = state.withLock { state in
            state.isCut = true
            return Array(state.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
    }
}
