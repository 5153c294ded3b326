import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Cuts clients that keep a connection without using it: heads and bodies that drip, answers that nobody reads.
///
/// It also says `100 Continue` to those who wait for it, and closes after an answer that says so.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// What is asked of a client.
    struct Limits: Sendable {
        /// How often it is looked at.
        var interval = TimeAmount.seconds(10)
        /// The fewest bytes of a body that must come in an interval.
        var leastBytes = 4 << 10
        /// How many intervals an answer may wait to be read.
        var patience = 6
        /// How many intervals a connection may take to send the head of its next request.
        var headPatience = 3
        /// The largest body that is asked for.
        var largestBody = Int.max
    }

    private let limits: Limits
    private let connections: OpenConnections
    private var look: RepeatedTask?
    private var awaitsHead = true
    private var headWaits = 0
    private var isReadingBody = false
    private var isFirstLook = false
    private var bytes = 0
    private var stalls = 0
    private var closesAfterAnswer = false

    init(limits: Limits, connections: OpenConnections = OpenConnections()) {
        self.limits = limits
        self.connections = connections
    }

    func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { start(context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        connections.closed(context.channel)
        look?.cancel()
        look = nil
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        connections.closed(context.channel)
        look?.cancel()
        look = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            awaitsHead = false
            isReadingBody = true
            isFirstLook = true
            bytes = 0
            let length = head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
            if head.headerFields[.expect]?.lowercased() == "100-continue", length <= limits.largestBody {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .body(let buffer):
            bytes += buffer.readableBytes
        case .end:
            isReadingBody = false
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            closesAfterAnswer = head.headerFields[.connection] == "close"
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            awaitsHead = true
            headWaits = 0
            guard closesAfterAnswer else { return context.write(data, promise: promise) }
            // Whoever still sends its body gets a moment to read the answer before the connection is gone.
            let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(data).whenComplete { _ in
                loopBound.value.close(mode: .output, promise: nil)
                loopBound.value.eventLoop.scheduleTask(in: .seconds(1)) { loopBound.value.close(promise: nil) }
            }
            promise?.succeed()
        }
    }

    private func start(_ context: ChannelHandlerContext) {
        guard look == nil else { return }
        connections.opened(context.channel)
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        look = context.eventLoop.scheduleRepeatedTask(initialDelay: limits.interval, delay: limits.interval) { _ in
            let (handler, context) = loopBound.value
            handler.lookAt(context)
        }
    }

    private func lookAt(_ context: ChannelHandlerContext) {
        stalls = context.channel.isWritable ? 0 : stalls + 1
        if stalls >= limits.patience { return context.close(promise: nil) }
        if awaitsHead {
            headWaits += 1
            if headWaits > limits.headPatience { return context.close(promise: nil) }
        }
        guard isReadingBody else { return }
        // An interval counts only when the body was being read for all of it.
        if isFirstLook {
            isFirstLook = false
        } else if bytes < limits.leastBytes {
            return context.close(promise: nil)
        }
        bytes = 0
    }
}
