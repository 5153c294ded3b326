import Foundation
import Testing
import VitrineCore
import VitrineTesting
import VitrineTransport

@Suite struct GuardedHostTests {
    @Test(
        "this machine is not asked, however it is spelt",
        arguments: [
            "127.0.0.1", "localhost", "0x7f000001", "2130706433", "127.1", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0",
        ]
    )
    func loopback(_ host: String) async throws {
        let server = try LoopbackServer { _, connection in connection.answer(200) }

        let error = await trouble {
            try await CurlTransport().send(HTTPRequest("GET", "http://\(host):\(server.port)/secret"))
        }

        #expect(error?.kind == .forbiddenAddress)
        #expect(error?.mayHaveBeenSent == false)
        #expect(server.requests.isEmpty)
    }

    @Test("an exception holds for its port alone")
    func exceptions() async throws {
        let open = try LoopbackServer { _, connection in connection.answer(200) }
        let closed = try LoopbackServer { _, connection in connection.answer(200) }
        let transport = open.transport()

        let response = try await transport.send(HTTPRequest("GET", open.url("/")))
        let error = await trouble { try await transport.send(HTTPRequest("GET", closed.url("/"))) }

        #expect(response.status == 200)
        #expect(error?.kind == .forbiddenAddress)
        #expect(closed.requests.isEmpty)
    }

    @Test("the operator's own address may be private, and its connections serve nobody else")
    func operators() async throws {
        let server = try LoopbackServer { _, connection in connection.answer(200) }
        let transport = CurlTransport()
        let own = HTTPRequest("GET", server.url("/"), headers: ["Authorization": "Bearer k"], isOperators: true)

        let response = try await transport.send(own)
        let error = await trouble { try await transport.send(HTTPRequest("GET", server.url("/"))) }

        #expect(response.status == 200)
        #expect(error?.kind == .forbiddenAddress)
        #expect(server.requests.count == 1)
        #expect(server.requests.first?.headers["authorization"] == "Bearer k")
    }

    @Test("messages hold no query")
    func messages() async throws {
        let server = try LoopbackServer { _, connection in connection.answer(200, [:], "too much") }

        let forbidden = await trouble {
            try await CurlTransport().send(HTTPRequest("GET", server.url("/a?key=geheim")))
        }
        let large = await trouble {
            try await server.transport().send(HTTPRequest("GET", server.url("/a?key=geheim"), byteLimit: 3))
        }

        #expect(forbidden?.message == "`\(server.url("/a"))` is not asked: its address is not public")
        #expect(large?.message == "`\(server.url("/a"))` has more than `3` bytes")
    }
}
