import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import VitrineServer

@Suite("Clients that only keep a connection")
struct ConnectionGuardTests {
    private func channel(_ limits: ConnectionGuard.Limits = .init()) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: ConnectionGuard(limits: limits))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 80)).wait()
        return channel
    }

    private func head(_ fields: HTTPFields = [:]) -> HTTPRequestPart {
        .head(HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: "/", headerFields: fields))
    }

    @Test("a head that is not there in three intervals is waited for no longer, the first and the next one")
    func heads() throws {
        let channel = try channel()
        channel.embeddedEventLoop.advanceTime(by: .seconds(25))
        try channel.writeInbound(head())
        try channel.writeInbound(HTTPRequestPart.end(nil))
        channel.embeddedEventLoop.advanceTime(by: .seconds(300))
        #expect(channel.isActive, "an answer may take its time")

        try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
        try channel.writeOutbound(HTTPResponsePart.end(nil))
        channel.embeddedEventLoop.advanceTime(by: .seconds(30))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(10))

        #expect(!channel.isActive)
    }

    @Test("a body of one byte a second is cut, and one of a few kilobytes is not")
    func bodies() throws {
        for (bytes, isCut) in [(1, true), (500, false)] {
            let channel = try channel()
            try channel.writeInbound(head())
            for _ in 0..<60 where channel.isActive {
                try channel.writeInbound(HTTPRequestPart.body(ByteBuffer(repeating: 1, count: bytes)))
                channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            }
            #expect(channel.isActive != isCut)
        }
    }

    @Test("an answer that nobody reads for a minute is cut")
    func answers() throws {
        let channel = try channel()
        try channel.writeInbound(head())
        try channel.writeInbound(HTTPRequestPart.end(nil))
        channel.isWritable = false
        channel.embeddedEventLoop.advanceTime(by: .seconds(50))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(10))
        #expect(!channel.isActive)
    }

    @Test("whoever waits for leave to send gets it, unless the body is too large")
    func leave() throws {
        for (length, isGranted) in [("10", true), ("11", false)] {
            let channel = try channel(ConnectionGuard.Limits(largestBody: 10))
            try channel.writeInbound(head([.expect: "100-continue", .contentLength: length]))
            let answer = try channel.readOutbound(as: HTTPResponsePart.self)
            #expect((answer == .head(HTTPResponse(status: .continue))) == isGranted)
        }
    }
}
