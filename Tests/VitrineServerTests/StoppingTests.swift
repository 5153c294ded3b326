import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineServer

@Suite("A service stops")
struct StoppingTests {
    @Test(
        "a service that is told to stop cuts a download that nobody reads when its grace is over",
        .timeLimit(.minutes(5))
    )
    func stopping() async throws {
        let shop = try await ServedShop {
            $0.port = 0
            $0.grace = .milliseconds(300)
        }
        let path = shop.folder + "/work/long.mp4"
        try Data(count: 16 << 20).write(to: URL(filePath: path))
        let file = try await shop.home.media.adopt(fileAt: path, kind: "mp4")
        let target = shop.home.secret.path(to: file, until: shop.time.now.adding(.seconds(99)))
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let server = shop.server
        let run = Task { try await server.run { listening.yield($0) } }
        let port = try #require(await ports.first { _ in true })
        let client = try LoopbackClient(port: port)
        client.send("GET \(target) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(await client.receive(12) == "HTTP/1.1 200")

        run.cancel()

        try await run.value
    }

    @Test("a service that is told to stop while clients come in ends by itself")
    func comingIn() async throws {
        for _ in 1...5 {
            let shop = try await ServedShop {
                $0.port = 0
                $0.grace = .milliseconds(300)
            }
            let (ports, listening) = AsyncStream.makeStream(of: Int.self)
            let server = shop.server
            let run = Task { try await server.run { listening.yield($0) } }
            let port = try #require(await ports.first { _ in true })
            let coming = Task { LoopbackClient.crowd(at: port, most: 200).count }

            await Task.yield()
            run.cancel()

            try await run.value
            _ = await coming.value
        }
    }
}
