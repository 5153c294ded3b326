import Foundation
import Testing
import VitrineCore
import VitrineTesting
import VitrineTransport

@Suite struct CancellationTests {
    @Test("a cancelled exchange ends at once, and says that it may have been sent")
    func running() async throws {
        let arrivals = AsyncStream<Void>.makeStream()
        let server = try LoopbackServer { _, connection in
            arrivals.continuation.yield()
            connection.waitForClose()
            return false
        }
        let transport = server.transport()
        let task = Task { try await transport.send(HTTPRequest("GET", server.url("/"))) }
        for await _ in arrivals.stream { break }

        task.cancel()
        let error = await trouble { try await task.value }

        #expect(error?.kind == .cancelled)
        #expect(error?.mayHaveBeenSent == true)
    }

    @Test("a task that was cancelled before sends nothing")
    func before() async throws {
        let server = try LoopbackServer { _, connection in connection.answer(200) }
        let transport = server.transport()
        let gate = AsyncStream<Void>.makeStream()
        let task = Task {
            for await _ in gate.stream { break }
            return try await transport.send(HTTPRequest("GET", server.url("/")))
        }

        task.cancel()
        let error = await trouble { try await task.value }

        #expect(error?.kind == .cancelled)
        #expect(error?.mayHaveBeenSent == false)
        #expect(server.requests.isEmpty)
    }

    @Test("who waits in the line of a host can leave it, and the line goes on")
    func waiting() async throws {
        let arrivals = AsyncStream<Void>.makeStream()
        let release = DispatchSemaphore(value: 0)
        let server = try LoopbackServer { _, connection in
            arrivals.continuation.yield()
            release.wait()
            return connection.answer(200)
        }
        let transport = server.transport(perHost: 1)
        let first = Task { try await transport.send(HTTPRequest("GET", server.url("/first"))) }
        for await _ in arrivals.stream { break }
        let second = Task { try await transport.send(HTTPRequest("GET", server.url("/second"))) }

        second.cancel()
        let error = await trouble { try await second.value }
        release.signal()
        release.signal()
        let third = try await transport.send(HTTPRequest("GET", server.url("/third")))

        #expect(error?.kind == .cancelled)
        #expect(error?.mayHaveBeenSent == false)
        #expect(try await first.value.status == 200)
        #expect(third.status == 200)
        #expect(server.requests.map(\.target) == ["/first", "/third"])
    }

    @Test("many that are cancelled at any moment all end")
    func many() async throws {
        let server = try LoopbackServer { _, connection in
            connection.waitForClose()
            return false
        }
        let transport = server.transport(perHost: 8)

        let kinds = await withTaskGroup(of: TransportError.Kind?.self) { group in
            for number in 0..<200 {
                group.addTask {
                    await trouble { try await transport.send(HTTPRequest("GET", server.url("/\(number)"))) }?.kind
                }
            }
            group.cancelAll()
            return await group.reduce(into: []) { $0.append($1) }
        }

        #expect(kinds.count == 200)
        #expect(kinds.allSatisfy { $0 == .cancelled })
    }
}
