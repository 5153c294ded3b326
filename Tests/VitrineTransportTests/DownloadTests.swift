import Foundation
import Testing
import VitrineCore
import VitrineTesting
import VitrineTransport

@Suite struct DownloadTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(
            path: "vitrine-\(ProcessInfo.processInfo.globallyUniqueString)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private var path: String { folder.appending(path: "clip.mp4").path }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    @Test("a whole body becomes the file")
    func whole() async throws {
        defer { remove() }
        let server = try LoopbackServer { request, connection in
            request.target == "/"
                ? connection.answer(302, ["Location": "/clip"], "moved") : connection.answer(200, [:], "clip")
        }
        try Data("old".utf8).write(to: URL(filePath: path))

        let response = try await server.transport().download(HTTPRequest("GET", server.url("/")), to: path)

        #expect(response.status == 200)
        #expect(response.body.isEmpty)
        #expect(try Data(contentsOf: URL(filePath: path)) == Data("clip".utf8))
        #expect(try names == ["clip.mp4"])
    }

    @Test("an empty body is an empty file")
    func empty() async throws {
        defer { remove() }
        let server = try LoopbackServer { _, connection in connection.answer(200) }

        _ = try await server.transport().download(HTTPRequest("GET", server.url("/")), to: path)

        #expect(try Data(contentsOf: URL(filePath: path)).isEmpty)
    }

    @Test(
        "a body that is cut off, too large or no success leaves what was there",
        arguments: ["/cut", "/large", "/missing", "/same"]
    )
    func unfinished(_ target: String) async throws {
        defer { remove() }
        let server = try LoopbackServer { request, connection in
            switch request.target {
            case "/cut":
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
                return false
            case "/large":
                connection.send("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 5000))
                return false
            case "/same": return connection.send("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n")
            default: return connection.answer(404, [:], "not here")
            }
        }
        try Data("old".utf8).write(to: URL(filePath: path))
        let request = HTTPRequest("GET", server.url(target), byteLimit: 1000)

        do {
            let response = try await server.transport().download(request, to: path)
            #expect(response.status == (target == "/same" ? 304 : 404))
            #expect(response.body == Data((target == "/same" ? "" : "not here").utf8))
        } catch {
            #expect(error.kind == (target == "/cut" ? .truncated : .tooLarge))
        }

        #expect(try Data(contentsOf: URL(filePath: path)) == Data("old".utf8))
        #expect(try names == ["clip.mp4"])
    }

    @Test("a place that cannot be written is named")
    func unwritable() async throws {
        defer { remove() }
        let server = try LoopbackServer { _, connection in connection.answer(200, [:], "clip") }

        let error = await trouble {
            try await server.transport().download(
                HTTPRequest("GET", server.url("/a")),
                to: folder.path + "/no/such/clip.mp4"
            )
        }

        #expect(error?.kind == .notKept)
        #expect(error?.message == "the body of `\(server.url("/a"))` could not be written: No such file or directory")
        #expect(try names == [])
    }

    private func remove() {
        // The folder is in the system's place for temporary files: what is left there does no harm.
        try? FileManager.default.removeItem(at: folder)
    }
}
