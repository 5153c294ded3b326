import Foundation
import Testing
import VitrineCore
import VitrineTesting
import VitrineTransport

/// Runs what must fail and gives back how.
func trouble(_ body: () async throws -> HTTPResponse) async -> TransportError? {
    do {
        let response = try await body()
        Issue.record("expected an error but got \(response.status)")
        return nil
    } catch let error as TransportError {
        return error
    } catch {
        Issue.record(error)
        return nil
    }
}

extension LoopbackServer {
    /// A transport that may go to this server.
    func transport(and others: LoopbackServer..., perHost: Int = 4) -> CurlTransport {
        CurlTransport(
            allowing: Set(([self] + others).compactMap { AllowedHost("127.0.0.1:\($0.port)") }),
            perHost: perHost
        )
    }
}

@Suite struct CurlTransportTests {
    @Test("an answer brings status, header fields by lower-case name, body and address")
    func gets() async throws {
        let server = try LoopbackServer { _, connection in
            connection.answer(200, ["X-One": "first", "ETag": "\"a\""], "hello")
        }

        let response = try await server.transport().send(
            HTTPRequest("GET", server.url("/a?b=c"), headers: ["Accept": "image/*"])
        )

        #expect(response.status == 200)
        #expect(response.headers["x-one"] == "first")
        #expect(response.headers["etag"] == "\"a\"")
        #expect(response.body == Data("hello".utf8))
        #expect(response.url == server.url("/a?b=c"))
        let request = try #require(server.requests.first)
        #expect(request.method == "GET")
        #expect(request.target == "/a?b=c")
        #expect(request.headers["accept"] == "image/*")
        #expect(request.headers["content-type"] == nil)
        #expect(request.headers["cookie"] == nil)
    }

    @Test("a body of any size arrives whole, without waiting for leave", arguments: [0, 1, 3_000_000])
    func posts(_ count: Int) async throws {
        let server = try LoopbackServer { _, connection in connection.answer(201) }
        let body = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) })

        let response = try await server.transport()
            .send(HTTPRequest("POST", server.url("/"), headers: ["Content-Type": "application/json"], body: body))

        #expect(response.status == 201)
        let request = try #require(server.requests.first)
        #expect(request.method == "POST")
        #expect(request.body == body)
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["expect"] == nil)
    }

    @Test("every method is sent as it is named", arguments: ["HEAD", "PUT", "PATCH", "DELETE", "POST"])
    func methods(_ method: String) async throws {
        let server = try LoopbackServer { request, connection in
            connection.answer(200, [:], request.method == "HEAD" ? "" : "done")
        }

        let response = try await server.transport().send(HTTPRequest(method, server.url("/")))

        #expect(response.status == 200)
        #expect(server.requests.map(\.method) == [method])
    }

    @Test("connections are kept for the next request")
    func keepsConnections() async throws {
        let server = try LoopbackServer { _, connection in connection.answer(200) }
        let transport = server.transport()

        for _ in 1...5 { _ = try await transport.send(HTTPRequest("GET", server.url("/"))) }

        // A connection that rested too long, as on a machine with no time for us, is not used again.
        #expect(Set(server.requests.map(\.connection)).count < 5)
    }

    @Test("a host is asked by a few at a time")
    func perHost() async throws {
        let crowd = Crowd()
        let server = try LoopbackServer { _, connection in
            crowd.meetTwo()
            return connection.answer(200)
        }
        let transport = server.transport(perHost: 2)

        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...8 {
                group.addTask { try await transport.send(HTTPRequest("GET", server.url("/\(number)"))).status }
            }
            for try await status in group { #expect(status == 200) }
        }

        #expect(crowd.most == 2)
        #expect(server.requests.count == 8)
    }

    @Test(
        "a header field that would break the request is refused",
        arguments: [("X-A", "b\r\nEvil: 1"), ("X A", "b"), ("", "b")]
    )
    func headerInjection(_ name: String, _ value: String) async throws {
        let server = try LoopbackServer { _, connection in connection.answer(200) }

        let error = await trouble {
            try await server.transport().send(HTTPRequest("GET", server.url("/"), headers: [name: value]))
        }

        #expect(error?.kind == .badAddress)
        #expect(error?.mayHaveBeenSent == false)
        #expect(server.requests.isEmpty)
    }
}
