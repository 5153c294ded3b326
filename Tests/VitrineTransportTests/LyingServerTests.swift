import Foundation
import Testing
import VitrineCore
import VitrineTesting
import VitrineTransport

@Suite struct LyingServerTests {
    @Test("a silent server is left at the deadline")
    func silent() async throws {
        let server = try LoopbackServer { _, connection in
            connection.waitForClose()
            return false
        }

        let error = await trouble {
            try await server.transport().send(HTTPRequest("GET", server.url("/"), deadline: .milliseconds(150)))
        }

        #expect(error?.kind == .timedOut)
        #expect(error?.mayHaveBeenSent == true)
        #expect(error?.message == "`\(server.url("/"))` took longer than `0.15` s")
    }

    @Test("a server that stops in the middle is left when it stalls")
    func stalled() async throws {
        let server = try LoopbackServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.")
            connection.waitForClose()
            return false
        }

        let error = await trouble {
            try await server.transport()
                .send(HTTPRequest("GET", server.url("/"), deadline: .seconds(30), stall: .milliseconds(100)))
        }

        #expect(error?.kind == .timedOut)
        #expect(error?.message == "`\(server.url("/"))` sent nothing for `0.1` s")
    }

    @Test("the deadline holds over all redirects together")
    func slowRedirects() async throws {
        let server = try LoopbackServer { request, connection in
            guard request.target != "/3" else {
                connection.waitForClose()
                return false
            }
            return connection.answer(302, ["Location": "/3"])
        }

        let error = await trouble {
            try await server.transport().send(HTTPRequest("GET", server.url("/"), deadline: .milliseconds(200)))
        }

        #expect(error?.kind == .timedOut)
        #expect(error?.mayHaveBeenSent == true)
    }

    @Test("bytes beyond the limit are not taken, announced or not")
    func tooLarge() async throws {
        let server = try LoopbackServer { request, connection in
            if request.target == "/announced" {
                return connection.answer(200, [:], String(repeating: "x", count: 1001))
            }
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while connection.send("400\r\n" + String(repeating: "x", count: 1024) + "\r\n") {}
            return false
        }

        for path in ["/announced", "/endless"] {
            let error = await trouble {
                try await server.transport().send(HTTPRequest("GET", server.url(path), byteLimit: 1000))
            }
            #expect(error?.kind == .tooLarge)
        }
    }

    @Test("exactly the limit is taken")
    func exactLimit() async throws {
        let server = try LoopbackServer { _, connection in
            connection.answer(200, [:], String(repeating: "x", count: 1000))
        }

        let response = try await server.transport().send(HTTPRequest("GET", server.url("/"), byteLimit: 1000))

        #expect(response.body.count == 1000)
    }

    @Test("a head without end is not taken")
    func headers() async throws {
        let server = try LoopbackServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\n")
            var number = 0
            while connection.send("X-\(number): \(String(repeating: "y", count: 1000))\r\n") { number += 1 }
            return false
        }

        let error = await trouble { try await server.transport().send(HTTPRequest("GET", server.url("/"))) }

        #expect(error?.kind == .tooLarge)
    }

    @Test(
        "fewer bytes than announced are an error",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nshort",
        ]
    )
    func truncated(_ answer: String) async throws {
        let server = try LoopbackServer { _, connection in
            connection.send(answer)
            return false
        }

        let error = await trouble { try await server.transport().send(HTTPRequest("GET", server.url("/"))) }

        #expect(error?.kind == .truncated)
        #expect(error?.mayHaveBeenSent == true)
    }

    @Test("more bytes than announced are not taken for an answer to anything")
    func wrongLength() async throws {
        let server = try LoopbackServer { _, connection in
            connection.send(
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfourHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
            )
        }
        let transport = server.transport()

        let first = try await transport.send(HTTPRequest("GET", server.url("/")))
        let second = try await transport.send(HTTPRequest("GET", server.url("/")))

        #expect(first.body == Data("four".utf8))
        #expect(second.body == Data("four".utf8))
    }

    @Test("a connection that breaks without an answer may have taken the request")
    func broken() async throws {
        let server = try LoopbackServer { _, _ in false }

        let error = await trouble {
            try await server.transport().send(HTTPRequest("POST", server.url("/"), body: Data("pay".utf8)))
        }

        #expect(error?.kind == .broken)
        #expect(error?.mayHaveBeenSent == true)
        #expect(server.requests.count == 1)
    }

    @Test("a request with an effect is sent once, also when a kept connection turns out dead")
    func once() async throws {
        let server = try LoopbackServer { request, connection in
            request.method == "GET" ? connection.answer(200) : false
        }
        let transport = server.transport()
        _ = try await transport.send(HTTPRequest("GET", server.url("/")))

        let error = await trouble {
            try await transport.send(HTTPRequest("POST", server.url("/"), body: Data("pay".utf8)))
        }

        #expect(error?.kind == .broken)
        #expect(error?.mayHaveBeenSent == true)
        #expect(server.requests.map(\.method) == ["GET", "POST"])
    }

    @Test("nobody listening means that nothing was sent")
    func unreachable() async throws {
        var port = 0
        do {
            let gone = try LoopbackServer { _, _ in false }
            port = gone.port
        }
        let url = "http://127.0.0.1:\(port)/"

        let error = await trouble { try await CurlTransport().send(HTTPRequest("POST", url, isOperators: true)) }

        #expect(error?.kind == .unreachable)
        #expect(error?.mayHaveBeenSent == false)
    }

    @Test("what is not HTTP is no answer")
    func garbage() async throws {
        let server = try LoopbackServer { _, connection in
            connection.send("220 smtp.example ESMTP\r\n")
            return false
        }

        let error = await trouble { try await server.transport().send(HTTPRequest("GET", server.url("/"))) }

        #expect(error?.kind == .broken)
    }
}
