import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("The folder of media")
struct MediaDirectoryTests {
    private let bytes = Data("a picture".utf8)

    private func files(below folder: String) -> [String] {
        let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return found.filter { $0.contains(".") }.sorted()
    }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test("bytes are kept once, under their digest, closed to others")
    func put() async throws {
        try await TemporaryFolder.run { folder in
            let media = try MediaDirectory(path: folder + "/media/")

            let file = try await media.put(bytes, kind: "png")
            let again = try await media.put(bytes, kind: "png")

            #expect(file == MediaFile(digest: Digest(of: bytes), bytes: 9, kind: "png"))
            #expect(again == file)
            let digits = file.digest.hexadecimal
            let place = "\(digits.prefix(2))/\(digits.dropFirst(2).prefix(2))/\(digits).png"
            #expect(files(below: folder + "/media") == [place])
            let path = try await media.path(of: file)
            #expect(path == folder + "/media/" + place)
            #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
            #expect(try mode(folder + "/media") == 0o700)
            #expect(try mode(folder + "/media/\(digits.prefix(2))") == 0o700)
            #expect(try mode(path) == 0o600)
            let found = try await media.file(file.digest)
            #expect(found == file)
        }
    }

    @Test("a file is taken over by moving it")
    func adopt() async throws {
        try await TemporaryFolder.run { folder in
            let media = try MediaDirectory(path: folder + "/media")
            for name in ["one", "two"] {
                let path = folder + "/" + name
                try bytes.write(to: URL(filePath: path))

                let file = try await media.adopt(fileAt: path, kind: "mp4")

                #expect(file == MediaFile(digest: Digest(of: bytes), bytes: 9, kind: "mp4"))
                #expect(!FileManager.default.fileExists(atPath: path))
            }
            #expect(files(below: folder + "/media").count == 1)
            let large = Data((0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) })
            try large.write(to: URL(filePath: folder + "/large"))
            let file = try await media.adopt(fileAt: folder + "/large", kind: "mp4")
            #expect(file.digest == Digest(of: large))
            #expect(try Data(contentsOf: URL(filePath: try await media.path(of: file))) == large)
        }
    }

    @Test("a file that cannot be taken over stays where it was")
    func adoptFails() async throws {
        try await TemporaryFolder.run { folder in
            let media = try MediaDirectory(path: folder + "/media")
            let path = folder + "/clip"
            try bytes.write(to: URL(filePath: path))
            try Data().write(to: URL(filePath: folder + "/media/" + String(Digest(of: bytes).hexadecimal.prefix(2))))

            #expect(await trouble { try await media.adopt(fileAt: path, kind: "mp4") } == .io)

            #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
            #expect(await trouble { try await media.put(bytes, kind: "mp4") } == .io)
            #expect(files(below: folder + "/media/incoming").isEmpty)
        }
    }

    @Test("what is not there is said so")
    func missing() async throws {
        try await TemporaryFolder.run { folder in
            let media = try MediaDirectory(path: folder + "/media")
            let file = MediaFile(digest: Digest(of: "x"), bytes: 1, kind: "mp4")

            #expect(await trouble { try await media.path(of: file) } == .notFound)
            #expect(await trouble { try await media.adopt(fileAt: folder + "/none", kind: "mp4") } == .notFound)
            let found = try await media.file(file.digest)
            #expect(found == nil)
        }
    }

    @Test("a kind that is no plain word is refused", arguments: ["", "../x", "a.b", "MP4", "waytoolong"])
    func kinds(kind: String) async throws {
        try await TemporaryFolder.run { folder in
            let media = try MediaDirectory(path: folder + "/media")
            #expect(await trouble { try await media.put(bytes, kind: kind) } == .conflict)
            #expect(files(below: folder).isEmpty)
        }
    }

    @Test("sweeping deletes what is old and not needed, and what was left half written")
    func sweep() async throws {
        try await TemporaryFolder.run { folder in
            let media = try MediaDirectory(path: folder + "/media")
            let needed = try await media.put(Data("needed".utf8), kind: "png")
            let other = try await media.put(Data("other".utf8), kind: "png")
            try Data("half".utf8).write(to: URL(filePath: folder + "/media/incoming/m_1"))
            let past = Date(milliseconds: 0)
            let future = Date(milliseconds: 99_999_999_999_999)

            #expect(try await media.sweep(keeping: [needed.digest], writtenBefore: past) == 0)
            #expect(try await media.sweep(keeping: [needed.digest], writtenBefore: future) == 9)

            let kept = try await media.file(needed.digest)
            #expect(kept == needed)
            let gone = try await media.file(other.digest)
            #expect(gone == nil)
            #expect(files(below: folder + "/media").count == 1)
        }
    }

    @Test("many that put the same bytes at once all get the one file")
    func atOnce() async throws {
        try await TemporaryFolder.run { folder in
            let media = [try MediaDirectory(path: folder + "/media"), try MediaDirectory(path: folder + "/media")]
            let kept = try await withThrowingTaskGroup(of: MediaFile.self) { group in
                for index in 0..<20 { group.addTask { try await media[index % 2].put(bytes, kind: "png") } }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(kept.count == 1)
            #expect(files(below: folder + "/media").count == 1)
        }
    }
}
