import Foundation
import Testing
import VitrineCore
import VitrineTesting
import VitrineTransport

@Suite struct RedirectTests {
    /// `/3` redirects three times, then answers.
    private func countdown(_ status: Int = 302) throws -> LoopbackServer {
        try LoopbackServer { request, connection in
            let number = Int(request.target.dropFirst()) ?? 0
            return number == 0
                ? connection.answer(200, [:], "there")
                : connection.answer(status, ["Location": "/\(number - 1)"], "gone")
        }
    }

    @Test("three redirects are followed", arguments: [301, 302, 303, 307, 308])
    func three(_ status: Int) async throws {
        let server = try countdown(status)

        let response = try await server.transport().send(HTTPRequest("GET", server.url("/3")))

        #expect(response.status == 200)
        #expect(response.body == Data("there".utf8))
        #expect(response.url == server.url("/0"))
        #expect(server.requests.map(\.target) == ["/3", "/2", "/1", "/0"])
    }

    @Test("a fourth one is not, so that a loop ends")
    func four() async throws {
        let server = try countdown()
        let loop = try LoopbackServer { _, connection in connection.answer(302, ["Location": "/again"]) }

        let fourth = await trouble { try await server.transport().send(HTTPRequest("GET", server.url("/4"))) }
        let endless = await trouble { try await loop.transport().send(HTTPRequest("GET", loop.url("/"))) }

        #expect(fourth?.kind == .tooManyRedirects)
        #expect(endless?.kind == .tooManyRedirects)
        #expect(loop.requests.count == 4)
    }

    @Test("no redirect is followed where none is wanted")
    func unfollowed() async throws {
        let server = try countdown()

        let response = try await server.transport().send(HTTPRequest("GET", server.url("/1"), followsRedirects: false))

        #expect(response.status == 302)
        #expect(response.headers["location"] == "/0")
        #expect(response.body == Data("gone".utf8))
    }

    @Test(
        "a redirect leads neither to a private address nor out of the web",
        arguments: [
            ("http://127.0.0.1:PORT/", TransportError.Kind.forbiddenAddress),
            ("http://localhost:PORT/", .forbiddenAddress),
            ("http://169.254.169.254/latest", .forbiddenAddress), ("file:///etc/passwd", .badAddress),
            ("ftp://a.example/", .badAddress), ("http://u:p@127.0.0.1:PORT/", .badAddress),
        ]
    )
    func outside(_ location: String, kind: TransportError.Kind) async throws {
        let hidden = try LoopbackServer { _, connection in connection.answer(200, [:], "secret") }
        let target = location.replacing("PORT", with: "\(hidden.port)")
        let server = try LoopbackServer { _, connection in connection.answer(302, ["Location": target]) }

        let error = await trouble { try await server.transport().send(HTTPRequest("GET", server.url("/"))) }
        let operators = await trouble {
            try await CurlTransport().send(HTTPRequest("GET", server.url("/"), isOperators: true))
        }

        #expect(error?.kind == kind)
        #expect(operators?.kind == kind)
        #expect(hidden.requests.isEmpty)
    }

    @Test("what tells who asks stays with its origin")
    func secrets() async throws {
        let other = try LoopbackServer { _, connection in connection.answer(200) }
        let elsewhere = other.url("/")
        let server = try LoopbackServer { request, connection in
            connection.answer(302, ["Location": request.target == "/1" ? "/2" : elsewhere])
        }
        let headers = [
            "Authorization": "Bearer k", "x-goog-api-key": "k", "X-Custom": "k", "Cookie": "k", "Accept": "image/*",
        ]

        _ = try await server.transport(and: other).send(HTTPRequest("GET", server.url("/1"), headers: headers))

        #expect(server.requests.map { $0.headers["authorization"] } == ["Bearer k", "Bearer k"])
        let sent = try #require(other.requests.first?.headers)
        #expect(Set(sent.keys) == ["accept", "host", "user-agent"])
    }

    @Test("a request with a body becomes a GET by 303, stays by 307, and never takes its body to another host")
    func bodies() async throws {
        let other = try LoopbackServer { _, connection in connection.answer(200) }
        let elsewhere = other.url("/")
        let server = try LoopbackServer { request, connection in
            switch request.target {
            case "/see": connection.answer(303, ["Location": "/end"])
            case "/stay": connection.answer(307, ["Location": "/end"])
            case "/away": connection.answer(307, ["Location": elsewhere])
            default: connection.answer(200)
            }
        }
        let transport = server.transport(and: other)

        _ = try await transport.send(HTTPRequest("POST", server.url("/see"), body: Data("b".utf8)))
        _ = try await transport.send(HTTPRequest("POST", server.url("/stay"), body: Data("b".utf8)))
        let error = await trouble {
            try await transport.send(HTTPRequest("POST", server.url("/away"), body: Data("b".utf8)))
        }

        #expect(server.requests.map(\.method) == ["POST", "GET", "POST", "POST", "POST"])
        #expect(server.requests[1].body.isEmpty)
        #expect(server.requests[3].body == Data("b".utf8))
        #expect(error?.kind == .forbiddenAddress)
        #expect(error?.mayHaveBeenSent == true)
        #expect(other.requests.isEmpty)
    }
}
