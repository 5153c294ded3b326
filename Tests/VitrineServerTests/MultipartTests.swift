import Foundation
import NIOCore
import Testing

@testable import VitrineServer

@Suite struct MultipartTests {
    private static let body =
        "preamble\r\n--edge\r\nContent-Disposition: form-data; name=\"feed\"; filename=\"a \\\"b\\\".csv\"\r\n"
        + "Content-Type: text/csv\r\n\r\nid,title\r\n--edg\r\n1,Mug\r\n--edge\r\n"
        + "content-disposition: form-data; name=\"map\"\r\n\r\n\r\n--edge--\r\nepilogue"

    @Test("parts come out the same however the body is cut", arguments: [1, 2, 3, 7, 16, 64, 1000])
    func pieces(size: Int) throws {
        var reader = try #require(MultipartReader(contentType: "multipart/form-data; boundary=\"edge\""))
        var parts: [(String, String?, String)] = []
        let bytes = Array(Self.body.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            reader.add(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
            while let event = try reader.next() {
                switch event {
                case .begins(let field, let file): parts.append((field, file, ""))
                case .bytes(let buffer): parts[parts.count - 1].2 += String(buffer: buffer)
                case .ends: break
                }
            }
        }

        #expect(reader.isDone)
        #expect(parts.map(\.0) == ["feed", "map"])
        #expect(parts.map(\.1) == ["a \"b\".csv", nil])
        #expect(parts.map(\.2) == ["id,title\r\n--edg\r\n1,Mug", ""])
    }

    @Test("a part without a name, endless headers and a missing boundary are refused")
    func malformed() throws {
        #expect(MultipartReader(contentType: "multipart/form-data") == nil)
        var reader = try #require(MultipartReader(contentType: "multipart/form-data; boundary=edge"))
        reader.add(ByteBuffer(string: "--edge\r\nContent-Type: text/csv\r\n\r\n"))
        #expect(throws: RequestError.self) { _ = try reader.next() }
        var endless = try #require(MultipartReader(contentType: "multipart/form-data; boundary=edge"))
        endless.add(ByteBuffer(string: "--edge\r\nX: " + String(repeating: "x", count: 9000)))
        #expect(throws: RequestError.self) { _ = try endless.next() }
    }
}
