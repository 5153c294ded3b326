import Hummingbird
import NIOCore
import VitrineCore

/// What is known of one exchange: its id, and who asks.
struct ServerContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The id that the answer, the log and what follows from the request carry.
    var requestID = ""
    /// Who asks; nobody yet before `AccessControl` has looked.
    var caller: Caller = .nobody
    /// The address of the other side; nil in tests without a socket.
    let remoteAddress: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress?.ipAddress
    }
}
